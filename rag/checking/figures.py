"""Figures of a piece against those of the article that it draws on."""

from __future__ import annotations

from collections.abc import Iterator

from rag.agreement import Agreement
from rag.alignment import Match, match_figures, read_figures
from rag.checking.findings import Comparison
from rag.checking.sources import Source
from rag.checking.types import Finding
from rag.claims import Claim
from rag.marks import fold

_LEAST_LIKENESS = 0.1
"""Below it two equal figures have only their number in common."""
_NOTES: dict[Agreement, str] = {
    "same": "",
    "rounded": "稿中取了约数",
    "loose": "简报的数带“余”“超”“近”“约”等限定，稿中略去",
}


def check_figures(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each figure."""
    claims = [c for c in comparison.piece.claims if c.kind == "figure" and c.quantity]
    claims = [c for c in claims if c not in comparison.reference.claims]
    if not claims:
        return
    spans = [(c.start, c.end) for c in comparison.piece.claims if c.kind == "place"]
    figures = read_figures(comparison.piece.text, [c.quantity for c in claims if c.quantity], spans)
    chosen: list[tuple[Match, Source] | None] = [None] * len(claims)
    for source in comparison.pool:
        for i, match in enumerate(match_figures(figures, source.figures)):
            best = chosen[i]
            if match.source and (best is None or _rank(match) > _rank(best[0])):
                chosen[i] = (match, source)
    for claim, pair in zip(claims, chosen, strict=True):
        yield _finding(comparison, claim, pair)


def _rank(match: Match) -> tuple[bool, float]:
    return match.agreement is not None and match.likeness >= _LEAST_LIKENESS, match.likeness


def _finding(comparison: Comparison, claim: Claim, pair: tuple[Match, Source] | None) -> Finding:
    verbatim = _verbatim(comparison, claim)
    if verbatim:
        source, at = verbatim
        return comparison.finding(claim, "consistent", claim.text, citation=comparison.citer.sentence(source, at))
    if pair is None or pair[0].source is None or comparison.home is None:
        return comparison.finding(claim, "not_found")
    match, source = pair
    theirs = pair[0].source.quantity
    citation = comparison.citer.sentence(source, theirs.start)
    if match.agreement and (match.likeness >= _LEAST_LIKENESS or comparison.home.is_strong):
        return comparison.finding(claim, "consistent", theirs.text, _NOTES[match.agreement], citation)
    if match.agreement or not comparison.home.is_near:
        return comparison.finding(claim, "not_found")
    return comparison.finding(claim, "inconsistent", theirs.text, citation=citation)


def _verbatim(comparison: Comparison, claim: Claim) -> tuple[Source, int] | None:
    """Where the figure and what follows it stand to the letter, though it wasn't read as a figure there."""
    following = fold(comparison.piece.text[claim.start : claim.end + 2])
    if len(following) < len(claim.text) + 2:
        return None
    for source in comparison.pool:
        at = fold(source.passage.text).find(following)
        if at >= 0:
            return source, at
    return None
