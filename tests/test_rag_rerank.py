"""Sentences put in order again by a cross-encoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from rag_makers import make_evidence

from index.errors import ModelFormatError, ModelNotFoundError
from rag.rerank import DEPTH, CrossEncoderReranker, rerank

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"步道怎么修沿河路灯亮了"]


class Longest:
    """The longer a text, the better."""

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([len(text) for text in texts], dtype=np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real cross-encoder of one layer with random weights."""
    return save_tiny(tmp_path_factory.mktemp("reranker"), labels=1)


def save_tiny(folder: Path, labels: int) -> Path:
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    (folder / "vocab.txt").write_text("\n".join(dict.fromkeys(WORDS)), encoding="utf-8")
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(dict.fromkeys(WORDS)),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        num_labels=labels,
        initializer_range=1.0,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def test_a_cross_encoder_scores_each_text(folder: Path) -> None:
    """One finite score for each, the same whatever stands beside it."""
    reranker = CrossEncoderReranker(str(folder))
    texts = ["步道沿河", "路灯亮了", "步道怎么修"]
    together = reranker.scores("步道怎么修", texts)
    alone = [float(reranker.scores("步道怎么修", [text])[0]) for text in texts]
    assert together.tolist() == pytest.approx(alone, abs=1e-4)
    assert len(set(together.round(6).tolist())) == 3


def test_a_model_of_another_kind_is_told(tmp_path: Path) -> None:
    """A classifier with several labels gives no one score; the message names the setting."""
    reranker = CrossEncoderReranker(str(save_tiny(tmp_path, labels=3)))
    with pytest.raises(ModelFormatError, match="JIANBAO_RERANKER"):
        reranker.scores("步道", ["步道沿河"])


def test_a_model_that_is_not_there() -> None:
    """It is told before the first question."""
    with pytest.raises(ModelNotFoundError):
        CrossEncoderReranker("没有这个文件夹")


def test_the_order_is_mixed_with_the_rerankers() -> None:
    """Six tenths of the order come from the reranker; nearness stays."""
    best = make_evidence("步道。", score=1.0, nearness=0.9, start=0)
    middle = make_evidence("路灯。", score=0.9, nearness=0.8, start=10)
    longest = make_evidence("步道沿河修到村口。", score=0.5, nearness=0.7, start=20)
    found = rerank(Longest(), "步道怎么修", [best, middle, longest])
    assert [(e.text, e.nearness) for e in found] == [
        ("步道沿河修到村口。", 0.7),
        ("步道。", 0.9),
        ("路灯。", 0.8),
    ]
    assert [e.score for e in found] == pytest.approx([0.8, 0.7, 0.66])


def test_only_the_first_are_looked_at() -> None:
    """Beyond the depth the order stays, after those."""
    many = [make_evidence(f"第{n}段。", score=1.0 - n / 100, start=10 * n) for n in range(DEPTH + 2)]
    assert rerank(Longest(), "步道", many)[DEPTH:] == many[DEPTH:]
    assert rerank(Longest(), "步道", []) == []
