"""A material pack as a Word document: headings, quotations, and a footnote with the references to each."""

from __future__ import annotations

import io
import re

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.shared import Mm
from docx.text.paragraph import Paragraph
from docx_plus.fields import add_page_number_field
from docx_plus.notes import FootnoteIdRegistry, add_footnote

from rag.export.types import Excerpt, MaterialPack
from rag.export.word_styles import (
    CELL,
    INFORMATION,
    LEAD,
    QUOTATION,
    SOURCE,
    set_page,
    set_styles,
)
from rag.export.wording import (
    OVERVIEW,
    OVERVIEW_COLUMNS,
    note,
    numbered,
    overview_row,
    paragraphs,
    source_of,
    titled,
)

_NOT_XML = re.compile("[^\t\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OVERVIEW_WIDTHS = (11, 29, 48, 32, 36)
"""Millimetres; together the width of the text."""


class _Numbers(FootnoteIdRegistry):
    """Ids 1, 2, 3 …: the library's own are random, and LibreOffice mixes up which note is whose by them."""

    def next(self) -> int:
        return self.next_sequential()


def write_docx(pack: MaterialPack) -> bytes:
    """The document's bytes. A quotation has the text of its excerpt to the character, one paragraph for each
    of its lines, then its footnote's mark; the footnote's id is the excerpt's number."""
    document = docx.Document()
    set_page(document)
    set_styles(document)
    document.core_properties.title = _legal(pack.title)
    document.core_properties.author = "简报问答"
    document.core_properties.comments = ""
    _add_page_numbers(document)
    document.add_paragraph(_legal(pack.title), "Title")
    for name, text in pack.about:
        _add_named(document, name, text)
    for caution in pack.cautions:
        _add_named(document, "注意", caution)
    notes = _Numbers(document)
    for number, section in enumerate(pack.sections, 1):
        if section.heading:
            document.add_paragraph(_legal(numbered(number, section.heading)), "Heading 1")
        for title, excerpt in titled(section):
            _add_quotation(document, title, excerpt, notes)
    _add_overview(document, pack)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _add_named(document: Document, name: str, text: str) -> None:
    line = document.add_paragraph(style=INFORMATION)
    line.add_run(f"{name}：").bold = True
    line.add_run(_legal(text))


def _add_quotation(document: Document, title: str, excerpt: Excerpt, notes: FootnoteIdRegistry) -> None:
    if title:
        document.add_paragraph(_legal(title), LEAD)
    # The source stands above, on the quotation's page: below, it may be left alone on the next.
    document.add_paragraph(_legal(source_of(excerpt)), SOURCE)
    for heading in excerpt.headings:
        document.add_paragraph(_legal(heading), LEAD)
    *_, last = [document.add_paragraph(_legal(text), QUOTATION) for text in paragraphs(excerpt)]
    # A space parts the note's number from its text, as Word sets it.
    add_footnote(last, f" {_legal(note(excerpt))}", id_registry=notes)


def _add_overview(document: Document, pack: MaterialPack) -> None:
    document.add_paragraph(OVERVIEW, "Heading 1")
    table = document.add_table(rows=1, cols=len(OVERVIEW_COLUMNS), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, _OVERVIEW_WIDTHS, strict=True):
        column.width = Mm(width)
    for row in (OVERVIEW_COLUMNS, *(overview_row(excerpt) for excerpt in pack.excerpts)):
        cells = table.rows[0].cells if row is OVERVIEW_COLUMNS else table.add_row().cells
        for cell, text, width in zip(cells, row, _OVERVIEW_WIDTHS, strict=True):
            cell.width = Mm(width)
            cell.paragraphs[0].style = CELL
            cell.paragraphs[0].add_run(_legal(text)).bold = True if row is OVERVIEW_COLUMNS else None
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _add_page_numbers(document: Document) -> None:
    """— 1 —, as official documents have them (GB/T 9704-2012, 7.5)."""
    footer: Paragraph = document.sections[0].footer.paragraphs[0]
    footer.add_run("— ")
    add_page_number_field(footer)
    footer.add_run(" —")


def _legal(text: str) -> str:
    """XML has no word for control characters, which a file may hold."""
    return _NOT_XML.sub("\ufffd", text)
