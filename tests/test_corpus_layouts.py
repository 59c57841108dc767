"""Bulletins of many layouts are read as a person would read them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from corpus.bulletin import parse_document
from corpus.places import Gazetteer, load_gazetteer
from corpus.readers.text import TextReader
from corpus.types import ParsedDocument

LAYOUTS = Path(__file__).parent / "layouts"


@dataclass(frozen=True)
class Expected:
    """``articles``: title, place, author and number of passages of each. ``headings``: some of the paths that
    must stand over a passage. ``frame``: what must be in the text and in no passage."""

    series: str | None
    issue: str | None
    date: str | None
    issuer: str | None
    articles: tuple[tuple[str, str | None, str | None, int], ...]
    headings: tuple[tuple[str, ...], ...] = ()
    frame: tuple[str, ...] = ()
    warning: str = ""
    whole: tuple[str, ...] = field(default=())
    """What stands in one passage, though lines or pages cut it."""


EXPECTED = {
    "speech": Expected(
        None,
        None,
        "2024-03-05",
        None,
        (("在全县文明实践工作推进会上的讲话", "射阳县", "中共射阳县委常委、宣传部部长 李某", 5),),
        (
            ("一、看清差距，把劲头鼓起来",),
            ("二、抓住关键，把事情办扎实", "（一）抓需求", "一是上门问"),
            ("三、压实责任，把成果守得住",),
        ),
        ("2024年3月5日", "李某"),
        "没有找到报头",
    ),
    "speeches": Expected(
        "泰安文明创建通讯",
        "5",
        "2023-11-09",
        "泰安市文明办",
        (
            ("从一条背街小巷说起", "肥城市", "中共肥城市委宣传部副部长、市文明办主任 赵某", 4),
            ("让集市干净起来", "宁阳县", "宁阳县文明办主任 钱某", 4),
            ("把书送到果园里", "新泰市", "中共新泰市委常委、宣传部部长 孙某", 1),
        ),
        (("一、先听再改",), ("三是立好规矩",)),
        ("发言摘登", "第五期", "各县（市、区）文明办", "孙某"),
    ),
    "special": Expected(
        "济宁精神文明建设简报",
        "312",
        "2023-09-12",
        "济宁市精神文明建设委员会办公室",
        (
            ("编者按", None, None, 1),
            ("曲阜市：一张菜单管住百家席面", "曲阜市", None, 4),
            ("邹城市：红白理事会算出明白账", "邹城市", None, 4),
            ("梁山县：老队长出面 新规矩落地", "梁山县", "中共济宁市委宣传部", 1),
        ),
        (("一、菜单由大家定",), ("三是算时间账",)),
        ("移风易俗专刊", "本期要目", "供稿", "分送"),
    ),
    "contents_pages": Expected(
        "宣城文明实践动态",
        "6",
        "2024-06-27",
        "宣城市新时代文明实践指导中心",
        (
            ("宁国市：打造“夜间讲堂” 让理论走入寻常百姓家", "宁国市", None, 4),
            ("泾县：宣纸小镇里的文明实践站", "泾县", None, 3),
            ("绩溪县：“徽菜师傅”进村里食堂", "绩溪县", None, 1),
            ("郎溪县：办好茶园里的假日学校", "郎溪县", None, 1),
        ),
        (("三、讲师跟着台下走",), ("（二）以纸记事",)),
        ("第3页", "飞入", "报送"),
    ),
    "briefs": Expected(
        "石家庄文明创建快报",
        "17",
        "2022-08-03",
        "石家庄市文明办",
        (
            ("正定县：古城里的文明摆渡车", "正定县", None, 1),
            ("赵县举办梨园亲子课堂", "赵县", None, 1),
            ("井陉县组织山村电影夜", "井陉县", None, 1),
            ("平山县：近日，县文明办联合供电公司为偏远村的七十九户独居老人检修线路", "平山县", None, 1),
            ("无极县：县图书馆把借书柜放进六家卫生院的候诊厅，刷身份证就能借", "无极县", None, 1),
            ("灵寿县：慈峪镇的四十名“银发交通员”在学校门口值守早晚高峰", "灵寿县", None, 1),
            ("晋州市：雪梨种植大户联合出资八万元，为村里的小学添置图书和桌椅", "晋州市", None, 1),
        ),
        (),
        ("【工作动态】", "【简讯】", "责任编辑"),
    ),
    "traditional": Expected(
        "漳州精神文明建設簡報",
        "14",
        "2021-10-22",
        "漳州市精神文明建設辦公室",
        (
            ("東山縣：漁港邊的志願服務隊", "东山县", None, 4),
            ("雲霄縣：把老屋修成書院 讓鄉愁有處安放", "云霄县", None, 5),
        ),
        (("一、休漁時學本領",), ("三是用了有人管",)),
        ("目錄", "報：", "責任編輯"),
    ),
    "old_2009": Expected(
        "海城市创建文明城市指挥部办公室简报",
        None,
        "2009-04-16",
        "海城市创建文明城市指挥部办公室",
        (("西柳镇三个一抓好市场环境整治", "海城市", None, 4), ("腾鳌镇：让垃圾不落地", "海城市", None, 4)),
        (("（二）一把尺子量到边",), ("三是定责",)),
        ("签发", "编印", "主题词", "抄送", "印发"),
        "期号",
    ),
    "headings": Expected(
        "宜春文明建设信息",
        "9",
        "2023-05-18",
        "宜春市文明办",
        (
            ("靖安县：把生态账算进文明账", "靖安县", None, 5),
            ("奉新县：老竹乡的新风景", "奉新县", None, 3),
        ),
        (
            ("一、把规矩立起来", "（一）立山上的规矩"),
            ("一、把规矩立起来", "（二）立水里的规矩", "一是请“河长”下河"),
            ("一、把规矩立起来", "（二）立水里的规矩"),
            ("二、把好处分下去",),
            ("竹林里开讲堂",),
            ("竹篮里盛新风",),
        ),
    ),
    "attachment": Expected(
        "湘潭文明创建工作简报",
        "23",
        "2024-12-20",
        "湘潭市文明委办公室",
        (
            ("关于2024年第四季度文明实践点位巡查情况的通报", None, None, 5),
            ("湘潭县：巡查员带着扳手上门", "湘潭县", "湘潭县文明办", 1),
            ("韶山市：把意见簿挂到树上", "韶山市", "韶山市文明办", 1),
        ),
        (("附件", "2024年第四季度巡查情况统计表"), ("二、主要问题",)),
        ("主题词", "分送", "印发", "（湘潭县文明办供稿）"),
        "",
        ("县（市）\t点位数\t问题数\t已整改\n韶山市\t41\t38\t35",),
    ),
    "twice": Expected(
        "苏州河畔文明动态",
        "3",
        "2025-02-14",
        "上海市普陀区文明办",
        (
            ("长寿路街道：楼组里的修补摊", "上海市普陀区", None, 3),
            ("桃浦镇：把围墙拆出一条路", "上海市普陀区", None, 1),
        )
        * 2,
        (("一、摊主是邻居",), ("二、收费有规矩",)),
        ("目录", "发："),
        "2个报头",
    ),
    "fullwidth": Expected(
        "江门文明创建参考（增刊）",
        "2",
        "2023-07-06",
        "江门市文明办",
        (
            ("台山市：用ＡＰＰ管好侨乡老骑楼", "台山市", None, 4),
            ("开平市：碉楼下的“１＋１”课堂", "开平市", None, 3),
            ("恩平市：温泉镇里的文明公约", "恩平市", None, 1),
        ),
        (("１．线上找人",), ("（２）听的人有作业",)),
        ("联系邮箱",),
    ),
    "article": Expected(
        None,
        None,
        None,
        None,
        (("一口老井的新故事", "含山县", None, 4),),
        (("井台变讲台",), ("井水变茶水",), ("老井边的人",)),
        (),
        "没有找到报头",
    ),
    "hard_wrapped": Expected(
        "滁州文明实践简报",
        "11",
        "2022-11-30",
        "滁州市文明办",
        (
            ("天长市：一条热线连起三千名志愿者", "天长市", None, 5),
            ("凤阳县：花鼓声里说新事", "凤阳县", None, 3),
        ),
        (("一、事情分得清",), ("三、好坏有人评",)),
        (),
        "",
        (
            "陪看病等归为十二类，每一类有一支专门的队伍",
            "请文化馆的老师",
            "每天从早上七点响到晚上九点。求助的人说清楚什么事、在哪里",
        ),
    ),
}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def parse(text: str, gazetteer: Gazetteer, name: str = "a.txt") -> ParsedDocument:
    data = text.encode()
    return parse_document(TextReader().read(data, name), data=data, source_name=name, gazetteer=gazetteer)


def test_every_layout_is_expected() -> None:
    """No file of the folder goes unread by these tests."""
    assert {path.stem for path in LAYOUTS.glob("*.txt")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_layout(name: str, gazetteer: Gazetteer) -> None:
    """Masthead, articles with place and author, headings, frame and warnings are what a person sees."""
    want = EXPECTED[name]
    got = parse((LAYOUTS / f"{name}.txt").read_text(encoding="utf-8"), gazetteer, f"{name}.txt")
    document = got.document
    date = str(document.date) if document.date else None
    assert (document.series, document.issue, date, document.issuer) == (
        want.series,
        want.issue,
        want.date,
        want.issuer,
    )
    count = [sum(p.article == a.ordinal for p in got.passages) for a in got.articles]
    assert (
        tuple((a.title, a.place, a.author, n) for a, n in zip(got.articles, count, strict=True))
        == want.articles
    )
    assert set(want.headings) <= {p.heading for p in got.passages}
    everything = "\n".join(p.text for p in got.passages)
    for frame in want.frame:
        assert frame in document.text
        assert frame not in everything
    for whole in want.whole:
        assert any(whole in p.text for p in got.passages)
    assert want.warning in "".join(got.warnings)
    assert bool(want.warning) == bool(got.warnings)
    assert all(document.text[p.start : p.end] == p.text for p in got.passages)


def test_no_line_of_the_body_is_lost(gazetteer: Gazetteer) -> None:
    """Every sentence of a layout is still in the document, white space aside, but for bare page numbers."""
    for name in EXPECTED:
        source = (LAYOUTS / f"{name}.txt").read_text(encoding="utf-8")
        text = re.sub(r"\s", "", parse(source, gazetteer).document.text)
        for line in source.splitlines():
            words = re.sub(r"\s", "", line).lstrip("△●")
            if not re.fullmatch(r"—\d—|第\d页共\d页", words):
                assert words in text


HEAD = "江苏文明简报\n第4期\n江苏省文明办\n2024年5月6日\n"
BODY = "去年以来，当地把这件事放在心上，一年开了二十四次院坝会，收到意见三百一十条，条条有回音。\n"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (HEAD + "【编者按】\n" + BODY + "沛县：办好小事\n" + BODY, ["编者按", "沛县：办好小事"]),
        (
            HEAD + "编者按：" + BODY + "目录\n沛县：办好小事\n沛县：办好小事\n" + BODY,
            ["编者按", "沛县：办好小事"],
        ),
        (HEAD + "把小事办好\n编者按：" + BODY + BODY, ["把小事办好"]),
        (
            HEAD + "目录\n【经验交流】\n沛县：办好小事\n【经验交流】\n沛县：办好小事\n" + BODY,
            ["沛县：办好小事"],
        ),
        (
            HEAD
            + "沛县：夜校开到车间\n丰县：夜校开到车间里\n沛县：夜校开到车间\n"
            + BODY
            + "丰县：夜校开到车间里\n"
            + BODY,
            ["沛县：夜校开到车间", "丰县：夜校开到车间里"],
        ),
        (HEAD + "简　讯\n△沛县办夜校\n" + BODY + "△丰县修小路\n" + BODY, ["沛县办夜校", "丰县修小路"]),
        (
            HEAD + "沛县：办好小事\n" + BODY + "● 沛县先问再办，问清了才动手办事。\n" + BODY,
            ["沛县：办好小事"],
        ),
        (
            HEAD + "目录\n沛县：办好小事 3\n沛县：办好小事\n——在年会上的发言\n" + BODY,
            ["沛县：办好小事 ——在年会上的发言"],
        ),
        (
            HEAD
            + "【经验交流】\n沛县：办好小事\n【简讯】\n丰县 睢宁县\n沛县：办好小事\n"
            + BODY
            + "●丰县灯会热闹。丰县在老街办灯会。\n●睢宁县画展开幕。睢宁县请农民作画。\n",
            ["沛县：办好小事", "丰县灯会热闹", "睢宁县画展开幕"],
        ),
        ("关于巡查情况的通报\n2024年5月6日\n" + BODY + BODY, ["关于巡查情况的通报"]),
    ],
    ids=[
        "note on its own line",
        "note before the list",
        "note under a title",
        "column in list and body",
        "titles alike but for the place",
        "titled briefs",
        "list inside an article",
        "title with a subtitle",
        "briefs that only the list calls so",
        "report whose title ends like a series",
    ],
)
def test_titles(text: str, titles: list[str], gazetteer: Gazetteer) -> None:
    """What opens an article and what doesn't."""
    assert [a.title for a in parse(text, gazetteer).articles] == titles


