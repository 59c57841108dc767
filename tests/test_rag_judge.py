"""Which places fit a list question."""

from __future__ import annotations

import functools

import pytest
import rag_makers
from rag_makers import make_topic

from corpus.places import load_gazetteer
from rag.expected import expected_answers
from rag.judge import (
    judge_places,
    with_as_many_as_said,
    with_what_is_asked,
)
from rag.provinces import outside_its_province, within_province
from rag.thesaurus import Expansion

make_evidence = functools.partial(rag_makers.make_evidence, coverage=0.0)
NOTHING = make_topic({}, ())
SENTENCE = "这里办了一件居民盼望已久的实事。"
NEARNESS = {"甲县": 0.90, "乙县": 0.88, "丙县": 0.845, "丁县": 0.80, "戊县": 0.80, "己县": 0.80}
"""The three lowest, at 0.80, are the background; the best stands out from it by 0.10."""
EVERYWHERE = [
    make_evidence(SENTENCE, place, nearness=nearness, article=article)
    for article, (place, nearness) in enumerate(NEARNESS.items())
]


def test_places_that_stand_out_half_as_far_as_the_best_are_sure() -> None:
    """甲 and 乙 fit, 丙 is a near miss, the rest are left out; best first."""
    verdicts = judge_places(EVERYWHERE, EVERYWHERE, NOTHING)
    assert [(v.place, v.sure) for v in verdicts] == [("甲县", True), ("乙县", True), ("丙县", False)]
    assert [v.score for v in verdicts] == pytest.approx([1.0, 0.8, 0.45])


@pytest.mark.parametrize(("others", "sure"), [(0, True), (6, True), (48, False)])
def test_among_many_places_more_is_asked_for(others: int, sure: bool) -> None:
    """What stands out 0.55 as far as the best is sure among a dozen places; among 50 that may be chance."""
    far = [make_evidence(SENTENCE, f"第{n}县", nearness=0.80, article=20 + n) for n in range(others)]
    near = make_evidence(SENTENCE, "庚县", nearness=0.855, article=9)
    everywhere = [*EVERYWHERE[:2], *EVERYWHERE[3:], near, *far]
    verdicts = {v.place: v.sure for v in judge_places(everywhere, everywhere, NOTHING)}
    assert verdicts == {"甲县": True, "乙县": True, "庚县": sure}


def test_only_the_scope_is_listed() -> None:
    """Evidence outside the question's filters sets the background and is never listed."""
    verdicts = judge_places(EVERYWHERE[1:3], EVERYWHERE, NOTHING)
    assert [(v.place, v.sure) for v in verdicts] == [("乙县", True), ("丙县", True)]
    assert [v.score for v in verdicts] == pytest.approx([1.0, 0.5625])


def test_a_rare_word_counts() -> None:
    """丁 comes hardly nearer than the background, but has the rarest word of the topic; the others have half
    of it, also the other sentence of 丁, of which a share is added."""
    rare = make_evidence("这里的健身步道办得比别处早了两年。", "丁县", nearness=0.81, article=3)
    verdicts = judge_places([*EVERYWHERE, rare], EVERYWHERE, make_topic({"步道": 2.0, "办": 1.0}, ()))
    scores = {v.place: v.score for v in verdicts}
    assert scores["丁县"] == pytest.approx(0.1 + 0.4 + 0.15 * 0.2)
    assert scores["甲县"] == pytest.approx(1.2)


def test_words_of_the_question_count() -> None:
    """Of two sentences that come equally near, the one with half of the question's words scores a tenth
    more."""
    pair = [make_evidence(SENTENCE, place, nearness=0.85, article=9) for place in ("庚县", "辛县")]
    pair[1] = make_evidence(SENTENCE, "辛县", nearness=0.85, article=9, coverage=0.5)
    scores = {v.place: v.score for v in judge_places([*EVERYWHERE, *pair], EVERYWHERE, NOTHING)}
    assert scores["辛县"] - scores["庚县"] == pytest.approx(0.1)


def test_a_passing_mention_stands_alone() -> None:
    """Of two places whose best sentences are equal, the one that tells more of it comes first and is sure,
    the other is a near miss."""
    pair = [make_evidence(SENTENCE, place, nearness=0.846, article=9) for place in ("庚县", "辛县")]
    more = make_evidence(SENTENCE, "辛县", nearness=0.846, article=9, start=100)
    verdicts = judge_places([*EVERYWHERE[:2], *pair, more], EVERYWHERE, NOTHING)
    assert [(v.place, v.sure) for v in verdicts[2:]] == [("辛县", True), ("庚县", False)]
    assert [v.score for v in verdicts[2:]] == pytest.approx([0.46 * 1.15, 0.46])


