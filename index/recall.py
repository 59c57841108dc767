"""The vectors of the last questions, so that one question is embedded once however often it is used."""

from __future__ import annotations

import threading
from collections import OrderedDict

from index.types import Embedder, TokenVectors


class QueryVectors:
    """Least recently used goes first. Thread-safe."""

    def __init__(self, embedder: Embedder, size: int = 64) -> None:
        self._embedder = embedder
        self._size = size
        self._lock = threading.Lock()
        self._vectors: OrderedDict[str, TokenVectors] = OrderedDict()

    def get(self, text: str) -> TokenVectors:
        """The question's vector and those of its tokens."""
        with self._lock:
            if text in self._vectors:
                self._vectors.move_to_end(text)
                return self._vectors[text]
        [found] = self._embedder.embed_query_tokens([text])
        with self._lock:
            self._vectors[text] = found
            if len(self._vectors) > self._size:
                self._vectors.popitem(last=False)
        return found
