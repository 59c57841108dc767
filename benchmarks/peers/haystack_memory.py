"""Haystack's in-memory store with its sentence-transformers integration."""

from __future__ import annotations

from typing import Any

from haystack import Document
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)


class Peer:
    def __init__(self, model: str) -> None:
        shared: dict[str, Any] = {"model": model, "progress_bar": False, "normalize_embeddings": True}
        self._texts = SentenceTransformersTextEmbedder(prefix="query: ", **shared)
        self._documents = SentenceTransformersDocumentEmbedder(prefix="passage: ", **shared)

    def build(self, passages: list[str], folder: str) -> None:
        self._documents.warm_up()
        self._texts.warm_up()
        documents = [Document(id=str(number), content=text) for number, text in enumerate(passages)]
        self._keep(self._documents.run(documents)["documents"], folder)

    def build_given(self, passages: list[str], vectors: Any, folder: str) -> None:
        self._keep(
            [
                Document(id=str(number), content=text, embedding=vectors[number].tolist())
                for number, text in enumerate(passages)
            ],
            folder,
        )

    def open(self, folder: str) -> None:
        self._retriever = InMemoryEmbeddingRetriever(InMemoryDocumentStore.load_from_disk(folder), top_k=10)

    def search(self, query: str) -> list[int]:
        self._texts.warm_up()
        return self._nearest(self._texts.run(query)["embedding"])

    def search_given(self, vector: Any) -> list[int]:
        return self._nearest(vector.tolist())

    def _nearest(self, vector: list[float]) -> list[int]:
        return [int(found.id) for found in self._retriever.run(vector)["documents"]]

    def _keep(self, documents: list[Document], folder: str) -> None:
        store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
        store.write_documents(documents)
        store.save_to_disk(folder)
        self._retriever = InMemoryEmbeddingRetriever(store, top_k=10)
