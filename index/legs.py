"""The ways of finding passages, kept to the library and searched together."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index import catalogue, fuse, weights
from index.held import HeldVectors
from index.kept import KeptLexicalIndex
from index.late import nearest_tokens
from index.store import Revision, Store, revision
from index.types import Leg, SearchRequest, TokenVectors, Vectors
from index.vocabulary import Vocabulary

_T = TypeVar("_T")

Numbers = NDArray[np.int64]
LegScores = dict[Leg, dict[int, float]]
"""For each leg that was searched: {passage number: score}, best first."""

MINIMUM_DEPTH = 200
"""Each leg gives at least this many passages to be fused, where it has them."""


class Legs:
    """Dense, sentence and lexical search over one store. Thread-safe: one search at a time (each takes
    milliseconds). What lies in memory is built when first needed."""

    def __init__(self, store: Store, folder: Path, dimension: int, notice: Callable[[str], None]) -> None:
        self._lock = threading.Lock()
        self._lexical = KeptLexicalIndex(store, folder, notice)
        self._passages = HeldVectors(folder, "passage_vectors", dimension, notice)
        self._sentences = HeldVectors(folder, "sentence_vectors", dimension, notice)
        self._owners: tuple[Numbers, Numbers] = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
        self._owners_revision: Revision | None = None

    def catch_up(self) -> None:
        """Bring what lies on disk to the library's revision."""
        with self._lock:
            self._lexical.catch_up()

    def consult(self, use: Callable[[Vocabulary], _T]) -> _T:
        """What ``use`` makes of the words of the passages; it holds up other searches while it runs."""
        with self._lock:
            return self._lexical.consult(use)

    def frequencies(self, words: Sequence[str]) -> list[int]:
        """In how many passages each of the normalised words stands."""
        with self._lock:
            return self._lexical.frequencies(words)[0]

    def rarity(self, words: Sequence[str]) -> dict[str, float]:
        """Of normalised words; see ``index.weights.rarity``."""
        with self._lock:
            frequencies, passages = self._lexical.frequencies(words)
        return {
            word: weights.rarity(frequency, passages)
            for word, frequency in zip(words, frequencies, strict=True)
        }

    def token_weights(self, text: str, spans: Sequence[tuple[int, int]]) -> NDArray[np.float32]:
        """As ``index.weights.token_weights``, by the words of this library."""
        return weights.token_weights(text, spans, self.rarity)

    def search(
        self,
        connection: sqlite3.Connection,
        request: SearchRequest,
        query: TokenVectors | None,
        allowed: Numbers | None,
    ) -> LegScores:
        """``query`` may be None where no leg asks for vectors. ``allowed`` are the only passages to be
        found; None looks at all. Late interaction looks at what the other legs put first (or at all
        passages, where the request wants all).

        The lexical leg may already know passages that came after ``connection`` began to look.
        """
        depth = None if request.limit is None else max(request.limit, MINIMUM_DEPTH)
        with self._lock:
            legs: LegScores = {
                leg: self._search_leg(leg, connection, request, query, allowed, depth)
                for leg, _ in request.weights
                if leg != "late"
            }
        if "late" in dict(request.weights) and query is not None:
            others = [(legs[leg], weight) for leg, weight in request.weights if leg != "late"]
            candidates = fuse.ranked(fuse.weighted_sum(others))[:depth]
            legs["late"] = self._late(connection, request.text, query, candidates)
        return legs

    def _search_leg(
        self,
        leg: Leg,
        connection: sqlite3.Connection,
        request: SearchRequest,
        query: TokenVectors | None,
        allowed: Numbers | None,
        depth: int | None,
    ) -> dict[int, float]:
        if leg == "lexical":
            numbers, scores = self._lexical.search(request.text, request.expansions, depth, allowed)
        elif query is None:
            raise ValueError(f"leg {leg} needs the vector of the query")
        elif leg == "dense":
            numbers, scores = self._passages.search(connection, query.text_vector, depth, allowed)
        else:
            vector = query.text_vector.reshape(1, -1)
            numbers, scores = self._best_sentences(connection, vector, allowed, depth)
        return dict(zip(numbers.tolist(), scores.tolist(), strict=True))

    def _late(
        self, connection: sqlite3.Connection, text: str, query: TokenVectors, candidates: Sequence[int]
    ) -> dict[int, float]:
        """The best sentence of each candidate by late interaction."""
        found = catalogue.packed_tokens(connection, candidates)
        nearest = nearest_tokens(query.vectors, [tokens for _, tokens in found])
        scores = self.token_weights(text, query.spans) @ nearest
        best: dict[int, float] = {}
        for (number, _), score in zip(found, scores.tolist(), strict=True):
            best[number] = max(score, best.get(number, -1.0))
        return best

    def _best_sentences(
        self, connection: sqlite3.Connection, query: Vectors, allowed: Numbers | None, depth: int | None
    ) -> tuple[Numbers, NDArray[np.float32]]:
        found, scores = self._sentences.search(connection, query[0])
        if self._owners_revision != (now := revision(connection)):
            self._owners, self._owners_revision = catalogue.sentence_owners(connection), now
        sentences, passages = self._owners
        owners = passages[np.searchsorted(sentences, found)]
        if allowed is not None:
            kept = np.isin(owners, allowed)
            owners, scores = owners[kept], scores[kept]
        # Best first, so the first sentence met of a passage is its best.
        _, first = np.unique(owners, return_index=True)
        first = np.sort(first)[:depth]
        return owners[first], scores[first]
