"""Sentences are put in order again by a cross-encoder, where one is set."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelFormatError
from index.model import find_model
from rag.types import Evidence

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

DEPTH = 50
"""Sentences that are looked at: each costs a pass through the model."""
_WEIGHT = 0.6


class Reranker(Protocol):
    """Tells how well each text answers a question."""

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts,): more is better, in the model's own unit. Raises ModelError."""
        ...


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder on the processor (Nogueira and Cho, "Passage Re-ranking with
    BERT", 2019). Its weights load at the first question; threads may share it."""

    def __init__(self, model: str) -> None:
        self._folder, self._name = find_model(model)
        self._encoder: CrossEncoder | None = None
        self._lock = threading.Lock()

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        with self._lock:
            try:
                found = self._load().predict([(question, text) for text in texts], show_progress_bar=False)
            except (OSError, ValueError, RuntimeError, KeyError) as error:
                raise ModelFormatError(
                    f"{self._folder} 应为 sentence-transformers 能载入的 CrossEncoder，实际出错：{error}"
                    "请检查 JIANBAO_RERANKER。"
                ) from error
        scores = np.asarray(found, dtype=np.float32)
        if scores.shape != (len(texts),) or not np.isfinite(scores).all():
            raise ModelFormatError(
                f"重排模型 {self._name} 应对每段给出一个有限的分数，实为 {scores.shape}。"
                "请检查 JIANBAO_RERANKER：要只有一个标签的模型。"
            )
        return scores

    def _load(self) -> CrossEncoder:
        if self._encoder is None:
            from sentence_transformers import CrossEncoder  # noqa: PLC0415 — seconds, not at import

            self._encoder = CrossEncoder(str(self._folder), device="cpu", local_files_only=True)
        return self._encoder


def rerank(reranker: Reranker, question: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The best sentences in the order of their own score mixed with the reranker's (min-max over those),
    and the rest after them as they were. Its ``score`` says how a sentence ranks, no more; ``nearness``,
    by which questions are refused and lists judged, stays."""
    head, rest = list(evidence[:DEPTH]), evidence[DEPTH:]
    if not head:
        return []
    scores = reranker.scores(question, [f"{e.passage.title}\n{e.text}" for e in head])
    low, high = float(scores.min()), float(scores.max())
    shares = (scores - low) / (high - low) if high > low else np.ones_like(scores)
    top, bottom = head[0].score, head[-1].score
    mixed = [
        replace(e, score=(1 - _WEIGHT) * e.score + _WEIGHT * (bottom + (top - bottom) * share))
        for e, share in zip(head, shares.tolist(), strict=True)
    ]
    return [*sorted(mixed, key=lambda e: (-e.score, e.passage.document_id, e.start)), *rest]
