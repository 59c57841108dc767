"""What a model's output must be before it is a vector of ours, whichever runtime computed it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError, ModelFormatError
from index.types import ModelIdentity, TokenVectors, Vectors


def unit_vectors(vectors: NDArray[np.float32], identity: ModelIdentity) -> Vectors:
    """(n, dimension) at length 1. Raises ModelFormatError where the dimension isn't the model's, ModelError
    where a vector is zero or no number."""
    if vectors.shape[1:] != (identity.dimension,):
        raise ModelFormatError(
            f"模型 {identity.name} 的向量应有 {identity.dimension} 维，实为 {vectors.shape[1:]}。"
            "请检查模型的 config.json。"
        )
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.all(np.isfinite(lengths) & (lengths > 0)):
        raise ModelError(
            f"模型 {identity.name} 给出的向量应为有限数值且不全为零，实有长度 {lengths.min()} 的。"
            "请检查模型文件是否完好。"
        )
    return np.asarray(vectors / lengths, np.float32)


def token_vectors(
    text_vector: NDArray[np.float32],
    vectors: NDArray[np.float32],
    offsets: Sequence[tuple[int, int]],
    before: int,
    identity: ModelIdentity,
) -> TokenVectors:
    """Those of the text itself: tokens of the prompt (the first ``before`` characters) and those that stand
    for no text are left out.

    ``text_vector``: (dimension,), ``vectors``: (tokens, dimension), of any length; ``offsets``: where each
    token stands in prompt and text. Raises as `unit_vectors`.
    """
    spans = text_spans(offsets, before)
    rows = [row for row, span in enumerate(spans[: len(vectors)]) if span is not None]
    chosen = vectors[rows]
    lengths = np.linalg.norm(chosen, axis=1, keepdims=True)
    return TokenVectors(
        unit_vectors(text_vector[None], identity)[0],
        np.asarray(chosen / np.maximum(lengths, 1e-12), np.float32),
        tuple(span for span in (spans[row] for row in rows) if span is not None),
    )


def text_spans(offsets: Sequence[tuple[int, int]], before: int) -> list[tuple[int, int] | None]:
    """For each token, where it stands in the text after the prompt (its first ``before`` characters); None
    for tokens of the prompt and those that stand for no text."""
    return [
        (max(start - before, 0), end - before) if end > before and end > start else None
        for start, end in offsets
    ]
