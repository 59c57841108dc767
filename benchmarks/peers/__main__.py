"""Jianbao beside its peers: ``python -m benchmarks.peers SETS_FOLDER`` (``--help`` tells the rest).

The same model (the bundled one, as a sentence-transformers folder), the same passages and questions, one
after the other on the same machine in one run; each peer in a virtual environment of its own, made if it
isn't there. Ratios are what counts, not seconds.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from index.bundled import ensure_bundled_model

RESULTS = Path(__file__).parent.parent / "peers.md"
HERE = Path(__file__).parent
_COMMON = [
    f"torch=={version('torch').partition('+')[0]}",
    f"sentence-transformers=={version('sentence-transformers')}",
]
PEERS: dict[str, tuple[str, list[str]]] = {
    "langchain": ("langchain_faiss", ["langchain-community", "langchain-huggingface", "faiss-cpu"]),
    "llamaindex": (
        "llama_index_faiss",
        [
            "llama-index-core",
            "llama-index-embeddings-huggingface",
            "llama-index-vector-stores-faiss",
            "faiss-cpu",
        ],
    ),
    "txtai": ("txtai_embeddings", ["txtai"]),
    "haystack": ("haystack_memory", ["haystack-ai", "sentence-transformers-haystack"]),
}
_SHORTEST = 0.6
"""Of the longest: shorter pieces of the sets' texts are left out."""


def material(sets: Path, passages: int, queries: int, longest: int) -> dict[str, list[str]]:
    """Passages of up to ``longest`` characters, pieces of the public sets' texts, and questions; the same
    ones each time."""
    texts, asked = [], []
    for folder in sorted(path.parent for path in sets.glob("*/corpus.jsonl")):
        texts += [json.loads(line)["text"] for line in (folder / "corpus.jsonl").open(encoding="utf-8")]
        asked += [json.loads(line)["text"] for line in (folder / "queries.jsonl").open(encoding="utf-8")]
    choose = random.Random(0)
    whole = [" ".join(text.split()) for text in dict.fromkeys(texts)]
    cut = [text[at : at + longest] for text in whole for at in range(0, len(text), longest)]
    long = [piece for piece in cut if len(piece) >= _SHORTEST * longest]
    return {"passages": choose.sample(long, passages), "queries": choose.sample(asked, queries)}


def python_of(name: str, venvs: Path) -> Path:
    """The interpreter of a peer's environment, which is made first where there is none."""
    python = venvs / name / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venvs / name)], check=True)
        install = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*install, *_COMMON, *PEERS[name][1]], check=True)
    return python


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that is measured: jianbao or a peer, and where it keeps its library."""

    name: str
    python: Path
    module: str
    folder: Path


def run(contender: Contender, act: str, model: Path, content: Path) -> dict[str, Any]:
    """What `driver` prints. Raises RuntimeError where it fails."""
    command = [str(contender.python), str(HERE / "driver.py"), contender.module, act]
    root = str(HERE.parent.parent) if contender.name == "jianbao" else ""
    done = subprocess.run(
        [*command, str(model), str(content), str(contender.folder)],
        env=os.environ | {"HF_HUB_OFFLINE": "1", "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{contender.module} {act}: {done.stderr[-1500:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(
    contenders: Sequence[Contender], model: Path, content: Path, turns: int
) -> dict[str, dict[str, Any]]:
    """Each puts the passages in; then they take turns at asking, so that a slow minute of the machine is
    everybody's. Of several turns the best counts."""
    results: dict[str, dict[str, Any]] = {}
    for contender in contenders:
        try:
            results[contender.name] = run(contender, "build", model, content) | {"times": [], "cold": []}
        except RuntimeError as error:
            print(error, file=sys.stderr)
    for _ in range(turns):
        for contender in contenders:
            if contender.name in results:
                result = results[contender.name]
                result["times"].append(run(contender, "query", model, content)["times"])
                begun = time.perf_counter()
                run(contender, "cold", model, content)
                result["cold"].append(time.perf_counter() - begun)
    return results


