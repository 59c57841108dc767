"""Jianbao with given vectors, for `benchmarks.peers.growth`: ``python -m benchmarks.peers.jianbao_given
fill|ask MODEL MATERIAL FOLDER``, as driver.py has it for the peers."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from benchmarks.peers.driver import peak, timed
from benchmarks.peers.jianbao_library import document
from index.embed import open_embedder
from index.library import open_library
from index.types import ModelIdentity, SearchRequest, TokenVectors, Vectors

_TO_A_DOCUMENT = 1000


class Given:
    """An Embedder that gives each known text the vector it came with and any other (a sentence) the first of
    them, without tokens."""

    identity = ModelIdentity("given", "0" * 64, 384, "", "")

    def __init__(self, texts: Sequence[str], vectors: Vectors) -> None:
        self._vectors = dict(zip(texts, vectors, strict=True))
        self._first = vectors[0]
        self._no_tokens = np.zeros((0, self.identity.dimension), np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return np.array([self._vectors.get(text, self._first) for text in texts], np.float32)

    def embed_query_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [TokenVectors(vector, self._no_tokens, ()) for vector in self.embed_queries(texts)]

    embed_documents = embed_queries
    embed_document_tokens = embed_query_tokens


def fill(material: Path, folder: Path) -> dict[str, Any]:
    """As ``jianbao add`` does, a document to a transaction."""
    texts = (material / "texts.txt").read_text(encoding="utf-8").splitlines()
    embedder = Given(texts, np.load(material / "vectors.npy"))
    started = time.perf_counter()
    with open_library(folder, embedder, notice=lambda text: None) as library:
        library.add(
            document(first, texts[first : first + _TO_A_DOCUMENT])
            for first in range(0, len(texts), _TO_A_DOCUMENT)
        )
        library.search(SearchRequest(texts[0], limit=10, weights=(("dense", 1.0),)))
    return {"seconds": time.perf_counter() - started}


def ask(material: Path, folder: Path) -> dict[str, Any]:
    """In a process that has the model loaded, as those of the peers have, though its vectors are given."""
    model = open_embedder("bundled", platformdirs.user_cache_path("jianbao"))
    model.embed_queries(["预热"])
    vectors = np.load(material / "queries.npy")
    names = [f"第{number}问" for number in range(len(vectors))]
    started = time.perf_counter()
    with open_library(folder, Given(names, vectors), notice=lambda text: None) as library:

        def search(query: str) -> list[int]:
            hits = library.search(SearchRequest(query, limit=10, weights=(("dense", 1.0),)))
            return [int(hit.passage.id[1:]) for hit in hits]

        seconds = time.perf_counter() - started
        for name in names[:5]:
            search(name)
        times, found = timed(search, names)
    return {"open_seconds": seconds, "times": times, "found": found, "peak": peak()}


if __name__ == "__main__":
    act, _, place, kept = sys.argv[1:]
    print(json.dumps({"fill": fill, "ask": ask}[act](Path(place), Path(kept))))
