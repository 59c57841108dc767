"""What the docx reader must give: what stands on the printed page, in order, once."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from corpus.errors import UnreadableFileError
from corpus.readers.archive import LARGEST_TOTAL, MOST_ENTRIES
from corpus.readers.docx import DocxReader
from corpus.readers.docx_numbering import format_number
from corpus.types import Block, RawDocument

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SPACES = (
    f'{W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def saved(document: docx.document.Document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def of_xml(*paragraphs: str) -> docx.document.Document:
    """A document whose body is the given XML."""
    document = docx.Document()
    for xml in paragraphs:
        element = parse_xml(re.sub(r"^<(\S+?)([ >/])", rf"<\1 {SPACES}\2", xml, count=1))
        document.element.body.insert_element_before(element, "w:sectPr")
    return document


def read(document: docx.document.Document | bytes) -> RawDocument:
    return DocxReader().read(document if isinstance(document, bytes) else saved(document), "简报.docx")


def texts(document: docx.document.Document | bytes) -> list[str]:
    return [block.text for block in read(document).blocks]


def changed(
    data: bytes,
    change: Callable[[str, bytes], bytes] = lambda part, content: content,
    /,
    **added: bytes | str,
) -> bytes:
    """The archive with its parts changed, and parts added to its folder ``word``."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(part, old.read(part)))
        for part, added_content in added.items():
            new.writestr(f"word/{part.replace('_', '.')}", added_content)
    return target.getvalue()


def simple() -> bytes:
    document = docx.Document()
    document.add_paragraph("柳湾县把议事亭建到村口。")
    return saved(document)


def number(document: docx.document.Document, levels: list[tuple[str, str]]) -> None:
    """Adds list 77, its levels given as number format and text."""
    root = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{f}"/><w:lvlText w:val="{t}"/></w:lvl>'
        for i, (f, t) in enumerate(levels)
    )
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{inner}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))


def numbered(text: str, level: int = 0, number_id: int = 77) -> str:
    return (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number_id}"/></w:numPr></w:pPr>'
        f"<w:r><w:t>{text}</w:t></w:r></w:p>"
    )


def test_blocks_come_in_the_order_of_the_page() -> None:
    """Paragraphs, headings and table rows keep their order and kinds; headings have their level."""
    document = docx.Document()
    document.add_heading("柳湾县：小院议事聚民心", 1)
    document.add_paragraph("县里建起议事亭。")
    document.add_heading("一、搭台子", 2)
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["乡镇", "亭数", "东渡镇", "12"], strict=True):
        cell.text = text
    document.add_paragraph("群众都说好。")
    assert read(document).blocks == (
        Block("柳湾县：小院议事聚民心", None, None, "heading", 1),
        Block("县里建起议事亭。"),
        Block("一、搭台子", None, None, "heading", 2),
        Block("乡镇\t亭数", None, None, "table"),
        Block("东渡镇\t12", None, None, "table"),
        Block("群众都说好。"),
    )


@pytest.mark.parametrize(
    ("name", "level"), [("标题 2", 2), ("标题3", 3), ("二级标题", 2), ("heading 9x", 0), ("正文样式", 0)]
)
def test_style_names_make_headings(name: str, level: int) -> None:
    """Localised names of heading styles give the level; other names give body text."""
    document = docx.Document()
    document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=False).base_style = None
    document.add_paragraph("搭台子", style=name)
    (block,) = read(document).blocks
    assert (block.kind, block.level) == (("heading", level) if level else ("paragraph", 0))


