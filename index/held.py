"""Vectors of one table, kept in memory and brought to the revision that a connection sees."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from index import catalogue
from index.dense import DenseIndex, Numbers, Scores
from index.large import DamagedFileError, LargeIndex, samples_for
from index.store import Revision, knows, library_state, revision, was_in
from index.types import Vectors

EXACT_MOST = 100_000
"""So many vectors are searched exactly; beyond, an index that is trained on them is quicker."""
_BATCH = 20_000
_SCORED_AGAIN = 4
"""Of an approximate search so many times more are fetched as are wanted, and scored exactly."""
_WORTH_WRITING = 0.02
"""Share of the vectors that must have changed for the file to be written anew."""


class HeldVectors:
    """Opens what it needs when first asked. Not thread-safe. ``exact_most`` is for tests and benchmarks."""

    def __init__(
        self,
        folder: Path,
        table: str,
        dimension: int,
        notice: Callable[[str], None],
        *,
        exact_most: int = EXACT_MOST,
    ) -> None:
        self._path = folder / f"{table}.faiss"
        self._table = table
        self._dimension = dimension
        self._notice = notice
        self._exact_most = exact_most
        self._index: DenseIndex | LargeIndex | None = None
        self._revision: Revision | None = None

    def search(
        self,
        connection: sqlite3.Connection,
        query: Scores,
        limit: int | None = None,
        allowed: Numbers | None = None,
    ) -> tuple[Numbers, Scores]:
        """Numbers and inner products, best first, at most ``limit``; scores are exact in any case."""
        index = self._current(connection)
        if isinstance(index, DenseIndex):
            return index.search(query, limit, allowed)
        found, scores = index.search(query, None if limit is None else _SCORED_AGAIN * limit, allowed)
        if limit is None:
            return found, scores
        numbers = np.sort(found)
        exact = np.concatenate(
            [np.zeros(0, np.float32), *(v @ query for _, v in self._batches(connection, numbers))]
        )
        order = np.lexsort((numbers, -exact))[:limit]
        return numbers[order], exact[order]

    def _current(self, connection: sqlite3.Connection) -> DenseIndex | LargeIndex:
        now = revision(connection)
        # Numbers are never used twice, but a backup that was put back has a history of its own.
        if self._revision and not knows(connection, self._revision):
            self._index = self._revision = None
        if self._index is None or now != self._revision:
            current = catalogue.vector_numbers(connection, self._table)
            self._index = self._of_size(connection, current)
            self._catch_up(self._index, connection, current)
            self._revision = now
        return self._index

    def _of_size(self, connection: sqlite3.Connection, current: Numbers) -> DenseIndex | LargeIndex:
        """The index that is there, or another where it is of the wrong kind."""
        if len(current) <= self._exact_most:
            # Not at once when it shrinks: around the limit it would be built again and again.
            if isinstance(self._index, LargeIndex) and len(current) > self._exact_most // 2:
                return self._index
            return self._index if isinstance(self._index, DenseIndex) else DenseIndex(self._dimension)
        if isinstance(self._index, LargeIndex):
            return self._index
        return self._read(connection) or self._trained(connection, current)

    def _read(self, connection: sqlite3.Connection) -> LargeIndex | None:
        if not self._path.exists():
            return None
        try:
            index, state = LargeIndex.read(self._path)
        except DamagedFileError as error:
            self._notice(f"向量索引损坏（{error}），将从资料库重建。")
            return None
        if not was_in(connection, state):
            self._notice("向量索引与资料库不符，将从资料库重建。")
            return None
        self._revision = Revision(state.generation, state.token)
        return index

    def _trained(self, connection: sqlite3.Connection, current: Numbers) -> LargeIndex:
        self._notice(f"正在建立向量索引（{len(current)} 段）……")
        # The same sample each time: two libraries with the same contents answer alike.
        chosen = np.random.default_rng(0).choice(current, samples_for(len(current)), replace=False)
        sample = [vectors for _, vectors in self._batches(connection, np.sort(chosen))]
        self._revision = None
        return LargeIndex.trained(np.concatenate(sample), len(current))

    def _catch_up(
        self, index: DenseIndex | LargeIndex, connection: sqlite3.Connection, current: Numbers
    ) -> None:
        held = index.numbers
        removed, added = np.setdiff1d(held, current), np.setdiff1d(current, held)
        index.remove(removed)
        for numbers, vectors in self._batches(connection, added):
            index.add(numbers, vectors)
        if isinstance(index, LargeIndex) and len(removed) + len(added) > _WORTH_WRITING * len(current):
            # Without the file the next start takes longer, and nothing else.
            try:
                index.write(self._path, library_state(connection))
            except OSError as error:
                self._notice(f"向量索引不能写到 {self._path}（{error}），下次启动时要重建。")
        if isinstance(index, DenseIndex):
            for path in (self._path, self._path.with_suffix(".json")):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)

    def _batches(self, connection: sqlite3.Connection, numbers: Numbers) -> Iterator[tuple[Numbers, Vectors]]:
        for first in range(0, len(numbers), _BATCH):
            yield catalogue.vectors(connection, self._table, numbers[first : first + _BATCH], self._dimension)
