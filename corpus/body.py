"""The blocks between contents list and colophon get their roles: title, author, heading, text …; what a page
end or a line end cut in two is joined again."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus.authors import is_author, signature
from corpus.columns import (
    MARK,
    begins_brief,
    begins_brief_of_place,
    begins_in_brackets,
    begins_marked_brief,
    begins_numbered_brief,
    brief_title,
    is_bare_name,
    is_case,
    is_editors_note,
    is_label,
    is_note_line,
    leading_place,
    note_title,
)
from corpus.entries import read_entry
from corpus.headings import find_heading, is_attachment_line, is_heading_line, mark_number
from corpus.lines import CLOSERS, LONGEST_TITLE, Lines, may_head
from corpus.masthead import is_date_line, is_rule, read_date
from corpus.normalize import Piece, ends_sentence, join, simplified, squeeze
from corpus.types import Block

Role = Literal["masthead", "contents", "label", "title", "author", "heading", "body", "colophon"]

_PLACE_TITLE = re.compile(r"^[\u4e00-\u9fff]{2,12}(?:省|市|县|区|旗|州|盟|镇|街道|局|集团)[：:]")
_MOST_TITLE_LINES = 3
_FARTHEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the document and its role. ``level`` > 0 for a heading that the file's format declares.
    ``opens``: an article of this title begins here, though no line of its own says so (a brief, 编者按).
    ``source``: who contributed the article of this title, as the contents list says."""

    role: Role
    piece: Piece
    level: int = 0
    opens: str = ""
    source: str = ""


