"""Late interaction over packed tokens, and what the legs say by themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import HashEmbedder, make_parsed

from index import late
from index.late import nearest_tokens, pack
from index.library import open_library
from index.types import SearchRequest, Vectors


def unit(seed: int, count: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize("at_once", [1, 5, 4096])
def test_nearest_tokens_are_those_of_each_sentence(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many tokens are looked at in one go, each sentence has its own largest cosines; one without
    tokens has 0."""
    monkeypatch.setattr(late, "_TOKENS_AT_ONCE", at_once)
    query = unit(0, 3)
    sentences = [unit(seed, count) for seed, count in enumerate((4, 1, 7, 2), start=1)]
    packed = [pack(vectors) for vectors in sentences]
    found = nearest_tokens(query, [packed[0], b"", *packed[1:]])
    expected = np.array([(query @ vectors.T).max(axis=1) for vectors in sentences]).T
    assert np.abs(found[:, [0, 2, 3, 4]] - expected).max() < 0.02
    assert found[:, 1].tolist() == [0.0, 0.0, 0.0]


def test_leg_scores_are_those_of_the_search(tmp_path: Path) -> None:
    """Each leg's scores, best first, are those that the hits of the same search carry."""
    weights = (("dense", 0.5), ("lexical", 0.5), ("sentence", 0.5), ("late", 1.0))
    request = SearchRequest("步道修好了", weights=weights)  # type: ignore[arg-type]
    with open_library(tmp_path, HashEmbedder()) as library:
        library.add([make_parsed("d", ["步道修好了。灯亮了。", "驿站能歇脚。", "步道很长。"])])
        legs = library.leg_scores(request)
        hits = library.search(request)
    assert set(legs) == {"dense", "lexical", "sentence", "late"}
    assert next(iter(legs["late"])) == "d-0"
    for leg, scores in legs.items():
        said = {hit.passage.id: hit.legs[leg].score for hit in hits if leg in hit.legs}
        assert scores == said
        assert list(scores.values()) == sorted(scores.values(), reverse=True)
