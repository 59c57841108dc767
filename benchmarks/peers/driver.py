"""What each peer is put through, in its own process and virtual environment.

``python driver.py PEER ACT MODEL MATERIAL FOLDER``. ``build`` puts the passages in, keeps them in FOLDER and
asks the questions; ``query`` opens FOLDER and asks them, ``cold`` opens it and asks one. ``fill`` and ``ask``
put in and ask with vectors that are given (MATERIAL is a folder then). Prints one JSON line.
Needs only the standard library, numpy and the peer.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np


def main() -> None:
    name, act, model, material, folder = sys.argv[1:]
    sys.path.insert(0, str(Path(__file__).parent))
    peer = importlib.import_module(name).Peer(model)
    acts = {"build": build, "query": query, "cold": cold, "fill": fill, "ask": ask}
    print(json.dumps(acts[act](peer, Path(material), folder)))


def build(peer: Any, material: Path, folder: str) -> dict[str, Any]:
    content = json.loads(material.read_text(encoding="utf-8"))
    peer.build(content["passages"][:8], f"{folder}-warm")  # imports and weights are loaded
    started = time.perf_counter()
    peer.build(content["passages"], folder)
    seconds = time.perf_counter() - started
    _, found = timed(peer.search, content["queries"])
    return {"ingest_seconds": seconds, "found": found, "peak": peak()}


def query(peer: Any, material: Path, folder: str) -> dict[str, Any]:
    content = json.loads(material.read_text(encoding="utf-8"))
    peer.open(folder)
    for text in content["queries"][:5]:
        peer.search(text)
    times, _ = timed(peer.search, content["queries"])
    return {"times": times}


def cold(peer: Any, material: Path, folder: str) -> dict[str, Any]:
    content = json.loads(material.read_text(encoding="utf-8"))
    peer.open(folder)
    return {"found": peer.search(content["queries"][0])}


def fill(peer: Any, material: Path, folder: str) -> dict[str, Any]:
    texts = (material / "texts.txt").read_text(encoding="utf-8").splitlines()
    vectors = np.load(material / "vectors.npy")
    started = time.perf_counter()
    peer.build_given(texts, vectors, folder)
    return {"seconds": time.perf_counter() - started}


def ask(peer: Any, material: Path, folder: str) -> dict[str, Any]:
    queries = np.load(material / "queries.npy")
    started = time.perf_counter()
    peer.open(folder)
    seconds = time.perf_counter() - started
    for query in queries[:5]:
        peer.search_given(query)
    times, found = timed(peer.search_given, queries)
    return {"open_seconds": seconds, "times": times, "found": found, "peak": peak()}


def timed(search: Any, queries: Any) -> tuple[list[float], list[list[int]]]:
    """Milliseconds of each question, and what it found."""
    times, found = [], []
    for query in queries:
        begun = time.perf_counter()
        found.append(search(query))
        times.append(1000 * (time.perf_counter() - begun))
    return times, found


def peak() -> float:
    """MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
