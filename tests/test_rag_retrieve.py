"""A query becomes hits inside and outside its scope."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import HashEmbedder, make_parsed
from rag_makers import make_passage, make_query

from index.library import Library, open_library
from index.types import Filters, Hit
from rag.retrieve import Retrieved, retrieve

DOCUMENTS = [
    make_parsed(
        "feng",
        ["丰县沿河修建健身步道。", "丰县的健身步道装了路灯。"],
        place="丰县",
        date=datetime.date(2025, 3, 1),
    ),
    make_parsed("pei", ["沛县环湖修建健身步道。"], place="沛县", date=datetime.date(2024, 3, 1)),
    make_parsed("liyang", ["溧阳市举办读书节。"], place="溧阳市", date=datetime.date(2025, 4, 1)),
]
EVERYTHING = {"feng-0", "feng-1", "pei-0", "liyang-0"}


@pytest.fixture
def library(tmp_path: Path, fake_embedder: HashEmbedder) -> Iterator[Library]:
    with open_library(tmp_path, fake_embedder, notice=pytest.fail) as opened:
        opened.add(DOCUMENTS)
        yield opened


def ids(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.passage.id for hit in hits]


def test_without_a_scope_everything_is_inside(library: Library) -> None:
    """The nearest comes first, and nothing is outside."""
    found = retrieve(library, make_query("环湖修建健身步道"), 60)
    assert ids(found.inside)[0] == "pei-0"
    assert set(ids(found.inside)) == EVERYTHING
    assert found.outside == ()


def test_places_come_in_turn(library: Library) -> None:
    """Two places have their best hits side by side; the rest is outside."""
    found = retrieve(library, make_query("健身步道", places=("沛县", "丰县")), 60)
    assert ids(found.inside)[0] == "pei-0"
    assert set(ids(found.inside)[1:]) == {"feng-0", "feng-1"}
    assert ids(found.outside) == ["liyang-0"]


def test_filters_bound_what_is_inside(library: Library) -> None:
    """A year leaves the bulletins of other years outside."""
    found = retrieve(library, make_query("健身步道", filters=Filters(years=(2024,))), 60)
    assert ids(found.inside) == ["pei-0"]
    assert set(ids(found.outside)) == EVERYTHING - {"pei-0"}


def test_filters_and_places_must_both_be_met(library: Library) -> None:
    """A place that the filters rule out, by their own places or otherwise, has no hits inside."""
    by_place = retrieve(
        library, make_query("健身步道", places=("丰县",), filters=Filters(places=("沛县",))), 60
    )
    by_year = retrieve(library, make_query("健身步道", places=("丰县",), filters=Filters(years=(2024,))), 60)
    both = make_query("健身步道", places=("丰县", "沛县"), filters=Filters(places=("沛县",)))
    assert (ids(by_place.inside), ids(by_year.inside)) == ([], [])
    assert ids(retrieve(library, both, 60).inside) == ["pei-0"]


def test_excluded_places_are_not_inside(library: Library) -> None:
    """除了丰县 leaves its passages out."""
    found = retrieve(library, make_query("健身步道", excluded=("丰县",)), 60)
    assert set(ids(found.inside)) == {"pei-0", "liyang-0"}


def test_limit(library: Library) -> None:
    """It holds for what is inside, all places together."""
    both = make_query("环湖修建健身步道", places=("丰县", "沛县"))
    assert len(retrieve(library, both, 2).inside) == 2
    assert ids(retrieve(library, make_query("环湖修建健身步道"), 1).inside) == ["pei-0"]


def test_ranked_puts_inside_first() -> None:
    """Ranks are numbered anew, and what is outside scores no more than the last inside."""

    def hit(id_: int, score: float) -> Hit:
        return Hit(make_passage("步道", start=id_), score, 1)

    both = Retrieved((hit(1, 0.9), hit(2, 0.4)), (hit(3, 0.8), hit(4, 0.2)))
    ranked = both.ranked(3)
    assert [(h.passage.start, h.rank) for h in ranked] == [(1, 1), (2, 2), (3, 3)]
    assert [h.score for h in ranked] == pytest.approx([0.9, 0.4, 0.4])
    assert [h.score for h in both.ranked(9)][3] == pytest.approx(0.1)
    assert Retrieved((), ()).ranked(5) == ()
