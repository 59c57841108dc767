"""Approximate inner-product search over many unit vectors (FAISS, inverted lists, 8 bits a component).

Inverted lists: Sivic & Zisserman 2003; the trained quantizer is FAISS's IndexIVFScalarQuantizer (Douze et al.
2024, arXiv:2401.08281). A quarter of the memory of float32; what is found is to be scored again exactly.
"""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from index.dense import Numbers, Scores, best_of
from index.fingerprint import sha256_of, sync
from index.store import LibraryState
from index.types import Vectors

FORMAT = 2
"""To be raised whenever the kind of index changes: a file of another format is built anew."""
_SAMPLES_PER_LIST, _ROUNDS = 48, 10
_LISTS_LOOKED_AT = 1 / 12
"""Of all lists, and at least eight of them. In benchmarks/scale.md recall@10 to exact search is above
0.97 with it."""

_FEWEST_LISTS = 8


class DamagedFileError(Exception):
    """A file of vectors is missing, of another format, or not what was written. Never leaves this package."""


class LargeIndex:
    """Vectors under numbers of the caller's, in memory. Not thread-safe: FAISS may not be searched while it
    changes."""

    def __init__(self, index: Any) -> None:
        import faiss  # noqa: PLC0415 — as in index.dense

        self._faiss: Any = faiss
        self._index = index

    @classmethod
    def trained(cls, sample: Vectors, count: int) -> LargeIndex:
        """An empty index for about ``count`` vectors like those of ``sample`` (n, dimension), which should
        have `samples_for` rows."""
        import faiss  # noqa: PLC0415 — as in index.dense

        lists = min(lists_for(count), len(sample))
        # By its name, so that FAISS owns what it is made of.
        index: Any = faiss.index_factory(sample.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        index.cp.min_points_per_centroid = 1
        index.cp.niter = _ROUNDS
        index.train(np.ascontiguousarray(sample, np.float32))
        return cls(index)

    @property
    def numbers(self) -> Numbers:
        """What is held, in no promised order."""
        lists = self._index.invlists
        found = [
            self._faiss.rev_swig_ptr(lists.get_ids(number), size).copy()
            for number in range(self._index.nlist)
            if (size := lists.list_size(number))
        ]
        return np.concatenate([np.zeros(0, np.int64), *found]).astype(np.int64)

    def add(self, numbers: Numbers, vectors: Vectors) -> None:
        """``vectors``: (n, dimension), one for each number; the numbers must be new."""
        if len(numbers):
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), numbers)

    def remove(self, numbers: Numbers) -> None:
        """Numbers that aren't held are passed over."""
        if len(numbers):
            self._index.remove_ids(numbers)

    def search(
        self, query: Scores, limit: int | None = None, allowed: Numbers | None = None
    ) -> tuple[Numbers, Scores]:
        """Numbers and approximate inner products, best first, at most ``limit``. All lists are looked at
        where only ``allowed`` numbers are, which may lie anywhere."""
        looked_at = max(_FEWEST_LISTS, round(self._index.nlist * _LISTS_LOOKED_AT))
        selector = None
        if allowed is not None:
            looked_at = self._index.nlist
            selector = self._faiss.IDSelectorBatch(allowed)
        parameters = self._faiss.SearchParametersIVF(sel=selector, nprobe=looked_at)
        return best_of(self._index, query, limit, allowed, parameters)

    def write(self, path: Path, state: LibraryState) -> None:
        """Keep it in ``path`` and, beside it, what it holds and its SHA-256; each file is moved to its place
        once it is on the disk. Raises OSError."""
        note = _note(path)
        note.unlink(missing_ok=True)  # until the new one is there, neither is trusted
        with _placed(path) as partial:
            try:
                self._faiss.write_index(self._index, str(partial))
            except RuntimeError as error:
                raise OSError(str(error)) from error
            digest = sha256_of(partial)
        with _placed(note) as partial:
            partial.write_text(
                json.dumps(asdict(state) | {"format": FORMAT, "sha256": digest}), encoding="utf-8"
            )

    @classmethod
    def read(cls, path: Path) -> tuple[LargeIndex, LibraryState]:
        """What `write` kept. Raises DamagedFileError."""
        import faiss  # noqa: PLC0415 — as in index.dense

        try:
            content = json.loads(_note(path).read_text(encoding="utf-8"))
            if (content.pop("format"), content.pop("sha256")) != (FORMAT, sha256_of(path)):
                raise DamagedFileError(f"{path.name} 与写下时不同")
            state = LibraryState(**content)
            return cls(faiss.read_index(str(path))), state
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise DamagedFileError(str(error)) from error


def lists_for(count: int) -> int:
    """About twice the square root of what is held, a power of two: of as many again, two thirds need to be
    looked at, but training takes four times as long."""
    return 1 << max(4, round(math.log2(max(count, 1)) / 2) + 1)


def samples_for(count: int) -> int:
    """How many vectors an index for ``count`` of them should be trained with."""
    return min(count, _SAMPLES_PER_LIST * lists_for(count))


def _note(path: Path) -> Path:
    return path.with_suffix(".json")


@contextlib.contextmanager
def _placed(path: Path) -> Iterator[Path]:
    partial = path.with_name(path.name + ".partial")
    try:
        yield partial
        sync(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
