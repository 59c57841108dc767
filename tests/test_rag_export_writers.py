"""A pack in each format, read back."""

from __future__ import annotations

import html
import io
import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from docx_plus.notes import read_footnotes
from export_makers import make_excerpt, make_pack
from markdown_it import MarkdownIt

from corpus.readers.office import find_program
from rag.export.markdown import write_markdown
from rag.export.plain import write_text
from rag.export.types import Format, MaterialPack, Section
from rag.export.word import write_docx
from rag.export.wording import note, source_of
from rag.export.writers import file_name, write

PACK = make_pack()
MARKDOWN = r"""# 书房素材

- 检索范围：已查 3 期 12 篇
- 导出日期：2026年1月5日

**注意**：其中1段出自摘编。

## 一、甲市柳湾县

**《柳湾县：书房进村》**

> 一是建书房。全县建成28家。
>
> 乡镇	12家[^1]

——甲市柳湾县，《江苏工作简报》2025年第20期

**二是优服务**

> 读者\*很多\*，\<办证\>免押金。[^2]

——甲市柳湾县，《江苏工作简报》2025年第20期

## 二、未标明地方

**《评〈手册〉》**

> \- 学《读书\_手册》\[第1版\]。[^3]

——《江苏工作简报》2025年第20期

## 素材一览

| 序号 | 地方 | 篇目 | 出处 | 段落编号 |
| --- | --- | --- | --- | --- |
| 1 | 甲市柳湾县 | 柳湾县：书房进村 | 《江苏工作简报》2025年第20期 | d-p001 |
| 2 | 甲市柳湾县 | 柳湾县：书房进村 | 《江苏工作简报》2025年第20期 | d-p002 |
| 3 | 未标明地方 | 评《手册》 | 《江苏工作简报》2025年第20期 | d-p003 |

[^1]: 《柳湾县：书房进村》，《江苏工作简报》2025年第20期，2025年11月30日。江苏省某办公室. 江苏工作简报\[Z\]. 2025(20): 1.
[^2]: 《柳湾县：书房进村》，《江苏工作简报》2025年第20期，2025年11月30日。江苏省某办公室. 江苏工作简报\[Z\]. 2025(20): 2.
[^3]: 《评〈手册〉》，《江苏工作简报》2025年第20期，2025年11月30日。江苏省某办公室. 江苏工作简报\[Z\]. 2025(20): 3.
"""
TEXT = """书房素材

检索范围：已查 3 期 12 篇
导出日期：2026年1月5日
注意：其中1段出自摘编。

一、甲市柳湾县

《柳湾县：书房进村》

　　一是建书房。全县建成28家。
　　乡镇	12家[1]
　　——甲市柳湾县，《江苏工作简报》2025年第20期

二是优服务

　　读者*很多*，<办证>免押金。[2]
　　——甲市柳湾县，《江苏工作简报》2025年第20期

二、未标明地方

《评〈手册〉》

　　- 学《读书_手册》[第1版]。[3]
　　——《江苏工作简报》2025年第20期

尾注
[1] 《柳湾县：书房进村》，《江苏工作简报》2025年第20期，2025年11月30日。江苏省某办公室. 江苏工作简报[Z]. 2025(20): 1.
[2] 《柳湾县：书房进村》，《江苏工作简报》2025年第20期，2025年11月30日。江苏省某办公室. 江苏工作简报[Z]. 2025(20): 2.
[3] 《评〈手册〉》，《江苏工作简报》2025年第20期，2025年11月30日。江苏省某办公室. 江苏工作简报[Z]. 2025(20): 3.

素材一览
1. 甲市柳湾县　柳湾县：书房进村　《江苏工作简报》2025年第20期　d-p001
2. 甲市柳湾县　柳湾县：书房进村　《江苏工作简报》2025年第20期　d-p002
3. 未标明地方　评《手册》　《江苏工作简报》2025年第20期　d-p003
"""


