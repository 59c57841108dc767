"""Marks of enumeration in Chinese official prose, and the path of headings over a paragraph.

The order of marks is that of GB/T 9704-2012 (Layout key for official document), 7.3.3: 一、 then （一） then
1. then （1）; the spoken 一是/首先 stands below them all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.normalize import ends_sentence
from corpus.numerals import cn2an

_NUMERAL = "[一二三四五六七八九十]"
_MARKS = (
    (1, re.compile(rf"{_NUMERAL}{{1,3}}、|第{_NUMERAL}{{1,3}}[章节部][分]?[、：:\s]?")),
    (2, re.compile(rf"[（(]{_NUMERAL}{{1,3}}[）)]")),
    (3, re.compile(r"\d{1,2}\s?[.．、](?!\d)")),
    (4, re.compile(r"[（(]\d{1,2}[）)]|[①-⑳]")),
    (
        5,
        re.compile(
            rf"{_NUMERAL}{{1,2}}是(?!否|不是)|{_NUMERAL}要|第{_NUMERAL}{{1,2}}[，,：:]|首先[，,]|其次[，,]|再次[，,]|最[后後][，,]"
        ),
    ),
)
_ITEM = re.compile(rf"(?:^|(?<=[。；;：:！？!?”\"]))(?P<number>{_NUMERAL}{{1,2}})(?P<kind>是|要)")
_NEW_START = re.compile(r"下一步|下步|今后|新的一年|\d{4}年，|面向未来|展望|接下来")
_LONGEST_HEADING = 50
_ATTACHMENT_LEVEL = -20  # above all that the article before it has
_NUMBERS = {c: i for i, c in enumerate("一二三四五六七八九十", 1)}


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` counts from 1 (highest); ``text`` is mark and words, without a closing stop.

    ``alone``: the paragraph holds nothing but the heading. Otherwise it runs in to its text.
    """

    level: float
    text: str
    alone: bool


def find_heading(paragraph: str) -> Heading | None:
    """The heading that ``paragraph`` begins with, by its mark; None where it has none."""
    for level, mark in _MARKS:
        match = mark.match(paragraph)
        if match:
            words = heading_words(paragraph, match.end())
            alone = len(words) >= len(paragraph.rstrip("。；;：:")) and not paragraph.endswith("；")
            return Heading(level, words, alone and len(paragraph) <= _LONGEST_HEADING)
    return None


def mark_number(paragraph: str) -> tuple[int, int] | None:
    """Level and number of the mark that ``paragraph`` begins with; None where it has none that counts."""
    for level, mark in _MARKS:
        match = mark.match(paragraph)
        digits = re.search(rf"\d{{1,2}}|{_NUMERAL}{{1,3}}", match.group()) if match else None
        if digits:
            text = digits.group()
            return level, int(text) if text.isdecimal() else int(cn2an(text, "smart"))
    return None


def heading_words(paragraph: str, mark_end: int) -> str:
    """Mark and first sentence where it is short enough to be a heading, else mark and first clause."""
    stop = re.compile(r"[。！？!?；;]").search(paragraph, mark_end)
    end = stop.start() if stop else len(paragraph)
    if end > _LONGEST_HEADING:
        clause = re.compile(r"[，,：:。]").search(paragraph, mark_end)
        end = clause.start() if clause else end
    return paragraph[: min(end, _LONGEST_HEADING)]


def item_starts(paragraph: str) -> list[int]:
    """Where 一是, 二是 … begin in a paragraph; empty unless they count up from 一 and are several."""
    starts: list[int] = []
    kind = None
    for match in _ITEM.finditer(paragraph):
        number = _NUMBERS.get(match.group("number"), 0)
        if number == len(starts) + 1 and kind in (None, match.group("kind")):
            kind = match.group("kind")
            starts.append(match.start())
    return starts if len(starts) > 1 else []


class HeadingPath:
    """Follows the headings through an article and tells the path over each paragraph."""

    def __init__(self) -> None:
        self._path: list[Heading] = []
        self._items_seen = False
        self._plain_level: float | None = None

    def enter(self, paragraph: str, *, level: int = 0) -> tuple[str, ...]:
        """The path over ``paragraph``, its own heading included. ``level`` > 0 marks a heading that the
        file's format declares (Markdown, docx); it stands above all marks."""
        heading = Heading(level - 10, paragraph, True) if level else find_heading(paragraph)
        return self._enter(paragraph, heading)

    def enter_plain(self, line: str) -> tuple[str, ...]:
        """The path over a heading that nothing marks but its looks. All such headings of an article stand on
        one level: below the marked heading over the first of them, else above all marks."""
        if is_attachment_line(line):
            return self._enter(line, Heading(_ATTACHMENT_LEVEL, line, True))
        if self._plain_level is None:
            above = [h.level for h in self._path if h.alone]
            self._plain_level = above[-1] + 0.5 if above else -4
        return self._enter(line, Heading(self._plain_level, line, True))

    def _enter(self, paragraph: str, heading: Heading | None) -> tuple[str, ...]:
        if heading:
            self._path = [h for h in self._path if h.level < heading.level] + [heading]
            self._items_seen = False
        elif self._closes(paragraph):
            self._path = [h for h in self._path if h.alone]
        self._items_seen = self._items_seen or bool(item_starts(paragraph))
        return tuple(h.text for h in self._path)

    @staticmethod
    def has_mark(paragraph: str) -> bool:
        """Whether a paragraph begins with a mark of enumeration."""
        return find_heading(paragraph) is not None

    def _closes(self, paragraph: str) -> bool:
        """Whether an unmarked paragraph leaves the run-in heading before it: it looks ahead, or starts an
        enumeration of its own after that heading had one."""
        if not self._path or self._path[-1].alone:
            return False
        return bool(_NEW_START.match(paragraph)) or (self._items_seen and bool(item_starts(paragraph)))


def is_heading_line(text: str) -> bool:
    """Whether ``text`` is a heading and nothing else, whatever its mark."""
    heading = find_heading(text)
    return bool(heading and heading.alone and not (ends_sentence(text) and len(text) > _LONGEST_HEADING))


def is_attachment_line(text: str) -> bool:
    """Whether a line says that an attachment begins (附件, 附件2：)."""
    return bool(re.fullmatch(r"附[件錄录表]\s*[\d一二三四五六七八九十]{0,2}\s*[：:]?", text.strip()))
