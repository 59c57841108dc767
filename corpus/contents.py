"""The contents list of a bulletin, told by its lines standing again over the articles."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from corpus.authors import is_author, is_name_below
from corpus.columns import MARK, column_name, is_column_of_briefs, is_label
from corpus.entries import (
    Entry,
    columns,
    has_leaders,
    has_page,
    other_readings,
    read_entry,
    without_place,
)
from corpus.normalize import clean_spaces, ends_sentence, simplified, squeeze
from corpus.types import Block

_LONGEST_LINE = 60
_LONGEST_TITLE_LINE = 80
_LONGEST_ENTRY = 400  # the search for dots and page takes time by the square of the length
_MOST_TITLE_LINES = 3
_MOST_ENTRIES = 60
_MOST_LIST_LINES = 400
_MOST_LINES_COMPARED = 30_000  # about a second; twenty entries before 300 short lines take 18,000
_BRACKETS = tuple("【[〔★☆◆■●")
_LEAST_LIKENESS = 0.85
_PLACES = re.compile(r"(?:[\u4e00-\u9fff]{1,8}[省市县区旗州][\s、，]*){2,}")
_CONTENTS_HEAD = re.compile(
    r"^[【\[〔《★☆◆■●※◎*=—―─~～-]*(?:本期|本刊|今日)?(?:目录|目次|要目|导读|内容提要|内容摘要|内容导读|要目导读|提要|内容|看点)"
    r"[】\]〕》★☆◆■●※◎*=—―─~～：:-]*$"
)


def is_contents_head(text: str) -> bool:
    """Whether a line says that the contents list follows (目录, 本期要目)."""
    return len(text) <= 30 and bool(_CONTENTS_HEAD.match(simplified(clean_spaces(text.replace("\t", "")))))


@dataclass(frozen=True, slots=True)
class Contents:
    """``length`` counts the blocks that the list takes. ``sources``: the titles it names, squeezed, as they
    stand over the articles; each with the contributor that the list gives it, or an empty string.
    ``has_briefs``: it names a column of briefs."""

    length: int = 0
    sources: Mapping[str, str] = field(default_factory=dict)
    has_briefs: bool = False


def find_contents(blocks: Sequence[Block], *, announced: bool = False) -> Contents:
    """The contents list at the head of ``blocks`` (what follows the masthead).

    A line belongs to it when it stands again further down as a title, alone or made of up to three lines; so
    do the short lines between such lines and after them (authors in brackets, column names). Where there
    surely is a list (``announced`` by a line 目录, or some lines stand again), a line that is nearly a title
    (difflib's ratio from 0.85) is its entry too. An announced list of which no line stands again ends with
    its last line that has dots and what stands behind them, or where its lines have marks (▲), with those.
    """
    finder = _Finder(blocks, announced)
    found = finder.scan(nearly=False)
    if (
        found.titles
        or announced
        or any(has_page(b.text) or has_leaders(b.text) for b in blocks[:_MOST_ENTRIES])
    ):
        found = finder.scan(nearly=True)
    if not found.titles:
        return Contents((_lines_with_leaders(blocks) or _lines_with_marks(blocks)) if announced else 0)
    if finder.is_doubtful(found):
        return Contents()
    labels = [b.text for b in blocks[: found.length] if is_label(b.text)]
    return Contents(found.length, found.titles, any(map(is_column_of_briefs, labels)))


def _lines_with_leaders(blocks: Sequence[Block]) -> int:
    length = 0
    for position, block in enumerate(blocks[:_MOST_ENTRIES]):
        if has_leaders(block.text):
            length = position + 1
        elif len(block.text) > _LONGEST_TITLE_LINE or position > length + 1:
            break
    return length


def _lines_with_marks(blocks: Sequence[Block]) -> int:
    """How many blocks the head of the list and the short lines below it take that all have a mark."""
    marked = 0
    for block in blocks[1:_MOST_ENTRIES]:
        if not MARK.match(block.text.strip()) or len(block.text) > _LONGEST_LINE or ends_sentence(block.text):
            break
        marked += 1
    return marked + 1 if marked > 1 else 0


@dataclass(slots=True)
class _Found:
    length: int = 0
    first_title: int = 0
    titles: dict[str, str] = field(default_factory=dict)


class _Finder:
    def __init__(self, blocks: Sequence[Block], announced: bool) -> None:
        self._blocks = blocks
        self._announced = announced
        self._compared = 0
        self._lines = [squeeze(b.text) if len(b.text) <= _LONGEST_ENTRY else b.text for b in blocks]
        self._entries = [read_entry(b.text) for b in blocks]
        self._places: dict[str, list[int]] = defaultdict(list)
        self._wholes: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._columns = {column_name(b.text) for b in blocks if b.text[:1] in _BRACKETS and is_label(b.text)}
        for position, line in enumerate(self._lines):
            joined = line
            self._add(line, position)
            if (title := self._entries[position].title) != line and not has_page(blocks[position].text):
                self._add(title, position)
            if len(line) > _LONGEST_TITLE_LINE or line.endswith("。"):
                continue
            for following in self._lines[position + 1 : position + _MOST_TITLE_LINES]:
                joined += following
                if len(joined) > 2 * _LONGEST_TITLE_LINE:
                    break
                self._add(joined, position)

    def _add(self, line: str, position: int) -> None:
        self._places[line].append(position)
        if ":" in line[:14] and len(line) <= 2 * _LONGEST_TITLE_LINE and (rest := without_place(line)):
            self._wholes[rest.title].append((position, line))

    def scan(self, *, nearly: bool) -> _Found:
        """Walks down the list, at most to the first title that it has named."""
        found = _Found(first_title=len(self._blocks))
        position = 0
        longest = min(len(self._lines), _MOST_LIST_LINES)
        while (
            position < min(found.first_title, longest) and len(self._lines[position]) <= _LONGEST_TITLE_LINE
        ):
            if self._is_text(position) and not self._announced:
                break
            if position and self._blocks[position].kind == "heading":  # that is the first article's title
                break
            titles, taken, again = self._match(position, nearly=nearly and position < _MOST_ENTRIES)
            if taken:
                found.first_title = min(found.first_title, again)
                if titles:
                    found.titles |= titles
                    found.length = position + taken
            position += max(1, taken)
        while 0 < found.length < found.first_title and self._may_belong(found.length):
            found.length += 1
        return found

    def is_doubtful(self, found: _Found) -> bool:
        """Whether a lone line that stands again is more likely a running head than a list of one entry: text
        stands between the two."""
        between = range(found.length, found.first_title)
        return len(found.titles) == 1 and not self._announced and any(self._is_text(i) for i in between)

    def _match(self, position: int, *, nearly: bool) -> tuple[dict[str, str], int, int]:
        """The titles that an entry names with their sources (none for a column's name), the lines of the
        entry, and where the first of them stands again; ({}, 0, 0) where the line is no entry."""
        if self._is_column(position):
            again = self._next(self._lines[position], position + 1)
            return ({}, 1, again) if again >= 0 else ({}, 0, 0)
        # The longest form first: a title that is broken in the list and over the article alike.
        forms = [*self._joined(position), (Entry(self._lines[position]), 1), (self._entries[position], 1)]
        forms += [(entry, 1) for entry in other_readings(self._blocks[position].text)]
        for entry, taken in forms:
            again = self._next(entry.title, position + taken) if entry.title else -1
            if again >= 0:
                return {entry.title: entry.source}, taken, again
        for entry, taken in forms:
            title, again = self._with_place(entry, position + taken)
            if title:
                return {title: entry.source}, taken, again
        if side_by_side := self._side_by_side(position):
            return side_by_side
        if nearly:
            for entry, taken in forms:
                title, again = self._nearest(entry.title, position + taken)
                if title:
                    return {title: entry.source}, taken, again
        return {}, 0, 0

    def _is_column(self, position: int) -> bool:
        """Whether a line is a column's name, with brackets or, numbered like an entry, without."""
        name = self._entries[position].title
        return is_label(self._blocks[position].text) or name in self._columns

    def _with_place(self, entry: Entry, start: int) -> tuple[str, int]:
        """The later title that is a place, a colon, and what ``entry`` says; the entry names no other."""
        for again, title in self._wholes.get(entry.title, []):
            place = title.split(":", 1)[0]
            if again >= start and (not entry.source or place in entry.source or entry.source in place):
                return title, again
        return "", -1

    def _side_by_side(self, position: int) -> tuple[dict[str, str], int, int] | None:
        """Two entries or more in one line, each of which stands again."""
        entries = [read_entry(part) for part in columns(self._blocks[position].text)]
        places = [self._next(entry.title, position + 1) for entry in entries]
        if not entries or min(places) < 0:
            return None
        return {entry.title: entry.source for entry in entries}, 1, min(places)

    def _joined(self, position: int) -> list[tuple[Entry, int]]:
        forms: list[tuple[Entry, int]] = []
        title = self._entries[position].title
        for taken in range(2, _MOST_TITLE_LINES + 1):
            end = position + taken
            if end > len(self._blocks) or is_author(self._blocks[end - 1].text):
                break
            if self._is_column(end - 1) or self._is_column(position):
                break
            if has_page(self._blocks[end - 2].text) or self._entries[end - 2].source:
                break
            last = self._entries[end - 1]
            title += last.title
            forms.insert(0, (Entry(title, last.source), taken))
        return forms

    def _next(self, entry: str, start: int) -> int:
        places = self._places.get(entry, [])
        at = bisect_left(places, start)
        return places[at] if at < len(places) else -1

    def _nearest(self, entry: str, start: int) -> tuple[str, int]:
        """The later title that is most like ``entry``; never one about another place."""
        best, title, again = _LEAST_LIKENESS, "", -1
        if len(entry) < 8 or ends_sentence(entry):
            return title, again
        matcher = SequenceMatcher(None, "", entry, autojunk=False)
        for position in range(start, len(self._lines)):
            self._compared += 1
            if self._compared > _MOST_LINES_COMPARED:
                break
            for candidate in self._titles_at(position):
                if not 0.7 * len(entry) < len(candidate) < 1.4 * len(entry) or _differ(entry, candidate):
                    continue
                matcher.set_seq1(candidate)
                if matcher.real_quick_ratio() >= best and matcher.quick_ratio() >= best:
                    likeness = matcher.ratio()
                    if likeness >= best and (likeness > best or again < 0):
                        best, title, again = likeness, candidate, position
        return title, again

    def _titles_at(self, position: int) -> list[str]:
        """The lines from ``position`` on that may be a title, one to three together."""
        candidates: list[str] = []
        joined = ""
        for at in range(position, min(len(self._lines), position + _MOST_TITLE_LINES)):
            line = self._lines[at]
            if len(joined + line) > _LONGEST_TITLE_LINE or re.search("[。;]", line) or ends_sentence(line):
                break
            if has_page(self._blocks[at].text) or is_author(self._blocks[at].text):
                break
            joined += line
            candidates.append(joined)
        return candidates

    def _is_text(self, position: int) -> bool:
        line = self._lines[position]
        return len(line) > _LONGEST_TITLE_LINE or (len(line) > 25 and line.endswith("。"))

    def _may_belong(self, position: int) -> bool:
        text = self._blocks[position].text
        if is_label(text):
            # a column's name right above the first article heads that article
            return self._may_be_author(position + 1) or self._names_places(position + 1)
        is_heading = self._blocks[position].kind == "heading"
        return len(self._lines[position]) <= _LONGEST_LINE and not ends_sentence(text) and not is_heading

    def _names_places(self, position: int) -> bool:
        """Whether a line names the places that a column's briefs are about, and nothing else."""
        return position < len(self._blocks) and bool(_PLACES.fullmatch(self._blocks[position].text.strip()))

    def _may_be_author(self, position: int) -> bool:
        if position >= len(self._blocks):
            return False
        above = self._blocks[position - 1].text
        return is_author(self._blocks[position].text) or is_name_below(above, self._blocks[position].text)


def _differ(entry: str, title: str) -> bool:
    """Whether two titles name different places, or say how different amounts: 甲县：… and 乙县：…."""
    heads = [t.split(":", 1)[0] for t in (entry, title) if ":" in t[:14]]
    return (len(heads) == 2 and heads[0] != heads[1]) or (
        re.findall(r"\d+", entry) != re.findall(r"\d+", title)
    )
