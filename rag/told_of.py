"""Which sentences tell of a place that their passage is not filed under: a survey speaks of many in turn."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from corpus.places import Gazetteer
from corpus.types import Passage
from index.types import Hit
from rag.question import Holdings
from rag.retrieve import Retrieved
from rag.said_years import asks_for_bulletins_of_years
from rag.scope import ids_meeting
from rag.types import Evidence, Query


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells which evidence is about the places that ``query`` names, in the documents that it asks for."""

    query: Query
    gazetteer: Gazetteer
    holdings: Holdings

    @property
    def has_articles(self) -> bool:
        """Whether one of the places named has."""
        return not self.holdings.places.isdisjoint(self.query.named)

    def beyond(
        self, inside: Sequence[Evidence], outside: Sequence[Evidence], *, is_refused: bool
    ) -> list[Evidence]:
        """What tells of the places without being filed under them: where nothing is filed under them, or
        what is (``is_refused``) doesn't answer. A list looks at every place anyway, a comparison at each
        that anything is filed under."""
        if self.query.intent == "list" or not self.query.named or self.query.filters.places:
            return []
        if self.query.intent == "compare" and not is_refused:
            return []
        return self.of([*inside, *outside]) if is_refused or not self.has_articles else []

    def of(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """What tells of the places."""
        ids = ids_meeting(self.holdings, self.query.filters)
        allowed = [e for e in evidence if e.passage.document_id in ids]
        return told_of(allowed, self.query.named, self.gazetteer, sorted(self.holdings.places))


def with_later_reports(retrieved: Retrieved, query: Query) -> Retrieved:
    """For a question of a year (全省2023年…有多少): with the passages of other years' bulletins that say that
    year, or whose title does, as a review at the next year's start. Not where it asks for bulletins of that
    year, nor for lists and comparisons, which part the years."""
    years = query.filters.years
    if not years or query.intent in {"list", "compare"} or asks_for_bulletins_of_years(query.text):
        return retrieved
    said = re.compile("|".join(f"{year}年" for year in years))
    places = query.filters.places or query.places

    def tells(hit: Hit) -> bool:
        is_said = said.search(f"{hit.passage.title}\n{hit.passage.text}") is not None
        return is_said and (not places or hit.passage.place in places)

    telling = filter(tells, retrieved.outside)
    rest = itertools.filterfalse(tells, retrieved.outside)
    return Retrieved((*retrieved.inside, *telling), tuple(rest))


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
                (m.start, frozenset(p.unique_name for p in m.places if p.level != "province")) for m in found
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
    return Retrieved(
        tuple(hit for hit in hits if hit.passage.id in about),
        tuple(hit for hit in hits if hit.passage.id not in about),
    )