def test_based_on_chains_and_outline_levels() -> None:
    """A style based on a heading style is a heading; a paragraph's own outline level goes before its style."""
    document = docx.Document()
    document.styles.add_style("一号小标", WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Heading 3"]
    document.add_paragraph("搭台子", style="一号小标")
    for outline in ("1", "9"):
        paragraph = document.add_paragraph("请进来", style="Heading 3")
        paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="{outline}"/>'))
    assert [(b.kind, b.level) for b in read(document).blocks] == [
        ("heading", 3),
        ("heading", 2),
        ("paragraph", 0),
    ]


def test_a_circle_of_styles_ends() -> None:
    """Styles based on each other in a circle don't hang the reader."""
    document = docx.Document()
    first = document.styles.add_style("甲式", WD_STYLE_TYPE.PARAGRAPH)
    second = document.styles.add_style("乙式", WD_STYLE_TYPE.PARAGRAPH)
    first.base_style, second.base_style = second, first
    document.add_paragraph("议事亭里话家常。", style="甲式")
    assert texts(document) == ["议事亭里话家常。"]


def test_a_paragraph_in_heading_style_stays_a_paragraph() -> None:
    """A run-in heading with its paragraph behind it isn't a heading."""
    document = docx.Document()
    document.add_heading("（一）选好人。各村推选老党员、老教师任议事长，每月议事两次。", 3)
    assert read(document).blocks[0].kind == "paragraph"


def test_automatic_numbers_are_put_back() -> None:
    """一、（一）1. that Word writes by itself stand before the text and start again below a new heading."""
    xml = [numbered("搭台"), numbered("选址", 1), numbered("选人", 1), numbered("唱戏"), numbered("开会", 1)]
    document = of_xml(*xml, numbered("记录", 2), numbered("公示", 2))
    number(document, [("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")])
    assert texts(document) == [
        "一、搭台",
        "（一）选址",
        "（二）选人",
        "二、唱戏",
        "（一）开会",
        "1.记录",
        "2.公示",
    ]


def test_numbers_of_several_levels_and_of_styles() -> None:
    """%1.%2 counts both levels; a heading style that carries the list needs no number of its own."""
    document = of_xml(numbered("搭台"), numbered("选址", 1), numbered("选人", 1))
    number(document, [("decimal", "第%1章"), ("decimal", "%1.%2")])
    style = document.styles["Heading 1"].element
    style.get_or_add_pPr().append(parse_xml(f'<w:numPr {W}><w:numId w:val="77"/></w:numPr>'))
    document.add_heading("唱戏", 1)
    blocks = read(document).blocks
    assert [b.text for b in blocks] == ["第1章 搭台", "1.1 选址", "1.2 选人", "第2章 唱戏"]
    assert blocks[3].kind == "heading"


def test_a_list_that_starts_again() -> None:
    """A second list on the same pattern with a start of its own begins there, not where the first ended."""
    document = of_xml(
        numbered("甲村"), numbered("乙村"), numbered("丙村", number_id=78), numbered("丁村", number_id=78)
    )
    number(document, [("decimal", "%1.")])
    document.part.numbering_part.element.append(
        parse_xml(
            f'<w:num {W} w:numId="78"><w:abstractNumId w:val="77"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        )
    )
    assert texts(document) == ["1.甲村", "2.乙村", "1.丙村", "2.丁村"]


def test_bullets_are_dropped() -> None:
    """A bullet adds nothing to the text; number 0 takes a paragraph out of its list."""
    document = of_xml(numbered("送戏下乡"), numbered("送书进村", number_id=0))
    number(document, [("bullet", "●")])
    assert read(document).blocks == (
        Block("送戏下乡", None, None, "list"),
        Block("送书进村"),
    )


@pytest.mark.parametrize(
    ("form", "count", "text"),
    [
        ("chineseCountingThousand", 21, "二十一"),
        ("chineseCounting", 10, "十"),
        ("japaneseCounting", 11, "十一"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 12, "亥"),
        ("ideographTraditional", 11, "11"),
        ("ideographDigital", 20, "二〇"),
        ("decimalEnclosedCircleChinese", 3, "③"),
        ("decimalEnclosedCircle", 21, "21"),
        ("decimalFullWidth", 12, "１２"),
        ("decimalZero", 7, "07"),
        ("upperRoman", 14, "XIV"),
        ("lowerLetter", 28, "bb"),
        ("unheardOf", 5, "5"),
    ],
)
def test_number_formats(form: str, count: int, text: str) -> None:
    """Numbers are written as Word writes them; a format we don't know gives digits."""
    assert format_number(count, form) == text


def test_merged_cells_stand_once() -> None:
    """A cell merged over columns or rows stands where it begins, and only there; what it covers is empty, so
    that the others stay under their heads."""
    document = docx.Document()
    table = document.add_table(3, 3)
    for cell, text in zip(table._cells, "甲乙丙丁戊己庚辛壬", strict=True):
        cell.text = text
    table.cell(0, 1).merge(table.cell(0, 2)).text = "合计"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "两行"
    assert texts(document) == ["甲\t合计\t", "两行\t戊\t己", "\t辛\t壬"]


def test_nested_tables_and_frames() -> None:
    """A table in a cell follows its row; a table of one column is a frame, its text is text."""
    document = docx.Document()
    outer = document.add_table(1, 2)
    outer.cell(0, 0).text, outer.cell(0, 1).text = "东渡镇", "见内表"
    inner = outer.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "亭数", "12"
    document.add_paragraph("")
    document.add_table(1, 1).cell(0, 0).text = "本栏由县文明办供稿。"
    assert read(document).blocks == (
        Block("东渡镇\t见内表", None, None, "table"),
        Block("亭数\t12", None, None, "table"),
        Block("本栏由县文明办供稿。"),
    )


def test_notes_follow_their_paragraph() -> None:
    """A footnote is a block after the paragraph that refers to it; the mark is gone from the text."""
    document = of_xml(
        '<w:p><w:r><w:t>建成议事亭</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        "<w:r><w:t>四十座。</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>群众满意。</w:t></w:r></w:p>",
    )
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> 指村口的小亭。</w:t>'
        "</w:r></w:p></w:footnote></w:footnotes>"
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    link = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'.encode()
    data = changed(
        saved(document),
        lambda part, xml: (
            xml.replace(b"</Relationships>", link) if part == "word/_rels/document.xml.rels" else xml
        ),
        footnotes_xml=notes,
    )
    assert read(data).blocks == (
        Block("建成议事亭四十座。"),
        Block("指村口的小亭。", None, None, "footnote"),
        Block("群众满意。"),
    )


def test_a_text_box_stands_once() -> None:
    """A masthead in a text box comes before its paragraph, and not again from the fallback."""
    box = "<w:txbxContent><w:p><w:r><w:t>柳湾文明简报</w:t></w:r></w:p></w:txbxContent>"
    document = of_xml(
        '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>'
        f"{box}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"{box}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:t>第3期</w:t></w:r></w:p>",
        "<w:p><w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>旧式文本框</w:t></w:r></w:p>"
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>",
        '<w:p><w:r><w:pict><v:shape><v:textpath string="柳湾快报"/></v:shape></w:pict></w:r></w:p>',
    )
    assert texts(document) == ["柳湾文明简报", "第3期", "旧式文本框", "柳湾快报"]


def test_pages_are_counted_once_each() -> None:
    """Asked-for and laid-out page ends both count; the laid-out one that repeats an asked-for one doesn't."""
    document = of_xml(
        "<w:p><w:r><w:t>第一页。</w:t></w:r></w:p>",
        '<w:p><w:r><w:br w:type="page"/></w:r></w:p>',
        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>第二页。</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>从第二页</w:t><w:lastRenderedPageBreak/><w:t>到第三页。</w:t></w:r></w:p>",
        "<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:lastRenderedPageBreak/><w:t>第四页。</w:t></w:r></w:p>",
    )
    raw = read(document)
    assert [(b.text, b.page) for b in raw.blocks] == [
        ("第一页。", 1),
        ("第二页。", 2),
        ("从第二页到第三页。", 2),
        ("第四页。", 4),
    ]
    assert raw.warnings == ()


def test_pages_by_the_writers_breaks_are_told() -> None:
    """Where only the writer's page breaks are known, a warning says that pages may differ from the print."""
    document = docx.Document()
    document.add_paragraph("第一页。")
    document.add_page_break()
    document.add_paragraph("第二页。")
    raw = read(document)
    assert [(b.text, b.page) for b in raw.blocks] == [("第一页。", 1), ("第二页。", 2)]
    assert "页码" in raw.warnings[0]


def test_tracked_changes_are_read_as_accepted() -> None:
    """Deleted text is gone, inserted text stays, a deleted paragraph end joins two paragraphs."""
    document = of_xml(
        '<w:p><w:pPr><w:rPr><w:del w:id="1" w:author="甲"/></w:rPr></w:pPr><w:r><w:t>全县建成</w:t></w:r>'
        '<w:del w:id="2" w:author="甲"><w:r><w:delText>三十座</w:delText></w:r></w:del>'
        '<w:ins w:id="3" w:author="甲"><w:r><w:t>四十座</w:t></w:r></w:ins></w:p>',
        "<w:p><w:r><w:t>议事亭。</w:t></w:r></w:p>",
    )
    raw = read(document)
    assert [b.text for b in raw.blocks] == ["全县建成四十座议事亭。"]
    assert raw.warnings == ("文档留有修订痕迹，按接受全部修订后的文字读取。",)


def test_hidden_text_and_field_codes_are_left_out() -> None:
    """Hidden runs, field codes, page numbers, soft hyphens and prompts aren't text; field results are."""
    document = of_xml(
        "<w:p><w:r><w:t>看得见</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>的\u00ad字</w:t><w:softHyphen/><w:t>。</w:t></w:r></w:p>',
        '<w:p><w:r><w:t>见</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF a </w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>附表</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:tab/><w:t>二</w:t></w:r></w:p>',
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r>'
        '<w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>单击输入</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件里的字。</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    )
    assert texts(document) == ["看得见的字。", "见附表\t二", "控件里的字。"]


def test_a_field_that_never_ends_hides_nothing_more() -> None:
    """A broken field loses its own paragraph's rest at most, never the paragraphs after it."""
    document = of_xml(
        '<w:p><w:r><w:t>开头。</w:t><w:fldChar w:fldCharType="begin"/></w:r></w:p>',
        "<w:p><w:r><w:t>后文还在。</w:t></w:r></w:p>",
    )
    assert texts(document) == ["开头。", "后文还在。"]


def test_headers_and_footers_are_not_text() -> None:
    """What stands at the head and foot of every page isn't in the blocks."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.sections[0].footer.paragraphs[0].text = "第1页"
    document.add_paragraph("正文一句。")
    assert texts(document) == ["正文一句。"]


def test_line_breaks_part_a_paragraph_but_not_a_heading() -> None:
    """A title in two lines is one heading; a paragraph in two lines is two blocks."""
    document = docx.Document()
    document.add_heading("小院议事\n聚起民心", 1)
    document.add_paragraph("报：县委\n送：各镇")
    assert texts(document) == ["小院议事 聚起民心", "报：县委", "送：各镇"]


def test_macros_are_told_and_not_kept() -> None:
    """A docm reads like a docx, with a warning that its macros weren't run."""
    main = b"wordprocessingml.document.main+xml"
    data = changed(
        simple(),
        lambda part, xml: (
            xml.replace(
                b"vnd.openxmlformats-officedocument." + main, b"vnd.ms-word.document.macroEnabled.main+xml"
            )
            if part == "[Content_Types].xml"
            else xml
        ),
        vbaProject_bin=b"\xd0\xcf\x11\xe0 macro",
    )
    raw = read(data)
    assert [b.text for b in raw.blocks] == ["柳湾县把议事亭建到村口。"]
    assert raw.warnings == ("文档含有宏，只读取了文字，宏没有运行。",)


def test_links_to_missing_parts_do_no_harm() -> None:
    """A link to a part that isn't there (../NULL, as WPS writes it) doesn't stop the reading."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    link = f'<Relationship Id="rId98" Type="{kind}" Target="../NULL"/></Relationships>'.encode()
    data = changed(
        simple(),
        lambda part, xml: xml.replace(b"</Relationships>", link) if "document.xml.rels" in part else xml,
    )
    assert texts(data) == ["柳湾县把议事亭建到村口。"]


def test_strict_documents_are_read() -> None:
    """ISO Strict, which names everything by other addresses, reads the same."""
    pairs = [
        (
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    ]

    def strict(part: str, xml: bytes) -> bytes:
        for transitional, other in pairs:
            xml = xml.replace(transitional, other)
        return xml

    assert texts(changed(simple(), strict)) == ["柳湾县把议事亭建到村口。"]


def test_encrypted_documents_are_refused() -> None:
    """A document with a password is refused with words that say so."""
    data = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 600
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 600
    )
    with pytest.raises(UnreadableFileError, match=r"简报\.docx：文件已加密（有密码）"):
        read(data)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_truncated_documents_are_refused(share: float) -> None:
    """A file that was cut off is refused, whatever is left of it."""
    data = simple()
    with pytest.raises(UnreadableFileError, match=r"简报\.docx：文件不完整或已损坏"):
        read(data[: int(len(data) * share)])


def test_damaged_parts_are_refused() -> None:
    """A part that isn't whole XML, or doesn't unpack to its checksum, makes the file unreadable."""
    cut = changed(simple(), lambda part, xml: xml[:-40] if part == "word/document.xml" else xml)
    with pytest.raises(UnreadableFileError, match="已损坏"):
        read(cut)
    data = bytearray(simple())
    at = data.index(b"word/document.xml") + 60
    data[at : at + 8] = b"\xff" * 8
    with pytest.raises(UnreadableFileError, match="已损坏"):
        read(bytes(data))


@pytest.mark.parametrize("empty", [True, False])
def test_documents_without_text_are_refused(empty: bool) -> None:
    """An empty document, and an archive that is no document, are refused."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("读我.txt", "不是文档")
    with pytest.raises(UnreadableFileError, match="没有可读的文字" if empty else "不是 Word 文档"):
        read(docx.Document() if empty else target.getvalue())


def test_zip_bombs_are_refused() -> None:
    """Too high a ratio, too large a total and too many parts are each refused before unpacking."""
    with pytest.raises(UnreadableFileError, match="压缩炸弹"):
        read(changed(simple(), bomb=b"\0" * 2_000_000))
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for i in range(MOST_ENTRIES + 1):
            archive.writestr(f"{i}", b"")
    with pytest.raises(UnreadableFileError, match=f"超过上限 {MOST_ENTRIES} 个"):
        read(many.getvalue())
    declared = bytearray(simple())
    for at in [m.start() for m in re.finditer(rb"PK\x01\x02", bytes(declared))]:
        declared[at + 24 : at + 28] = (LARGEST_TOTAL // 2).to_bytes(4, "little")
    with pytest.raises(UnreadableFileError, match="超过上限 200 MB"):
        read(bytes(declared))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding: str) -> None:
    """XML that declares entities is refused, in whatever encoding."""

    def laugh(part: str, xml: bytes) -> bytes:
        if part != "word/document.xml":
            return xml
        text = re.sub(r"^<\?xml[^>]*\?>", "", xml.decode())
        return f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE w [<!ENTITY a "哈哈">]>{text}'.encode(
            encoding
        )

    with pytest.raises(UnreadableFileError, match="实体声明"):
        read(changed(simple(), laugh))


def test_reading_is_a_function_of_the_bytes() -> None:
    """Counts of one reading don't go on in the next."""
    document = of_xml(numbered("搭台"), numbered("唱戏"))
    number(document, [("chineseCounting", "%1、")])
    reader, data = DocxReader(), saved(document)
    assert [[b.text for b in reader.read(data, "甲.docx").blocks] for _ in range(2)] == [
        ["一、搭台", "二、唱戏"]
    ] * 2
