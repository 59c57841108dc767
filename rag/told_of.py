"""Which sentences tell of a place that their passage is not filed under: a survey speaks of many in turn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from corpus.places import Gazetteer
from corpus.types import Passage
from index.types import Hit
from rag.retrieve import Retrieved
from rag.types import Evidence


def told_of(
    evidence: Sequence[Evidence], names: Collection[str], gazetteer: Gazetteer, context: Sequence[str]
) -> list[Evidence]:
    """Those of the evidence, in its order, that name one of the places (full names), or name none where one
    of them was named last in their passage, or the passage is filed under it."""
    mentions: dict[str, list[tuple[int, frozenset[str]]]] = {}

    def named(passage: Passage, start: int, end: int) -> bool:
        if passage.id not in mentions:
            found = gazetteer.find(passage.text, context=context)
            mentions[passage.id] = [
                (m.start, frozenset(p.name for p in m.places if p.level != "province")) for m in found
            ]
        here = [places for at, places in mentions[passage.id] if start <= at < end and places]
        before = [places for at, places in mentions[passage.id] if at < start and places]
        nearest = here or before[-1:] or [frozenset([passage.place or ""])]
        return any(not places.isdisjoint(names) for places in nearest)

    return [e for e in evidence if named(e.passage, e.start - e.passage.start, e.end - e.passage.start)]


def moved_inside(retrieved: Retrieved, evidence: Sequence[Evidence]) -> Retrieved:
    """With the passages of the evidence as those that the question is about."""
    about = {e.passage.id for e in evidence}
    hits = (*retrieved.inside, *retrieved.outside)
    inside = tuple(hit for hit in hits if hit.passage.id in about)
    return replace(retrieved, inside=inside, outside=tuple(_without(hits, about)))


def _without(hits: Sequence[Hit], ids: Collection[str]) -> list[Hit]:
    return [hit for hit in hits if hit.passage.id not in ids]
