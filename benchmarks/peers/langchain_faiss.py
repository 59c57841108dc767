"""LangChain's FAISS store over HuggingFaceEmbeddings, as its manual has it."""

from __future__ import annotations

from typing import Any

from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings


class Peer:
    def __init__(self, model: str) -> None:
        self._embeddings = HuggingFaceEmbeddings(
            model_name=model,
            encode_kwargs={"normalize_embeddings": True, "prompt": "passage: "},
            query_encode_kwargs={"normalize_embeddings": True, "prompt": "query: "},
        )

    def build(self, passages: list[str], folder: str) -> None:
        numbers = [{"number": number} for number in range(len(passages))]
        self._store = FAISS.from_texts(passages, self._embeddings, metadatas=numbers)
        self._store.save_local(folder)

    def build_given(self, passages: list[str], vectors: Any, folder: str) -> None:
        pairs = zip(passages, vectors, strict=True)  # as arrays: lists of a million would take 12 GiB
        numbers = [{"number": number} for number in range(len(passages))]
        self._store = FAISS.from_embeddings(pairs, self._embeddings, metadatas=numbers)
        self._store.save_local(folder)

    def open(self, folder: str) -> None:
        self._store = FAISS.load_local(folder, self._embeddings, allow_dangerous_deserialization=True)

    def search(self, query: str) -> list[int]:
        return [found.metadata["number"] for found in self._store.similarity_search(query, k=10)]

    def search_given(self, vector: Any) -> list[int]:
        found = self._store.similarity_search_by_vector(vector.tolist(), k=10)
        return [one.metadata["number"] for one in found]
