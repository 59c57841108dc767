"""Markdown, by markdown-it-py (CommonMark and tables)."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.readers.encoding import decode_text
from corpus.types import Block, BlockKind, RawDocument


class MarkdownReader:
    """Reads md: headings with their level, paragraphs, list items, table rows (cells joined by tabs)."""

    def read(self, data: bytes, name: str) -> RawDocument:
        """Raises UnreadableFileError (see ``decode_text``)."""
        tokens = MarkdownIt("commonmark").enable("table").parse(decode_text(data, name))
        blocks: list[Block] = []
        kind: BlockKind = "paragraph"
        level, line, mark = 0, 0, ""
        row: list[str] = []
        for token in tokens:
            if token.type == "list_item_open" and token.info:
                mark = token.info + token.markup  # "1." of an ordered list is part of the text
            elif token.type == "heading_open":
                kind, level = "heading", int(token.tag[1])
            elif token.type == "heading_close":
                kind, level = "paragraph", 0
            elif token.type == "tr_open":
                kind, row, line = "table", [], _line(token, line)
            elif token.type == "tr_close":
                blocks.append(Block("\t".join(row), None, line, "table"))
                kind = "paragraph"
            elif token.type == "inline" and kind == "table":
                row.append(_plain(token))
            elif token.type == "inline":
                blocks.extend(_lines(token, kind, level, mark))
                mark = ""
            elif token.type in {"fence", "code_block"}:
                blocks.extend(
                    Block(text.strip(), None, _line(token, line) + i)
                    for i, text in enumerate(token.content.split("\n"))
                    if text.strip()
                )
        return RawDocument(tuple(blocks), "text/markdown")


def _lines(token: Token, kind: BlockKind, level: int, mark: str) -> list[Block]:
    """The lines of an inline token; a soft break is a line of its own, joined later where text runs on."""
    first = _line(token, 0)
    lines = (mark + _plain(token)).split("\n")
    return [Block(text.strip(), None, first + i, kind, level) for i, text in enumerate(lines) if text.strip()]


def _line(token: Token, fallback: int) -> int:
    return token.map[0] + 1 if token.map else fallback


def _plain(token: Token) -> str:
    parts: list[str] = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type == "image":
            continue
        else:
            parts.append(child.content)
    return "".join(parts)
