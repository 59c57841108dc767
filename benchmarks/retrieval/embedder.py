"""Questions embedded many at a time, for a library that asks for them one by one."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import Embedder, ModelIdentity, TokenVectors, Vectors


class AheadEmbedder:
    """An Embedder that answers from what ``prepare`` has embedded, and asks ``inner`` for the rest."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self._ready: dict[str, TokenVectors] = {}

    @property
    def identity(self) -> ModelIdentity:
        return self._inner.identity

    def prepare(self, texts: Sequence[str]) -> None:
        """Embed these questions now, and forget those of before."""
        self._ready = dict(zip(texts, self._inner.embed_query_tokens(texts), strict=True))

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self._inner.embed_queries(texts)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        return self._inner.embed_documents(texts)

    def embed_query_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [self._ready.get(text) or self._inner.embed_query_tokens([text])[0] for text in texts]

    def embed_document_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self._inner.embed_document_tokens(texts)
