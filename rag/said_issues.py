"""Issues said in a question: 第20期, 2025年第16、20期, 第16期和第20期, 第16期到第20期."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.catalogue import issue_key
from index.types import DocumentRecord, Filters
from rag.said import INSIDE, JOINT, THEME, UP_TO, YEAR, SaidFilters, number, without

_NUMBER = r"(?:\d{1,4}|[一二三四五六七八九十百〇零]{1,5})"
_ISSUES = re.compile(
    rf"(?:(?:今年|去年)?[（(]?(?P<year>{YEAR})年?度?[）)]?的?)?(?:简报)?总?第(?P<numbers>{_NUMBER}(?:(?:{JOINT}|{UP_TO})第?{_NUMBER})*)期"
    rf"(?:的?简报)?{THEME}{INSIDE}"
)
_LONGEST_RANGE = 60


@dataclass(frozen=True, slots=True)
class _Issue:
    """``number`` is as ``issue_key`` gives it. ``in_range``: it isn't said, only what it lies between."""

    year: int | None
    number: str
    in_range: bool = False

    def is_of(self, document: DocumentRecord) -> bool:
        if document.issue is None or issue_key(document.issue) != self.number:
            return False
        return self.year is None or (document.date is not None and document.date.year == self.year)

    def __str__(self) -> str:
        return (f"{self.year}年" if self.year else "") + f"第{self.number}期简报"


def read_issues(text: str, catalogue: Sequence[DocumentRecord]) -> SaidFilters | None:
    """Filters for all issues that ``text`` says; None where it says none.

    A year holds for the issues after it too. Years and issues are filters of their own; where they would let
    in more than was said (2022年第1期和2025年第20期), the documents are named besides.
    """
    matches = list(_ISSUES.finditer(text))
    if not matches:
        return None
    rest = without(text, _spans(text, matches))
    issues = list(dict.fromkeys(_said(text, matches)))
    meant = [d for d in catalogue if any(issue.is_of(d) for issue in issues)]
    if days := _days_between_years(text, matches, meant):
        return SaidFilters(rest, Filters(since=days[0], until=days[1]))
    missing = [issue for issue in issues if not any(issue.is_of(d) for d in meant)]
    told = tuple(str(issue) for issue in missing if not issue.in_range or not meant)
    if meant:
        issues = [issue for issue in issues if not issue.in_range or issue not in missing]
    filters = _filters(issues, meant, catalogue)
    return SaidFilters(rest, filters, () if meant else told, told if meant else ())


def _filters(
    issues: Sequence[_Issue], meant: Sequence[DocumentRecord], catalogue: Sequence[DocumentRecord]
) -> Filters:
    numbers = tuple(dict.fromkeys(issue.number for issue in issues))
    years = tuple(dict.fromkeys(issue.year for issue in issues if issue.year))
    if any(issue.year is None for issue in issues):
        years = ()
    every = [_Issue(year, number) for year in years or (None,) for number in numbers]
    let_in = [d for d in catalogue if any(issue.is_of(d) for issue in every)]
    named = tuple(d.id for d in meant) if meant and len(let_in) > len(meant) else ()
    return Filters(years=years, issues=numbers, document_ids=named)


def _days_between_years(
    text: str, matches: Sequence[re.Match[str]], meant: Sequence[DocumentRecord]
) -> tuple[datetime.date, datetime.date] | None:
    """The days of the first and last issue where it goes from one of a year to one of another."""
    if len(matches) != 2 or not _is_range(text, *matches):
        return None
    years = [number(match["year"]) if match["year"] else None for match in matches]
    days = sorted(d.date for d in meant if d.date and d.date.year in years)
    return (days[0], days[-1]) if None not in years and years[0] != years[1] and len(days) > 1 else None


def _is_range(text: str, before: re.Match[str], after: re.Match[str]) -> bool:
    return re.fullmatch(UP_TO, text[before.end() : after.start()]) is not None


def _said(text: str, matches: Sequence[re.Match[str]]) -> Iterator[_Issue]:
    year: int | None = None
    before: re.Match[str] | None = None
    last = 0
    for match in matches:
        year = number(match["year"]) if match["year"] else year
        is_range = before is not None and _is_range(text, before, match)
        for joint, numerals in re.findall(rf"({UP_TO})?第?({_NUMBER})", match["numbers"]):
            current = number(numerals)
            if (joint or is_range) and last < current <= last + _LONGEST_RANGE:
                yield from (_Issue(year, str(n), in_range=True) for n in range(last + 1, current))
            yield _Issue(year, str(current) if current else numerals)
            last, is_range = current, False
        before = match


def _spans(text: str, matches: Sequence[re.Match[str]]) -> list[tuple[int, int]]:
    """What is taken out: the issues, and what joins them."""
    spans: list[tuple[int, int]] = []
    for match in matches:
        start, end = match.span()
        if spans and re.fullmatch(rf"{JOINT}|{UP_TO}", text[spans[-1][1] : start]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans
