"""LangChain's FAISS store over HuggingFaceEmbeddings, as its manual has it."""

from __future__ import annotations

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

    def open(self, folder: str) -> None:
        self._store = FAISS.load_local(folder, self._embeddings, allow_dangerous_deserialization=True)

    def search(self, query: str) -> list[int]:
        return [found.metadata["number"] for found in self._store.similarity_search(query, k=10)]
