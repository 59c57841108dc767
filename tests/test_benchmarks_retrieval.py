"""The benchmark on public sets, with a set of three documents and an embedder that needs no model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fakes import HashEmbedder

pytest.importorskip("ir_measures")

from benchmarks.retrieval.embedder import AheadEmbedder
from benchmarks.retrieval.measure import measure
from benchmarks.retrieval.run import measure_set
from benchmarks.retrieval.sets import RetrievalSet, read_set
from benchmarks.retrieval.systems import System, baselines, sweep, weighted


@pytest.fixture
def small(tmp_path: Path) -> RetrievalSet:
    """Three documents, two questions that can be measured and one that can't."""
    files = {
        "corpus": [
            {"id": "a", "text": "步道修好了。", "title": "步道"},
            {"id": "b", "text": "驿站能歇脚。"},
            {"id": "c", "text": "夜校开课了。"},
        ],
        "queries": [
            {"id": "1", "text": "步道修好了吗"},
            {"id": "2", "text": "夜校开课"},
            {"id": "3", "text": "没有答案"},
        ],
        "qrels": [
            {"query_id": "1", "doc_id": "a", "relevance": 1},
            {"query_id": "2", "doc_id": "c", "relevance": 1},
        ],
    }
    folder = tmp_path / "small"
    folder.mkdir()
    for name, rows in files.items():
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return read_set(folder)


def test_measures_are_those_of_the_textbook() -> None:
    """A relevant document at rank 2 of one query, none found of another."""
    figures = measure({"1": ["x", "a"], "2": ["x"]}, {"1": {"a": 1}, "2": {"b": 1}})
    assert figures["MRR@10"] == pytest.approx(0.25)
    assert figures["nDCG@10"] == pytest.approx(0.5 / 1.5849625)
    assert (figures["R@1"], figures["R@5"]) == (0.0, 0.5)


def test_a_set_is_read_as_the_library_takes_it(small: RetrievalSet) -> None:
    """One passage a document, under its title; queries without a relevant document are left out."""
    assert dict(small.queries) == {"1": "步道修好了吗", "2": "夜校开课"}
    assert [(d.document.id, d.passages[0].title, d.passages[0].text) for d in small.documents][:2] == [
        ("a", "步道", "步道修好了。"),
        ("b", "", "驿站能歇脚。"),
    ]
    assert len(small.sample(1).queries) == 1
    assert small.sample(1) == small.sample(1)


def test_systems_rank_by_what_the_legs_say() -> None:
    """Weights decide between legs; reranking moves only the head; the sweep's weights sum to 1."""
    legs = {
        "dense": {"a": 0.9, "b": 0.8, "c": 0.1},
        "lexical": {"b": 9.0, "a": 1.0},
        "late": {"c": 0.9, "b": 0.5, "a": 0.4},
        "sentence": {"c": 0.3},
    }
    assert weighted("", dense=1.0).rank(legs) == ["a", "b", "c"]
    assert weighted("", dense=0.5, lexical=0.5).rank(legs) == ["b", "a", "c"]
    by_name: dict[str, System] = {system.name: system for system in baselines()}
    assert by_name["late over dense + BM25, depth 50"].rank(legs) == ["c", "b", "a"]
    assert by_name["BM25"].rank(legs) == ["b", "a"]
    assert len({system.name for system in sweep()}) == 30


def test_a_set_is_measured_through_the_library(small: RetrievalSet, tmp_path: Path) -> None:
    """Every system gets its figures; the second run embeds no document anew."""
    inner = HashEmbedder()
    figures = measure_set(small, baselines(), AheadEmbedder(inner), tmp_path / "cache")
    assert figures["BM25"]["nDCG@10"] == 1.0
    assert set(figures) == {system.name for system in baselines()}
    embedded = inner.documents_embedded
    assert measure_set(small, baselines(), AheadEmbedder(inner), tmp_path / "cache") == figures
    assert inner.documents_embedded == embedded
