"""Sentences that call a roll: several places, and what is said of each (A市95分，B市94分) or of all of them
(请A市、B市报送). They are filed under no place, and yet tell which places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.places import Gazetteer
from corpus.types import PlaceMention
from rag.bounds import Bound
from rag.types import Evidence, Query

_LEAST = 2
_LEAST_OF_FIGURES = 3
_NEAR_BEST = 0.6
_BEHIND = "，,、；;。 "
_FIGURE = re.compile(r"\d")


def called_places(
    evidence: Sequence[Evidence], query: Query, bound: Bound | None, gazetteer: Gazetteer
) -> list[tuple[str, Evidence]]:
    """The places of the roll that answers a list question, in its order, each with its part of the sentence
    or, where one thing is said of all, the whole. ``evidence`` comes best first.

    A roll answers where it is the best sentence; where a ``bound`` (of `rag.bounds.measured_bound`) is asked
    for, one that gives a figure to each place need only come near the best, and only places within the bound
    are returned. Empty where none does.
    """
    least = (_NEAR_BEST if bound else 1.0) * max((e.score for e in evidence), default=0.0)
    for piece in evidence:
        if piece.score < least:
            break
        named = [] if piece.passage.place or "\t" in piece.text else _named(piece.text, query, gazetteer)
        parts = _parts(piece, named) if named else []
        told = [part for part in parts if _FIGURE.search(part.text)]
        if len(parts) >= _LEAST and (bound is None or len(told) >= _LEAST_OF_FIGURES):
            rows = [_of(mention, part) for mention, part in zip(named, parts, strict=True)]
            return [row for row in rows if bound is None or bound.is_met_in(row[1].text)]
    return []


def _of(mention: PlaceMention, part: Evidence) -> tuple[str, Evidence]:
    """The part as one that is about the place, which it names."""
    name = mention.places[0].unique_name
    return name, replace(part, passage=replace(part.passage, place=name))


def _named(text: str, query: Query, gazetteer: Gazetteer) -> list[PlaceMention]:
    """The places of a kind that is asked for, each once, where it is named; those without a single meaning
    and provinces left out."""
    found: dict[str, PlaceMention] = {}
    for mention in gazetteer.find(text, context=query.places):
        place, *others = mention.places
        if (
            not others
            and place.level != "province"
            and (not query.asked_kinds or place.kind in query.asked_kinds)
        ):
            found.setdefault(place.unique_name, mention)
    return list(found.values())


def _parts(piece: Evidence, named: Sequence[PlaceMention]) -> list[Evidence]:
    """For each place what stands from it to the next, where that has figures; else the whole sentence."""
    ends = [*(mention.start for mention in named[1:]), len(piece.text)]
    texts = [piece.text[m.start : end].rstrip(_BEHIND) for m, end in zip(named, ends, strict=True)]
    if not all(map(_FIGURE.search, texts[:-1])):
        return [piece] * len(named)
    starts = [piece.start + mention.start for mention in named]
    return [
        replace(piece, start=start, end=start + len(text), text=text)
        for start, text in zip(starts, texts, strict=True)
    ]
