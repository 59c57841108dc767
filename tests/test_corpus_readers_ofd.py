"""What the ofd reader must give: printed lines in reading order, with page and line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import pytest

from corpus.errors import UnreadableFileError
from corpus.readers.ofd import OfdReader
from corpus.types import Block

Text = tuple[float, float, str]
PAGES: Sequence[Sequence[Text]] = (
    [
        (30, 60, "全县建成议事亭四十座，"),
        (30, 20, "柳湾文明简报"),
        (30, 70, "每月议事两次。"),
        (120, 20, "第3期"),
    ],
    [(30, 20, "一、搭台子"), (30, 30, "村口小院变成了议事亭。")],
)


def content(page: Sequence[Text]) -> str:
    """A page; every text is x and y (millimetres) and its words, in the order given."""
    objects = "".join(
        f'<ofd:TextObject ID="{i + 10}" Boundary="{x} {y - 5} 100 6" Font="1" Size="5">'
        f'<ofd:TextCode X="0" Y="5" DeltaX="g {len(text) - 1} 5">{text}</ofd:TextCode></ofd:TextObject>'
        for i, (x, y, text) in enumerate(page)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content>'
        f'<ofd:Layer ID="2">{objects}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def ofd(
    pages: Sequence[Sequence[Text]] = PAGES, *, without: str = "", prologue: str = "", **added: str
) -> bytes:
    """An OFD file built by hand after GB/T 33190; ``without`` names a part left out."""
    listed = "".join(
        f'<ofd:Page ID="{i + 1}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages))
    )
    parts = {
        "OFD.xml": '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"><ofd:DocBody>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": '<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CommonData><ofd:PageArea>'
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        **{f"Doc_0/Pages/Page_{i}/Content.xml": prologue + content(page) for i, page in enumerate(pages)},
        **{name.replace("_xml", ".xml"): text for name, text in added.items()},
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            if name != without:
                archive.writestr(name, text)
    return target.getvalue()


EXPECTED = (
    ("全县建成议事亭四十座，", 1, 2),
    ("每月议事两次。", 1, 3),
    ("一、搭台子", 2, 1),
    ("村口小院变成了议事亭。", 2, 2),
)


def test_two_pages_in_reading_order() -> None:
    """Lines come by their height on the page, not by their order in the file, with page and line numbers."""
    raw = OfdReader().read(ofd(), "简报.ofd")
    assert raw.blocks[0].text.split() == ["柳湾文明简报", "第3期"]
    assert raw.blocks[1:] == tuple(Block(*line) for line in EXPECTED)
    assert (raw.media_type, raw.warnings) == ("application/ofd", ())


@pytest.mark.parametrize("part", ["Doc_0/Document.xml", "OFD.xml"])
def test_a_file_without_its_contents_list_is_read_by_position(part: str) -> None:
    """Where the list of pages is missing, text is read by its place on each page, and a warning says so."""
    raw = OfdReader().read(ofd(without=part), "简报.ofd")
    assert [(b.text, b.page, b.line) for b in raw.blocks] == [("柳湾文明简报第3期", 1, 1), *EXPECTED]
    assert raw.warnings == ("文件不合 OFD 规范，按文字在页面上的位置读取，阅读顺序可能有误。",)


def test_pages_beyond_nine_keep_their_order() -> None:
    """Page 10 comes after page 9 when pages are told by their folders alone."""
    pages = [[(30.0, 20.0, f"这是第{i + 1}张纸。")] for i in range(12)]
    raw = OfdReader().read(ofd(pages, without="OFD.xml"), "简报.ofd")
    assert [(b.text, b.page) for b in raw.blocks] == [(f"这是第{i + 1}张纸。", i + 1) for i in range(12)]


def test_a_missing_page_is_told() -> None:
    """A page whose content is missing costs that page and a warning; page numbers stay right."""
    raw = OfdReader().read(ofd(without="Doc_0/Pages/Page_0/Content.xml"), "简报.ofd")
    assert [(b.text, b.page) for b in raw.blocks] == [("一、搭台子", 2), ("村口小院变成了议事亭。", 2)]
    assert raw.warnings == ("文件缺少部分页面的内容，这些页没有读取。",)


def test_unreadable_files_are_refused() -> None:
    """Truncated, scanned, encrypted and foreign files are refused, each with its reason."""
    cases = [
        (ofd()[:-200], "不完整或已损坏"),
        (ofd([[]]), "可能是扫描件"),
        (ofd([[]], Encryptions_xml="<Encryptions/>"), "已加密"),
        (ofd([[]], without="OFD.xml"), "缺少 OFD.xml"),
        (ofd(prologue='<!DOCTYPE a [<!ENTITY b "c">]>'), "实体声明"),
    ]
    for data, reason in cases:
        with pytest.raises(UnreadableFileError, match=f"简报.ofd：.*{reason}"):
            OfdReader().read(data, "简报.ofd")


def test_a_zip_bomb_is_refused() -> None:
    """A part that grows five hundredfold is refused before it is unpacked."""
    with pytest.raises(UnreadableFileError, match="压缩炸弹"):
        OfdReader().read(ofd(bomb_xml=" " * 3_000_000), "简报.ofd")
