"""What was found for a question, and the passages shown with its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.types import Hit
from rag.explain import MOST_EXPLAINED, Trace, explain
from rag.explained import Explanation
from rag.question import Holdings
from rag.retrieve import Retrieved
from rag.types import Evidence, Query, Question


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found for a question before a word is written."""

    question: Question
    query: Query
    shown: Retrieved
    trace: Trace
    holdings: Holdings

    def passages(self, used: Sequence[str]) -> tuple[Hit, ...]:
        """Those shown with the answer, ``used`` first; more than were asked for where they are explained."""
        wanted = self.question
        depth = max(wanted.top_k, MOST_EXPLAINED) if wanted.explain else wanted.top_k
        return order_passages(self.shown, self.trace.inside, used, depth)

    def explanation(self, passages: Sequence[Hit]) -> Explanation:
        """How the answer came about."""
        return explain(self.question, self.query, self.shown, self.trace, passages, self.holdings)


def order_passages(
    retrieved: Retrieved, inside: Sequence[Evidence], used: Sequence[str], limit: int
) -> tuple[Hit, ...]:
    """The passages shown with an answer: those it cites first where it is a list (all of them, however many),
    then by their best sentence, then what lies outside the question's scope. Ranks are numbered anew."""
    best: dict[str, float] = {}
    for piece in inside:
        best[piece.passage.id] = max(best.get(piece.passage.id, -1.0), piece.score)
    everything = retrieved.ranked(len(retrieved.inside) + len(retrieved.outside))
    scope = {hit.passage.id for hit in retrieved.inside}
    cited = {passage_id: place for place, passage_id in enumerate(used)}
    ordered = sorted(
        everything,
        key=lambda hit: (
            cited.get(hit.passage.id, len(cited)),
            hit.passage.id not in scope,
            -best.get(hit.passage.id, -1.0),
            hit.rank,
        ),
    )
    chosen = ordered[: max(limit, len(cited))]
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(chosen, 1))