def test_a_term_of_the_thesaurus_counts() -> None:
    """Another name for the topic adds a fifth of its strength."""
    topic = make_topic({}, (Expansion("骑手", "外卖骑手", ("外卖小哥",), 0.8),))
    other = make_evidence("外卖小哥在这里可以歇脚、喝水和充电。", "丙县", nearness=0.84, article=2)
    verdicts = judge_places([EVERYWHERE[0], other], EVERYWHERE, topic)
    assert [(v.place, v.sure) for v in verdicts] == [("甲县", True), ("丙县", True)]
    assert verdicts[1].score == pytest.approx(0.4 + 0.2 * 0.8)


def test_a_headline_counts_less() -> None:
    """Of two equally near sentences of a place only the full one is quoted."""
    headline = make_evidence("一、办好实事。", "甲县", nearness=0.90, start=100)
    [verdict] = judge_places([headline, EVERYWHERE[0]], EVERYWHERE, NOTHING)
    assert [e.text for e in verdict.evidence] == [SENTENCE]
    assert verdict.score == pytest.approx(1.0)


def test_sentences_of_a_place() -> None:
    """Those at least four fifths as good as its best are quoted, best first, three at most."""
    near = [
        make_evidence(SENTENCE, "甲县", nearness=nearness, start=start)
        for start, nearness in ((0, 0.881), (50, 0.90), (100, 0.89), (150, 0.882), (200, 0.87))
    ]
    [first, *_] = judge_places(near, EVERYWHERE, NOTHING)
    assert [e.start for e in first.evidence] == [50, 100, 150]
    [alone] = judge_places([near[1], near[4]], EVERYWHERE, NOTHING)
    assert [e.start for e in alone.evidence] == [50]


def test_what_is_of_no_place_is_not_listed() -> None:
    """A sentence of an article about no place makes no row."""
    nowhere = make_evidence(SENTENCE, None, nearness=0.95, article=9)
    assert judge_places([nowhere], EVERYWHERE, NOTHING) == []


def test_no_evidence() -> None:
    """Nothing is listed where nothing was found."""
    assert judge_places([], EVERYWHERE, NOTHING) == []


def test_equals_come_by_name() -> None:
    """The order of places doesn't hang on that of the evidence."""
    pair = [make_evidence(SENTENCE, place, nearness=0.9) for place in ("乙", "甲")]
    assert [v.place for v in judge_places(pair, EVERYWHERE, NOTHING)] == ["乙", "甲"]
    assert [v.place for v in judge_places(pair[::-1], EVERYWHERE, NOTHING)] == ["乙", "甲"]


def test_a_list_with_a_bare_figure() -> None:
    """上限各是多少 names nothing that is counted: any figure of a place will do, no figure makes it doubtful."""
    question = "哪些县给红包定了上限，各是多少"
    figure = make_evidence("红包不超过200元，村民都说好。", "甲县", nearness=0.90)
    none = make_evidence("红包定了上限，村民都说好。", "乙县", nearness=0.90, article=1)
    verdicts = judge_places([figure, none], [*EVERYWHERE, figure, none], NOTHING)
    assert [v.sure for v in verdicts] == [True, True]
    judged = with_what_is_asked(verdicts, [figure, none], expected_answers(question), NOTHING, question)
    assert {v.place: v.sure for v in judged} == {"甲县": True, "乙县": False}


@pytest.mark.parametrize(
    ("question", "sure"),
    [
        ("哪三个地方办了实事", ["甲县", "乙县", "丙县"]),
        ("哪两个地方办了实事", ["甲县", "乙县"]),
        ("哪些地方办了实事", ["甲县", "乙县"]),
    ],
)
def test_as_many_places_as_the_question_says(question: str, sure: list[str]) -> None:
    """Who asks for three places knows that there are three: the best near miss is the third."""
    judged = with_as_many_as_said(judge_places(EVERYWHERE, EVERYWHERE, NOTHING), question)
    assert [v.place for v in judged if v.sure] == sure


def test_a_list_of_a_province() -> None:
    """Only its places are rows; where none of them is there, the province rules nothing out."""
    gazetteer = load_gazetteer()
    pieces = [make_evidence(SENTENCE, place, article=n) for n, place in enumerate(("沛县", "象山县", None))]
    for province, places in (
        ("浙江", ["象山县"]),
        ("", ["沛县", "象山县", None]),
        ("四川", ["沛县", "象山县", None]),
    ):
        assert [e.passage.place for e in within_province(pieces, province, gazetteer)] == places


def test_a_list_of_other_provinces() -> None:
    """Places of another province than the issuer of their bulletin; of a document by nobody known, none."""
    gazetteer = load_gazetteer()
    places = ("沛县", "象山县", None, "南京市")
    pieces = [make_evidence(SENTENCE, place, article=n) for n, place in enumerate(places)]
    document_id = pieces[0].passage.document_id
    for issuer, outside in (
        ("江苏省文明办", ["象山县"]),
        ("宁波市文明办", ["沛县", "南京市"]),
        ("编辑部", []),
    ):
        found = outside_its_province(pieces, {document_id: issuer}, gazetteer)
        assert [e.passage.place for e in found] == outside
