"""Hits become scored sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import HashEmbedder, make_parsed
from rag_makers import make_evidence, make_topic

from index.library import Library, open_library
from index.types import SearchRequest
from rag.evidence import find_evidence, holds, is_headline, near_passages
from rag.expected import expected_answers
from rag.thesaurus import Expansion

PARSED = make_parsed(
    "d",
    [
        "一、修好步道。健身步道沿着河岸修建，全长十二公里。夜里的路灯由街道办事处负责。",
        "读书节在每年四月举办，参加的居民有300多名。",
    ],
    place="丰县",
)
TOPIC = make_topic({"步道": 2.0, "健身": 1.0}, ())


@pytest.fixture
def library(tmp_path: Path, fake_embedder: HashEmbedder) -> Iterator[Library]:
    with open_library(tmp_path, fake_embedder, notice=pytest.fail) as opened:
        opened.add([PARSED])
        yield opened


def test_sentences_stand_at_their_offsets_best_first(library: Library) -> None:
    """Every sentence of the hits is there once, as it stands in the document."""
    hits = library.search(SearchRequest("健身步道"))
    found = find_evidence(library, hits, TOPIC)
    assert [e.text for e in found[:1]] == ["健身步道沿着河岸修建，全长十二公里。"]
    assert {e.text for e in found} == {
        "一、修好步道。",
        "健身步道沿着河岸修建，全长十二公里。",
        "夜里的路灯由街道办事处负责。",
        "读书节在每年四月举办，参加的居民有300多名。",
    }
    assert all(PARSED.document.text[e.start : e.end] == e.text for e in found)
    assert [e.score for e in found] == sorted((e.score for e in found), reverse=True)
    assert [e.coverage for e in found if e.text.startswith(("健身", "一、", "夜里"))] == pytest.approx(
        [1.0, 2 / 3, 0.0]
    )


def test_a_quotation_says_all_itself(library: Library) -> None:
    """A sentence is read with its headline, and without where it is to be quoted alone."""
    hits, topic = library.search(SearchRequest("修好步道")), make_topic({"修好": 1.0}, ())

    def coverage(*, with_heads: bool) -> float:
        found = find_evidence(library, hits, topic, with_heads=with_heads)
        return next(e.coverage for e in found if e.text.startswith("健身"))

    assert (coverage(with_heads=True), coverage(with_heads=False)) == (1.0, 0.0)


def test_a_sentence_that_holds_what_is_asked_for_gains(library: Library) -> None:
    """The same sentence scores a quarter more where it holds the expected kind of thing, a half where it names
    what is counted; where several are asked for, less if it holds one of them only."""
    hits = library.search(SearchRequest("读书节"))
    topic = make_topic({"读书节": 1.0}, ())
    plain = {e.start: e.score for e in find_evidence(library, hits, topic)}
    asked = find_evidence(library, hits, topic, expected_answers("读书节有多少名居民参加"))
    gains = {e.text[:3]: e.score - plain[e.start] for e in asked}
    assert gains == pytest.approx({"读书节": 0.5, "一、修": 0.0, "健身步": 0.0, "夜里的": 0.0})
    unnamed = find_evidence(library, hits, topic, expected_answers("读书节来了多少"))
    assert unnamed[0].score - plain[unnamed[0].start] == pytest.approx(0.25)
    both = find_evidence(library, hits, topic, expected_answers("读书节有多少名居民参加，经费多少"))
    assert both[0].score - plain[both[0].start] == pytest.approx(0.375)


def test_passages_are_near_by_their_best_sentence() -> None:
    """A passage is near where some sentence of it has at least 0.65 of the best score; each is named once."""
    evidence = [make_evidence("句子。", start=n, score=score) for n, score in ((3, 0.8), (1, 0.6), (7, 0.5))]
    same_passage = replace(evidence[0], score=0.55)
    assert near_passages([*evidence[:2], same_passage, evidence[2]]) == ("d-0-3", "d-0-1")
    assert near_passages([]) == ()


def test_no_hits_no_evidence(library: Library) -> None:
    """Nothing found is no error."""
    assert find_evidence(library, (), TOPIC) == []


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("一、健全机制，人人有责。", True),
        ("（二）多方联动，让服务下沉到家门口。", True),
        ("成效明显。", True),
        ("县名\t步道长度（公里）\t修建年份\t每天散步的居民人数", True),
        ("县名\t2023年花费（万元）\t评分（满分10分）", True),
        ("第1名\t丰县\t得分98分", False),
        ("沿河步道全线贯通，居民有了好去处", True),
        ('老王常说:"步道要有人走,才算步道。"', False),
        ("沿河步道全线贯通，居民有了好去处。", False),
        ("健身步道沿着河岸修建，全长十二公里。", False),
        ("一、" + "修建步道" * 12 + "。", False),
    ],
)
def test_headlines(text: str, headline: bool) -> None:
    """A short line that is numbered or has no stop, one too short to say anything, and the heads of a table's
    columns only head what follows."""
    assert is_headline(text) is headline


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("志愿者有40人。", True),
        ("义工有40人。", True),
        ("老人有40人。", False),
        ("志愿者上了门，帮的老人有40人。", False),
        ("40名头发花白的退休志愿者。", True),
        ("招募“夜校志愿者”,共40名。", True),
        ("志愿者来自各个社区。", False),
    ],
)
def test_a_count_must_be_of_the_thing_counted(text: str, held: bool) -> None:
    """Forty of something else are no answer; the thing may have another name."""
    [expected] = expected_answers("有多少名志愿者")
    topic = make_topic({"志愿者": 1.0}, (Expansion("志愿者", "志愿者", ("义工",), 1.0),))
    assert holds(text, expected, topic) is held