def one_excerpt(text: str) -> MaterialPack:
    excerpt = make_excerpt(1, text, title="甲", place="丰县")
    return replace(PACK, sections=(Section("", (excerpt,)),))


def opened(pack: MaterialPack) -> Any:
    return docx.Document(io.BytesIO(write_docx(pack)))


def test_markdown() -> None:
    """The whole file."""
    assert write_markdown(PACK) == MARKDOWN


def test_plain_text() -> None:
    """The whole file."""
    assert write_text(PACK) == TEXT


@pytest.mark.parametrize(
    "text",
    [
        "1. 修路。", "12）建桥。", "# 一号工程", "+ 加法", "= 等号", "> 引", "\t9\t12", "    四个空格", "a_b_c `x` ~~y~~",
        "[链接](http://x)", "![图](y)", "<b>粗</b> &amp; &#65;", "2*3*4=24", "\\(x\\)", "| 甲 | 乙 |", "——", "---", "$5$ 和 $6$",
    ],
)  # fmt: skip
def test_markdown_shows_the_text_as_it_is(text: str) -> None:
    """Nothing of an excerpt is taken for markup: what a reader of the rendered file sees is the text."""
    rendered = MarkdownIt().enable(["table", "strikethrough"]).render(write_markdown(one_excerpt(text)))
    quote = re.search(r"<blockquote>\n<p>(.*)\[\^1\]</p>\n</blockquote>", rendered)
    assert quote, rendered
    assert html.unescape(quote[1]) == text


def test_word_has_the_pack_in_order() -> None:
    """Title, head, headings, quotations and sources, each in its style; quotations are the text itself."""
    document = opened(PACK)
    found = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]
    source = "甲市柳湾县，《江苏工作简报》2025年第20期"
    assert found == [
        ("Title", "书房素材"),
        ("素材说明", "检索范围：已查 3 期 12 篇"),
        ("素材说明", "导出日期：2026年1月5日"),
        ("素材说明", "注意：其中1段出自摘编。"),
        ("Heading 1", "一、甲市柳湾县"),
        ("素材篇目", "《柳湾县：书房进村》"),
        ("素材出处", source),
        ("Quote", "一是建书房。全县建成28家。"),
        ("Quote", "乡镇\t12家"),
        ("素材出处", source),
        ("素材篇目", "二是优服务"),
        ("Quote", "读者*很多*，<办证>免押金。"),
        ("Heading 1", "二、未标明地方"),
        ("素材篇目", "《评〈手册〉》"),
        ("素材出处", "《江苏工作简报》2025年第20期"),
        ("Quote", "- 学《读书_手册》[第1版]。"),
        ("Heading 1", "素材一览"),
    ]
    [table] = document.tables
    assert [cell.text for cell in table.rows[2].cells] == [
        "2", "甲市柳湾县", "柳湾县：书房进村", "《江苏工作简报》2025年第20期", "d-p002",
    ]  # fmt: skip


def test_word_has_a_footnote_to_each_quotation() -> None:
    """The footnote that stands at the end of a quotation has its number and its references."""
    document = opened(PACK)
    notes = {found.note_id: found.text.strip() for found in read_footnotes(document)}
    assert notes == {excerpt.number: note(excerpt) for excerpt in PACK.excerpts}
    marked = {
        int(reference.get(qn("w:id"))): paragraph.text
        for paragraph in document.paragraphs
        for reference in paragraph._p.iter(qn("w:footnoteReference"))
    }
    assert marked == {e.number: e.text.splitlines()[-1] for e in PACK.excerpts}


