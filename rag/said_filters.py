"""Filters said in a question (2025年第20期, 2025年10月15日那一期, 只看…, 除了…) are taken out of its text."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

import cn2an

from index.catalogue import issue_key
from index.types import DocumentRecord, Filters

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR_WORD = r"(?:19|20)\d{2}|[一二][〇○零九一二三四五六七八]{3}"
_TAIL = (
    r"(?:的|这|那|上|里|中)*(?:一期|这期|那期|各期|两期|几期|期|简报|期简报|刊|号)?(?:的?简报)?"
    r"(?:里面|里|中|上|介绍|内)?的?"
)
_DATE = re.compile(
    rf"(?P<year>{_YEAR_WORD})年(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?P<day>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[日号]"
    rf"(?P<tail>{_TAIL})"
)
_ISSUE = re.compile(
    rf"(?:(?P<year>{_YEAR_WORD})年?度?(?:的)?)?(?:简报)?(?:总)?第(?P<issue>\d{{1,4}}|[一二三四五六七八九十百〇零]{{1,5}})期(?:的?简报)?(?:里面|里|中|上|内)?的?"
)
_YEAR = re.compile(
    rf"(?P<only>只看|仅看|就看|限|只查|只要|看)?(?P<year>{_YEAR_WORD})年(?!初|末|底|中|来|前|后|以|\d|度?(?:目标|计划))(?P<tail>(?:度|全年)?(?:的)?(?:所有|全部|各期|两期|几期|这几期)?(?:简报|期|刊)?(?:里面|里|中|上|内)?的?)"
)
_MONTH = re.compile(
    rf"(?P<year>{_YEAR_WORD})年(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:份)?(?:的|那|这)*(?:一)?(?:期|简报)(?:的?简报)?"
    r"(?:里面|里|中|上|内)?的?"
)
_ONLY = re.compile(r"^(?:就|只|仅)?(?:看|查|限)(?=[^\w]*$)")
_LATEST = re.compile(r"(?:最新|最近|最后)(?:的)?(?:一|这)期(?:简报)?(?:里面|里|中|上)?的?")


@dataclass(frozen=True, slots=True)
class SaidFilters:
    """``text`` is the question without what was taken out; ``unknown`` what it names that isn't there."""

    text: str
    filters: Filters
    unknown: tuple[str, ...] = ()


def read_filters(text: str, catalogue: Sequence[DocumentRecord]) -> SaidFilters:
    """Filters of issue, date and year said in ``text``.

    A bare year (2020年) is a filter only where bulletins of that year are there, or where the question
    speaks of bulletins; otherwise it is part of what is asked.
    """
    match = _DATE.search(text)
    if match and (on := _date(match)):
        known = any(d.date == on for d in catalogue)
        missing = () if known else (f"{on.year}年{on.month}月{on.day}日的简报",)
        return SaidFilters(_without(text, match), Filters(since=on, until=on), missing)
    match = _ISSUE.search(text)
    if match:
        return _issue(text, match, catalogue)
    match = _MONTH.search(text)
    if match and 1 <= (month := _number(match["month"])) <= 12:
        return _month(text, match, month, catalogue)
    match = _LATEST.search(text)
    if match and catalogue:
        latest = max(catalogue, key=lambda d: d.date or datetime.date.min)
        return SaidFilters(_without(text, match), Filters(document_ids=(latest.id,)))
    match = _YEAR.search(text)
    if match:
        year = _number(match["year"])
        known = any(d.date and d.date.year == year for d in catalogue)
        of_bulletins = match["only"] or re.search("简报|期|刊", match["tail"])
        if known or of_bulletins:
            missing = () if known else (f"{year}年的简报",)
            return SaidFilters(_without(text, match), Filters(years=(year,)), missing)
    return SaidFilters(text, Filters())


def _issue(text: str, match: re.Match[str], catalogue: Sequence[DocumentRecord]) -> SaidFilters:
    number = _number(match["issue"])
    issue = str(number) if number else match["issue"]
    years = (_number(match["year"]),) if match["year"] else ()
    known = any(
        d.issue is not None
        and issue_key(d.issue) == issue
        and (not years or (d.date and d.date.year in years))
        for d in catalogue
    )
    name = f"{years[0]}年第{issue}期简报" if years else f"第{issue}期简报"
    filters = Filters(years=years, issues=(issue,))
    return SaidFilters(_without(text, match), filters, () if known else (name,))


def _month(text: str, match: re.Match[str], month: int, catalogue: Sequence[DocumentRecord]) -> SaidFilters:
    since = datetime.date(_number(match["year"]), month, 1)
    until = (since + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    known = any(d.date and since <= d.date <= until for d in catalogue)
    missing = () if known else (f"{since.year}年{month}月的简报",)
    return SaidFilters(_without(text, match), Filters(since=since, until=until), missing)


def read_series(text: str, catalogue: Sequence[DocumentRecord], provinces: Sequence[str]) -> SaidFilters:
    """A series said by its province (浙江那期简报, 江苏的简报). ``provinces`` are short names; only where the
    library holds series of more than one province is there anything to choose."""
    for province in provinces:
        match = re.search(
            rf"{province}(?:省)?(?:的|那|这)*(?:一|几|两)?(?:期|份)?(?:的)?(?:简报|期)(?:里面|里|中|上)?的?",
            text,
        )
        own = tuple(d.id for d in catalogue if province in f"{d.series}{d.issuer}")
        if match and own and len(own) < len(catalogue):
            return SaidFilters(_without(text, match), Filters(document_ids=own))
    return SaidFilters(text, Filters())


def _without(text: str, match: re.Match[str]) -> str:
    before = _ONLY.sub("", text[: match.start()])
    return (before + text[match.end() :]).strip("，,、：: ") or text


def _date(match: re.Match[str]) -> datetime.date | None:
    try:
        return datetime.date(_number(match["year"]), _number(match["month"]), _number(match["day"]))
    except ValueError:
        return None


def _number(text: str) -> int:
    """0 where the numerals make no number (十十)."""
    if text.isdigit() and text.isascii():
        return int(text)
    if not re.search("[十百]", text):
        return int(text.translate(_DIGITS))
    try:
        return int(cn2an.cn2an(text.replace("〇", "零"), "smart"))
    except ValueError:
        return 0


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
