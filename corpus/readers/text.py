"""Plain text: every line is a block; one with tabs or columns of spaces inside is the row of a table."""

from __future__ import annotations

from corpus.readers.encoding import decode_text
from corpus.readers.text_layout import Line, continued_lines, table_rows
from corpus.types import Block, BlockKind, RawDocument


class TextReader:
    """Reads txt. A form feed starts a new page; a file without one has no page numbers."""

    def read(self, data: bytes, name: str) -> RawDocument:
        """Raises UnreadableFileError (see ``decode_text``)."""
        content = decode_text(data, name)
        lines = _lines(content)
        rows, continued = table_rows(lines), continued_lines(lines)
        paged = "\f" in content
        blocks: list[Block] = []
        for line in lines:
            if text := line.text.strip():
                row = rows.get(line.number)
                kind: BlockKind = "table" if row or "\t" in text else "paragraph"
                page = line.page if paged else None
                goes_on = line.number in continued and kind == "paragraph"
                blocks.append(Block(row or text, page, line.number, kind, continues=goes_on))
        return RawDocument(tuple(blocks), "text/plain")


def _lines(content: str) -> list[Line]:
    """The lines of a file, those that a form feed cuts in two as two with one number."""
    lines: list[Line] = []
    page = 1
    for number, line in enumerate(content.split("\n"), start=1):
        for part_number, part in enumerate(line.split("\f")):
            page += part_number > 0
            lines.append(Line(part, number, page))
    return lines
