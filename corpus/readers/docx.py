"""Word documents (docx, docm) and what WPS writes in their format, on python-docx."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

from corpus.errors import UnreadableFileError
from corpus.readers.docx_numbering import Numbering
from corpus.readers.docx_package import DocxPackage, open_docx
from corpus.readers.docx_runs import Line, Runs, branch, is_placeholder, local_name
from corpus.readers.docx_styles import Styles, W, find, switch, value
from corpus.types import Block, BlockKind, RawDocument

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WRAPPERS = {"sdtContent", "customXml", "smartTag", "ins", "moveTo"}
_CONTAINERS = {"body", "tc", "txbxContent"}
_LONGEST_HEADING = 80
_MOST_COLUMNS = 64
_STOP_INSIDE = re.compile(r"[。；！？].")


class DocxReader:
    """Reads docx in the order of its text.

    Headings have their level; the numbers Word writes by itself are put back; a table is one block a row,
    cells joined by tabs, merged cells once; text boxes stand before the paragraph that holds them, notes
    after it. What isn't printed text is left out: headers and footers, hidden and deleted text, field
    codes. Pages are counted from the page ends in the file (None where it has none).
    """

    def read(self, data: bytes, name: str) -> RawDocument:
        """Raises UnreadableFileError where ``data`` is damaged, encrypted, a zip bomb or without text."""
        package = open_docx(data, name)
        walk = _Walk(package)
        blocks = tuple(walk.blocks(package.body))
        if not any(c.isalnum() for block in blocks for c in block.text):
            raise UnreadableFileError(
                f"{name}：Word 文档里没有可读的文字，可能只有图片。请提供文字版，或把图片另存为 PDF 后识别。"
            )
        if not walk.runs.pages.seen:
            blocks = tuple(dataclasses.replace(block, page=None) for block in blocks)
        return RawDocument(blocks, MEDIA_TYPE, tuple(_warnings(package, walk)))


def _warnings(package: DocxPackage, walk: _Walk) -> Iterator[str]:
    if package.has_macros:
        yield "文档含有宏，只读取了文字，宏没有运行。"
    if walk.runs.has_revisions:
        yield "文档留有修订痕迹，按接受全部修订后的文字读取。"
    if walk.runs.pages.seen and not walk.runs.pages.rendered:
        yield "文档没有记录排版后的页码，页码按手工分页符推算，可能与打印稿不同。"
    if walk.has_foreign_parts:
        yield "文档嵌入了其他格式的片段，这些片段没有读取。"


class _Walk:
    """Walks once through a document, counting pages and numbers on the way."""

    def __init__(self, package: DocxPackage) -> None:
        self._styles = Styles(package.parts.get("styles"))
        self._numbering = Numbering(package.parts.get("numbering"))
        self._notes: dict[tuple[str, str], Any] = {
            (kind, note.get(f"{W}id")): note
            for kind in ("footnote", "endnote")
            for note in package.parts.get(f"{kind}s", ())
            if local_name(note) == kind and note.get(f"{W}type") in {None, "normal"}
        }
        self._carried = ""
        self.runs = Runs(self._styles)
        self.has_foreign_parts = False

    def blocks(self, container: Any) -> Iterator[Block]:
        """The blocks of the body, a cell or a text box, in order."""
        for child in container:
            kind = local_name(child)
            if kind == "p":
                yield from self._paragraph(child)
            elif kind == "tbl":
                yield from self._table(child)
            elif kind == "AlternateContent":
                chosen = branch(child)
                yield from self.blocks(chosen if chosen is not None else ())
            elif kind in _WRAPPERS or (kind == "sdt" and not is_placeholder(child)):
                yield from self.blocks(child)
            elif kind == "altChunk":
                self.has_foreign_parts = True
        if self._carried and local_name(container) in _CONTAINERS:
            text, self._carried = self._carried.strip(), ""
            yield Block(text, self.runs.pages.number)

    def _paragraph(self, paragraph: Any) -> Iterator[Block]:
        pages = self.runs.pages
        if switch(paragraph, "pPr/pageBreakBefore"):
            pages.explicit(unless_fresh=True)
        line = self.runs.read(paragraph)
        for box in line.boxes:
            yield from [Block(box, line.page)] if isinstance(box, str) else self.blocks(box)
        label = self._label(paragraph, line)
        text, self._carried = self._carried + label + line.text.lstrip(), ""
        if _mark_is_gone(paragraph):
            self._carried = text
        elif text.strip() != label.strip():
            yield from self._text_blocks(paragraph, text, line.page)
        yield from self._note_blocks(line)
        section = find(paragraph, "pPr/sectPr")
        if section is not None and value(section, "type") != "continuous":
            pages.explicit()

    def _text_blocks(self, paragraph: Any, text: str, page: int) -> Iterator[Block]:
        level = self._styles.heading_level(paragraph)
        lines = [part.strip() for part in text.split("\n") if part.strip()]
        # A whole paragraph in a heading's style (（一）…。 with its text running on) isn't a heading.
        if level and len(text) <= _LONGEST_HEADING and not _STOP_INSIDE.search("".join(lines)):
            yield Block(" ".join(lines), page, None, "heading", level)
            return
        kind: BlockKind = "list" if self._styles.numbering(paragraph) else "paragraph"
        for part in lines:
            yield Block(part, page, None, kind)

    def _label(self, paragraph: Any, line: Line) -> str:
        numbered = self._styles.numbering(paragraph)
        hidden = not line.text and (switch(paragraph, "pPr/rPr/vanish") or _mark_is_gone(paragraph))
        if numbered is None or hidden:
            return ""
        number, depth = numbered
        if depth is None:
            depth = self._numbering.level_of_style(number, self._styles.style_id(paragraph)) or 0
        return self._numbering.label(number, depth)

    def _note_blocks(self, line: Line) -> Iterator[Block]:
        for reference in line.notes:
            note = self._notes.pop(reference, None)
            for paragraph in () if note is None else note.iter(f"{W}p"):
                text = Runs(self._styles).read(paragraph).text.replace("\n", " ").strip()
                if text:
                    yield Block(text, line.page, None, "footnote")

    def _table(self, table: Any) -> Iterator[Block]:
        rows = [
            (row, list(_inside(row, "tc"))) for row in _inside(table, "tr") if find(row, "trPr/del") is None
        ]
        if all(len(cells) == 1 for _, cells in rows):
            # A frame drawn as a table: what it holds is text like any other.
            for _, (cell,) in rows:
                yield from self.blocks(cell)
            return
        for row, cells in rows:
            yield from self._row(cells, _number(row, "trPr/gridBefore", 0))

    def _row(self, cells: list[Any], before: int) -> Iterator[Block]:
        """A cell for each column of the grid, so that those below one another stand under one head; what a
        merged cell covers beyond its first column and row is empty."""
        texts = [""] * before
        after: list[Block] = []
        page = 0
        for cell in cells:
            merge = find(cell, "tcPr/vMerge")
            covered = [""] * (_number(cell, "tcPr/gridSpan", 1) - 1)
            if value(cell, "tcPr/hMerge") == "continue" or (
                merge is not None and merge.get(f"{W}val") in {None, "continue"}
            ):
                texts += ["", *covered]
                continue
            inner = list(self.blocks(cell))
            page = page or (inner[0].page or 0 if inner else 0)
            texts += [" ".join(b.text for b in inner if b.kind not in {"table", "footnote"}), *covered]
            after += [b for b in inner if b.kind in {"table", "footnote"}]
        text = "\t".join(re.sub(r"\s+", " ", cell).strip() for cell in texts)
        if text.strip():
            yield Block(text, page or self.runs.pages.number, None, "table")
        yield from after


def _inside(element: Any, kind: str) -> Iterator[Any]:
    """Rows of a table, or cells of a row, through the wrappers that may stand between."""
    for child in element:
        name = local_name(child)
        if name == kind:
            yield child
        elif name in _WRAPPERS or name == "sdt":
            yield from _inside(child, kind)


def _number(element: Any, path: str, least: int) -> int:
    """A count of columns; ``least`` where there is none, or one beyond all tables."""
    written = value(element, path) or ""
    number = int(written) if written.isdecimal() and len(written) < 4 else least
    return min(max(number, least), _MOST_COLUMNS)


def _mark_is_gone(paragraph: Any) -> bool:
    """Whether the paragraph's end is deleted or hidden, so that the next one runs on in its line."""
    mark = find(paragraph, "pPr/rPr")
    return find(mark, "del") is not None or bool(switch(mark, "specVanish"))
