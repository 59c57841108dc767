"""The vectors of the last questions, so that one question is embedded once however often it is used."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

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
        self._keep([text], [found])
        return found

    def prepare(self, texts: Sequence[str]) -> None:
        """Embed those of ``texts`` that aren't kept, together: it takes half the time of one by one."""
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._vectors][: self._size]
        if missing:
            self._keep(missing, self._embedder.embed_query_tokens(missing))

    def _keep(self, texts: Sequence[str], found: Sequence[TokenVectors]) -> None:
        with self._lock:
            self._vectors.update(zip(texts, found, strict=True))
            while len(self._vectors) > self._size:
                self._vectors.popitem(last=False)
