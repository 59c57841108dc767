"""The embedding runtimes side by side: ``python -m benchmarks.runtimes`` (``--help`` tells the rest).

The same 1,000 passages (made from sentence patterns, a fixed seed) and 100 questions, the bundled model, each
runtime in a process of its own, one after the other, round by round; of the rounds the best time counts.
Vectors of texts and of their tokens are compared with those of sentence-transformers in float32.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import platformdirs
import psutil
from numpy.typing import NDArray

from benchmarks.ingest import PLACES, ROOT, WHO, WORK, processor, write_folder
from corpus.load import Loader
from corpus.places import load_gazetteer
from corpus.types import ParsedDocument
from index.embed import open_embedder
from index.engine import best_precision
from index.inputs import passage_input
from index.model import locate_model
from index.openvino import ov
from index.openvino_embedder import OpenVinoEmbedder
from index.runtime import ensure_runtime
from index.types import Embedder, Vectors

RESULTS = Path(__file__).parent / "runtimes.md"
REFERENCE = "sentence-transformers, float32"
NEAREST = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """One process: seconds from its start to the first question's vector; passages a second, token vectors
    with them, when warm; milliseconds of a question (median, 95th percentile); peak memory in MiB."""

    cold: float
    passages: float
    query: float
    slow_query: float
    memory: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """With the reference: the lowest cosine of a passage and the mean, the lowest of a token and the mean,
    and the share of each question's nearest passages that are the same."""

    lowest: float
    mean: float
    lowest_token: float
    mean_token: float
    overlap: float


def _exact_torch(cache: Path) -> Embedder:
    from index.torch_embedder import SentenceTransformerEmbedder, load_encoder  # noqa: PLC0415 — torch

    location = locate_model("bundled", cache)
    encoder = load_encoder(location.folder, is_exact=True)
    return SentenceTransformerEmbedder(location.folder, location.identity, encoder=encoder)


def _exact_openvino(cache: Path) -> Embedder:
    location = locate_model("bundled", cache)
    return OpenVinoEmbedder(ensure_runtime(location, cache), location.identity, is_exact=True)


RUNTIMES: dict[str, Callable[[Path], Embedder]] = {
    REFERENCE: _exact_torch,
    "sentence-transformers, as used": lambda cache: open_embedder("bundled", cache, runtime="torch"),
    "OpenVINO, float32": _exact_openvino,
    "OpenVINO, as used": lambda cache: open_embedder("bundled", cache, runtime="openvino"),
}


