"""Places and dates of a piece against the article that it draws on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.checking.findings import Comparison
from rag.checking.sources import Source
from rag.checking.types import Finding
from rag.claims import Claim
from rag.dates import DateMention, find_dates, of_day, stands_in_any
from rag.types import Citation

_OF_THE_BULLETIN = re.compile(r"简报|第\s*\d+\s*期|刊登|刊发|印发|编印")
_HEAD = 400
_FIRST_QUARTER = 3


def check_places(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each place of county level or above."""
    home = comparison.home
    for claim in comparison.piece.claims:
        if claim.kind != "place" or claim.key:
            continue
        if home is None:
            yield comparison.finding(claim, "not_found")
        elif set(claim.names) & home.source.places or _is_issuers(home.source, claim):
            citation = comparison.nearest_sentence(home.source)
            yield comparison.finding(claim, "consistent", home.source.passage.place or claim.text, citation=citation)
        elif other := _of_another(comparison, claim):
            citation = comparison.nearest_sentence(other)
            yield comparison.finding(claim, "consistent", claim.text, citation=citation)
        elif home.is_strong and home.source.passage.place:
            citation = comparison.nearest_sentence(home.source)
            yield comparison.finding(claim, "inconsistent", home.source.passage.place, citation=citation)
        else:
            yield comparison.finding(claim, "not_found")


def check_carried_place(comparison: Comparison) -> Iterator[Finding]:
    """Where a piece names no place, but the sentences before it speak of another than the bulletin does."""
    piece, home = comparison.piece, comparison.home
    if piece.places or not piece.carried or not piece.is_near or home is None or not home.is_strong:
        return
    place = home.source.passage.place
    if place and not set(piece.carried) & home.source.places:
        claim = Claim("place", 0, len(piece.text), piece.text)
        note = f"承上文说的是{'、'.join(piece.carried)}"
        yield comparison.finding(
            claim, "inconsistent", place, note, comparison.nearest_sentence(home.source)
        )


def check_dates(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each date. The day of the bulletin vouches for a year that its sentence doesn't tell."""
    for claim in comparison.piece.claims:
        if claim.kind == "date" and claim.date:
            yield _check_date(comparison, claim, claim.date)


def _check_date(comparison: Comparison, claim: Claim, date: DateMention) -> Finding:
    home = comparison.home
    if home is None:
        return comparison.finding(claim, "not_found")
    source = home.source
    day = of_day(source.document.date) if source.document.date else None
    is_of_bulletin = bool(_OF_THE_BULLETIN.search(comparison.piece.text))
    citation = comparison.nearest_sentence(source)
    told = find_dates(citation.quote)
    everywhere = [d for s in comparison.pool for d in find_dates(s.passage.text)]
    if stands_in_any(date, told):
        return comparison.finding(claim, "consistent", claim.text, citation=citation)
    if day and date.stands_in(day) and (is_of_bulletin or not any(d.year for d in told)):
        return comparison.finding(claim, "consistent", day.text, "据简报的日期", _day_line(comparison, source))
    if not is_of_bulletin and stands_in_any(date, everywhere):
        return comparison.finding(claim, "consistent", claim.text, citation=citation)
    if not home.is_near:
        return comparison.finding(claim, "not_found")
    if day and (is_of_bulletin or (date.month is None and not any(d.year for d in told))):
        if not is_of_bulletin and _may_be_last_year(date, source):
            return comparison.finding(claim, "not_found")
        note = "" if is_of_bulletin else "据简报的日期"
        return comparison.finding(claim, "inconsistent", day.text, note, _day_line(comparison, source))
    like = [d for d in told if (d.year is None) == (date.year is None) or date.month]
    if like:
        return comparison.finding(claim, "inconsistent", like[0].text, citation=citation)
    return comparison.finding(claim, "not_found")


def _may_be_last_year(date: DateMention, source: Source) -> bool:
    """A bulletin of the first months reports what was done the year before."""
    day = source.document.date
    return bool(day and date.year == day.year - 1 and day.month <= _FIRST_QUARTER)


def _day_line(comparison: Comparison, source: Source) -> Citation:
    """The line of the masthead that gives the bulletin's day; the nearest sentence where it has none."""
    document = source.document
    for date in find_dates(re.sub(r"(?<=\d) | (?=\d|[年月日])", "\u0000", document.text[:_HEAD])):
        start = document.text.rfind("\n", 0, date.start) + 1
        end = document.text.find("\n", date.end)
        return comparison.citer.cite(source, start, end if end >= 0 else len(document.text))
    return comparison.nearest_sentence(source)


def _is_issuers(source: Source, claim: Claim) -> bool:
    """江苏 in a sentence about a bulletin of 江苏省."""
    return any(name in (source.document.issuer or "") for name in (claim.text, *claim.names))


def _of_another(comparison: Comparison, claim: Claim) -> Source | None:
    """Where a piece speaks of several places: the source that is about this one."""
    if len(comparison.piece.places) < 2:
        return None
    near = (f.source for f in comparison.others if f.coverage >= 0.3 and set(claim.names) & f.source.places)
    return next(near, None)
