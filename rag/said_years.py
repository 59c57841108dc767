"""Years said in a question: 2025年, 2022年和2025年, 2022年到2025年, 2023年以来, 2024年以前, 近两年."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from index.types import DocumentRecord, Filters
from rag.said import INSIDE, JOINT, UP_TO, YEAR, SaidFilters, number, without

_OF_BULLETINS = re.compile("简报|期|刊")
_ONLY = r"(?P<only>只看|仅看|就看|限|只查|只要|看)?"
_LOT = "(?:所有|全部|各期|两期|几期|这几期|一?份)?"
_TAIL = rf"(?P<tail>(?:度|全年|间)?[的那这]?{_LOT}(?:简报|期|刊)?{INSIDE})[，,]?"
_YEARS = re.compile(
    rf"{_ONLY}(?P<years>(?:{YEAR})(?:年?(?:的|那|这)?(?:一?[期份])?(?:简报)?{JOINT}(?:{YEAR}))*)年"
    # 2025年初, 2025年以来, 2025年目标 aren't years of bulletins
    rf"(?!初|末|底|中|来|前|后|以|之|起|\d|度?(?:目标|计划)){_TAIL}"
)
_BETWEEN = re.compile(rf"{_ONLY}(?:从|自)?(?P<first>{YEAR})年?{UP_TO}(?P<last>{YEAR})年{_TAIL}")
_SINCE = re.compile(
    rf"{_ONLY}(?:从|自)?(?P<first>{YEAR})年(?:以来|以后|之后|起|开始|至今|到现在)(?:到现在|至今)?{_TAIL}"
)
_BEFORE = re.compile(
    rf"{_ONLY}(?P<last>{YEAR})年(?P<included>及|和|或)?(?:以前|之前|前(?![\d一二三四五六七八九十半几]))"
    rf"{_TAIL}"
)
_RECENT = re.compile(
    rf"{_ONLY}(?:最近|(?<![附靠接临邻将])近)(?P<count>\d{{1,2}}|[一二两三四五六七八九十])年(?:以来|来)?{_TAIL}"
)

_Span = tuple[datetime.date | None, datetime.date | None]


def read_years(text: str, catalogue: Sequence[DocumentRecord]) -> SaidFilters | None:
    """Filters for the years that ``text`` says; None where it says none.

    A year is a filter only where bulletins of it are there, or where the question speaks of bulletins;
    otherwise it is part of what is asked. A span that is open on one side (2020年以来) is one only where it
    leaves some bulletins out, or where the question speaks of them.
    """
    for pattern in (_BETWEEN, _SINCE, _BEFORE, _RECENT):
        match = pattern.search(text)
        if match and (span := _span(match, catalogue)):
            return _of_span(text, match, span, catalogue)
    match = _YEARS.search(text)
    if match is None:
        return None
    years = tuple(dict.fromkeys(number(year) for year in re.findall(YEAR, match["years"])))
    held = {d.date.year for d in catalogue if d.date}
    if held.isdisjoint(years) and not _speaks_of_bulletins(match):
        return None
    missing = tuple(f"{year}年的简报" for year in years if year not in held)
    is_partial = len(missing) < len(years)
    unknown = () if is_partial else missing
    partly_unknown = missing if is_partial else ()
    return SaidFilters(without(text, [match.span()]), Filters(years=years), unknown, partly_unknown)


def asks_for_bulletins_of_years(text: str) -> bool:
    """Whether the years in ``text`` are those of bulletins (2025年的简报), not of what they tell of."""
    match = _YEARS.search(text)
    return match is not None and _speaks_of_bulletins(match)


def _span(match: re.Match[str], catalogue: Sequence[DocumentRecord]) -> _Span | None:
    """The first and the last day that are meant (None: no end on that side)."""
    if match.re is _RECENT:
        newest = max((d.date for d in catalogue if d.date), default=None)
        return (_years_before(newest, number(match["count"])), None) if newest else None
    if match.re is _SINCE:
        return _first_day(number(match["first"])), None
    if match.re is _BEFORE:
        return None, _last_day(number(match["last"]) - (0 if match["included"] else 1))
    first, last = sorted(number(match[name]) for name in ("first", "last"))
    return _first_day(first), _last_day(last)


def _first_day(year: int) -> datetime.date:
    return datetime.date(year, 1, 1)


def _last_day(year: int) -> datetime.date:
    return datetime.date(year, 12, 31)


def _of_span(
    text: str, match: re.Match[str], span: _Span, catalogue: Sequence[DocumentRecord]
) -> SaidFilters | None:
    first, last = span
    days = [d.date for d in catalogue if d.date]
    held = [day for day in days if (not first or day >= first) and (not last or day <= last)]
    leaves_out = len(held) < len(days) or match.re is _BETWEEN
    if not _speaks_of_bulletins(match) and not (held and leaves_out):
        return None
    said = match.group().removesuffix(match["tail"]).removeprefix(match["only"] or "").strip("，,")
    missing = () if held else (f"{said}的简报",)
    return SaidFilters(without(text, [match.span()]), Filters(since=first, until=last), missing)


def _speaks_of_bulletins(match: re.Match[str]) -> bool:
    return bool(match["only"] or _OF_BULLETINS.search(match["tail"]))


def _years_before(day: datetime.date, count: int) -> datetime.date:
    """The day after the same day ``count`` years ago, so that they make whole years together."""
    try:
        return day.replace(year=day.year - count) + datetime.timedelta(days=1)
    except ValueError:  # 29 February
        return datetime.date(day.year - count, 3, 1)
