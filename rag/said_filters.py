"""Filters said in a question (2025年第20期, 2025年10月15日那一期, 只看…, 除了…) are taken out of its text."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from index.types import DocumentRecord, Filters
from rag.said import DAY, INSIDE, MONTH, THEME, YEAR, SaidFilters, number, without
from rag.said_issues import read_issues
from rag.said_years import read_years

__all__ = ["SaidFilters", "merge", "read_filters", "read_outside", "read_province", "read_series"]

_DATE = re.compile(
    rf"(?P<year>{YEAR})年(?P<month>{MONTH})月(?P<day>{DAY})[日号]"
    r"(?:的|这|那|上|里|中)*(?:一期|这期|那期|各期|两期|几期|期|简报|期简报|刊|号)?(?:的?简报)?"
    r"(?:里面|里|中|上|介绍|内)?的?"
)
_MONTH = re.compile(
    rf"(?P<year>{YEAR})年(?P<month>{MONTH})月(?:份|[初底末]|[上中下]旬)?(?:的|那|这)*(?:一)?"
    rf"(?:期|本|份|简报)(?:的?(?:简报|通报))?{THEME}{INSIDE}"
)
_LATEST = re.compile(
    rf"(?:最新|最近|最后)(?:的)?(?:(?P<count>\d{{1,2}}|[两二三四五六七八九十])|一|这)期(?:简报)?{INSIDE}"
)

_OUTSIDE = re.compile(
    r"(?<![跟和与同向到])(?:外省|省外)(?:份|区|市)?的?(?=有?哪|地方|市|县|区|经验|做法|例子|案例)"
)


def read_filters(text: str, catalogue: Sequence[DocumentRecord]) -> SaidFilters:
    """Filters of date, issue, month and year said in ``text``: the first of these kinds that it says."""
    match = _DATE.search(text)
    if match and (on := _date(match)):
        known = any(d.date == on for d in catalogue)
        missing = () if known else (f"{on.year}年{on.month}月{on.day}日的简报",)
        return SaidFilters(without(text, [match.span()]), Filters(since=on, until=on), missing)
    if said := read_issues(text, catalogue):
        return said
    match = _MONTH.search(text)
    if match and 1 <= (month := number(match["month"])) <= 12:
        return _month(text, match, month, catalogue)
    match = _LATEST.search(text)
    if match and catalogue:
        newest = sorted(catalogue, key=lambda d: d.date or datetime.date.min, reverse=True)
        latest = tuple(d.id for d in newest[: number(match["count"] or "1")])
        return SaidFilters(without(text, [match.span()]), Filters(document_ids=latest))
    return read_years(text, catalogue) or SaidFilters(text, Filters())


def _month(text: str, match: re.Match[str], month: int, catalogue: Sequence[DocumentRecord]) -> SaidFilters:
    since = datetime.date(number(match["year"]), month, 1)
    until = (since + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    known = any(d.date and since <= d.date <= until for d in catalogue)
    missing = () if known else (f"{since.year}年{month}月的简报",)
    return SaidFilters(without(text, [match.span()]), Filters(since=since, until=until), missing)


def read_series(text: str, catalogue: Sequence[DocumentRecord], provinces: Sequence[str]) -> SaidFilters:
    """A series said by its province (浙江那期简报, 江苏的简报). ``provinces`` are short names; only where the
    library holds series of more than one province is there anything to choose."""
    for province in provinces:
        match = re.search(
            rf"{province}(?:省)?(?:的|那|这)*(?:(?:一|几|两)?(?:期|份)?(?:的)?(?:简报|期)(?:里面|里|中|上)?的?"
            rf"|(?=(?:{YEAR})年|第[\d一二三四五六七八九十]+期))",
            text,
        )
        own = tuple(d.id for d in catalogue if province in f"{d.series}{d.issuer}")
        if match and own and len(own) < len(catalogue):
            # 2024年11月的江苏简报: the month is told by 简报 behind it
            rest = text[: match.start()] + "简报" + text[match.end() :]
            is_dated = _MONTH.search(rest) and not _MONTH.search(text)
            return SaidFilters(rest if is_dated else without(text, [match.span()]), Filters(document_ids=own))
    return SaidFilters(text, Filters())


def read_province(text: str, provinces: Sequence[str]) -> str:
    """Of ``provinces`` (short names) the one whose places a list is to be of (山东的哪些地方, 只要山东的);
    empty where it says none or several, or names one otherwise (浙江大学)."""
    said = [
        p
        for p in dict.fromkeys(provinces)
        if re.search(rf"{p}省?(?:境?内)?(?:的|有|各|哪|里|[，,：:\s]|$)", text)
    ]
    return said[0] if len(said) == 1 else ""


def read_outside(text: str) -> tuple[str, bool]:
    """``text`` without 外省 where it asks for places of other provinces than the bulletin's own, and whether
    it does (外省的也算 doesn't)."""
    rest = _OUTSIDE.sub("", text, count=1)
    return rest, rest != text


def _date(match: re.Match[str]) -> datetime.date | None:
    try:
        return datetime.date(number(match["year"]), number(match["month"]), number(match["day"]))
    except ValueError:
        return None


def merge(client: Filters, said: Filters) -> Filters:
    """The client's filters and those said; where both name a field, the client's stands (it was chosen on
    purpose, in a form made for it)."""
    return Filters(
        years=client.years or said.years,
        issues=client.issues or said.issues,
        places=client.places or said.places,
        document_ids=client.document_ids or said.document_ids,
        since=client.since or said.since,
        until=client.until or said.until,
    )
