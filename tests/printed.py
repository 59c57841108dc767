"""A bulletin of our own, set on pages, as pdf with text and as page images."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

A4 = (595.0, 842.0)
SIZE, PITCH, LEFT, RIGHT, TOP, BOTTOM = 16.0, 28.0, 74.0, 522.0, 90.0, 740.0
TITLES = ("灌南县：推进“数字书房”建设 打通阅读服务堵点", "溧阳市：小网格撬动基层治理大变化")
TABLE = (
    ("乡镇", "书房数量", "年接待人次"),
    ("青石镇", "12", "36500"),
    ("白桥镇", "9", "28140"),
    ("柳湾乡", "7", "15920"),
)
FIRST = (
    "灌南县把公共阅读空间作为改善民生的重要抓手，两年来新建、改造“数字书房”28家，服务半径覆盖全部乡镇和城区主要社区，群众步行十五分钟即可借书还书。",
    "一、坚持统筹布局，变“分散建设”为“一体推进”。县文化馆、图书馆联合编制三年规划，对闲置校舍、旧粮站、老车站逐一摸底，优先改造交通便利、人口集中的点位。累计盘活闲置房屋4600平方米，节约建设资金720万元，平均每处建设周期缩短到45天。",
    "二、坚持需求牵引，变“端菜上桌”为“群众点单”。每季度开展一次读者问卷，根据结果调整图书采购目录。农技、育儿、法律、养老四类图书占比由31%提高到58%，夜间延时开放至21时30分，外来务工人员办证免收押金。",
    "三、坚持常态管理，变“有人建”为“有人管”。建立馆长联系制度，组织退休教师、返乡大学生等志愿者426人参与值守，各书房每月公开开放时长、借阅数量和读者意见，接受社会监督。各乡镇书房建设和使用情况如下：",
)
AFTER_TABLE = "从表中可以看出，书房数量与接待人次大体相称。下一步，灌南县将把流动书车开进山区村组，让偏远地方的群众也能读到新书、听到讲座。"
SECOND = (
    "溧阳市青石镇地处三县交界，辖区面积186平方公里，人口流动频繁、矛盾纠纷多样。去年以来，该镇以网格为基本单元，整合党建、综治、应急等力量，走出了一条治理新路子。",
    "一是织密一张网。将全镇划分为64个网格，每个网格配备专职网格员1名、兼职联络员3名，实行定人、定岗、定责。网格员每天巡查不少于两小时，做到小事不出格、大事不出镇。全年排查各类隐患1312件，办结率达到98.6%，其中当天办结的占七成以上。",
    "二是用活一本账。推行“民情台账”制度，对独居老人、残疾人、困境儿童等重点人群建档立卡，明确走访频次和帮扶措施。镇卫生院为738名老人签订家庭医生服务协议，村级养老互助点每周提供三次送餐服务，受到老人及其子女的普遍欢迎。",
    "三是建强一支队。开办网格学堂，邀请法官、民警、调解能手授课24场次，培训1500余人次。设立“金牌调解室”，推动人民调解、行政调解、司法调解衔接联动，调解成功率比上年提高11.4个百分点，信访总量下降三成，群众安全感明显增强。",
)


@dataclass(slots=True)
class Sheet:
    """One page: pieces of text (x, baseline from the top, size, text) and ruled lines (x0, y0, x1, y1), in points."""

    texts: list[tuple[float, float, float, str]] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)


class Typesetter:
    """Sets paragraphs as Chinese offices do: indent of two characters, a running head, the page number below."""

    def __init__(self) -> None:
        self.sheets = [Sheet()]
        self._y = TOP

    def line(self, text: str, *, x: float = LEFT, size: float = SIZE) -> None:
        if self._y > BOTTOM:
            self.sheets.append(Sheet())
            self._y = TOP
        self.sheets[-1].texts.append((x, self._y, size, text))
        self._y += PITCH * size / SIZE if size > SIZE else PITCH

    def centred(self, text: str, size: float = SIZE) -> None:
        self.line(text, x=(LEFT + RIGHT - width(text, size)) / 2, size=size)

    def row(self, *pieces: tuple[float, str]) -> None:
        for x, text in pieces:
            self.sheets[-1].texts.append((x, self._y, SIZE, text))
        self._y += PITCH

    def paragraph(self, text: str) -> None:
        line, x = "", LEFT + 2 * SIZE
        for position, character in enumerate(text):
            following = text[position + 1 : position + 2]
            line += character
            room = RIGHT - x - width(line, SIZE)
            if following and (room < SIZE or (following in "，。、；：”》）" and room < 2 * SIZE)):
                self.line(line, x=x)
                line, x = "", LEFT
        if line:
            self.line(line, x=x)

    def table(self, rows: tuple[tuple[str, ...], ...]) -> None:
        top = self._y - SIZE - 6
        edges = [LEFT + i * (RIGHT - LEFT) / len(rows[0]) for i in range(len(rows[0]) + 1)]
        rules = self.sheets[-1].rules
        for row in rows:
            rules.append((LEFT, self._y - SIZE - 6, RIGHT, self._y - SIZE - 6))
            for x, text in zip(edges, row, strict=False):
                self.sheets[-1].texts.append((x + 12, self._y, SIZE, text))
            self._y += PITCH
        rules.append((LEFT, self._y - SIZE - 6, RIGHT, self._y - SIZE - 6))
        rules += [(x, top, x, self._y - SIZE - 6) for x in edges]
        self._y += 6

    def finish(self, head: str) -> list[Sheet]:
        for number, sheet in enumerate(self.sheets, start=1):
            sheet.texts.append((LEFT, 50, 10.5, head))
            sheet.texts.append(
                (
                    RIGHT - width(f"第{number}页 共{len(self.sheets)}页", 10.5),
                    50,
                    10.5,
                    f"第{number}页 共{len(self.sheets)}页",
                )
            )
            sheet.texts.append(((A4[0] - 50) / 2, 790, 14, f"— {number} —"))
        return self.sheets


def width(text: str, size: float) -> float:
    """The width of a line in points: half an em for ASCII but %, one em for the rest."""
    return sum(size / 2 if c.isascii() and c != "%" else size for c in text)


def set_bulletin() -> list[Sheet]:
    """Three pages, two articles, a contents list, a table."""
    setter = Typesetter()
    setter.centred("灌南文明建设简报", 22)
    setter.centred("第8期")
    setter.row((LEFT, "灌南县文明办"), (RIGHT - width("2024年6月18日", SIZE), "2024年6月18日"))
    setter.line("目录")
    for number, title in zip((1, 2), TITLES, strict=True):
        dots = int((RIGHT - LEFT - width(f"{title}{number}", SIZE)) / 4) - 1
        setter.line(f"{title}{'.' * max(0, dots // 2)}{number}")
    setter.centred(TITLES[0].split(" ")[0], 18)
    setter.centred(TITLES[0].split(" ")[1], 18)
    for text in FIRST:
        setter.paragraph(text)
    setter.table(TABLE)
    setter.paragraph(AFTER_TABLE)
    setter.centred(TITLES[1], 18)
    for text in SECOND:
        setter.paragraph(text)
    return setter.finish("灌南文明建设简报")


def bulletin_text() -> str:
    """The same bulletin as a txt file has it."""
    head = [
        "灌南文明建设简报",
        "第8期",
        "灌南县文明办",
        "2024年6月18日",
        "目录",
        *TITLES,
        *TITLES[0].split(" "),
    ]
    rows = ["\t".join(row) for row in TABLE]
    return "\n".join([*head, *FIRST, *rows, AFTER_TABLE, TITLES[1], *SECOND]) + "\n"


def as_pdf(sheets: list[Sheet], *, shuffled: bool = False, **options: Any) -> bytes:
    """A pdf with text; ``shuffled`` writes each line's quotation marks last, as some programs do."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, **options)
    for sheet in sheets:
        for x, y, size, text in sheet.texts:
            pieces = [(x + width(text[:i], size), c) for i, c in enumerate(text)]
            if shuffled:
                pieces.sort(key=lambda piece: piece[1] in "“”")
            for at, character in pieces:
                font = "Courier" if character.isascii() else "STSong-Light"
                canvas.setFont(font, size * 5 / 6 if character.isascii() else size)
                canvas.drawString(at, A4[1] - y, character)
        for x0, y0, x1, y1 in sheet.rules:
            canvas.line(x0, A4[1] - y0, x1, A4[1] - y1)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def find_font() -> str | None:
    """A font with Chinese glyphs on this machine."""
    folders = (Path("/usr/share/fonts"), Path("/System/Library/Fonts"), Path("C:/Windows/Fonts"))
    names = ("NotoSerifCJK-Regular.*", "NotoSansCJK-Regular.*", "wqy-*.tt[cf]", "simsun.ttc", "PingFang.ttc")
    found = (path for name in names for folder in folders if folder.is_dir() for path in folder.rglob(name))
    return next((str(path) for path in found), None)


def as_image(sheet: Sheet, font: str, *, resolution: int = 200, tilt: float = 0.0, noise: int = 0) -> Any:
    """A page as a scanner gives it: grey, ``tilt`` degrees askew, ``noise`` levels of grain."""
    import numpy
    from PIL import Image, ImageDraw, ImageFont

    scale = resolution / 72
    image = Image.new("L", (round(A4[0] * scale), round(A4[1] * scale)), 255)
    draw = ImageDraw.Draw(image)
    index = 2 if font.endswith("CJK-Regular.ttc") else 0  # simplified Chinese forms
    for x, y, size, text in sheet.texts:
        face = ImageFont.truetype(font, round(size * scale), index=index)
        for i, character in enumerate(text):
            draw.text(
                ((x + width(text[:i], size)) * scale, y * scale), character, fill=20, font=face, anchor="ls"
            )
    for rule in sheet.rules:
        draw.line([v * scale for v in rule], fill=40, width=2)
    image = image.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=255)
    if noise:
        pixels = numpy.asarray(image).astype(int)
        grain = numpy.random.default_rng(7).integers(-noise, noise + 1, pixels.shape)
        image = Image.fromarray(numpy.clip(pixels + grain, 0, 255).astype(numpy.uint8))
    return image


def as_scan(sheets: list[Sheet], font: str, *, resolution: int = 200) -> bytes:
    """A pdf of page images, slightly askew and grainy."""
    images = [
        as_image(s, font, resolution=resolution, tilt=0.3 * math.cos(i * math.pi), noise=12)
        for i, s in enumerate(sheets)
    ]
    buffer = io.BytesIO()
    images[0].save(buffer, "PDF", save_all=True, append_images=images[1:], resolution=resolution)
    return buffer.getvalue()
