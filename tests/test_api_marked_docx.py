"""A checked draft as a Word document: colours, comments, and the draft's own looks."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from api.marked_docx import marked_docx
from corpus.readers.office import find_program
from rag.checking.types import CheckedSentence, DraftCheck, Finding, Verdict
from rag.types import Citation

GREEN, YELLOW = WD_COLOR_INDEX.BRIGHT_GREEN, WD_COLOR_INDEX.YELLOW
RED, GREY = WD_COLOR_INDEX.RED, WD_COLOR_INDEX.GRAY_25
TEXT = "甲县有240名队员，来自98家单位。\n乙县建成35座公园。\n久久为功！"
CITATION = Citation(1, "p", "d", "甲县从98家单位选出238名队员。", 0, 15, "某办公室. 某简报[Z]. 2025(20).")


def finding(words: str, verdict: Verdict, found: str = "", kind: str = "figure") -> Finding:
    start = TEXT.index(words)
    citation = None if verdict == "not_found" else CITATION
    return Finding(kind, verdict, start, start + len(words), words, found, "", citation)  # type: ignore[arg-type]


def make_check(text: str = TEXT) -> DraftCheck:
    findings = (
        (finding("240名", "inconsistent", "238名"), finding("98家", "consistent", "98家")),
        (finding("35座", "not_found"),),
        (finding("久久为功！", "not_found", kind="sentence"),),
    )
    verdicts: tuple[Verdict, ...] = ("inconsistent", "not_found", "not_found")
    lines = text.split("\n")
    sentences = tuple(
        CheckedSentence(text.index(line), text.index(line) + len(line), line, verdict, found)
        for line, verdict, found in zip(lines, verdicts, findings, strict=True)
    )
    return DraftCheck(text, sentences, {}, {}, "g1")


def colours(document: Document) -> list[tuple[str, WD_COLOR_INDEX]]:
    """The highlighted runs of the body and of tables, in order."""
    found = []
    for paragraph in document.element.body.iter(qn("w:p")):
        for run in docx.text.paragraph.Paragraph(paragraph, document).runs:
            if run.font.highlight_color is not None:
                found.append((run.text, run.font.highlight_color))
    return found


def commented(document: Document) -> dict[str, str]:
    """Each comment's text by the words it stands at."""
    words: dict[int, str] = {}
    open_: set[int] = set()
    for element in document.element.body.iter():
        if element.tag == qn("w:commentRangeStart"):
            open_.add(int(element.get(qn("w:id"))))
        elif element.tag == qn("w:commentRangeEnd"):
            open_.discard(int(element.get(qn("w:id"))))
        elif element.tag == qn("w:t"):
            for number in open_:
                words[number] = words.get(number, "") + (element.text or "")
    return {words[comment.comment_id]: comment.text for comment in document.comments}


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def saved(document: Document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_a_text_becomes_a_document_with_colours() -> None:
    """A paragraph for each line, unchanged; green, red, yellow, and grey where there was nothing to check."""
    document = opened(marked_docx(make_check()))
    assert [p.text for p in document.paragraphs] == TEXT.split("\n")
    assert colours(document) == [("240名", RED), ("98家", GREEN), ("35座", YELLOW), ("久久为功！", GREY)]


def test_comments_say_what_was_found() -> None:
    """Both wordings, the quote and its reference, at the words they are about; the first sums up."""
    told = commented(opened(marked_docx(make_check())))
    assert told["240名"] == (
        "不一致（数字）：稿中“240名”，简报“238名”。\n原文：甲县从98家单位选出238名队员。\n"
        "出处：某办公室. 某简报[Z]. 2025(20)."
    )
    assert told["98家"].startswith("一致（数字）：“98家”。\n原文：")
    assert told["35座"] == "未见（数字）：简报中未见“35座”。"
    assert told["甲县有"].startswith(
        "共 3 句，核对 3 处：一致 1，不一致 1，未见 1。另有 1 句没有可核对的内容。\n绿色："
    )
    assert len(told) == 4
    [author] = {c.author for c in opened(marked_docx(make_check())).comments}
    assert author == "简报核稿"


def test_a_word_draft_keeps_its_looks() -> None:
    """Runs are cut where colours begin, and each part keeps its font; tables, styles and other text stay."""
    original = docx.Document()
    heading = original.add_heading("讲话稿", 1)
    paragraph = original.add_paragraph("甲县有2")
    bold = paragraph.add_run("40名队员，")
    bold.bold = True
    paragraph.add_run("来自98家单位。")
    cell = original.add_table(1, 1).cell(0, 0)
    cell.text = "乙县建成 35 座公园。"
    original.add_paragraph("久久为功！")
    document = opened(marked_docx(make_check(), saved(original)))
    assert document.paragraphs[0].style.name == heading.style.name
    assert document.paragraphs[1].text == "甲县有240名队员，来自98家单位。"
    runs = [(r.text, r.bold, r.font.highlight_color) for r in document.paragraphs[1].runs if r.text]
    assert runs == [
        ("甲县有", None, None),
        ("2", None, RED),
        ("40名", True, RED),
        ("队员，", True, None),
        ("来自", None, None),
        ("98家", None, GREEN),
        ("单位。", None, None),
    ]
    assert document.tables[0].cell(0, 0).text == "乙县建成 35 座公园。"
    assert ("35 座", YELLOW) in colours(document)
    assert "240名" in commented(document)


def test_numbers_that_word_writes_by_itself_may_be_missing() -> None:
    """A sentence is found though the draft's text has a number before it that the paragraph hasn't."""
    text = f"一、{TEXT}"
    check = make_check()
    first = check.sentences[0]
    moved = CheckedSentence(
        0,
        first.end + 2,
        f"一、{first.text}",
        first.verdict,
        tuple(
            Finding(f.kind, f.verdict, f.start + 2, f.end + 2, f.text, f.found, "", f.citation)
            for f in first.findings
        ),
    )
    original = docx.Document()
    original.add_paragraph("甲县有240名队员，来自98家单位。")
    document = opened(marked_docx(DraftCheck(text, (moved,), {}, {}, "g1"), saved(original)))
    assert colours(document) == [("240名", RED), ("98家", GREEN)]


def test_what_the_document_doesn_t_have_is_told_in_the_first_comment() -> None:
    """A finding whose words aren't found again isn't lost."""
    original = docx.Document()
    original.add_paragraph("乙县建成35座公园。")
    [summary] = [
        c
        for c in commented(opened(marked_docx(make_check(), saved(original)))).values()
        if c.startswith("共")
    ]
    assert "稿中“240名”，简报“238名”" in summary


def test_links_and_deleted_text() -> None:
    """Words in a link are coloured; what was deleted under revision isn't part of the text."""
    original = docx.Document()
    paragraph = original.add_paragraph("甲县有")
    link, deleted = OxmlElement("w:hyperlink"), OxmlElement("w:del")
    for parent, tag, words in ((deleted, "w:delText", "旧"), (link, "w:t", "240名")):
        run, text = OxmlElement("w:r"), OxmlElement(tag)
        text.text = words
        run.append(text)
        parent.append(run)
        paragraph._p.append(parent)
    paragraph.add_run("队员，来自98家单位。")
    document = opened(marked_docx(make_check(), saved(original)))
    [highlighted] = document.element.body.iter(qn("w:hyperlink"))
    assert highlighted.find(f".//{qn('w:highlight')}").get(qn("w:val")) == "red"
    assert ("98家", GREEN) in colours(document)


@pytest.mark.parametrize("original", [b"no zip", b"PK\x03\x04"])
def test_a_file_that_can_t_be_opened_again_becomes_a_plain_document(original: bytes) -> None:
    """The marks are worth more than the looks."""
    assert [p.text for p in opened(marked_docx(make_check(), original)).paragraphs] == TEXT.split("\n")


def test_a_bomb_isn_t_unpacked() -> None:
    """A docx whose pictures would fill the memory is left closed."""
    packed = io.BytesIO(saved(docx.Document()))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/bomb.bin", b"\0" * (201 * 2**20))
    assert [p.text for p in opened(marked_docx(make_check(), packed.getvalue())).paragraphs] == TEXT.split(
        "\n"
    )


def test_what_xml_can_t_hold_is_replaced() -> None:
    """A control character in a pasted text doesn't keep the file from being made."""
    sentence = CheckedSentence(0, 4, "前\x07后。", "not_found", ())
    document = opened(marked_docx(DraftCheck("前\x07后。", (sentence,), {}, {}, "g1")))
    assert document.paragraphs[0].text == "前\ufffd后。"


@pytest.mark.skipif(find_program() is None, reason="LibreOffice (soffice) isn't installed here")
def test_libreoffice_opens_it_with_every_comment(tmp_path: Path) -> None:
    """Printed to pdf, the text is there whole and each comment is a note."""
    path = tmp_path / "核稿.docx"
    path.write_bytes(marked_docx(make_check()))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    options = 'pdf:writer_pdf_Export:{"ExportNotes":{"type":"boolean","value":"true"}}'
    command = [str(find_program()), "--headless", profile, "--convert-to", options, "--outdir", str(tmp_path)]
    done = subprocess.run([*command, str(path)], capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    pdf = tmp_path / "核稿.pdf"
    [page] = pypdfium2.PdfDocument(pdf)
    assert re.sub(r"\s", "", page.get_textpage().get_text_bounded()) == re.sub(r"\s", "", TEXT)
    assert len(re.findall(rb"/Subtype\s*/Text\b", pdf.read_bytes())) == 4
