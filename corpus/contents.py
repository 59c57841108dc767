"""The contents list of a bulletin, told by its lines standing again over the articles."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from corpus.authors import is_author, is_name_below
from corpus.columns import is_label
from corpus.normalize import clean_spaces, ends_sentence, simplified, squeeze
from corpus.types import Block

_LONGEST_LINE = 60
_LONGEST_TITLE_LINE = 80
_LONGEST_ENTRY = 400  # the search for dots and page takes time by the square of the length
_MOST_TITLE_LINES = 3
_MOST_ENTRIES = 60
_MOST_LIST_LINES = 400
_MOST_LINES_COMPARED = 30_000  # about a second; twenty entries before 300 short lines take 18,000
_LEAST_LIKENESS = 0.85
_PAGE = r"(?:[（(]\s*第?\s*\d{1,3}\s*页?\s*[）)]|第\s*\d{1,3}\s*页|\d{1,3}\s*页?)"
_DOT_LEADERS = re.compile(
    rf"(?:[.…·•⋯．]{{2,}}\s*|[…⋯]\s*|\s+|[/／]\s*)[（(]?{_PAGE}?[）)]?$|"
    r"\s*(?:[（(]\s*第\s*\d{1,3}\s*页\s*[）)]|第\s*\d{1,3}\s*页|[（(]\s*\d{1,3}\s*[）)]|[Pp]\.?\s?\d{1,3})$"
)
_LEADERS_ONLY = re.compile(r"[.…·•⋯．\s]{3,}$")
_CONTENTS_MARK = re.compile(r"^(?:[\d一二三四五六七八九十]{1,2}[.、．\s]+|[●○■□◆◇▪►▶★☆※△▲·•\-*]\s*)")
_CONTENTS_HEAD = re.compile(r"^[【\[〔]?(?:本期)?(?:目录|目次|要目|导读|内容提要|内容导读)[】\]〕：:]?$")


def is_contents_head(text: str) -> bool:
    """Whether a line says that the contents list follows (目录, 本期要目)."""
    return len(text) <= 30 and bool(_CONTENTS_HEAD.match(simplified(clean_spaces(text.replace("\t", "")))))


def find_contents(blocks: Sequence[Block], *, announced: bool = False) -> tuple[int, frozenset[str]]:
    """The contents list at the head of ``blocks`` (what follows the masthead).

    Returns how many blocks it takes and the titles it names, squeezed, as they stand over the articles. A
    line belongs to it when it stands again further down as a title, alone or made of up to three lines; so
    do the short lines between such lines and after them (authors in brackets, column names). Where there
    surely is a list (``announced`` by a line 目录, or some lines stand again), a line that is nearly a title
    (difflib's ratio from 0.85) is its entry too.
    """
    finder = _Finder(blocks, announced)
    found = finder.scan(nearly=False)
    if found.titles or announced or any(_has_page(b.text) for b in blocks[:_MOST_ENTRIES]):
        found = finder.scan(nearly=True)
    if not found.titles or finder.is_doubtful(found):
        return 0, frozenset()
    return found.length, frozenset(found.titles)


def contents_entry(text: str) -> str:
    """A line of a contents list as its title would be squeezed: no number before, no dots and page behind."""
    if len(text) > _LONGEST_ENTRY:
        return squeeze(text)
    text = _CONTENTS_MARK.sub("", text.strip())
    return squeeze(_LEADERS_ONLY.sub("", _DOT_LEADERS.sub("", text) if _has_page(text) else text))


def _has_page(text: str) -> bool:
    return (
        len(text) <= _LONGEST_ENTRY
        and bool(re.search(r"[\d０-９][）)页]?\s*[）)]?$", text))
        and bool(_DOT_LEADERS.search(text))
    )


@dataclass(slots=True)
class _Found:
    length: int = 0
    first_title: int = 0
    titles: set[str] = field(default_factory=set)


class _Finder:
    def __init__(self, blocks: Sequence[Block], announced: bool) -> None:
        self._blocks = blocks
        self._announced = announced
        self._compared = 0
        self._lines = [squeeze(b.text) if len(b.text) <= _LONGEST_ENTRY else b.text for b in blocks]
        self._entries = [contents_entry(b.text) for b in blocks]
        self._places: dict[str, list[int]] = defaultdict(list)
        for position, line in enumerate(self._lines):
            joined = line
            self._places[line].append(position)
            if len(line) > _LONGEST_TITLE_LINE or line.endswith("。"):
                continue
            for following in self._lines[position + 1 : position + _MOST_TITLE_LINES]:
                joined += following
                if len(joined) > 2 * _LONGEST_TITLE_LINE:
                    break
                self._places[joined].append(position)

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
            title, taken, again = self._match(position, nearly=nearly and position < _MOST_ENTRIES)
            if taken:
                found.first_title = min(found.first_title, again)
                if title:
                    found.titles.add(title)
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

    def _match(self, position: int, *, nearly: bool) -> tuple[str, int, int]:
        """The title that an entry names (empty for a column's name), the lines of the entry, and where the
        title stands again; ("", 0, 0) where the line is no entry."""
        if is_label(self._blocks[position].text):
            again = self._next(self._lines[position], position + 1)
            return ("", 1, again) if again >= 0 else ("", 0, 0)
        # The longest form first: a title that is broken in the list and over the article alike.
        forms = [*self._joined(position), (self._lines[position], 1), (self._entries[position], 1)]
        for entry, taken in forms:
            again = self._next(entry, position + taken) if entry else -1
            if again >= 0:
                return entry, taken, again
        if nearly:
            for entry, taken in forms:
                title, again = self._nearest(entry, position + taken)
                if title:
                    return title, taken, again
        return "", 0, 0

    def _joined(self, position: int) -> list[tuple[str, int]]:
        forms: list[tuple[str, int]] = []
        entry = self._entries[position]
        for taken in range(2, _MOST_TITLE_LINES + 1):
            end = position + taken
            if end > len(self._blocks) or is_author(self._blocks[end - 1].text):
                break
            if _has_page(self._blocks[end - 2].text):
                break
            entry += self._entries[end - 1]
            forms.insert(0, (entry, taken))
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
            if _has_page(self._blocks[at].text) or is_author(self._blocks[at].text):
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
            return any(self._may_be_author(i) for i in (position + 1,))
        return len(self._lines[position]) <= _LONGEST_LINE and not ends_sentence(text)

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
