"""Blocks get their roles: title, author, heading, body …; what a page end cut in two is joined again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.authors import is_author
from corpus.headings import find_heading, is_heading_line
from corpus.masthead import colophon_start, find_contents, is_page_number, read_masthead
from corpus.normalize import Piece, ends_sentence, join, squeeze
from corpus.types import Block, Masthead

Role = Literal["masthead", "contents", "label", "title", "author", "heading", "body", "colophon"]

_LABEL = re.compile(r"^[【\[〔][^】\]〕]{1,20}[】\]〕]$|^[★☆◆■●]\s*\w{2,8}\s*[★☆◆■●]?$")
_PLACE_TITLE = re.compile(r"^[\u4e00-\u9fff]{2,12}(?:省|市|县|区|旗|州|盟|镇|街道|局|集团)[：:]")
_LONGEST_TITLE = 70
_LONGEST_TABLE = 400


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the document and its role. ``level`` > 0 for a heading that the file's format declares."""

    role: Role
    piece: Piece
    level: int = 0


def read_structure(blocks: Sequence[Block]) -> tuple[Masthead, list[Part]]:
    """The masthead, and every block in reading order as parts with roles; nothing is left out but bare
    page numbers."""
    blocks = [b for b in blocks if not is_page_number(b.text)]
    masthead, head = read_masthead(blocks)
    contents, titles = find_contents(blocks[head:])
    body_start = head + contents
    tail = max(body_start, colophon_start(blocks))
    parts = [Part("masthead", join([b], phrases=True)) for b in blocks[:head]]
    parts += [Part("contents", join([b], phrases=True)) for b in blocks[head:body_start]]
    parts += _Body(blocks[body_start:tail], titles).parts()
    parts += [Part("colophon", join([b])) for b in blocks[tail:]]
    return masthead, parts


class _Body:
    """Walks once over the blocks between contents list and colophon."""

    def __init__(self, blocks: Sequence[Block], titles: frozenset[str]) -> None:
        self._blocks = blocks
        self._titles = titles
        levels = [b.level for b in blocks if b.kind == "heading"]
        self._title_level = min(levels) if levels and not titles else 0
        self._parts: list[Part] = []

    def parts(self) -> list[Part]:
        at = 0
        while at < len(self._blocks):
            at = self._step(at)
        return self._parts

    def _step(self, at: int) -> int:
        block = self._blocks[at]
        title_length = self._title_length(at)
        if title_length:
            self._add("title", at, title_length)
            return at + title_length
        if block.kind not in {"table", "footnote"} and self._is_author_line(block):
            text = re.sub(r"\s+", " ", block.text.strip())
            self._parts.append(Part("author", Piece(text, join([block]).anchors)))
            return at + 1
        if _LABEL.match(block.text.strip()):
            self._add("label", at, 1)
            return at + 1
        if block.kind == "heading":
            self._add("heading", at, 1, level=block.level)
            return at + 1
        length = self._table_length(at) or self._paragraph_length(at)
        is_text = block.kind in {"table", "footnote"}
        role: Role = "heading" if length == 1 and not is_text and self._is_plain_heading(at) else "body"
        self._add(role, at, length)
        return at + length

    def _is_author_line(self, block: Block) -> bool:
        return bool(self._parts) and self._parts[-1].role == "title" and is_author(block.text)

    def _add(self, role: Role, at: int, length: int, *, level: int = 0) -> None:
        blocks = self._blocks[at : at + length]
        self._parts.append(Part(role, join(blocks, phrases=role in {"title", "heading"}), level))

    def _title_length(self, at: int) -> int:
        """How many blocks from ``at`` on are the title of an article; 0 where none is."""
        for length in (2, 1):
            blocks = self._blocks[at : at + length]
            if len(blocks) == length and squeeze("".join(b.text for b in blocks)) in self._titles:
                return length
        block = self._blocks[at]
        if self._titles or block.kind in {"table", "footnote"}:
            return 0
        if self._title_level:
            return int(block.kind == "heading" and block.level == self._title_level)
        return self._guessed_title_length(at)

    def _guessed_title_length(self, at: int) -> int:
        """A title by its looks: short lines without a stop, before an author line or a body paragraph.

        The first such lines of a document are a title; later ones only with a place before a colon or
        with an author line, since a headline without a mark inside an article looks the same.
        """
        length = 0
        while length < 3 and self._may_be_title(at + length):
            length += 1
        following = self._blocks[at + length : at + length + 1]
        has_author = bool(following) and is_author(following[0].text)
        if not length or not following or not (has_author or self._is_long(at + length)):
            return 0
        is_first = not any(p.role in {"title", "body"} for p in self._parts)
        named = _PLACE_TITLE.match(squeeze(self._blocks[at].text).replace(":", "："))
        return length if is_first or has_author or named else 0

    def _may_be_title(self, at: int) -> bool:
        if at >= len(self._blocks):
            return False
        text = self._blocks[at].text.strip()
        plain = len(text) <= _LONGEST_TITLE and not ends_sentence(text) and not re.search("[。；;]", text)
        return plain and not find_heading(text) and not is_author(text) and not _LABEL.match(text)

    def _is_plain_heading(self, at: int) -> bool:
        """A line of its own that heads what follows: with a mark, or short, without a stop, before text."""
        text = self._blocks[at].text.strip()
        if is_heading_line(text):
            return True
        return (
            len(text) <= 30
            and self._may_be_title(at)
            and not re.search("[，,]$", text)
            and self._is_long(at + 1)
        )

    def _is_long(self, at: int) -> bool:
        text = self._blocks[at].text if at < len(self._blocks) else ""
        return len(text) >= 60 or (len(text) >= 25 and bool(re.search("[，。；,]", text)))

    def _table_length(self, at: int) -> int:
        """How many blocks from ``at`` on are rows of one table that make one paragraph of readable length."""
        length = size = 0
        while at + length < len(self._blocks) and self._blocks[at + length].kind == "table":
            size += len(self._blocks[at + length].text)
            if length and size > _LONGEST_TABLE:
                break
            length += 1
        return length

    def _paragraph_length(self, at: int) -> int:
        """How many blocks from ``at`` on are one paragraph that page ends or line ends cut."""
        length = 1
        while at + length < len(self._blocks) and self._runs_on(at, length):
            length += 1
        return length

    def _runs_on(self, at: int, length: int) -> bool:
        last, following = self._blocks[at + length - 1], self._blocks[at + length]
        text, next_text = last.text.strip(), following.text.strip()
        if {last.kind, following.kind} & {"table", "footnote"} or following.kind == "heading":
            return False
        if following.continues:
            return True
        if ends_sentence(text):
            return False
        if (
            length == 1
            and (is_heading_line(text) or not re.search("[，、。；：,;:]", text))
            and len(text) < 25
        ):
            return False
        if self._title_length(at + length) or _LABEL.match(next_text):
            return False
        return text[-1] in "，、,—" or not find_heading(next_text)