def test_word_declares_what_footnotes_need() -> None:
    """Part, relationship, content type, separators, and the styles that the notes name."""
    with zipfile.ZipFile(io.BytesIO(write_docx(PACK))) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name).decode() for name in names if name.endswith((".xml", ".rels"))}
    assert names.count("word/footnotes.xml") == 1
    assert "/relationships/footnotes" in parts["word/_rels/document.xml.rels"]
    assert 'PartName="/word/footnotes.xml"' in parts["[Content_Types].xml"]
    notes = re.findall(r'<w:footnote [^>]*w:id="(-?\d+)"', parts["word/footnotes.xml"])
    assert notes == ["-1", "0", "1", "2", "3"]
    assert (
        '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        in parts["word/settings.xml"]
    )
    named = set(
        re.findall(
            r'<w:(?:p|r)Style w:val="([^"]+)"', parts["word/footnotes.xml"] + parts["word/document.xml"]
        )
    )
    defined = set(re.findall(r'w:styleId="([^"]+)"', parts["word/styles.xml"]))
    assert {"FootnoteText", "FootnoteReference", "Quote"} <= named <= defined


def test_word_is_set_as_official_documents_are() -> None:
    """A4, their margins, Chinese fonts by name for Chinese text, and Chinese as its language."""
    document = opened(PACK)
    section = document.sections[0]
    assert [round(length.mm) for length in (section.page_width, section.page_height)] == [210, 297]
    assert [round(length.mm) for length in (section.top_margin, section.left_margin)] == [37, 28]
    fonts = {
        name: document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Title", "Heading 1", "Quote", "素材篇目", "footnote text")
    }
    assert fonts == {
        "Title": "宋体", "Heading 1": "黑体", "Quote": "仿宋", "素材篇目": "楷体", "footnote text": "宋体",
    }  # fmt: skip
    language = next(document.styles.element.iter(qn("w:lang")))
    assert language.get(qn("w:eastAsia")) == "zh-CN"
    assert document.core_properties.title == "书房素材"


def test_word_replaces_what_xml_cannot_hold() -> None:
    """A control character in a file's text doesn't keep the pack from being made."""
    document = opened(one_excerpt("前\x07后\ufffe。"))
    assert [p.text for p in document.paragraphs if p.style.name == "Quote"] == ["前\ufffd后\ufffd。"]


@pytest.mark.skipif(find_program() is None, reason="LibreOffice (soffice) isn't installed here")
def test_libreoffice_shows_every_quotation_with_its_own_note(tmp_path: Path) -> None:
    """Printed to pdf, each quotation is there with its source, and each note under the number of its mark."""
    excerpts = tuple(
        make_excerpt(n, f"第{n}个村建成书房{n * 7}家。" * 12, title=f"第{n}村：书房", place="甲市柳湾县")
        for n in range(1, 13)
    )
    pack = replace(PACK, sections=(Section("甲市柳湾县", excerpts[:5]), Section("乙县", excerpts[5:])))
    path = tmp_path / "素材.docx"
    path.write_bytes(write(pack, "docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        str(find_program()),
        "--headless",
        profile,
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(path),
    ]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(tmp_path / "素材.pdf")]
    # Page numbers and notes stand in the middle of what goes over a page.
    text = "".join(re.sub(r"—\d+—", "", re.sub(r"\s", "", page)) for page in pages)
    assert len(pages) > 3
    for excerpt in excerpts:
        line = re.sub(r"\s", "", f"{excerpt.number}{note(excerpt)}")
        assert text.count(line) == 1, line
        text = text.replace(line, "")
    for excerpt in excerpts:
        assert f"{source_of(excerpt)}{excerpt.text}{excerpt.number}" in text


@pytest.mark.parametrize(
    ("title", "file_format", "name"),
    [
        ("简报素材：哪些县做了服务", "docx", "简报素材：哪些县做了服务.docx"),
        ('a/b\\c:d*e?f"g<h>i|j', "md", "a_b_c_d_e_f_g_h_i_j.md"),
        ("../..", "txt", "简报素材.txt"),
        ("题" * 90, "txt", "题" * 60 + ".txt"),
    ],
)
def test_file_names(title: str, file_format: Format, name: str) -> None:
    """Named by the title, with nothing that a file system refuses."""
    assert file_name(replace(PACK, title=title), file_format) == name
