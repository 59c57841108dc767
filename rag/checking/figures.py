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

_Chosen = tuple[tuple[bool, float], Match, Source]


def check_figures(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each figure."""
    claims = [c for c in comparison.piece.claims if c.kind == "figure" and c.quantity]
    claims = [c for c in claims if c not in comparison.reference.claims]
    if not claims:
        return
    spans = [(c.start, c.end) for c in comparison.piece.claims if c.kind == "place"]
    figures = read_figures(comparison.piece.text, [c.quantity for c in claims if c.quantity], spans)
    chosen: list[_Chosen | None] = [None] * len(claims)
    for source in comparison.pool:
        own = source.figures_for(comparison.piece)
        together = source.sentences_of_several(figures, own)
        for i, match in enumerate(match_figures(figures, own)):
            best = chosen[i]
            rank = _rank(comparison, match, source, together)
            if match.source and (best is None or rank > best[0]):
                chosen[i] = (rank, match, source)
    for claim, pair in zip(claims, chosen, strict=True):
        yield _finding(comparison, claim, pair)


def _rank(
    comparison: Comparison, match: Match, source: Source, together: set[tuple[int, int]]
) -> tuple[bool, float]:
    """Whether a match bears the figure out, and how alike the surroundings are. Two figures of a sentence
    bear each other out; one alone needs more in common than its number."""
    if not match.source or match.agreement is None:
        return False, match.likeness
    home = comparison.home
    is_sure = match.likeness >= _LEAST_LIKENESS or source.sentence_at(match.source.quantity.start) in together
    return is_sure or bool(home and home.is_strong and source is home.source), match.likeness


def _finding(comparison: Comparison, claim: Claim, pair: _Chosen | None) -> Finding:
    verbatim = _verbatim(comparison, claim)
    if verbatim:
        source, at = verbatim
        return comparison.finding(
            claim, "consistent", claim.text, citation=comparison.citer.sentence(source, at)
        )
    if pair is None or pair[1].source is None or comparison.home is None:
        return comparison.finding(claim, "not_found")
    (is_borne_out, _), match, source = pair
    theirs = pair[1].source.quantity
    citation = comparison.citer.sentence(source, theirs.start)
    if match.agreement and is_borne_out:
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