def test_issues_bound_in_one_file_keep_their_heads_out_of_the_text(gazetteer: Gazetteer) -> None:
    """A second masthead of the same series is no text, and a warning tells of it."""
    parsed = parse(
        HEAD + "沛县：办好小事\n" + BODY + HEAD.replace("第4期", "第5期") + "丰县：修好小路\n" + BODY,
        gazetteer,
    )
    assert [a.title for a in parsed.articles] == ["沛县：办好小事", "丰县：修好小路"]
    assert not any("第5期" in p.text for p in parsed.passages)
    assert any("2个报头" in w for w in parsed.warnings)


_LINES = (
    *HEAD.splitlines(),
    BODY.strip(),
    "目录",
    "本期要目",
    "【经验交流】",
    "简讯",
    "编者按：",
    "编者按：这件事值得一看。",
    "沛县：办好小事",
    "沛县：办好小事………… 3",
    "丰县：修好小路",
    "（丰县县委宣传部供稿）",
    "中共沛县县委宣传部部长 王某",
    "（2024年5月6日）",
    "一、先听意见",
    "（一）听得全。",
    "1. 先问后办。问清楚了再动手，动手了就办好。",
    "一是问。问得清楚。二是办。办得利索。三是评。评得公道。",
    "同志们：",
    "△丰县办夜校。开课十八场，来了三百人。",
    "，接着上一行说下去",
    "）”。",
    "。",
    "— 3 —",
    "第3页 共8页",
    "\f",
    "",
    "　　缩进的一行，没有说完",
    "附件",
    "镇名\t数量\n青石镇\t12",
    "镇名    数量    备注\n青石镇    12    无",
    "主题词：文明",
    "抄送：各县",
    "江苏省文明办　　2024年5月6日印发",
    "a b c, d e.",
    "３．５ＡＰＰ",
    "“引号没有关",
    "井台变讲台",
)


