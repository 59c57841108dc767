"""txtai's Embeddings (FAISS), with the instructions of the model."""

from __future__ import annotations

from typing import Any

from txtai import Embeddings


class Peer:
    def __init__(self, model: str) -> None:
        self._settings = {
            "path": model,
            "method": "sentence-transformers",
            "instructions": {"query": "query: ", "data": "passage: "},
        }
        self._embeddings: Embeddings | None = None

    def build(self, passages: list[str], folder: str) -> None:
        self._embeddings = self._embeddings or Embeddings(self._settings)
        self._embeddings.index(enumerate(passages))
        self._embeddings.save(folder)

    def build_given(self, passages: list[str], vectors: Any, folder: str) -> None:
        # Without texts, as txtai is unless told to keep content: it has less to do than the others.
        self._embeddings = Embeddings({"method": "external"})
        self._embeddings.index((number, vectors[number], None) for number in range(len(passages)))
        self._embeddings.save(folder)

    def open(self, folder: str) -> None:
        self._embeddings = Embeddings()
        self._embeddings.load(folder)

    def search(self, query: str) -> list[int]:
        assert self._embeddings is not None
        return [number for number, _ in self._embeddings.search(query, 10)]

    def search_given(self, vector: Any) -> list[int]:
        assert self._embeddings is not None
        return [number for number, _ in self._embeddings.search(vector, 10)]
