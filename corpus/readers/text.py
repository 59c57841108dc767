"""Plain text: every line is a block; one with tabs inside is the row of a table."""

from __future__ import annotations

from corpus.readers.encoding import decode_text
from corpus.types import Block, BlockKind, RawDocument


class TextReader:
    """Reads txt. A form feed starts a new page; a file without one has no page numbers."""

    def read(self, data: bytes, name: str) -> RawDocument:
        """Raises UnreadableFileError (see ``decode_text``)."""
        content = decode_text(data, name)
        paged = "\f" in content
        blocks: list[Block] = []
        page = 1
        for number, line in enumerate(content.split("\n"), start=1):
            for part_number, part in enumerate(line.split("\f")):
                page += part_number > 0
                if text := part.strip():
                    kind: BlockKind = "table" if "\t" in text else "paragraph"
                    blocks.append(Block(text, page if paged else None, number, kind))
        return RawDocument(tuple(blocks), "text/plain")
