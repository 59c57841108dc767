"""How Jianbao grows beside its peers: ``python -m benchmarks.peers.growth SETS_FOLDER`` (see ``--help``).

Libraries of 1,000 to a million passages with the texts and vectors of `benchmarks.scale`, the embedding left
out on all sides: each gets passages and vectors, keeps them, and is asked with vectors in a new process. A
step that takes more than ``--limit`` seconds or ``--memory`` GiB is given up and told, and one that would
take longer at the rate of the size before isn't begun.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from benchmarks import scale
from benchmarks.peers.__main__ import HERE, PEERS, python_of
from index.bundled import ensure_bundled_model
from index.embed import open_embedder

RESULTS = Path(__file__).parent.parent / "peers_growth.md"
_JIANBAO = "jianbao"
_QUERIES = 100
_ENOUGH = 0.97
"""What doesn't find so many of the ten nearest is quick for another reason."""


def write_material(size: int, sets: Path, cache: Path, folder: Path) -> list[set[int]]:
    """Texts a line each, vectors and questions, for the peers' processes; returns the ten nearest of each
    question, by a matrix product."""
    embedder = open_embedder("bundled", cache)
    material = scale.prepared(sets, cache, embedder)
    queries = embedder.embed_queries(material["queries"][:_QUERIES])
    with (folder / "texts.txt").open("w", encoding="utf-8") as file:
        for number, text in enumerate(scale.pieces(size, material["texts"])):
            file.write(f"{number} {' '.join(text.split())}\n")  # no two are equal
    parts = [
        scale.moved(material["vectors"], first, min(scale.CHUNK, size - first))
        for first in range(0, size, scale.CHUNK)
    ]
    np.save(folder / "vectors.npy", np.concatenate(parts))
    np.save(folder / "queries.npy", queries)
    return [{int(name[1:]) for name in names} for names in scale.exact(material, size, queries)]


def step(command: list[str], limit: float, memory: int) -> dict[str, Any]:
    """What the process prints, or ``{"failed": why}``."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))

    env = os.environ | {"HF_HUB_OFFLINE": "1"}
    try:
        done = subprocess.run(
            command,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=limit,
            preexec_fn=bounded,
        )
    except subprocess.TimeoutExpired:
        return {"failed": f"over {limit:.0f} s"}
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        print(done.stderr[-1500:], file=sys.stderr)
        is_memory = done.returncode < 0 or "MemoryError" in last or "bad_alloc" in last
        return {"failed": f"over {memory / 2**30:.0f} GiB" if is_memory else last[:60]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure_peer(run: Callable[[str], dict[str, Any]], size: int, nearest: list[set[int]]) -> dict[str, Any]:
    """One peer at one size: ``run`` takes "fill" and "ask"."""
    filled = run("fill")
    if "failed" in filled:
        return {"size": size, "failed": f"filling: {filled['failed']}"}
    asked = run("ask")
    if "failed" in asked:
        return {"size": size, "rate": size / filled["seconds"], "failed": f"asking: {asked['failed']}"}
    p50, p95 = np.percentile(asked["times"], [50, 95])
    pairs = zip(asked["found"], nearest, strict=True)
    return {
        "size": size,
        "rate": size / filled["seconds"],
        "open": asked["open_seconds"],
        "p50": float(p50),
        "p95": float(p95),
        "peak": asked["peak"],
        "recall": float(np.mean([len(set(found) & wanted) / 10 for found, wanted in pairs])),
    }


def row(name: str, one: dict[str, Any]) -> str:
    """Of the table."""
    rate = f"{one['rate']:,.0f}" if "rate" in one else "–"
    if "failed" in one:
        return f"| {one['size']:,} | {name} | {rate} | {one['failed']} | | | | |"
    return (
        f"| {one['size']:,} | {name} | {rate} | {one['open']:.1f} | {one['p50']:.1f} | {one['p95']:.1f} "
        f"| {one['peak']:,.0f} | {one['recall']:.3f} |"
    )


def report(results: list[tuple[str, dict[str, Any]]], command: str, limit: float, memory: float) -> str:
    """The table, and below it Jianbao beside the best peer of each size."""
    rows = "\n".join(row(name, one) for name, one in results)
    ratios = []
    for size in dict.fromkeys(one["size"] for _, one in results):
        rated = [(name, one) for name, one in results if one["size"] == size and "p50" in one]
        own = [one for name, one in rated if name == _JIANBAO]
        peers = [one for name, one in rated if name != _JIANBAO and one["recall"] >= _ENOUGH]
        if own and peers:
            shares = " | ".join(
                f"{own[0][key] / min(one[key] for one in peers):.2f} ×"
                for key in ("open", "p50", "p95", "peak")
            )
            ratios.append(f"| {size:,} | {shares} |")
    said = " ".join((__doc__ or "").split("\n\n")[1].split())
    below = "\n".join(ratios)
    return f"""# How it grows, beside its peers

`{command}`, {datetime.date.today()}, 2 cores, load average at the end {os.getloadavg()[0]:.1f}.

{said} Here that was {limit:.0f} s and {memory:.0f} GiB.
{_QUERIES} questions. Jianbao puts passages in a document of 1,000 to a transaction, indexes their words
too, and answers from the disk's newest state (each question reads passages from SQLite); it reads vectors at
the first question, not when it is opened (`scale.md` counts that). The peers hold texts and vectors in memory
and write them once, LlamaIndex and Haystack as lists of numbers. txtai holds no texts, and neither it nor
Haystack loads a model here, as the others do. Recall is of the ten nearest by an exact search.

| passages | | passages/s | open, s | query p50, ms | p95, ms | peak MiB | recall@10 |
| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}

Jianbao to the best of the peers that find {_ENOUGH:.0%} (below 1 is better):

| passages | open | query p50 | p95 | peak |
| ---: | ---: | ---: | ---: | ---: |
{below}
"""


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers.growth", description=__doc__)
    parser.add_argument("sets_folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=scale.SIZES)
    parser.add_argument("--peers", nargs="*", default=list(PEERS))
    parser.add_argument("--venvs", type=Path, default=platformdirs.user_cache_path("jianbao") / "peers")
    parser.add_argument("--limit", type=float, default=150, help="seconds")
    parser.add_argument("--memory", type=float, default=12, help="GiB")
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    cache = platformdirs.user_cache_path("jianbao")
    model = ensure_bundled_model(cache)
    pythons = {_JIANBAO: Path(sys.executable)}
    pythons |= {peer: python_of(peer, options.venvs) for peer in options.peers}
    results: list[tuple[str, dict[str, Any]]] = []
    rates: dict[str, float] = {}
    command = "python -m benchmarks.peers.growth SETS_FOLDER"
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as name:
            nearest = write_material(size, options.sets_folder, cache, Path(name))
            for peer, python in pythons.items():
                base = (
                    [str(python), "-m", "benchmarks.peers.jianbao_given"]
                    if peer == _JIANBAO
                    else [str(python), str(HERE / "driver.py"), PEERS[peer][0]]
                )

                def run(act: str, base: list[str] = base, place: str = f"{name}/{peer}") -> dict[str, Any]:
                    return step(
                        [*base, act, str(model), name, place], options.limit, int(options.memory * 2**30)
                    )

                if size > options.limit * rates.get(peer, math.inf):
                    found = {"size": size, "failed": f"filling: over {options.limit:.0f} s at the rate above"}
                else:
                    found = measure_peer(run, size, nearest)
                rates[peer] = found.get("rate", math.inf)
                results.append((peer, found))
                print(results[-1], file=sys.stderr, flush=True)
                text = report(results, command, options.limit, options.memory)
                options.output.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