def report(results: dict[str, dict[str, Any]], passages: int, longest: int, turns: int, command: str) -> str:
    """The table; each figure beside the best peer's."""
    peers = {name: result for name, result in results.items() if name != "jianbao"}

    def figures(result: dict[str, Any]) -> dict[str, float]:
        p50, p95 = np.percentile(result["times"], [50, 95], axis=1).min(axis=1)
        return {
            "ingest": passages / result["ingest_seconds"],
            "p50": float(p50),
            "p95": float(p95),
            "cold": min(result["cold"]),
            "peak": result["peak"],
        }

    all_figures = {name: figures(result) for name, result in results.items()}
    best = {
        key: (max if key == "ingest" else min)((all_figures[name][key] for name in peers), default=1.0)
        for key in ("ingest", "p50", "p95", "cold", "peak")
    }
    rows = "".join(
        f"| {name} | {f['ingest']:.1f} | {f['p50']:.1f} | {f['p95']:.1f} | {f['cold']:.2f} |"
        f" {f['peak']:,.0f} |\n"
        for name, f in all_figures.items()
    )
    ratios = " | ".join(f"{all_figures['jianbao'][key] / best[key]:.2f} ×" for key in best) if peers else ""
    reference = results["jianbao"]["found"]

    def agrees(found: list[list[int]]) -> float:
        pairs = zip(found, reference, strict=True)
        return float(np.mean([len(set(one) & set(other)) / 10 for one, other in pairs]))

    agreement = "".join(f"- {name}: {agrees(result['found']):.3f}\n" for name, result in peers.items())
    return f"""# Beside its peers

`{command}`, {datetime.date.today()}, 2 cores, load average at the end {os.getloadavg()[0]:.1f}.

{passages:,} passages of up to {longest} characters of the public sets, {len(reference)} questions, top 10 by
vectors alone. The model is multilingual-e5-small in each. Jianbao's ingest embeds each sentence beside each
passage, keeps the vectors of all tokens, indexes the words, and has each document on the disk before it is
told; the peers embed the passages and write the index once at the end. Then they take turns, {turns} each,
and the best counts: all questions in a new process, and a cold start, which is a new process that opens the
index and answers one.

| | passages/s | query p50, ms | p95, ms | cold start, s | peak MiB |
| --- | ---: | ---: | ---: | ---: | ---: |
{rows}| **jianbao to the best peer** | {ratios} |

How many of jianbao's ten each finds too:

{agreement}"""


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("sets_folder", type=Path)
    parser.add_argument("--passages", type=int, default=1000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--longest", type=int, default=520, help="characters of a passage")
    parser.add_argument("--turns", type=int, default=3, help="at asking; the best counts")
    parser.add_argument("--peers", nargs="*", default=list(PEERS))
    parser.add_argument("--venvs", type=Path, default=platformdirs.user_cache_path("jianbao") / "peers")
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    model = ensure_bundled_model(platformdirs.user_cache_path("jianbao"))
    with tempfile.TemporaryDirectory() as name:
        content = Path(name) / "material.json"
        given = material(options.sets_folder, options.passages, options.queries, options.longest)
        content.write_text(json.dumps(given), encoding="utf-8")
        pythons = {peer: python_of(peer, options.venvs) for peer in options.peers}
        contenders = [Contender("jianbao", Path(sys.executable), "jianbao_library", Path(name) / "jianbao")]
        contenders += [
            Contender(peer, python, PEERS[peer][0], Path(name) / peer) for peer, python in pythons.items()
        ]
        results = measure(contenders, model, content, options.turns)
    asked_for = f"--passages {options.passages} --queries {options.queries} --longest {options.longest}"
    asked_for += f" --turns {options.turns}"
    command = f"python -m benchmarks.peers SETS_FOLDER {asked_for}"
    text = report(results, options.passages, options.longest, options.turns, command)
    options.output.write_text(text, encoding="utf-8")
    print(text)
    return 0 if len(results) == len(options.peers) + 1 else 1


if __name__ == "__main__":
    sys.exit(main())
