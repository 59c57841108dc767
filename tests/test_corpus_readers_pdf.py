"""What the pdf reader must give: paragraphs as printed, in order, each with its page, and nothing of the layout."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from printed import (
    A4,
    BOTTOM,
    LEFT,
    RIGHT,
    SIZE,
    TABLE,
    TITLES,
    TOP,
    Sheet,
    as_pdf,
    bulletin_text,
    set_bulletin,
)

from corpus.bulletin import parse_document
from corpus.errors import UnreadableFileError
from corpus.places import load_gazetteer
from corpus.readers.ocr import RecognizedPage
from corpus.readers.pdf import PdfReader
from corpus.readers.pdf_glyphs import mend
from corpus.readers.pdf_layout import Run, join_lines
from corpus.readers.text import TextReader
from corpus.types import Block, ParsedDocument, RawDocument


def parsed(raw: RawDocument) -> ParsedDocument:
    return parse_document(raw, data=b"", source_name="a", gazetteer=load_gazetteer())


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def texts(data: bytes) -> list[str]:
    return [b.text for b in PdfReader().read(data, "a.pdf").blocks]


def sheet_of(
    lines: list[str], *, x: float = LEFT, top: float = TOP, size: float = SIZE, pitch: float = 28
) -> Sheet:
    return Sheet([(x, top + i * pitch, size, line) for i, line in enumerate(lines)])


@dataclass(slots=True)
class FixedRecognizer:
    """Sees the same line on every image and remembers how large the images were."""

    text: str = "扫描页上的一行字，由识别得来。"
    confidence: float = 0.99
    sizes: list[tuple[int, int]] = field(default_factory=list)

    def recognize(self, image: Any) -> RecognizedPage:
        self.sizes.append(image.size)
        run = Run(self.text, 200, 900, 200 + 40 * len(self.text), 940, 40)
        return RecognizedPage(image.width, image.height, (run,), self.confidence, 1, 0)


def with_image_pages(sheets: list[Sheet | None]) -> bytes:
    """A pdf whose None pages hold nothing but an image."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for sheet in sheets:
        if sheet is None:
            canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, *A4)
        for x, y, size, text in sheet.texts if sheet else ():
            canvas.setFont("STSong-Light", size)
            canvas.drawString(x, A4[1] - y, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@pytest.mark.parametrize("shuffled", [False, True])
def test_a_bulletin_is_the_same_as_pdf_and_as_txt(shuffled: bool) -> None:
    """Articles, places, passages and masthead of a printed bulletin are those of its txt, white space aside,
    even where the file writes quotation marks after their line."""
    want = parsed(TextReader().read(bulletin_text().encode(), "a.txt"))
    raw = PdfReader().read(as_pdf(set_bulletin(), shuffled=shuffled), "a.pdf")
    got = parsed(raw)
    assert [(squeezed(a.title), a.place) for a in got.articles] == [
        (squeezed(t), p) for t, p in zip(TITLES, ("灌南县", "溧阳市"), strict=True)
    ]
    assert [squeezed(p.text) for p in got.passages] == [squeezed(p.text) for p in want.passages]
    assert [p.heading for p in got.passages] == [p.heading for p in want.passages]
    assert (got.document.id, got.document.issuer, got.document.date) == (
        want.document.id,
        want.document.issuer,
        want.document.date,
    )
    assert raw.warnings == ()


def test_blocks_keep_their_page_and_leave_the_layout_out() -> None:
    """Running heads and page numbers are gone, every paragraph knows its page, table rows come once."""
    blocks = PdfReader().read(as_pdf(set_bulletin()), "a.pdf").blocks
    assert not [b.text for b in blocks if re.search(r"共3页|— \d —", b.text)]
    assert [b.text for b in blocks].count("灌南文明建设简报") == 1
    assert [b.page for b in blocks] == sorted(b.page or 0 for b in blocks)
    assert {b.page for b in blocks} == {1, 2, 3}
    assert [b.text for b in blocks if b.kind == "table"] == ["\t".join(row) for row in TABLE]
    assert sum("28140" in b.text for b in blocks) == 1


def test_lines_of_the_head_stay_apart() -> None:
    """Issuer and date far apart on one line are parted by two spaces, contents entries and the two lines of
    a title are blocks of their own."""
    got = texts(as_pdf(set_bulletin()))
    assert got[2] == "灌南县文明办  2024年6月18日"
    assert got[3] == "目录"
    assert [re.sub(r"\.+", "…", text) for text in got[4:6]] == [f"{TITLES[0]}…1", f"{TITLES[1]}…2"]
    assert got[6:8] == TITLES[0].split(" ")


def test_two_columns_are_read_one_after_the_other() -> None:
    """Text in two columns is read down the left one first; a heading over both stays before them."""
    line = "这是左栏文字共十四个字一行"
    left = [f"{line}{c}" for c in "甲乙丙丁戊己"]
    right = [text.replace("左栏", "右栏") for text in left]
    sheet = Sheet([(LEFT + 120, TOP, SIZE, "横跨两栏的大标题在最上面")])
    sheet.texts += sheet_of(left, top=TOP + 40).texts
    sheet.texts += sheet_of(right, top=TOP + 44, x=LEFT + 14 * SIZE + 32).texts
    assert squeezed("".join(texts(as_pdf([sheet])))) == "横跨两栏的大标题在最上面" + "".join(left) + "".join(
        right
    )


def test_footnotes_and_their_marks_leave_the_sentence() -> None:
    """A raised footnote mark goes, an exponent stays, and the note comes after the paragraph."""
    sheet = sheet_of(["全县共有书房二十八家", "其中新建十四家面积共3000m", "平方公里内均有分布。"])
    sheet.texts.append((LEFT + 10 * SIZE, TOP - 7, 8, "1"))
    sheet.texts.append((LEFT + 8 * SIZE + 5 * SIZE / 2 + SIZE * 2, TOP + 28 - 7, 8, "2"))
    sheet.texts += [(LEFT, 730, 6, "1"), (LEFT + 6, 734, 10, "数据截至二〇二四年五月底，由县文明办统计。")]
    sheet.texts.append((LEFT, TOP + 84, SIZE, "第二段从这里写起，写到这里为止。"))
    blocks = PdfReader().read(as_pdf([sheet]), "a.pdf").blocks
    body = "".join(b.text for b in blocks if b.kind == "paragraph")
    assert body.startswith("全县共有书房二十八家其中")
    assert "3000m2" in body
    assert [b.text for b in blocks if b.kind == "footnote"] == ["数据截至二〇二四年五月底，由县文明办统计。"]
    assert blocks[-1].kind == "footnote"


@pytest.mark.parametrize("flagged", [True, False])
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_is_read_upright(degrees: int, flagged: bool) -> None:
    """Text that lies on its side or on its head is read as it should be held, whether the file says so or not."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    document = pypdfium2.PdfDocument(as_pdf(set_bulletin()))
    want = texts(as_pdf(set_bulletin()))
    width, height = A4
    move = {90: (0, 1, -1, 0, height, 0), 180: (-1, 0, 0, -1, width, height), 270: (0, -1, 1, 0, 0, width)}[
        degrees
    ]
    size = A4 if degrees == 180 else (height, width)
    for page in document:
        for item in list(page.get_objects(max_depth=1)):
            item.set_matrix(item.get_matrix().multiply(pypdfium2.PdfMatrix(*move)))
        page.set_mediabox(0, 0, *size)
        if flagged:
            page.set_rotation(degrees)
        pdfium.FPDFPage_GenerateContent(page)
    buffer = io.BytesIO()
    document.save(buffer)
    got = texts(buffer.getvalue())
    assert squeezed("".join(got)) == squeezed("".join(want))


def test_an_encrypted_file_is_refused_and_a_restricted_one_read() -> None:
    """A file that needs a password to open is refused with that reason; one that only forbids copying is read."""
    from reportlab.lib.pdfencrypt import StandardEncryption

    locked = as_pdf(set_bulletin(), encrypt=StandardEncryption("secret", ownerPassword="owner"))
    with pytest.raises(UnreadableFileError, match="密码"):
        PdfReader().read(locked, "锁.pdf")
    restricted = as_pdf(set_bulletin(), encrypt=StandardEncryption("", ownerPassword="owner", canCopy=0))
    assert texts(restricted) == texts(as_pdf(set_bulletin()))


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + b"\0" * 4000,
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\n",
    ],
)
def test_a_broken_file_is_refused(data: bytes) -> None:
    """What can't be read at all is refused in words for its owner, naming the file."""
    with pytest.raises(UnreadableFileError, match=r"坏\.pdf：.*[损没]"):
        PdfReader().read(data, "坏.pdf")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_file_gives_its_text_or_a_reason(share: float) -> None:
    """A file cut short is either refused or read in part; it never raises anything else."""
    data = as_pdf(set_bulletin())
    try:
        blocks = PdfReader().read(data[: int(len(data) * share)], "半.pdf").blocks
    except UnreadableFileError as error:
        assert "半.pdf" in str(error)
    else:
        assert blocks


def test_pages_without_text_are_recognized_in_their_place() -> None:
    """In a mixed file the image page goes to recognition, at 200 dpi, and keeps its place; doubt is told."""
    data = with_image_pages(
        [sheet_of(["第一页有文字，读得出来。"]), None, sheet_of(["第三页也有文字，读得出来。"])]
    )
    recognizer, calls = FixedRecognizer(confidence=0.72), []
    raw = PdfReader(recognizer, lambda page, pages: calls.append((page, pages))).read(data, "混.pdf")
    assert [(b.text, b.page) for b in raw.blocks] == [
        ("第一页有文字，读得出来。", 1),
        (recognizer.text, 2),
        ("第三页也有文字，读得出来。", 3),
    ]
    assert recognizer.sizes == [(1653, 2339)]
    assert raw.warnings == ("第2页识别可信度低（0.72），请核对。",)
    assert calls == [(1, 3), (2, 3), (3, 3)]


def test_image_pages_are_reported_where_nothing_can_recognize_them() -> None:
    """Without a recogniser the text pages are read and the others named."""
    raw = PdfReader().read(with_image_pages([sheet_of(["第一页有文字，读得出来。"]), None]), "混.pdf")
    assert raw.blocks == (Block("第一页有文字，读得出来。", 1),)
    assert raw.warnings == ("第2页是图片，没有文字，需要识别（OCR），但没有识别组件。",)


@pytest.mark.parametrize(
    ("above", "below", "want"),
    [
        ("develop-", "ment of", "development of"),
        ("选择4-", "5家", "选择4-5家"),
        ("市政府", "召开会议", "市政府召开会议"),
        ("the city", "council", "the city council"),
        ("共20", "25年", "共2025年"),
    ],
)
def test_lines_join_as_they_were_written(above: str, below: str, want: str) -> None:
    """A hyphen at a line end goes only where it broke a word; Chinese joins without a space."""
    assert join_lines(above, below) == want


def test_radicals_of_fonts_become_ideographs() -> None:
    """⼀ and 豈-like compatibility characters come back as the ideographs they show."""
    assert "".join(map(mend, "⼀⽂⾏\uf92c\ufffe\x01中")) == "一文行郎-中"


def test_reading_order_uses_the_whole_page(tmp_path: Path) -> None:
    """Lines above the foot of the page are body text although page numbers stand below them."""
    lines = ["全县各乡镇把阅读服务送到群众家门口，让大家在"] * 23
    sheet = sheet_of(lines)
    assert TOP + 28 * 23 < BOTTOM + 28
    sheet.texts.append(((LEFT + RIGHT) / 2, 800, 14, "- 1 -"))
    (tmp_path / "a.pdf").write_bytes(as_pdf([sheet]))
    assert "".join(texts((tmp_path / "a.pdf").read_bytes())) == "".join(lines)


def test_a_paragraph_that_a_page_cuts_behind_a_stop_goes_on() -> None:
    """Where paragraphs are indented, a flush line below a full last line goes on its paragraph even though a
    sentence ends there; an indented one begins the next paragraph."""
    full = "村里的小路今年修了三段，两头都种上了树，夜里也有灯亮。"
    first = [(2, full[2:]), (0, full), (2, full[2:]), (0, full)]
    sheets = [
        Sheet([(LEFT + i * SIZE, TOP + 28 * n, SIZE, t) for n, (i, t) in enumerate(lines)])
        for lines in (
            first,
            [(0, "河边的步道也接着修。"), *first],
            [(2, "第三页另起一段。"), *first],
        )
    ]
    blocks = PdfReader().read(as_pdf(sheets), "a.pdf").blocks
    assert [b.continues for b in blocks if b.text.startswith(("河边", "第三页"))] == [True, False]
    assert sum(b.continues for b in blocks) == 1


def test_a_file_that_declares_pages_it_does_not_have_is_given_up() -> None:
    """After twenty pages in a row that can't be read the rest isn't tried, and the warning says so."""
    import pypdfium2

    data = as_pdf([sheet_of(["第一页上的一行字，读得出来。"])])
    assert b"/Count 1" in data
    data = data.replace(b"/Count 1", b"/Count 9", 1).replace(b"/Count 9 ", b"/Count 90000 ", 1)
    assert len(pypdfium2.PdfDocument(data)) > 1000
    raw = PdfReader().read(data, "a.pdf")
    assert [b.text for b in raw.blocks] == ["第一页上的一行字，读得出来。"]
    assert len(raw.warnings) == 21
    assert raw.warnings[-1].startswith("第22页起不再读")