class Body:
    """Walks once over the blocks between contents list and colophon."""

    def __init__(self, blocks: Sequence[Block], titles: Mapping[str, str], has_briefs: bool = False) -> None:
        self.date: datetime.date | None = None
        """The day that a line under a title gives: （2024年3月5日）."""
        self._blocks = blocks
        self._lines = Lines(blocks)
        self._titles = titles
        self._has_briefs = has_briefs  # the contents list says so
        levels = [b.level for b in blocks if b.kind == "heading"]
        self._title_level = min(levels) if levels and not titles else 0
        self._parts: list[Part] = []
        self._begun = False  # a title, or text that is no editor's note, has been seen
        self._in_note = self._in_column = False
        self._in_brackets = False  # the briefs of the column begin with names in brackets (【甲县】)
        self._under_title = False  # nothing but author and date since the title
        self._title = ""  # of the article
        self._lead: str | None = None  # the place that its text begins with; None before its text
        self._numbers: dict[int, int] = {}  # the last number of each level of headings in the article

    def parts(self) -> list[Part]:
        at = 0
        while at < len(self._blocks):
            at = self._step(at)
        return self._parts

    def _step(self, at: int) -> int:
        block = self._blocks[at]
        text = block.text.strip()
        if length := self._title_length(at):
            return self._add("title", at, length)
        if block.kind not in {"table", "footnote"} and (end := self._frame(at, text)):
            return end
        if is_label(text) or is_rule(text):
            self._in_column = self._in_column or is_label(text)
            return self._add("label", at, 1)
        if block.kind == "heading":
            return self._add("heading", at, 1, level=block.level)
        length = self._lines.table_length(at) or self._paragraph_length(at)
        is_plain = block.kind not in {"table", "footnote"}
        opens = self._opened_by(text) if is_plain else ""
        if length == 1 and is_plain and not opens and self._is_plain_heading(at):
            return self._add("heading", at, 1)
        return self._add("body", at, length, opens=opens)

    def _frame(self, at: int, text: str) -> int:
        """Takes a date or an author under a title, a line 编者按, or a signature below the text.
        Where the next block begins; 0 where it is none of these."""
        if self._under_title and is_date_line(text):
            self.date = self.date or read_date(text)
            return self._add("label", at, 1)
        if self._under_title and (length := self._lines.author_length(at)):
            return self._add_author(at, length)
        if is_note_line(text) and not self._under_title:
            self._in_note = True
            return self._add("title", at, 1, opens=note_title(text))
        if self._parts and self._parts[-1].role == "body" and self._is_signature(text):
            return self._add_author(at, 1)
        return 0

    def _opened_by(self, text: str) -> str:
        """The title of the article that a paragraph opens without a title line: an editor's note, or a brief
        in a column. Empty where it goes on the article before."""
        if is_editors_note(text) and not self._under_title:
            self._in_note = True
            return note_title(text)
        # a bulletin of nothing but briefs, or one whose list alone names their column
        first = (not self._begun and begins_marked_brief(text)) or (
            self._has_briefs and begins_brief_of_place(text)
        )
        begins = begins_brief(text) or (self._in_brackets and begins_in_brackets(text))
        if (self._in_column or first) and not self._under_title and begins:
            self._in_column, self._in_brackets = True, begins_in_brackets(text)
            return brief_title(text)
        return ""

    def _is_signature(self, text: str) -> bool:
        whole = re.fullmatch(r"[（(][^（）()]+[）)]", text) is not None
        return whole and len(text) <= 50 and (signature(text) is not None or is_author(text))

    def _add(self, role: Role, at: int, length: int, *, level: int = 0, opens: str = "") -> int:
        blocks = list(self._blocks[at : at + length])
        if (role == "title" or opens) and blocks[0].kind != "table":
            blocks[0] = replace(blocks[0], text=MARK.sub("", blocks[0].text.strip()))
        if role in {"title", "body"} and not (opens or self._in_note):
            self._begun = True
        if role == "title" and not opens:
            self._in_note, self._begun = False, True
            # an article of its own under a column's name; what it lists with marks are no briefs
            self._in_column = self._in_column and MARK.match(self._blocks[at].text.strip()) is not None
        self._under_title = role == "title" or (self._under_title and role == "label")
        source = (
            self._listed("".join(b.text for b in self._blocks[at : at + length])) if role == "title" else ""
        )
        piece = join(blocks, phrases=role in {"title", "heading"})
        self._follow(role, piece.text, opens)
        self._parts.append(Part(role, piece, level, opens, source or ""))
        return at + length

    def _follow(self, role: Role, text: str, opens: str) -> None:
        """Keeps in mind what tells where the next article begins."""
        if role == "title" or opens:
            self._title, self._lead, self._numbers = opens or text, None, {}
        if role in {"heading", "body"} and (mark := mark_number(text)):
            self._numbers[mark[0]] = mark[1]
        if role == "body" and self._lead is None:
            self._lead = leading_place(text)

    def _add_author(self, at: int, length: int) -> int:
        blocks = self._blocks[at : at + length]
        text = re.sub(r"\s+", " ", " ".join(b.text.strip() for b in blocks))
        anchors = join(blocks[:1]).anchors
        self._parts.append(Part("author", Piece(text, anchors)))
        return at + length

    def _title_length(self, at: int) -> int:
        """How many blocks from ``at`` on are the title of an article; 0 where none is."""
        for length in range(_MOST_TITLE_LINES, 0, -1):
            blocks = self._blocks[at : at + length]
            if len(blocks) == length and self._listed("".join(b.text for b in blocks)) is not None:
                below = self._blocks[at + length].text.strip() if at + length < len(self._blocks) else ""
                return length + (below.startswith(("——", "──")) and len(below) <= LONGEST_TITLE)
        block = self._blocks[at]
        if block.kind in {"table", "footnote"} or block.continues:
            return 0
        if self._title_level:
            return int(block.kind == "heading" and block.level == self._title_level)
        return self._guessed_title_length(at)

    def _listed(self, text: str) -> str | None:
        """The contributor that the contents list gives for this title, or ""; None where it names no such
        title."""
        if not self._titles or len(text) > 3 * LONGEST_TITLE:
            return None
        source = self._titles.get(squeeze(text))
        if source is None and not text.endswith(
            "。"
        ):  # the number that the list gives it may stand before it
            source = self._titles.get(read_entry(text).title)
        return source

    def _guessed_title_length(self, at: int) -> int:
        """A title by its looks: short lines without a stop, before an author line or a body paragraph.

        The first such lines of a document or below a column's name are a title; later ones only with a place
        before a colon or with an author line, since a headline without a mark inside an article looks the
        same. Where a contents list names the titles, only a place before a colon makes one that it lacks.
        """
        if self._names_subject(at) and self._after_sentence(at):
            return 1
        length = 0
        while length < _MOST_TITLE_LINES and self._lines.may_be_title(at + length):
            if length and (self._lines.author_length(at + length) or self._lines.is_text(at + length)):
                break
            length += 1
        below = at + length
        if length and below < len(self._blocks) and is_date_line(self._blocks[below].text):
            below += 1
        has_author = self._lines.author_length(below) > 0
        has_text = self._lines.is_text(below) or self._lines.is_greeting(below) or self._lines.is_note(below)
        if not length or not (has_author or has_text):
            return 0
        if not self._after_sentence(at):
            return 0
        if self._is_named(at) or self._has_subtitle(at, length) or self._starts_anew(at, at + length):
            return length
        if self._titles:
            return 0
        is_first = not self._begun or self._parts[-1].role in {"label", "author"}
        return length if is_first or has_author else 0

    def _is_named(self, at: int) -> bool:
        text = self._blocks[at].text.strip()
        if self._in_column and (MARK.match(text) or begins_numbered_brief(text)):
            return True
        if is_case(text) and (not self._begun or is_case(self._title)):
            return True
        return bool(_PLACE_TITLE.match(squeeze(simplified(MARK.sub("", text))).replace(":", "：")))

    def _has_subtitle(self, at: int, length: int) -> bool:
        return any(b.text.strip().startswith(("——", "──")) for b in self._blocks[at + 1 : at + length])

    def _names_subject(self, at: int) -> bool:
        """Whether a line is the name of a place or an office and nothing else, and the text below begins
        with it: 青石镇 over 青石镇把…"""
        if self._titles or self._under_title or at + 1 >= len(self._blocks):
            return False
        name = self._blocks[at].text.strip()
        is_first = not self._begun or is_bare_name(self._title)
        return is_first and is_bare_name(name) and self._blocks[at + 1].text.strip().startswith(name)

    def _starts_anew(self, at: int, below: int) -> bool:
        """Whether the text at ``below`` begins another article: it is about another place than the article
        before, and the line at ``at`` names that place too or its headings count from one again. (A plain
        heading has the same looks as a title.)"""
        place = leading_place(self._blocks[below].text) if below < len(self._blocks) else ""
        if self._titles or not (place and self._lead) or place in self._lead or self._lead in place:
            return False
        if place == leading_place(self._blocks[at].text) and leading_place(self._title):
            return True
        marks = (mark_number(b.text.strip()) for b in self._blocks[below : below + _FARTHEST_HEADING])
        level, number = next((m for m in marks if m), (0, 0))
        return number == 1 and self._numbers.get(level, 0) > 1

    def _after_sentence(self, at: int) -> bool:
        """Whether what stands before is complete; a title doesn't interrupt a sentence."""
        if not self._parts or self._parts[-1].role != "body" or self._blocks[at - 1].kind == "table":
            return True
        return ends_sentence(self._parts[-1].piece.text)

    def _is_plain_heading(self, at: int) -> bool:
        """A line of its own that heads what follows: with a mark, or short, without a stop, before text."""
        text = self._blocks[at].text.strip()
        if is_heading_line(text) or is_attachment_line(text):
            return True
        before_table = at + 1 < len(self._blocks) and self._blocks[at + 1].kind == "table"
        return (
            len(text) <= 30
            and self._lines.may_be_title(at)
            and not re.search("[，,]$", text)
            and (self._lines.is_long(at + 1) or before_table)
        )

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
        if following.continues or next_text[0] in CLOSERS:
            return True
        if ends_sentence(text):
            return False
        if length == 1 and len(text) < 25 and (is_heading_line(text) or may_head(text)):
            return False
        if self._title_length(at + length) or is_label(next_text) or is_editors_note(next_text):
            return False
        return text[-1] in "，、,—" or not find_heading(next_text)
