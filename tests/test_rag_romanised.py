"""Places named in Latin letters."""

from __future__ import annotations

import pytest

from corpus.places import load_gazetteer
from rag.romanised import RomanisedNames, may_name_one

KNOWN = frozenset({"灌南县", "丰县", "溧阳市", "沛县", "淮安市", "泰州市", "启东市", "长沙市"})


@pytest.fixture(scope="module")
def names() -> RomanisedNames:
    return RomanisedNames(load_gazetteer().places)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("How many did Qidong add?", [("Qidong", "启东市")]),
        ("what about guannan county and Liyang?", [("guannan county", "灌南县"), ("Liyang", "溧阳市")]),
        ("has Feng County's project ended", [("Feng County's", "丰县")]),
        ("PEI COUNTY'S banks", [("PEI COUNTY", "沛县")]),
        ("the Guan Nan area", [("Guan Nan", "灌南县")]),
        ("Huai'an and Lianyungang City", [("Huai'an", "淮安市"), ("Lianyungang City", "连云港市")]),
        ("Taizhou", [("Taizhou", "泰州市")]),
        ("Changsha", [("Changsha", "长沙市")]),
        ("Chongqing or Shanghai", [("Chongqing", "重庆市"), ("Shanghai", "上海市")]),
        ("Kunshan", [("Kunshan", "昆山市")]),
        ("Xuyi County", [("Xuyi County", "盱眙县")]),
        ("Lüliang, Guànnán", [("Lüliang", "吕梁市"), ("Guànnán", "灌南县")]),
        ("溧阳 and Liyang", [("Liyang", "溧阳市")]),
    ],
)
def test_places_that_are_named(names: RomanisedNames, text: str, found: list[tuple[str, str]]) -> None:
    """With its kind or without, in any case, in one word or more; 's belongs to it. Of places of one reading
    that of the bulletins is meant, else the higher one."""
    mentions = names.find(text, KNOWN)
    assert [(text[m.start : m.end], m.places[0].name) for m in mentions] == found


@pytest.mark.parametrize(
    "text",
    [
        "Which county has a night school?",
        "Feng shui",
        "lean management",
        "Change the plan, Naming and Debian",
        "Li Ning",
        "Yadong",
        "the PPT of the BA",
    ],
)
def test_words_that_only_read_like_places(names: RomanisedNames, text: str) -> None:
    """One syllable without its kind, words of English, people, and far counties without their kind."""
    assert names.find(text, KNOWN) == []


def test_two_places_of_one_reading(names: RomanisedNames) -> None:
    """The kind that is said comes first."""
    (mention,) = names.find("Changsha County", frozenset())
    assert [place.name for place in mention.places][:2] == ["长沙县", "长沙市"]


@pytest.mark.parametrize(
    ("text", "may"),
    [("Qidong", True), ("He County", True), ("e心优+", False), ("PPT", False), ("启东", False)],
)
def test_where_to_look(text: str, may: bool) -> None:
    """Letters that are too few to name a place need no looking."""
    assert may_name_one(text) is may