@pytest.mark.parametrize("seed", range(300))
def test_any_mixture_of_lines_is_read_and_nothing_is_lost(seed: int, gazetteer: Gazetteer) -> None:
    """Whatever stands in whatever order: no crash; passages are the text's, in order, apart from each other,
    none begins with a stop or closing mark; what is in no passage is frame, title, author or heading."""
    import random

    from corpus.structure import read_structure

    random_lines = random.Random(seed)
    text = "\n".join([*random_lines.choices(_LINES, k=random_lines.randint(0, 40)), BODY.strip()])
    raw = TextReader().read(text.encode(), "a.txt")
    got = parse_document(raw, data=text.encode(), source_name="a.txt", gazetteer=gazetteer)
    whole, end = got.document.text, 0
    for number, passage in enumerate(got.passages):
        assert whole[passage.start : passage.end] == passage.text
        assert (passage.ordinal, passage.start >= end, bool(passage.text)) == (number, True, True)
        assert passage.text[0] not in "，。、；：！？”’）》】〕」』"
        end = passage.end
    covered = bytearray(len(whole))
    for passage in got.passages:
        covered[passage.start : passage.end] = b"\1" * (passage.end - passage.start)
    at = 0
    for part in read_structure(raw.blocks)[1]:
        assert whole[at : at + len(part.piece.text)] == part.piece.text
        if part.role == "body":
            left = "".join(c for i, c in enumerate(part.piece.text) if not covered[at + i])
            assert not left.strip("，。、；：！？”’）》】〕」』… \n")
        at += len(part.piece.text) + 1
    lost = [
        line
        for line in re.split(r"[\n\f]", text)
        if line.strip() and re.sub(r"\s", "", line).lstrip("△") not in re.sub(r"\s", "", whole)
    ]
    assert set(lost) <= {"— 3 —", "第3页 共8页"}
