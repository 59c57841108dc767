"""What each peer is put through, in its own process and virtual environment.

``python driver.py PEER build|cold MODEL MATERIAL FOLDER``: ``build`` puts the passages in, keeps them in
FOLDER and asks the questions; ``cold`` opens FOLDER and asks one. Prints one JSON line. Needs only the
standard library and the peer.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from pathlib import Path


def main() -> None:
    name, act, model, material, folder = sys.argv[1:]
    sys.path.insert(0, str(Path(__file__).parent))
    content = json.loads(Path(material).read_text(encoding="utf-8"))
    peer = importlib.import_module(name).Peer(model)
    if act == "cold":
        peer.open(folder)
        print(json.dumps({"found": peer.search(content["queries"][0])}))
        return
    peer.build(content["passages"][:8], f"{folder}-warm")  # imports and weights are loaded
    started = time.perf_counter()
    peer.build(content["passages"], folder)
    seconds = time.perf_counter() - started
    times, found = [], []
    for query in content["queries"][:5]:
        peer.search(query)
    for query in content["queries"]:
        begun = time.perf_counter()
        found.append(peer.search(query))
        times.append(1000 * (time.perf_counter() - begun))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"ingest_seconds": seconds, "times": times, "found": found, "peak": peak}))


main()
