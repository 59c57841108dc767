"""Late interaction: each token of the question meets the nearest token of a sentence.

Khattab and Zaharia, "ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction
over BERT", SIGIR 2020. Here with the token vectors of the embedding model as it is, without further
training, over single sentences; what that is worth is measured in benchmarks/retrieval.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.types import Vectors

_LEVELS = 127
_TOKENS_AT_ONCE = 4096


def pack(vectors: Vectors) -> bytes:
    """Token vectors (tokens, dimension) in a byte per value and a float32 scale per token.

    The rounding moves no rank that was measured. Layout: tokens × float32 scale, then tokens × dimension
    int8, row by row.
    """
    scales = np.maximum(np.abs(vectors).max(axis=1, initial=0.0), 1e-12) / _LEVELS
    levels = np.round(vectors / scales[:, None]).astype(np.int8)
    return bytes(scales.astype("<f4").tobytes() + levels.tobytes())


def unpack(packed: bytes, dimension: int) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """Scales (tokens,) and levels (tokens, dimension); their product are the vectors."""
    tokens = len(packed) // (4 + dimension)
    scales = np.frombuffer(packed, dtype="<f4", count=tokens)
    return scales, np.frombuffer(packed, dtype=np.int8, offset=4 * tokens).reshape(tokens, dimension)


def nearest_tokens(query: Vectors, packed: Sequence[bytes]) -> NDArray[np.float32]:
    """(query tokens, sentences): the largest cosine of each query token with a token of each sentence.

    ``query``: (query tokens, dimension). A sentence without tokens gets 0.
    """
    result = np.zeros((len(query), len(packed)), dtype=np.float32)
    parts = [unpack(blob, query.shape[1]) for blob in packed]
    filled = [number for number, (scales, _) in enumerate(parts) if len(scales)]
    if not filled or not len(query):
        return result
    longest = max(len(scales) for scales, _ in parts)
    # One small piece of memory, used again and again, stays in the processor's cache.
    room = np.empty((max(longest, _TOKENS_AT_ONCE), query.shape[1]), dtype=np.float32)
    for batch in _batches(filled, [len(scales) for scales, _ in parts], len(room)):
        scales = np.concatenate([parts[number][0] for number in batch])
        starts = np.cumsum([0, *(len(parts[number][0]) for number in batch[:-1])])
        np.concatenate([parts[number][1] for number in batch], out=room[: len(scales)])
        cosines = (query @ room[: len(scales)].T) * scales
        result[:, batch] = np.maximum.reduceat(cosines, starts, axis=1)
    return result


def _batches(numbers: Sequence[int], sizes: Sequence[int], most: int) -> Iterator[list[int]]:
    """``numbers`` in order, in runs whose sizes add up to at most ``most``."""
    batch: list[int] = []
    used = 0
    for number in numbers:
        if batch and used + sizes[number] > most:
            yield batch
            batch, used = [], 0
        batch.append(number)
        used += sizes[number]
    if batch:
        yield batch
