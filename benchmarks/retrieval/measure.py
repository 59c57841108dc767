"""nDCG, MRR and recall with ir_measures (MacAvaney, Macdonald and Ounis, "Streamlining Evaluation with
ir-measures", ECIR 2022), which computes them with trec_eval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, R, nDCG

MEASURES = {"nDCG@10": nDCG @ 10, "MRR@10": RR @ 10, "R@1": R @ 1, "R@5": R @ 5, "R@10": R @ 10}
_DEPTH = 20


def measure(
    rankings: Mapping[str, Sequence[str]], relevance: Mapping[str, Mapping[str, int]]
) -> dict[str, float]:
    """Means over the queries of ``relevance``; a query without a ranking counts 0."""
    # Ranks instead of scores: trec_eval orders equal scores its own way.
    run = {
        query: {document: float(-rank) for rank, document in enumerate(ranking[:_DEPTH])}
        for query, ranking in rankings.items()
    }
    grades = {query: dict(documents) for query, documents in relevance.items()}
    found = ir_measures.calc_aggregate(list(MEASURES.values()), grades, run)
    return {name: float(found[kind]) for name, kind in MEASURES.items()}
