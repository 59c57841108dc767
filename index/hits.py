"""What the legs found becomes hits that say where they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.types import Passage
from index import fuse
from index.inputs import passage_input
from index.legs import LegScores
from index.matched import matched, query_words
from index.types import Hit, Leg, LegScore, SearchRequest


def make_hits(
    request: SearchRequest,
    order: Sequence[int],
    passages: Mapping[int, Passage],
    fused: Mapping[int, float],
    legs: LegScores,
) -> list[Hit]:
    """``order``: passage numbers, best first; each must be in ``passages`` and ``fused``."""
    query = query_words(request.text, request.expansions)
    ranks = {
        leg: {number: rank for rank, number in enumerate(fuse.ranked(scores), start=1)}
        for leg, scores in legs.items()
    }

    def said_of(number: int) -> dict[Leg, LegScore]:
        return {
            leg: LegScore(scores[number], ranks[leg][number])
            for leg, scores in legs.items()
            if number in scores
        }

    return [
        Hit(
            passages[number],
            min(1.0, fused[number]),
            rank,
            said_of(number),
            matched(query, passage_input(passages[number])),
        )
        for rank, number in enumerate(order, start=1)
    ]
