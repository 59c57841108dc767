"""Scores of several legs become one. Pure functions on ``{passage number: score}``; more is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def min_max(scores: Mapping[int, float]) -> dict[int, float]:
    """Scores moved to [0, 1]: the best gets 1, the worst 0; where all are equal, all get 1."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def weighted_sum(legs: Sequence[tuple[Mapping[int, float], float]]) -> dict[int, float]:
    """Weighted mean of min-max normalised scores, in [0, 1]; each leg comes with its weight (≥ 0).

    A key absent from a leg counts 0 there. Bruch, Gai and Ingber, "An Analysis of Fusion Functions for
    Hybrid Retrieval", ACM TOIS 42(1), 2023. Raises ValueError for a negative weight.
    """
    if any(weight < 0 for _, weight in legs):
        raise ValueError("fusion weights must not be negative")
    total = sum(weight for _, weight in legs) or 1.0
    fused: dict[int, float] = {}
    for scores, weight in legs:
        for key, score in min_max(scores).items():
            fused[key] = fused.get(key, 0.0) + weight / total * score
    return fused


def reciprocal_rank_fusion(
    legs: Sequence[tuple[Mapping[int, float], float]], k: float = 10.0
) -> dict[int, float]:
    """Sum over the legs of weight / (k + rank), ranks from 1, ties by key. Absent keys add nothing.

    Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
    Learning Methods", SIGIR 2009. They took k = 60; 10 did better on Chinese passages.
    """
    fused: dict[int, float] = {}
    for scores, weight in legs:
        for rank, key in enumerate(ranked(scores), start=1):
            fused[key] = fused.get(key, 0.0) + weight / (k + rank)
    return fused


def ranked(scores: Mapping[int, float]) -> list[int]:
    """Keys, best score first; equal scores by key, so that the same search always gives the same order."""
    return sorted(scores, key=lambda key: (-scores[key], key))
