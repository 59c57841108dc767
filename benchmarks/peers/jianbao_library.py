"""Jianbao's library. It does more: every sentence is embedded too, with its tokens, words are indexed, and
each document is on the disk when it is told; ``search`` asks vectors alone, as the peers do."""

from __future__ import annotations

import hashlib
from pathlib import Path

import platformdirs

from corpus.types import Article, Document, ParsedDocument, Passage
from index.embed import open_embedder
from index.library import open_library
from index.types import SearchRequest

_TO_A_DOCUMENT = 50


class Peer:
    def __init__(self, model: str) -> None:
        self._embedder = open_embedder("bundled", platformdirs.user_cache_path("jianbao"))

    def build(self, passages: list[str], folder: str) -> None:
        self._library = open_library(Path(folder), self._embedder, notice=lambda text: None)
        self._library.add(
            [
                _document(first, passages[first : first + _TO_A_DOCUMENT])
                for first in range(0, len(passages), _TO_A_DOCUMENT)
            ]
        )
        self.search("预热")

    def open(self, folder: str) -> None:
        self._library = open_library(Path(folder), self._embedder, notice=lambda text: None)

    def search(self, query: str) -> list[int]:
        hits = self._library.search(SearchRequest(query, limit=10, weights=(("dense", 1.0),)))
        return [int(hit.passage.id[1:]) for hit in hits]


def _document(first: int, texts: list[str]) -> ParsedDocument:
    text, passages = "", []
    for number, one in enumerate(texts):
        start = len(text)
        text += one + "\n"
        passages.append(
            Passage(
                f"p{first + number}", f"d{first}", 0, number, one, start, start + len(one), "", None, (), None
            )
        )
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = Document(f"d{first}", text, digest, "", f"{first}.txt", "text/plain")
    return ParsedDocument(document, (Article(f"d{first}", 0, "", 0, len(text)),), tuple(passages))
