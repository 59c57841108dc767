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
                document(first, passages[first : first + _TO_A_DOCUMENT])
                for first in range(0, len(passages), _TO_A_DOCUMENT)
            ]
        )
        self.search("预热")

    def open(self, folder: str) -> None:
        self._library = open_library(Path(folder), self._embedder, notice=lambda text: None)

    def search(self, query: str) -> list[int]:
        hits = self._library.search(SearchRequest(query, limit=10, weights=(("dense", 1.0),)))
        return [int(hit.passage.id[1:]) for hit in hits]


def document(first: int, texts: list[str]) -> ParsedDocument:
    """One document of these passages, numbered from ``first``."""
    whole, passages, start = "".join(f"{text}\n" for text in texts), [], 0
    for number, text in enumerate(texts):
        end = start + len(text)
        passages.append(
            Passage(f"p{first + number}", f"d{first}", 0, number, text, start, end, "", None, (), None)
        )
        start = end + 1
    digest = hashlib.sha256(whole.encode()).hexdigest()
    found = Document(f"d{first}", whole, digest, "", f"{first}.txt", "text/plain")
    return ParsedDocument(found, (Article(f"d{first}", 0, "", 0, len(whole)),), tuple(passages))
