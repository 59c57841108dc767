"""Plain text: every line is a block."""

from __future__ import annotations

from corpus.readers.encoding import decode_text
from corpus.types import Block, RawDocument


class TextReader:
    """Reads txt. A form feed starts a new page; a file without one has no page numbers."""

    def read(self, data: bytes, name: str) -> RawDocument:
        """Raises UnreadableFileError (see ``decode_text``)."""
        text = decode_text(data, name)
        paged = "\f" in text
        blocks: list[Block] = []
        page = 1
        for number, line in enumerate(text.split("\n"), start=1):
            for part_number, part in enumerate(line.split("\f")):
                page += part_number > 0
                if part.strip():
                    blocks.append(Block(part.strip(), page if paged else None, number))
        return RawDocument(tuple(blocks), "text/plain")
