"""LlamaIndex's VectorStoreIndex in a FAISS store."""

from __future__ import annotations

from typing import Any

import faiss
from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.schema import QueryBundle, TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.faiss import FaissVectorStore


class Peer:
    def __init__(self, model: str) -> None:
        self._embedding = HuggingFaceEmbedding(
            model_name=model, query_instruction="query: ", text_instruction="passage: "
        )

    def build(self, passages: list[str], folder: str) -> None:
        nodes = [TextNode(text=text, metadata={"number": n}) for n, text in enumerate(passages)]
        self._keep(nodes, folder)

    def build_given(self, passages: list[str], vectors: Any, folder: str) -> None:
        nodes = [
            TextNode(text=text, metadata={"number": n}, embedding=vectors[n].tolist())
            for n, text in enumerate(passages)
        ]
        self._keep(nodes, folder)

    def open(self, folder: str) -> None:
        store = FaissVectorStore.from_persist_dir(folder)
        context = StorageContext.from_defaults(vector_store=store, persist_dir=folder)
        index = load_index_from_storage(context, embed_model=self._embedding)
        self._retriever = index.as_retriever(similarity_top_k=10)

    def search(self, query: str) -> list[int]:
        return [found.metadata["number"] for found in self._retriever.retrieve(query)]

    def search_given(self, vector: Any) -> list[int]:
        asked = QueryBundle("", embedding=vector.tolist())
        return [found.metadata["number"] for found in self._retriever.retrieve(asked)]

    def _keep(self, nodes: list[TextNode], folder: str) -> None:
        store = FaissVectorStore(faiss.IndexFlatIP(384))
        context = StorageContext.from_defaults(vector_store=store)
        for node in nodes:
            node.excluded_embed_metadata_keys = ["number"]
        index = VectorStoreIndex(nodes, storage_context=context, embed_model=self._embedding)
        index.storage_context.persist(folder)
        self._retriever = index.as_retriever(similarity_top_k=10)
