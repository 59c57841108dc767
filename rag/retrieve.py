"""A query becomes hits: those in its scope first, then the nearest of the rest."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from index.library import Library
from index.types import Filters, Hit, Leg, SearchRequest
from rag.types import Intent, Query

Weights = tuple[tuple[Leg, float], ...]

_HYBRID: Weights = (("dense", 0.2), ("lexical", 0.2), ("late", 0.6))
LIST_DEPTH = 3000
"""Passages that a list question looks at; in a larger library, the nearest by words and vectors."""

WEIGHTS: dict[Intent, Weights] = {
    "list": _HYBRID,
    "figure": _HYBRID,
    "quote": _HYBRID,
    "compare": _HYBRID,
    "fact": _HYBRID,
}


@dataclass(frozen=True, slots=True)
class Retrieved:
    """``inside`` meets the query's filters and places, ``outside`` is the nearest of the rest; both best
    first."""

    inside: tuple[Hit, ...]
    outside: tuple[Hit, ...]

    def known(self, ids: Container[str]) -> Retrieved:
        """Without hits of other documents than these: of what was put in since they were listed."""
        inside, outside = (
            tuple(hit for hit in hits if hit.passage.document_id in ids)
            for hits in (self.inside, self.outside)
        )
        return Retrieved(inside, outside)

    def ranked(self, limit: int) -> tuple[Hit, ...]:
        """The first ``limit`` of both, renumbered; what is outside scores below all that is inside."""
        lowest = min((hit.score for hit in self.inside), default=1.0)
        highest = max((hit.score for hit in self.outside), default=0.0)
        scale = min(1.0, lowest / highest) if highest else 1.0
        rest = [replace(hit, score=hit.score * scale) for hit in self.outside]
        hits = [*self.inside, *rest][:limit]
        return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, 1))


def retrieve(library: Library, query: Query, limit: int, expansions: Sequence[str] = ()) -> Retrieved:
    """At most ``limit`` hits on either side; ``expansions`` are looked for beside the query's own words, for
    less. A query of several places gets their hits in turn, so that
    none is crowded out; of those, the ones its filters don't allow have none."""
    request = SearchRequest(
        query.text, limit=limit, weights=WEIGHTS[query.intent], expansions=tuple(expansions)
    )
    if query.places:
        allowed = query.filters.places or query.places
        filters = [replace(query.filters, places=(place,)) for place in query.places if place in allowed]
    else:
        filters = [query.filters]
    inside = _in_turn([library.search(replace(request, filters=each)) for each in filters])
    inside = [h for h in inside if h.passage.place not in query.excluded][:limit]
    if filters == [Filters()]:
        return Retrieved(tuple(inside), ())
    found = {hit.passage.id for hit in inside}
    outside = [h for h in library.search(request) if h.passage.id not in found]
    return Retrieved(tuple(inside), tuple(outside))


def _in_turn(lists: list[list[Hit]]) -> list[Hit]:
    depth = max((len(hits) for hits in lists), default=0)
    return [hits[i] for i in range(depth) for hits in lists if i < len(hits)]
