"""Names of a piece (in marks, of people, of organisations, of streets and villages) against those of the
article that it draws on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.place_finder import word_boundaries
from rag.checking.bulletins import Author
from rag.checking.findings import Comparison
from rag.checking.sources import Source
from rag.checking.types import Finding, Verdict
from rag.claims import Claim, plain_name
from rag.resemblance import is_one_slip, is_same, nearest

_IN_MARKS = ("term", "title")
_SHORTEST_UNMARKED = 4


@dataclass(frozen=True, slots=True)
class _Known:
    """A name of the article, in plain form, and where it stands."""

    plain: str
    text: str
    source: Source
    offset: int


def check_names(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each name; and one for each name of the article that stands in the piece misspelt, without
    marks."""
    claims = [c for c in comparison.piece.claims if c.kind in {"term", "title", "quotation", "name", "organisation"}]
    claims += [c for c in comparison.piece.claims if c.kind == "place" and c.key]
    claims = [c for c in claims if c not in comparison.reference.claims]
    told: list[Finding] = []
    for claim in claims:
        finding = _check_name(comparison, claim)
        if finding:
            told.append(finding)
    yield from told
    yield from _misspelt(comparison, told)


def _check_name(comparison: Comparison, claim: Claim) -> Finding | None:
    mine = plain_name(claim.text)
    if claim.kind == "name" and (author := _author(comparison, mine)):
        return _of_author(comparison, claim, author)
    if not comparison.home:
        is_common = claim.kind == "organisation" and not claim.key
        return None if is_common else comparison.finding(claim, "not_found")
    known = list(_names_of(comparison, claim))
    same = next((k for k in known if is_same(mine, k.plain) or _ends_with(claim, mine, k.plain)), None)
    if same:
        return comparison.finding(claim, "consistent", same.text, citation=comparison.citer.sentence(same.source, same.offset))
    slip = next((k for k in known if is_one_slip(mine, k.plain) and (mine in k.plain or k.plain in mine)), None)
    place = _where(comparison, mine)
    if slip and (claim.kind == "name" or not place or mine in slip.plain) and claim.kind != "organisation":
        return _wrong(comparison, claim, slip)
    if place:
        source, offset = place
        return comparison.finding(
            claim, "consistent", claim.text, citation=comparison.citer.sentence(source, offset)
        )
    used = {plain_name(c.text) for c in comparison.piece.claims if c is not claim}
    near = nearest(mine, (k.plain for k in known if k.plain not in used))
    if near and comparison.home.is_near:
        return _wrong(comparison, claim, next(k for k in known if k.plain == near))
    if claim.kind == "organisation" and not claim.key:
        return None
    if claim.kind == "place" and (comparison.home.is_strong or (comparison.home.facts or 0) >= 0.5):
        counterpart = next((k for k in known if k.plain not in used), None)
        if counterpart:
            return _wrong(comparison, claim, counterpart)
    return comparison.finding(claim, "not_found", note=_elsewhere(comparison, mine))


def _ends_with(claim: Claim, mine: str, theirs: str) -> bool:
    """Whether an organisation is named with more before its name (示范点某某纪念馆)."""
    return claim.kind == "organisation" and len(theirs) >= _SHORTEST_UNMARKED and mine.endswith(theirs)


def _names_of(comparison: Comparison, claim: Claim) -> Iterator[_Known]:
    """The names of the article that are of the same sort."""
    for source in comparison.pool:
        for theirs in source.claims:
            if theirs.kind == claim.kind or {theirs.kind, claim.kind} <= {*_IN_MARKS}:
                if claim.kind in {"place", "organisation"} and theirs.key != claim.key and (claim.kind == "place" or theirs.text[-2:] != claim.text[-2:]):
                    continue
                yield _Known(plain_name(theirs.text), theirs.text, source, theirs.start)


def _author(comparison: Comparison, mine: str) -> Author | None:
    """Who the name means among those who wrote for the bulletins: the very name, or that of a like-named
    person of the same place."""
    places = {*comparison.piece.places, *comparison.piece.carried}
    same = [a for a in comparison.authors if a.name == mine]
    slips = [a for a in comparison.authors if a.article.place in places and is_one_slip(mine, a.name)]
    return next(iter([*same, *slips]), None)


def _of_author(comparison: Comparison, claim: Claim, author: Author) -> Finding:
    document, passage = comparison.finder.opening(author.article)
    at = document.text.find(author.name, author.article.start, author.article.end)
    citation = comparison.citer.line(document, passage, at) if at >= 0 else None
    verdict: Verdict = "consistent" if author.name == claim.text else "inconsistent"
    return comparison.finding(claim, verdict, author.name, citation=citation)


def _where(comparison: Comparison, mine: str) -> tuple[Source, int] | None:
    """The passage of the article that holds a name, and an offset in the sentence that does."""
    for source in comparison.pool:
        if mine in source.names:
            text = source.passage.text
            spans = [s for s in source.sentences if mine in plain_name(text[s[0] : s[1]])]
            return source, spans[0][0] if spans else 0
    return None


def _wrong(comparison: Comparison, claim: Claim, known: _Known) -> Finding:
    citation = comparison.citer.sentence(known.source, known.offset)
    return comparison.finding(claim, "inconsistent", known.text, citation=citation)


def _elsewhere(comparison: Comparison, mine: str) -> str:
    for found in comparison.others:
        if mine in found.source.names:
            place = found.source.passage.place or ""
            return f"此名见于{place}《{found.source.passage.title}》"
    return ""


def _misspelt(comparison: Comparison, told: Iterable[Finding]) -> Iterator[Finding]:
    """Names of the sentences at hand that stand in the piece with one slip, outside the names already told."""
    if not (comparison.home and comparison.home.is_near):
        return
    piece = comparison.piece
    source = comparison.home.source
    taken = [(f.start - piece.start, f.end - piece.start) for f in told]
    bounds = word_boundaries(piece.text)
    for theirs in source.claims:
        mine = plain_name(theirs.text)
        shortest = 2 if theirs.kind == "name" else _SHORTEST_UNMARKED
        if theirs.kind not in {"term", "title", "name"} or len(mine) < shortest or mine in plain_name(piece.text):
            continue
        for start in sorted(bounds):
            end = start + len(mine)
            window = piece.text[start:end]
            is_told = any(start < b and a < end for a, b in taken) or window in source.passage.text
            if end in bounds and not is_told and _is_slip_for(theirs, window):
                yield _wrong(comparison, Claim(theirs.kind, start, end, window), _Known(mine, theirs.text, source, theirs.start))
                break


def _is_slip_for(theirs: Claim, window: str) -> bool:
    """Whether a window is the name misspelt: people keep their family name."""
    mine, other = plain_name(window), plain_name(theirs.text)
    is_person = theirs.kind != "name" or window[:1] == theirs.text[0]
    return window.isalnum() and is_person and is_one_slip(mine, other) and not is_same(mine, other)
