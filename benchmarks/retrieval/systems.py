"""The ways of ranking that are compared: each a function of what the legs say of one question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from index import fuse
from index.library import Library
from index.types import Leg, SearchRequest
from rag.retrieve import WEIGHTS

DEPTH = 200
"""Passages of each leg, and those that late interaction looks at."""

LegScores = Mapping[Leg, Mapping[str, float]]
Ranking = list[str]
"""Document ids, best first."""


@dataclass(frozen=True, slots=True)
class System:
    """``rank`` gets each leg's scores by document id, best first (``late`` over DEPTH candidates)."""

    name: str
    rank: Callable[[LegScores], Ranking]


def leg_scores(library: Library, question: str) -> LegScores:
    """All four legs of one question, late interaction on what dense and lexical put first."""
    weights: tuple[tuple[Leg, float], ...] = (("dense", 0.5), ("lexical", 0.5), ("late", 1.0))
    scores = library.leg_scores(SearchRequest(question, limit=DEPTH, weights=weights))
    alone = library.leg_scores(SearchRequest(question, limit=DEPTH, weights=(("sentence", 1.0),)))
    return {**scores, **alone}


def baselines() -> list[System]:
    """The single legs, two fusions without late interaction, reranking by it, and the product's default."""
    return [
        System("dense", lambda legs: list(legs["dense"])),
        System("BM25", lambda legs: list(legs["lexical"])),
        System("best sentence", lambda legs: list(legs["sentence"])),
        weighted("dense 0.5 + BM25 0.5", dense=0.5, lexical=0.5),
        System("RRF k=10", _reciprocal),
        *(_reranked(depth) for depth in (50, 100, 200)),
        weighted("**default**", **dict(WEIGHTS["fact"])),
    ]


def sweep() -> Iterator[System]:
    """Weights of late interaction, and how the rest is shared between dense and BM25."""
    for late in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            dense, lexical = (1 - late) * share, (1 - late) * (1 - share)
            name = f"late {late:.2f} dense {dense:.2f} BM25 {lexical:.2f}"
            yield weighted(name, dense=dense, lexical=lexical, late=late)


def weighted(name: str, **weights: float) -> System:
    """The weighted sum of min-max scores, as ``Library.search`` does it. Candidates of late interaction are
    always those of dense and BM25 at equal weights."""

    def rank(legs: LegScores) -> Ranking:
        fused: dict[str, float] = {}
        for leg, weight in weights.items():
            for key, score in _min_max(legs[leg]).items():  # type: ignore[index]
                fused[key] = fused.get(key, 0.0) + weight * score
        return sorted(fused, key=lambda key: (-fused[key], key))

    return System(name, rank)


def _min_max(scores: Mapping[str, float]) -> dict[str, float]:
    keys = list(scores)
    scaled = fuse.min_max(dict(enumerate(scores.values())))
    return {keys[number]: score for number, score in scaled.items()}


def _reciprocal(legs: LegScores) -> Ranking:
    keys = sorted({*legs["dense"], *legs["lexical"]})
    number = {key: place for place, key in enumerate(keys)}
    pair = [({number[key]: s for key, s in legs[leg].items()}, 1.0) for leg in ("dense", "lexical")]
    return [keys[place] for place in fuse.ranked(fuse.reciprocal_rank_fusion(pair))]


def _reranked(depth: int) -> System:
    candidates = weighted("", dense=0.5, lexical=0.5).rank

    def rank(legs: LegScores) -> Ranking:
        first = candidates(legs)
        late = legs["late"]
        head = sorted(first[:depth], key=lambda key: -late.get(key, -1.0))
        return head + first[depth:]

    return System(f"late over dense + BM25, depth {depth}", rank)
