"""Which pieces go into a pack, and in which sections."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence

from corpus.places import Gazetteer
from corpus.types import Passage
from index.types import DocumentRecord
from rag.export.types import Choice, GroupBy, Piece


def choose(pieces: Sequence[Piece], choice: Choice) -> list[Piece]:
    """Those of ``pieces`` (best first) that the choice takes, in the order they were taken.

    A place whose city isn't known counts as a city of its own; pieces without a place count as one place.
    Undated pieces come after the dated where the newest are taken first.
    """
    ordered = sorted(pieces, key=_day, reverse=True) if choice.newest_first else pieces
    of_place: Counter[tuple[str | None, str | None]] = Counter()
    of_city: Counter[str | None] = Counter()
    chosen: list[Piece] = []
    for piece in ordered:
        place = _place(piece)
        city = piece.city or piece.passage.place
        is_full = choice.limit is not None and len(chosen) >= choice.limit
        if is_full or _reached(of_place[place], choice.per_place) or _reached(of_city[city], choice.per_city):
            continue
        of_place[place] += 1
        of_city[city] += 1
        chosen.append(piece)
    return chosen


def group(pieces: Sequence[Piece], group_by: GroupBy) -> list[list[Piece]]:
    """Pieces by place or by article title, groups in the order of their first piece. Inside a group they
    stand as in their documents; ungrouped pieces keep their order."""
    if group_by == "none":
        return [list(pieces)]
    groups: dict[object, list[Piece]] = {}
    for piece in pieces:
        key = _place(piece) if group_by == "place" else piece.passage.title
        groups.setdefault(key, []).append(piece)
    return [_in_reading_order(group) for group in groups.values()]


def city_of(passage: Passage, document: DocumentRecord, gazetteer: Gazetteer) -> str | None:
    """The prefecture-level city that the passage's place is, or lies in; of a municipality's district the
    municipality. None where no place is known, it is a province, or its name stays ambiguous."""
    if passage.place is None:
        return None
    around = (document.issuer or "", document.series or "", passage.title, passage.text)
    return city_of_place(passage.place, around, gazetteer)


def city_of_place(name: str, around: Sequence[str], gazetteer: Gazetteer) -> str | None:
    """The same for a place by its name; ``around`` is text that may settle which place of that name it is."""
    place = gazetteer.resolve(name) or gazetteer.resolve(name, around)
    if place is None or (place.level == "province" and place.kind != "直辖市"):
        return None
    if place.level != "county":
        return place.name
    # parents begin with the province; a county straight under one (济源市) is its own city
    above = gazetteer.resolve(place.parents[-1])
    is_city = above is not None and (above.level == "prefecture" or above.kind == "直辖市")
    return place.parents[-1] if is_city else place.name


def _place(piece: Piece) -> tuple[str | None, str | None]:
    """Districts of two cities may have one name (鼓楼区)."""
    return piece.city, piece.passage.place


def _day(piece: Piece) -> datetime.date:
    return piece.document.date or datetime.date.min


def _reached(count: int, most: int | None) -> bool:
    return most is not None and count >= most


def _in_reading_order(pieces: Sequence[Piece]) -> list[Piece]:
    documents = list(dict.fromkeys(piece.document.id for piece in pieces))
    return sorted(pieces, key=lambda piece: (documents.index(piece.document.id), piece.start))
