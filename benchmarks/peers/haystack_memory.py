"""Haystack's in-memory store with its sentence-transformers embedders."""

from __future__ import annotations

from pathlib import Path

from haystack import Document
from haystack.components.embedders import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore


class Peer:
    def __init__(self, model: str) -> None:
        settings = {"model": model, "normalize_embeddings": True, "progress_bar": False}
        self._documents = SentenceTransformersDocumentEmbedder(**settings, prefix="passage: ")
        self._query = SentenceTransformersTextEmbedder(**settings, prefix="query: ")
        self._query.warm_up()

    def build(self, passages: list[str], folder: str) -> None:
        self._documents.warm_up()
        documents = [Document(content=text, meta={"number": n}) for n, text in enumerate(passages)]
        store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
        store.write_documents(self._documents.run(documents)["documents"])
        Path(folder).mkdir(exist_ok=True)
        store.save_to_disk(str(Path(folder) / "store.json"))
        self._retriever = InMemoryEmbeddingRetriever(store, top_k=10)

    def open(self, folder: str) -> None:
        store = InMemoryDocumentStore.load_from_disk(str(Path(folder) / "store.json"))
        self._retriever = InMemoryEmbeddingRetriever(store, top_k=10)

    def search(self, query: str) -> list[int]:
        vector = self._query.run(query)["embedding"]
        return [found.meta["number"] for found in self._retriever.run(vector)["documents"]]
