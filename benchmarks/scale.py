"""How search grows: ``python -m benchmarks.scale SETS_FOLDER`` (``--help`` tells the rest).

Libraries of 1,000 to a million passages. Their texts are stretches of the documents of the public sets,
drawn at random; their vectors are those of these documents (the bundled model's), each moved by Gaussian
noise to a cosine of about 0.9, so that no two are equal and neighbourhoods look like real ones. They are
written straight into SQLite: what is measured is what comes after the embedding. Passages have no sentences
here, so late interaction is left out (54 kB a passage on the disk; its time doesn't grow, as it looks at
200 passages). Each size is measured in a process of its own.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from index.embed import open_embedder
from index.library import open_library
from index.store import FILE_NAME, Store, mark_change, set_model_identity
from index.types import Embedder, Leg, SearchRequest

RESULTS = Path(__file__).parent / "scale.md"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
_DOCUMENTS, _QUERIES = 3_000, 200
_NOISE = 0.48
CHUNK = 20_000
_LENGTH = 90
_LEGS: dict[str, tuple[tuple[Leg, float], ...]] = {
    "dense": (("dense", 1.0),),
    "lexical": (("lexical", 1.0),),
    "both": (("dense", 0.5), ("lexical", 0.5)),
}


def prepared(sets: Path, cache: Path, embedder: Embedder) -> dict[str, Any]:
    """Texts, their vectors, and questions, embedded once."""
    path = cache / "scale-base.npz"
    texts: list[str] = []
    queries: list[str] = []
    for folder in sorted(path.parent for path in sets.glob("*/corpus.jsonl")):
        texts += [json.loads(line)["text"] for line in (folder / "corpus.jsonl").open(encoding="utf-8")]
        queries += [json.loads(line)["text"] for line in (folder / "queries.jsonl").open(encoding="utf-8")]
    chosen = random.Random(0)
    texts = chosen.sample(texts, min(_DOCUMENTS, len(texts)))
    queries = chosen.sample(queries, _QUERIES)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, texts=embedder.embed_documents([text[:400] for text in texts]))
    return {"texts": texts, "queries": queries, "vectors": np.load(path)["texts"]}


def moved(base: NDArray[np.float32], first: int, count: int) -> NDArray[np.float32]:
    """Vectors ``first`` to ``first + count``, the same ones each time."""
    generator = np.random.default_rng(first + 1)
    chosen = base[(np.arange(first, first + count) * 7919) % len(base)]
    noise = generator.standard_normal(chosen.shape, np.float32) * (_NOISE / np.sqrt(base.shape[1]))
    vectors = chosen + noise
    found: NDArray[np.float32] = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return found


def pieces(count: int, texts: Sequence[str]) -> Iterator[str]:
    """Texts of ``count`` passages, the same ones each time."""
    chosen = random.Random(1)
    for number in range(count):
        text = texts[number * 7919 % len(texts)]
        start = chosen.randrange(max(1, len(text) - _LENGTH))
        yield text[start : start + _LENGTH]


def fill(folder: Path, size: int, material: dict[str, Any], embedder: Embedder) -> None:
    """A library of ``size`` passages, a thousand to a document."""
    Store(folder).close()
    texts = pieces(size, material["texts"])
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        for first in range(0, size, CHUNK):
            rows, documents = [], []
            vectors = moved(material["vectors"], first, min(CHUNK, size - first))
            for number in range(first, min(first + CHUNK, size)):
                if number % 1000 == 0:
                    documents.append((f"d{number // 1000}",))
                piece = next(texts)
                rows.append(
                    (number + 1, f"p{number}", f"d{number // 1000}", number % 1000, piece, len(piece))
                )
            connection.executemany(
                "INSERT INTO documents (id, text, sha256, title, source_name, media_type, digest, anchors,"
                " warnings) VALUES (?1, '', ?1, ?1, ?1, 'text/plain', 0, '[]', '[]')",
                documents,
            )
            connection.executemany(
                'INSERT INTO passages (number, id, document_id, article, ordinal, text, start, "end", title,'
                " heading) VALUES (?, ?, ?, 0, ?, ?, 0, ?, '', '[]')",
                rows,
            )
            connection.executemany(
                "INSERT INTO passage_vectors VALUES (?, ?)",
                [(row[0], vector.tobytes()) for row, vector in zip(rows, vectors, strict=True)],
            )
        set_model_identity(connection, embedder.identity)
        mark_change(connection)


def exact(material: dict[str, Any], size: int, queries: NDArray[np.float32]) -> list[set[str]]:
    """Ids of the ten nearest of each query, by a matrix product."""
    scores = np.full((len(queries), 0), 0, np.float32)
    numbers = np.zeros((len(queries), 0), np.int64)
    for first in range(0, size, CHUNK):
        count = min(CHUNK, size - first)
        scores = np.hstack([scores, queries @ moved(material["vectors"], first, count).T])
        numbers = np.hstack([numbers, np.tile(np.arange(first, first + count), (len(queries), 1))])
        order = np.argsort(-scores, axis=1)[:, :10]
        scores, numbers = np.take_along_axis(scores, order, 1), np.take_along_axis(numbers, order, 1)
    return [{f"p{number}" for number in row} for row in numbers]


def measure(size: int, sets: Path, cache: Path, folder: Path) -> dict[str, Any]:
    """One size, in this process."""
    embedder = open_embedder("bundled", cache)
    material = prepared(sets, cache, embedder)
    queries = material["queries"]
    vectors = embedder.embed_queries(queries)
    fill(folder, size, material, embedder)
    truth = exact(material, size, vectors)
    result: dict[str, Any] = {"size": size}
    started = time.perf_counter()
    with open_library(folder, embedder, notice=lambda text: None) as library:
        result["lexical_seconds"] = time.perf_counter() - started
        started = time.perf_counter()
        library.search(SearchRequest(queries[0], weights=_LEGS["dense"]))
        result["dense_seconds"] = time.perf_counter() - started
    started = time.perf_counter()
    with open_library(folder, embedder, notice=lambda text: None) as library:
        library.search(SearchRequest(queries[0], weights=_LEGS["both"]))
        result["open_seconds"] = time.perf_counter() - started
        shares = []
        for leg, weights in _LEGS.items():
            times = []
            for query, wanted in zip(queries, truth, strict=True):
                library.search(SearchRequest(query, weights=_LEGS["dense"], limit=1))  # the query is embedded
                begun = time.perf_counter()
                hits = library.search(SearchRequest(query, weights=weights, limit=10))
                times.append(1000 * (time.perf_counter() - begun))
                if leg == "dense":
                    shares.append(len(wanted & {hit.passage.id for hit in hits}) / 10)
            result[leg] = [float(np.percentile(times, p)) for p in (50, 95)]
        result["recall"] = float(np.mean(shares))
    result["disk"] = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    result["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return result


def report(results: list[dict[str, Any]]) -> str:
    """The table."""
    rows = "".join(
        f"| {r['size']:,} | {r['recall']:.3f} | {r['dense'][0]:.1f} / {r['dense'][1]:.1f} |"
        f" {r['lexical'][0]:.1f} / {r['lexical'][1]:.1f} | {r['both'][0]:.1f} / {r['both'][1]:.1f} |"
        f" {r['dense_seconds']:.1f} | {r['lexical_seconds']:.1f} | {r['open_seconds']:.1f} |"
        f" {r['peak'] / 2**20:,.0f} | {r['disk'] / 2**20:,.0f} |\n"
        for r in results
    )
    made = " ".join((__doc__ or "").split("\n\n")[1].split())
    return f"""# How search grows

`python -m benchmarks.scale SETS_FOLDER`, {datetime.date.today()}, 2 cores. Milliseconds are p50 / p95 of
{_QUERIES} questions, their embedding left out; seconds are to build from SQLite, and to open with what is
kept. Peak memory is of the whole process, the model in it.

{made}

| passages | recall@10 | vectors, ms | words, ms | both, ms | build vectors, s | build words, s | open, s |\
 peak MiB | disk MiB |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}"""


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("sets_folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--cache", type=Path, default=platformdirs.user_cache_path("jianbao"))
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    if options.one:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(measure(options.one, options.sets_folder, options.cache, Path(folder))))
        return 0
    results = []
    for size in options.sizes:
        command = [sys.executable, "-m", "benchmarks.scale", str(options.sets_folder), "--one", str(size)]
        done = subprocess.run(
            [*command, "--cache", str(options.cache)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.stderr.write(done.stderr)
            return 1
        results.append(json.loads(done.stdout.splitlines()[-1]))
        print(results[-1], file=sys.stderr, flush=True)
        options.output.write_text(report(results), encoding="utf-8")
    print(report(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
