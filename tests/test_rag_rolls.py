"""Sentences that name several places and what is said of each."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rag_makers import make_evidence, make_query

from corpus.places import Gazetteer, load_gazetteer
from rag.bounds import measured_bound
from rag.intent import asked_place_word
from rag.judge import judge_list
from rag.rolls import called_places
from rag.topic import Topic
from rag.types import Evidence

SCORES = "各地步道评分依次为：昆山市95.8分，沛县94.1分，丰县92.6分，睢宁县91.9分。"
ALL = "请昆山市、沛县于月底前报送步道整改报告。"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def told(
    gazetteer: Gazetteer, question: str, pieces: list[Evidence], kinds: tuple[str, ...] = ()
) -> list[tuple[str, str]]:
    query = replace(make_query(question, intent="list"), asked_kinds=kinds)
    return [
        (name, part.text) for name, part in called_places(pieces, query, measured_bound(question), gazetteer)
    ]


def test_one_thing_is_said_of_all(gazetteer: Gazetteer) -> None:
    """Each place has the whole sentence, which is then about it."""
    [(_, first), (_, second)] = called_places(
        [make_evidence(ALL, start=10)], make_query("哪些地方要报送整改报告", intent="list"), None, gazetteer
    )
    assert (first.text, first.start, first.passage.place, second.passage.place) == (ALL, 10, "昆山市", "沛县")


def test_each_has_its_figure(gazetteer: Gazetteer) -> None:
    """Then each has its own part, at its own place in the document."""
    query = make_query("哪些地方评了分", intent="list")
    rows = called_places([make_evidence(SCORES, start=10)], query, None, gazetteer)
    assert [part.text for _, part in rows] == ["昆山市95.8分", "沛县94.1分", "丰县92.6分", "睢宁县91.9分"]
    assert all(SCORES[part.start - 10 : part.end - 10] == part.text for _, part in rows)


def test_only_those_within_the_bound(gazetteer: Gazetteer) -> None:
    """And though the sentence isn't the best one."""
    pieces = [make_evidence("步道平均得分93分。", score=0.6), make_evidence(SCORES, score=0.4, start=50)]
    assert [name for name, _ in told(gazetteer, "评分低于93分的有哪些地方", pieces)] == ["丰县", "睢宁县"]
    assert told(gazetteer, "哪些地方评了分", pieces) == []


def test_only_places_of_the_kind_that_is_asked_for(gazetteer: Gazetteer) -> None:
    """县 are no 县级市; 设区市 are prefectures, not districts."""
    pieces = [make_evidence(SCORES)]
    assert [name for name, _ in told(gazetteer, "哪些县评了分", pieces, ("县",))] == [
        "沛县",
        "丰县",
        "睢宁县",
    ]
    assert asked_place_word("评了分的设区市是哪些") == "地市"


@pytest.mark.parametrize(
    "piece",
    [
        make_evidence("请昆山市于月底前报送步道整改报告。"),
        make_evidence(ALL, "徐州市"),
        make_evidence("步道\t昆山市\t沛县"),
    ],
    ids=["one place", "filed under a place", "a table"],
)
def test_no_roll(gazetteer: Gazetteer, piece: Evidence) -> None:
    """One place makes none; what is filed under a place is about that; tables are read elsewhere."""
    assert told(gazetteer, "哪些地方要报送整改报告", [piece]) == []


def test_the_list_is_the_roll(gazetteer: Gazetteer) -> None:
    """Places that seemed to fit by other sentences are near misses beside it."""
    pieces = [
        make_evidence(ALL, score=0.9, nearness=0.9),
        make_evidence("丰县修了一条新步道供人散步。", "丰县", score=0.5, nearness=0.85, start=90),
    ]
    query = make_query("哪些地方要报送步道整改报告", "步道整改报告", "list")
    topic = Topic("步道整改报告", {"步道": 1.0, "整改": 1.0, "报告": 1.0}, ())
    far = [make_evidence("夜校开课。", "睢宁县", nearness=0.75, article=n, start=200) for n in range(1, 4)]
    rows = judge_list(query, topic, pieces, far, (), gazetteer)
    assert [(v.place, v.sure) for v in rows] == [("昆山市", True), ("沛县", True), ("丰县", False)]
