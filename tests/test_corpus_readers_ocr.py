"""What recognition must give: the text of a scan, its pages, and an honest word where it is doubtful."""

from __future__ import annotations

import io
import re
import socket
import struct
import zlib
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image
from printed import TABLE, Sheet, as_image, as_scan, bulletin_text, find_font, set_bulletin
from rapidfuzz.distance import Levenshtein

from corpus.bulletin import parse_document
from corpus.errors import FileTooLargeError, UnreadableFileError
from corpus.pages import page_at
from corpus.places import load_gazetteer
from corpus.readers.image import ImageReader
from corpus.readers.ocr import RapidOcrRecognizer, RecognizedPage, chinese_marks, page_warnings
from corpus.readers.pdf import PdfReader
from corpus.readers.pdf_layout import Run
from corpus.readers.text import TextReader
from corpus.types import ParsedDocument, RawDocument

FONT = find_font()
needs_font = pytest.mark.skipif(FONT is None, reason="no font with Chinese glyphs (Debian: fonts-noto-cjk)")


@pytest.fixture(scope="module")
def recognizer() -> RapidOcrRecognizer:
    """The real engine, loaded once."""
    return RapidOcrRecognizer()


@dataclass(slots=True)
class Watcher:
    """Recognises one line and remembers the images it was given."""

    seen: list[Any] = field(default_factory=list)

    def recognize(self, image: Any) -> RecognizedPage:
        self.seen.append(image.copy())
        run = Run("图片上的一行字，由识别得来。", 10, 10, 300, 30, 20)
        return RecognizedPage(image.width, image.height, (run,), 0.97, 1, 0)


def parsed(raw: RawDocument) -> ParsedDocument:
    return parse_document(raw, data=b"", source_name="a", gazetteer=load_gazetteer())


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def encoded(image: Any, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_head(width: int, height: int) -> bytes:
    """A png that says how large it is and holds next to nothing."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0" * 99)),
        (b"IEND", b""),
    ]
    body = b"".join(
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.slow
@needs_font
def test_a_scanned_bulletin_is_the_same_as_its_txt(
    recognizer: RapidOcrRecognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three pages at 200 dpi, askew by 0.3° and grainy: at most 1 % wrong characters, the same articles,
    places, table and passages, page by page, and nothing asked of the network."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert FONT
    progress: list[tuple[int, int]] = []
    reader = PdfReader(recognizer, lambda page, pages: progress.append((page, pages)))
    raw = reader.read(as_scan(set_bulletin(), FONT), "扫描.pdf")
    want = parsed(TextReader().read(bulletin_text().encode(), "a.txt"))
    got = parsed(raw)
    right, read = ("".join(squeezed(p.text) for p in d.passages) for d in (want, got))
    assert Levenshtein.distance(right, read) <= 0.01 * len(right)
    assert [(squeezed(a.title), a.place) for a in got.articles] == [
        (squeezed(a.title), a.place) for a in want.articles
    ]
    assert len(got.passages) == len(want.passages)
    differing = [
        p.text
        for p, q in zip(got.passages, want.passages, strict=True)
        if squeezed(p.text) != squeezed(q.text)
    ]
    assert len(differing) <= 2
    assert [b.text for b in raw.blocks if b.kind == "table"] == ["\t".join(row) for row in TABLE]
    assert (got.document.issue, got.document.issuer, got.document.date) == (
        want.document.issue,
        want.document.issuer,
        want.document.date,
    )
    assert raw.warnings == ()
    assert got.document.id == want.document.id
    assert page_at(got.document, len(got.document.text) - 1) == 3
    assert progress == [(1, 3), (2, 3), (3, 3)]
    assert all((a.page or 0) <= (b.page or 0) for a, b in pairwise(raw.blocks))
    assert {b.page for b in raw.blocks} == {1, 2, 3}


@pytest.mark.slow
@needs_font
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_scanned_the_wrong_way_round_is_read(recognizer: RapidOcrRecognizer, degrees: int) -> None:
    """A picture lying on its side or on its head is turned before it is read."""
    assert FONT
    sheet = Sheet(
        [
            (60, 100 + 28 * i, 16, line)
            for i, line in enumerate(
                ["全县书房夜间开放到九点半，", "读者比上年增加三成。", "志愿者轮流值守服务群众。"]
            )
        ]
    )
    page = as_image(sheet, FONT, resolution=150).crop((0, 100, 1240, 500))
    raw = ImageReader(recognizer).read(encoded(page.rotate(degrees, expand=True), "PNG"), "歪.png")
    got = squeezed("".join(b.text for b in raw.blocks))
    assert (
        Levenshtein.distance("全县书房夜间开放到九点半，读者比上年增加三成。志愿者轮流值守服务群众。", got)
        <= 1
    )


@needs_font
def test_a_small_picture_is_enlarged(recognizer: RapidOcrRecognizer) -> None:
    """Characters of twelve pixels are still read."""
    assert FONT
    sheet = Sheet([(20, 40, 12, "全县书房夜间开放到九点半，"), (20, 64, 12, "读者比上年增加三成。")])
    page = as_image(sheet, FONT, resolution=72).crop((0, 0, 260, 90))
    raw = ImageReader(recognizer).read(encoded(page, "PNG"), "小.png")
    assert (
        Levenshtein.distance(
            "全县书房夜间开放到九点半，读者比上年增加三成。", squeezed("".join(b.text for b in raw.blocks))
        )
        <= 1
    )


def test_an_empty_page_has_no_text(recognizer: RapidOcrRecognizer) -> None:
    """A blank picture is refused with what to do."""
    with pytest.raises(UnreadableFileError, match=r"白\.png：.*没有识别出文字"):
        ImageReader(recognizer).read(encoded(Image.new("L", (400, 300), 255), "PNG"), "白.png")


@pytest.mark.parametrize(
    ("page", "want"),
    [
        (
            RecognizedPage(1, 1, (Run("一", 0, 0, 1, 1, 1),), 0.72, 20, 0),
            "第3页识别可信度低（0.72），请核对。",
        ),
        (
            RecognizedPage(1, 1, (Run("一", 0, 0, 1, 1, 1),), 0.93, 20, 5),
            "第3页识别可信度低（0.93），请核对。",
        ),
        (RecognizedPage(1, 1, (), 1.0, 0, 0), "第3页是图片，没有识别出文字。"),
        (RecognizedPage(1, 1, (Run("一", 0, 0, 1, 1, 1),), 0.97, 20, 1), None),
    ],
)
def test_doubtful_pages_are_reported(page: RecognizedPage, want: str | None) -> None:
    """A low mean, many low lines, or no text at all is told with the page; a good page isn't."""
    assert page_warnings({3: page}) == ((want,) if want else ())


@pytest.mark.parametrize(("width", "height"), [(20_000, 20_000), (10_000, 9_000), (2**31 - 1, 2**31 - 1)])
def test_a_huge_picture_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    """More than 80 million pixels are refused by the file's head, whatever the file weighs."""
    watcher = Watcher()
    with pytest.raises((FileTooLargeError, UnreadableFileError), match=r"大\.png：.*(像素|损坏)"):
        ImageReader(watcher).read(png_head(width, height), "大.png")
    assert watcher.seen == []


def test_every_picture_of_a_tiff_is_a_page() -> None:
    """A tiff of three pictures, one of them black and white, gives three pages in order, with progress."""
    watcher, progress = Watcher(), []
    pages = [Image.new("1", (300 + i, 200), 1) for i in range(3)]
    data = encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    raw = ImageReader(watcher, lambda page, count: progress.append((page, count))).read(data, "三页.tiff")
    assert [image.size for image in watcher.seen] == [(300, 200), (301, 200), (302, 200)]
    assert {image.mode for image in watcher.seen} == {"L"}
    assert [b.page for b in raw.blocks] == [1, 2, 3]
    assert progress == [(1, 3), (2, 3), (3, 3)]
    assert raw.media_type == "image/tiff"


def test_a_photograph_is_turned_as_the_camera_says() -> None:
    """EXIF orientation 6 stands the picture up."""
    exif = Image.Exif()
    exif[0x0112] = 6
    watcher = Watcher()
    ImageReader(watcher).read(encoded(Image.new("RGB", (400, 300)), "JPEG", exif=exif), "照片.jpg")
    assert watcher.seen[0].size == (300, 400)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "I;16", "CMYK"])
