"""What the graph of an encoder is given of a batch of texts: from ids of tokens to its inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from index.openvino import ov

_ROWS = 256
"""Taken of one mapping. With each the system maps up to 64 KiB around it."""
Ids = Sequence[Sequence[int]]
"""Of each text its tokens' numbers in the vocabulary."""


class Feed(Protocol):
    """Makes a graph's inputs by name, for ``length`` tokens a text, filled up on the right."""

    def __call__(self, ids: Ids, length: int) -> dict[str, NDArray[Any]]: ...


@dataclass(frozen=True, slots=True)
class Encoder:
    """A graph and what feeds it. Outputs of every graph: ``token_embeddings``, (texts, tokens, hidden), and
    ``sentence_embedding``, (texts, hidden), float32.

    ``release`` gives back memory of weights that an engine has taken over.
    """

    graph: ov.Model
    feed: Feed
    release: Callable[[], None] = lambda: None


def feed_ids(ids: Ids, length: int) -> dict[str, NDArray[Any]]:
    """``input_ids`` and ``attention_mask``, (texts, tokens) int64. Which id fills up matters to no token that
    the mask lets be seen."""
    mask = _mask(ids, length)
    filled = np.zeros(mask.shape, np.int64)
    filled[mask == 1] = _joined(ids)
    return {"input_ids": filled, "attention_mask": mask}


class WordFeed:
    """``words``, (texts, tokens, hidden) float16, each token's row of the embedding table, and
    ``attention_mask``, (texts, tokens) int64.

    The table is four fifths of the model, of which a question needs twenty rows: they are read from the file,
    which is mapped anew after some hundred. Inside a graph, or with one mapping, the table would come to lie
    in memory whole, by and by.
    """

    def __init__(self, path: Path, start: int, shape: tuple[int, int]) -> None:
        """The table's float16 values begin at byte ``start`` of the file, which stays open, so that it may be
        replaced meanwhile. Raises OSError."""
        self._file = path.open("rb")
        self._start = start
        self._shape = shape
        self._table, self._taken = self._mapped(), 0

    def __call__(self, ids: Ids, length: int) -> dict[str, NDArray[Any]]:
        mask = _mask(ids, length)
        numbers = _joined(ids)
        if self._taken > _ROWS:
            self._table, self._taken = self._mapped(), 0
        self._taken += len(numbers)
        words = np.zeros((*mask.shape, self._shape[1]), np.float16)
        words[mask == 1] = self._table[numbers]
        return {"words": words, "attention_mask": mask}

    def _mapped(self) -> NDArray[np.float16]:
        return np.asarray(np.memmap(self._file, "<f2", "r", self._start, self._shape))


def _mask(ids: Ids, length: int) -> NDArray[np.int64]:
    lengths = np.array([len(row) for row in ids])
    return (np.arange(length) < lengths[:, None]).astype(np.int64)


def _joined(ids: Ids) -> NDArray[np.int64]:
    return np.concatenate([np.asarray(row, np.int64) for row in ids])
