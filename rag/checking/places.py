"""Places and dates of a piece against the article that it draws on."""

from __future__ import annotations

from collections.abc import Iterator

from rag.checking.bulletins import OF_A_BULLETIN, told_by
from rag.checking.findings import Comparison
from rag.checking.sources import Source
from rag.checking.types import Finding
from rag.claims import Claim
from rag.dates import DateMention, find_dates, of_day, stands_in_any
from rag.types import Citation

_FIRST_QUARTER = 3
_ENOUGH_TO_TELL = 2
_BY_MASTHEAD = "据简报的日期"


def check_places(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each place of county level or above."""
    home = comparison.home
    for claim in comparison.piece.claims:
        if claim.kind != "place" or claim.key:
            continue
        if article := comparison.named_article(claim.names):
            citation = comparison.title_line(article)
            yield comparison.finding(claim, "consistent", article.place or "", citation=citation)
        elif home is None:
            yield comparison.finding(claim, "not_found")
        elif set(claim.names) & home.source.places or _is_issuers(home.source, claim):
            citation = comparison.nearest_sentence(home.source)
            yield comparison.finding(
                claim, "consistent", home.source.passage.place or claim.text, citation=citation
            )
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
    if home.borne_out < _ENOUGH_TO_TELL:
        return
    place = home.source.passage.place
    if place and not set(piece.carried) & home.source.places:
        claim = Claim("place", 0, len(piece.text), piece.text)
        note = f"承上文说的是{'、'.join(piece.carried)}"
        yield comparison.finding(claim, "inconsistent", place, note, comparison.nearest_sentence(home.source))


def check_reference(comparison: Comparison) -> Iterator[Finding]:
    """A finding for the title, the day and the issue of a bulletin that the piece names."""
    reference = comparison.reference
    document = comparison.named_document
    for claim in reference.claims:
        if document is None or reference.record is None:
            yield comparison.finding(claim, "not_found", note="没有收入这一期简报，或说得不够明白")
            continue
        citation = comparison.citer.masthead(document.document, document.passages[0])
        if claim in reference.wrong:
            found = told_by(claim, reference.record)
            yield comparison.finding(claim, "inconsistent", found, citation=citation)
        else:
            yield comparison.finding(claim, "consistent", claim.text, citation=citation)


def check_dates(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each other date. The day of the bulletin vouches for a year that its sentence leaves
    out."""
    for claim in comparison.piece.claims:
        if claim.kind == "date" and claim.date and claim not in comparison.reference.claims:
            yield _check_date(comparison, claim, claim.date)


def _check_date(comparison: Comparison, claim: Claim, date: DateMention) -> Finding:
    home = comparison.home
    finding = _borne_out(comparison, claim, date) if home else None
    if finding or home is None:
        return finding or comparison.finding(claim, "not_found")
    citation = comparison.nearest_sentence(home.source)
    told = [d for d in find_dates(citation.quote) if d.year]
    day = of_day(home.source.document.date) if home.source.document.date else None
    if home.is_near and told:
        return comparison.finding(claim, "inconsistent", told[0].text, citation=citation)
    is_other = home.is_near and not _may_be_last_year(date, home.source)
    if is_other and day and (date.month is None or OF_A_BULLETIN.search(comparison.piece.text)):
        return comparison.finding(claim, "inconsistent", day.text, _BY_MASTHEAD, _masthead(comparison))
    return comparison.finding(claim, "not_found")


def _borne_out(comparison: Comparison, claim: Claim, date: DateMention) -> Finding | None:
    """The sentence at hand gives the date, or none and the masthead does, or the article does elsewhere."""
    assert comparison.home
    source = comparison.home.source
    citation = comparison.nearest_sentence(source)
    told = find_dates(citation.quote)
    if stands_in_any(date, told):
        return comparison.finding(claim, "consistent", claim.text, citation=citation)
    day = of_day(source.document.date) if source.document.date else None
    if day and date.stands_in(day) and not any(d.year for d in told):
        return comparison.finding(claim, "consistent", day.text, _BY_MASTHEAD, _masthead(comparison))
    if elsewhere := _of_article(comparison, date):
        return comparison.finding(claim, "consistent", claim.text, citation=elsewhere)
    return None


def _masthead(comparison: Comparison) -> Citation | None:
    home = comparison.home
    return comparison.citer.masthead(home.source.document, home.source.passage) if home else None


def _of_article(comparison: Comparison, date: DateMention) -> Citation | None:
    """A sentence of the article that gives this date."""
    for source in comparison.pool:
        for told in find_dates(source.passage.text):
            if date.stands_in(told):
                return comparison.citer.sentence(source, told.start)
    return None


def _may_be_last_year(date: DateMention, source: Source) -> bool:
    """A bulletin of the first months reports what was done the year before."""
    day = source.document.date
    return bool(day and date.year == day.year - 1 and day.month <= _FIRST_QUARTER)


def _is_issuers(source: Source, claim: Claim) -> bool:
    """江苏 in a sentence about a bulletin of 江苏省."""
    return any(name in (source.document.issuer or "") for name in (claim.text, *claim.names))


def _of_another(comparison: Comparison, claim: Claim) -> Source | None:
    """Where a piece speaks of several places: the source that is about this one."""
    if len(comparison.piece.places) < 2:
        return None
    near = (f.source for f in comparison.others if f.coverage >= 0.3 and set(claim.names) & f.source.places)
    return next(near, None)