def made_texts(count: int) -> tuple[list[str], list[str]]:
    """``count`` passages as the model reads them, and 100 questions; the same ones each time."""
    with tempfile.TemporaryDirectory() as name:
        write_folder(Path(name), 1 + count // 4)
        files = sorted(Path(name).iterdir())
        parsed = [
            found for found in Loader(load_gazetteer()).load(files) if isinstance(found, ParsedDocument)
        ]
    passages = [passage_input(passage) for document in parsed for passage in document.passages]
    random_ = random.Random(20250301)
    questions = [
        f"{random_.choice(PLACES)}的{random_.choice(WORK)}怎样服务{random_.choice(WHO)}" for _ in range(100)
    ]
    return passages[:count], questions


def measure(runtime: str, cache: Path, passages: list[str], questions: list[str], target: Path) -> Figures:
    """Run in this process; vectors go to the folder ``target``."""
    embedder = RUNTIMES[runtime](cache)
    embedder.embed_queries(["预热"])
    cold = time.time() - psutil.Process().create_time()
    embedder.embed_document_tokens(passages[:8])
    begin = time.perf_counter()
    found = embedder.embed_document_tokens(passages)
    speed = len(passages) / (time.perf_counter() - begin)
    seconds, vectors = [], []
    for question in questions:
        begin = time.perf_counter()
        vectors.append(embedder.embed_queries([question])[0])
        seconds.append(time.perf_counter() - begin)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    np.save(target / "questions.npy", np.array(vectors))
    np.save(target / "passages.npy", np.array([tokens.text_vector for tokens in found]))
    np.save(target / "tokens.npy", np.concatenate([tokens.vectors for tokens in found]))
    median, slow = (1000 * float(np.quantile(seconds, share)) for share in (0.5, 0.95))
    return Figures(cold, speed, median, slow, memory)


def agreement(reference: Path, other: Path) -> Agreement:
    """Of the vectors that two runtimes left in these folders."""
    texts = _cosines(_vectors(reference, "passages"), _vectors(other, "passages"))
    tokens = _cosines(_vectors(reference, "tokens"), _vectors(other, "tokens"))
    pairs = zip(_nearest(reference), _nearest(other), strict=True)
    overlap = np.mean([len(set(one) & set(two)) / len(one) for one, two in pairs])
    return Agreement(
        float(texts.min()), float(texts.mean()), float(tokens.min()), float(tokens.mean()), float(overlap)
    )


def best(rounds: Sequence[Figures]) -> Figures:
    """What the machine can do when nobody else uses it."""
    return Figures(
        cold=min(figures.cold for figures in rounds),
        passages=max(figures.passages for figures in rounds),
        query=min(figures.query for figures in rounds),
        slow_query=min(figures.slow_query for figures in rounds),
        memory=min(figures.memory for figures in rounds),
    )


def describe(count: int, rounds: int, figures: dict[str, Figures], agreements: dict[str, Agreement]) -> str:
    """The results as Markdown."""
    lines = [
        f"| {name} | {one.passages:.0f} | {one.query:.1f}, {one.slow_query:.1f} | {one.cold:.1f} "
        f"| {one.memory:.0f} |"
        for name, one in figures.items()
    ]
    equal = [
        f"| {name} | {one.lowest:.6f}, {one.mean:.6f} | {one.lowest_token:.5f}, {one.mean_token:.6f} "
        f"| {one.overlap:.3f} |"
        for name, one in agreements.items()
    ]
    return f"""# Embedding {count} passages

`python -m benchmarks.runtimes --passages {count} --rounds {rounds}`, {datetime.date.today()}, {processor()}.

The best of {rounds} rounds, each runtime in a process of its own. Passages come with the vectors of their
tokens, as they are stored. Cold start is from the process's start to the first question's vector. "As used"
is bfloat16 where the processor multiplies it; elsewhere it is float32, and isn't measured twice.

| | passages a second | question: median, 95% (ms) | cold start (s) | peak memory (MiB) |
|---|---|---|---|---|
{chr(10).join(lines)}

Against {REFERENCE}:

| | cosine of passages: lowest, mean | of tokens: lowest, mean | same among the nearest {NEAREST} |
|---|---|---|---|
{chr(10).join(equal)}
"""


def _vectors(folder: Path, name: str) -> Vectors:
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"), np.float32)


def _cosines(one: Vectors, other: Vectors) -> NDArray[np.float32]:
    """Of rows of length 1, (rows,). Raises ValueError where they aren't as many."""
    if one.shape != other.shape:
        raise ValueError(f"vectors of shape {one.shape} can't be compared with {other.shape}")
    return np.asarray((one * other).sum(axis=1), np.float32)


def _nearest(folder: Path) -> NDArray[np.intp]:
    """(questions, NEAREST): numbers of passages."""
    scores = _vectors(folder, "questions") @ _vectors(folder, "passages").T
    return np.argsort(-scores, axis=1, kind="stable")[:, :NEAREST]


def _measured_apart(runtime: str, cache: Path, texts: Path, target: Path) -> Figures:
    target.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "benchmarks.runtimes", "--cache", str(cache)]
    command += ["--one", runtime, "--texts", str(texts), "--target", str(target)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return Figures(**json.loads(done.stdout))


def main(arguments: list[str] | None = None) -> int:
    """Measure and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.runtimes", description=__doc__)
    parser.add_argument("--passages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cache", type=Path, default=platformdirs.user_cache_path("jianbao"))
    parser.add_argument("--output", type=Path, default=RESULTS)
    parser.add_argument("--one", choices=RUNTIMES, help="measure only this, in this process")
    parser.add_argument("--texts", type=Path, help="for --one: the texts, JSON")
    parser.add_argument("--target", type=Path, help="for --one: folder for the vectors")
    options = parser.parse_args(arguments)
    if options.one:
        passages, questions = json.loads(options.texts.read_text("utf-8"))
        print(json.dumps(asdict(measure(options.one, options.cache, passages, questions, options.target))))
        return 0
    ensure_runtime(locate_model("bundled", options.cache), options.cache)
    compared = [name for name in RUNTIMES if "float32" in name or best_precision(ov.Core()) == "bf16"]
    with tempfile.TemporaryDirectory() as name:
        texts = Path(name) / "texts.json"
        texts.write_text(json.dumps(made_texts(options.passages)), "utf-8")
        folders = {runtime: Path(name) / str(number) for number, runtime in enumerate(compared)}
        rounds = [
            {
                runtime: _measured_apart(runtime, options.cache, texts, folders[runtime])
                for runtime in compared
            }
            for _ in range(options.rounds)
        ]
        figures = {runtime: best([one[runtime] for one in rounds]) for runtime in compared}
        agreements = {
            runtime: agreement(folders[REFERENCE], folder)
            for runtime, folder in folders.items()
            if runtime != REFERENCE
        }
    text = describe(options.passages, options.rounds, figures, agreements)
    options.output.write_text(text, "utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
