"""Years and days of a text: 2025年11月30日, 二〇二五年, 2021—2025年, 11月30日, 2025-11-30."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.numerals import cn2an
from rag.marks import fold

_YEAR = r"(?:19|20)\d{2}|[一二][零〇○一二三四五六七八九]{3}"
_SMALL = r"\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_DAY = rf" ?(?P<month>{_SMALL}) ?月(?:份| ?(?P<day>{_SMALL}) ?[日号])?"
_DATES = (
    re.compile(rf"(?<![\d.])(?P<year>{_YEAR})年?[-—–~～至到]{{1,2}}(?P<last>{_YEAR})(?:年|学年)"),
    re.compile(rf"(?<![\d.])(?P<year>{_YEAR}) ?年(?:{_DAY})?"),
    re.compile(
        r"(?<![\d.])(?P<year>(?:19|20)\d{2})[-./](?P<month>0?[1-9]|1[0-2])[-./](?P<day>[0-3]?\d)(?!\d)"
    ),
    re.compile(rf"(?<![\d.个年几数多])(?P<month>{_SMALL})月(?P<day>{_SMALL})[日号]"),
    re.compile(r"(?<![\d.个])(?P<month>1[0-2]|[1-9])月(?:份|底|初|中旬|上旬|下旬|以来)"),
)
_ERAS = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:世纪|年代)|[上下]半年|[一二三四]季度")


@dataclass(frozen=True, slots=True)
class DateMention:
    """``text[start:end]`` names this year (years, up to ``last_year``), month and day; None where it doesn't
    say."""

    start: int
    end: int
    text: str
    year: int | None = None
    last_year: int | None = None
    month: int | None = None
    day: int | None = None

    def stands_in(self, other: DateMention) -> bool:
        """Whether all that is named here is what ``other`` says too: 2025年 stands in 2025年11月30日."""
        if self.year is not None:
            if other.year is None or not other.year <= self.year <= (other.last_year or other.year):
                return False
            if self.last_year is not None and self.last_year != other.last_year:
                return False
        return all(
            mine is None or mine == theirs
            for mine, theirs in ((self.month, other.month), (self.day, other.day))
        )


def find_dates(text: str) -> list[DateMention]:
    """In order, none overlapping."""
    plain = fold(text)
    found: list[DateMention] = []
    for pattern in _DATES:
        for match in pattern.finditer(plain):
            start, end = match.span()
            if any(start < date.end and date.start < end for date in found):
                continue
            parts = {name: _number(value) for name, value in match.groupdict().items() if value}
            if not (1 <= parts.get("month", 1) <= 12 and 1 <= parts.get("day", 1) <= 31):
                continue
            found.append(
                DateMention(
                    start,
                    end,
                    text[start:end],
                    parts.get("year"),
                    parts.get("last"),
                    parts.get("month"),
                    parts.get("day"),
                )
            )
    return sorted(found, key=lambda date: date.start)


def date_spans(text: str) -> list[tuple[int, int]]:
    """Where dates and eras (90年代, 上半年) stand: their numbers are no quantities."""
    dates = [(date.start, date.end) for date in find_dates(text)]
    return dates + [match.span() for match in _ERAS.finditer(fold(text))]


def of_day(day: datetime.date) -> DateMention:
    """A day of the calendar, as it would be written."""
    return DateMention(0, 0, f"{day.year}年{day.month}月{day.day}日", day.year, None, day.month, day.day)


def stands_in_any(date: DateMention, others: Iterable[DateMention]) -> bool:
    return any(date.stands_in(other) for other in others)


def _number(written: str) -> int:
    if written.isdecimal():
        return int(written)
    if len(written) == 4:
        return int("".join(str("零一二三四五六七八九".index(c)) for c in re.sub("[〇○]", "零", written)))
    return int(cn2an(written, "smart"))
