"""Which pieces go into a pack."""

from __future__ import annotations

from dataclasses import replace

import pytest
from export_makers import NEW, OLD, make_piece
from rag_makers import make_passage, make_record

from corpus.places import Gazetteer, load_gazetteer
from rag.export.choose import choose, city_of, group
from rag.export.types import Choice, GroupBy, Piece

LIYANG = make_piece("溧阳市", "常州市", start=0)
JINTAN = make_piece("金坛区", "常州市", start=10)
GUANNAN = make_piece("灌南县", "连云港市", start=20, date=OLD, document_id="old")
GUANNAN_AGAIN = make_piece("灌南县", "连云港市", start=30)
HUAIAN = make_piece("淮安市", "淮安市", start=40, date=None, document_id="undated")
NOWHERE = make_piece(start=50)
FOUND = [LIYANG, JINTAN, GUANNAN, GUANNAN_AGAIN, HUAIAN, NOWHERE]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


@pytest.mark.parametrize(
    ("choice", "chosen"),
    [
        (Choice(), FOUND),
        (Choice(limit=2), [LIYANG, JINTAN]),
        (Choice(per_place=1), [LIYANG, JINTAN, GUANNAN, HUAIAN, NOWHERE]),
        (Choice(per_city=1), [LIYANG, GUANNAN, HUAIAN, NOWHERE]),
        (Choice(per_city=2, per_place=1), [LIYANG, JINTAN, GUANNAN, HUAIAN, NOWHERE]),
        (Choice(newest_first=True), [LIYANG, JINTAN, GUANNAN_AGAIN, NOWHERE, GUANNAN, HUAIAN]),
        (Choice(per_city=1, newest_first=True, limit=3), [LIYANG, GUANNAN_AGAIN, NOWHERE]),
    ],
)
def test_the_choice_is_balanced(choice: Choice, chosen: list[Piece]) -> None:
    """Best first, or newest first with the undated last; never more of a place or a city than was asked."""
    assert choose(FOUND, choice) == chosen


def test_districts_of_one_name_are_two_places() -> None:
    """鼓楼区 of 南京 and of 徐州 don't take each other's turn, nor share a section."""
    both = [make_piece("鼓楼区", "南京市"), make_piece("鼓楼区", "徐州市", start=9)]
    assert choose(both, Choice(per_place=1, per_city=1)) == both
    assert group(both, "place") == [[both[0]], [both[1]]]


def test_a_place_whose_city_is_unknown_is_its_own_city() -> None:
    """Two such places both get their turn, one of them not twice."""
    places = [make_piece("甲县"), make_piece("乙县", start=9), make_piece("甲县", start=19)]
    assert choose(places, Choice(per_city=1)) == places[:2]


@pytest.mark.parametrize(
    ("group_by", "groups"),
    [
        ("none", [[2, 0, 3, 1]]),
        ("place", [[0, 2], [3, 1]]),
        ("theme", [[1, 2], [0], [3]]),
    ],
)
def test_groups(group_by: GroupBy, groups: list[list[int]]) -> None:
    """Groups come in the order of their first piece, and stand in reading order inside; ungrouped pieces stay
    as they were chosen."""
    pieces = [
        make_piece("甲县", start=0, title="助老"),
        make_piece("乙县", start=10, title="读书"),
        make_piece("甲县", start=20, title="读书"),
        make_piece("乙县", document_id="c", title="义诊"),
    ]
    chosen = [pieces[n] for n in (2, 0, 3, 1)]
    assert group(chosen, group_by) == [[pieces[n] for n in numbers] for numbers in groups]


@pytest.mark.parametrize(
    ("place", "title", "city"),
    [
        ("溧阳市", "做法", "常州市"),
        ("淮安市", "做法", "淮安市"),
        ("东城区", "做法", "北京市"),
        ("重庆市", "做法", "重庆市"),
        ("济源市", "做法", "济源市"),
        ("江苏省", "做法", None),
        ("鼓楼区", "南京市鼓楼区：做法", "南京市"),
        ("鼓楼区", "做法", None),
        ("某某县", "做法", None),
        (None, "溧阳市：做法", None),
    ],
)
def test_city_of(gazetteer: Gazetteer, place: str | None, title: str, city: str | None) -> None:
    """A county's city is the one above it; what is ambiguous is settled by the article or stays unknown."""
    document = replace(make_record("d", "20", NEW), issuer=None, series=None)
    assert city_of(make_passage("一句话。", place, title=title), document, gazetteer) == city
