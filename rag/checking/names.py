"""Names of a piece (in marks, of people, of organisations, of streets and villages) against those of the
article that it draws on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.place_finder import word_boundaries
from rag.checking.bulletins import Author
from rag.checking.findings import Comparison
from rag.checking.sources import Source
from rag.checking.types import Finding, Verdict
from rag.claims import Claim, plain_name
from rag.marks import overlaps
from rag.resemblance import is_one_slip, is_same, nearest

_IN_MARKS = ("term", "title")
_KINDS = (*_IN_MARKS, "quotation", "name", "organisation")
_SHORTEST_UNMARKED = 4
_LARGER = frozenset({"街道", "镇", "乡"})
_HALF = 0.5
_CLOSE = 4
"""Characters between a community and the street in brackets, or before it."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A name of the article, in plain form, and where it stands."""

    plain: str
    text: str
    source: Source
    offset: int


def check_names(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each name; and one for each name of the article that stands in the piece misspelt,
    without marks."""
    claims = [c for c in comparison.piece.claims if c.kind in _KINDS or (c.kind == "place" and c.key)]
    claims = [c for c in claims if c not in comparison.reference.claims]
    told = [finding for claim in claims if (finding := _check_name(comparison, claim))]
    yield from told
    yield from _misspelt(comparison, told)


def _check_name(comparison: Comparison, claim: Claim) -> Finding | None:
    """A name is that of an author; else it stands in the article, or is a slip for one that does, or is near
    to one, or is not found."""
    if claim.kind == "name" and (author := _author(comparison, plain_name(claim.text))):
        return _of_author(comparison, claim, author)
    if comparison.home:
        known = list(_names_of(comparison, claim))
        for step in (_same, _cut_short, _standing, _near, _counterpart):
            if finding := step(comparison, claim, known):
                return finding
    is_common = claim.kind == "organisation" and not claim.key
    note = _elsewhere(comparison, plain_name(claim.text))
    return None if is_common else comparison.finding(claim, "not_found", note=note)


def _same(comparison: Comparison, claim: Claim, known: Sequence[_Known]) -> Finding | None:
    mine = plain_name(claim.text)
    same = next((k for k in known if is_same(mine, k.plain) or _ends_with(claim, mine, k.plain)), None)
    if same is None:
        return None
    if other := _beside_another(comparison, claim, same):
        return _wrong(comparison, claim, other)
    citation = comparison.citer.sentence(same.source, same.offset)
    return comparison.finding(claim, "consistent", same.text, citation=citation)


def _cut_short(comparison: Comparison, claim: Claim, known: Sequence[_Known]) -> Finding | None:
    """The name lacks a character of one in the article, or has one more (e心优 for e心优+)."""
    mine = plain_name(claim.text)
    slips = (k for k in known if is_one_slip(mine, k.plain) and (mine in k.plain or k.plain in mine))
    slip = next(slips, None)
    if slip is None or claim.kind == "organisation":
        return None
    is_surely = claim.kind == "name" or mine in slip.plain or _where(comparison, mine) is None
    return _wrong(comparison, claim, slip) if is_surely else None


def _standing(comparison: Comparison, claim: Claim, known: Sequence[_Known]) -> Finding | None:
    """The name stands in the article, though not as a name."""
    place = _where(comparison, plain_name(claim.text))
    if place is None:
        return None
    return comparison.finding(claim, "consistent", claim.text, citation=comparison.citer.sentence(*place))


def _near(comparison: Comparison, claim: Claim, known: Sequence[_Known]) -> Finding | None:
    """A name of the article that the piece doesn't have is much like this one."""
    near = nearest(plain_name(claim.text), (k.plain for k in _unused(comparison, claim, known)))
    if near is None or comparison.home is None or not comparison.home.is_near:
        return None
    return _wrong(comparison, claim, next(k for k in known if k.plain == near))


def _counterpart(comparison: Comparison, claim: Claim, known: Sequence[_Known]) -> Finding | None:
    """Where the rest of the piece is surely the article's: its own street or village in this one's place."""
    home = comparison.home
    if claim.kind != "place" or home is None or not (home.is_strong or (home.facts or 0.0) >= _HALF):
        return None
    counterpart = next(iter(_unused(comparison, claim, known)), None)
    return _wrong(comparison, claim, counterpart) if counterpart else None


def _unused(comparison: Comparison, claim: Claim, known: Sequence[_Known]) -> list[_Known]:
    used = {plain_name(c.text) for c in comparison.piece.claims if c is not claim}
    return [k for k in known if k.plain not in used]


def _ends_with(claim: Claim, mine: str, theirs: str) -> bool:
    """Whether an organisation is named with more before its name (示范点某某纪念馆)."""
    return claim.kind == "organisation" and len(theirs) >= _SHORTEST_UNMARKED and mine.endswith(theirs)


def _beside_another(comparison: Comparison, claim: Claim, same: _Known) -> _Known | None:
    """The street that the article gives for a community, where the piece gives it another."""
    if claim.key not in _LARGER:
        return None
    there = [c for c in same.source.claims if c.kind == "place" and c.key]
    for mate in (c for c in comparison.piece.claims if c.kind == "place" and c.key and c.key not in _LARGER):
        if not _is_close(mate, claim):
            continue
        for theirs in (c for c in there if c.text == mate.text):
            close = [c for c in there if c.key == claim.key and _is_close(theirs, c)]
            nearest_one = min(close, key=lambda c: abs(c.start - theirs.start), default=None)
            if nearest_one and nearest_one.text != claim.text:
                return _Known(plain_name(nearest_one.text), nearest_one.text, same.source, nearest_one.start)
    return None


def _is_close(first: Claim, second: Claim) -> bool:
    return max(first.start, second.start) - min(first.end, second.end) <= _CLOSE


def _names_of(comparison: Comparison, claim: Claim) -> Iterator[_Known]:
    """The names of the article that are of the same sort."""
    for source in comparison.pool:
        for theirs in source.claims:
            if _is_alike(claim, theirs):
                yield _Known(plain_name(theirs.text), theirs.text, source, theirs.start)


def _is_alike(mine: Claim, theirs: Claim) -> bool:
    match mine.kind:
        case "place":
            return theirs.kind == "place" and theirs.key == mine.key
        case "organisation":
            return theirs.kind == "organisation" and theirs.text[-2:] == mine.text[-2:]
        case "term" | "title":
            return theirs.kind in _IN_MARKS
    return theirs.kind == mine.kind


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
    """Names of the passage at hand that stand in the piece with one slip, outside the names already told."""
    if not (comparison.home and comparison.home.is_near):
        return
    piece = comparison.piece
    source = comparison.home.source
    taken = [(f.start - piece.start, f.end - piece.start) for f in told]
    bounds = word_boundaries(piece.text)
    for theirs in source.claims:
        mine = plain_name(theirs.text)
        shortest = 2 if theirs.kind == "name" else _SHORTEST_UNMARKED
        if theirs.kind not in {"name", *_IN_MARKS} or len(mine) < shortest or mine in plain_name(piece.text):
            continue
        for start in sorted(bounds):
            end = start + len(mine)
            window = piece.text[start:end]
            is_told = overlaps(start, end, taken) or window in source.passage.text
            if end in bounds and not is_told and _is_slip_for(theirs, window):
                known = _Known(mine, theirs.text, source, theirs.start)
                yield _wrong(comparison, Claim(theirs.kind, start, end, window), known)
                break


def _is_slip_for(theirs: Claim, window: str) -> bool:
    """Whether a window is the name misspelt: people keep their family name."""
    mine, other = plain_name(window), plain_name(theirs.text)
    is_person = theirs.kind != "name" or window[:1] == theirs.text[0]
    return window.isalnum() and is_person and is_one_slip(mine, other) and not is_same(mine, other)