def test_every_kind_of_pixel_becomes_grey_or_colour(mode: str) -> None:
    """Transparent ground becomes white; sixteen bits, palettes and print colours are converted."""
    watcher = Watcher()
    kind = "TIFF" if mode == "CMYK" else "PNG"
    ImageReader(watcher).read(encoded(Image.new(mode, (40, 30)), kind), "图")
    assert watcher.seen[0].mode in {"L", "RGB"}
    if mode in {"RGBA", "LA"}:
        assert watcher.seen[0].getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
def test_a_truncated_picture_is_refused(kind: str) -> None:
    """A picture cut short is refused, naming the file, before it is recognised."""
    watcher = Watcher()
    data = encoded(Image.effect_noise((300, 200), 80), kind)
    with pytest.raises(UnreadableFileError, match=r"半\.图：.*损坏"):
        ImageReader(watcher).read(data[: len(data) // 2], "半.图")
    assert watcher.seen == []


class _Failing:
    def recognize(self, image: Any) -> RecognizedPage:
        raise UnreadableFileError("识别组件出错。")


@needs_font
def test_a_page_that_fails_to_be_recognized_is_told() -> None:
    """An error of the engine names the page of a pdf, or the picture, and stays a refusal."""
    assert FONT
    with pytest.raises(UnreadableFileError, match=r"甲\.pdf：.*第1页没有识别：识别组件出错"):
        PdfReader(_Failing()).read(as_scan(set_bulletin()[:1], FONT, resolution=50), "甲.pdf")
    with pytest.raises(UnreadableFileError, match=r"乙\.png：识别组件出错"):
        ImageReader(_Failing()).read(encoded(Image.new("L", (40, 30)), "PNG"), "乙.png")


def test_what_is_no_picture_is_refused() -> None:
    """Other bytes are told to be no picture."""
    with pytest.raises(UnreadableFileError, match=r"假\.png：不是可识别的图片"):
        ImageReader(Watcher()).read(b"\x89PNG no more", "假.png")


def test_marks_beside_ideographs_are_full_width() -> None:
    """The engine's half-width marks become those of Chinese print; those within numbers and Latin stay."""
    assert chinese_marks("(中共泰兴市委,2022)主任:张") == "（中共泰兴市委，2022）主任：张"
    assert chinese_marks("9:30, 1,200 (H5)") == "9:30, 1,200 (H5)"
