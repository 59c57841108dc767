"""What the machine could do at best, beside what is done: ``python -m benchmarks.floor``.

For embedding the floor is the matrix products of the model alone, at the speed that OpenVINO multiplies
matrices of the model's shapes here; for one question, reading the model's weights once; for exact search,
reading the vectors once. Softmax, normalisation, padding, pooling and tokenizing come on top.
"""

from __future__ import annotations

import argparse
import datetime
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from benchmarks.ingest import processor
from benchmarks.runtimes import made_texts
from index.dense import DenseIndex
from index.embed import open_embedder
from index.engine import Precision, best_precision
from index.model import locate_model
from index.openvino import ops, ov

RESULTS = Path(__file__).parent / "floor.md"
_TOKENS, _PRODUCTS = 1024, 24
_ROUNDS = 5
_VECTORS = 100_000


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a BERT: layers, hidden and intermediate width."""

    layers: int
    hidden: int
    intermediate: int

    @property
    def weights(self) -> int:
        """In the matrices that every token is multiplied with."""
        return self.layers * (4 * self.hidden**2 + 2 * self.hidden * self.intermediate)

    def operations(self, tokens: int) -> int:
        """Multiplications and additions of a text of so many tokens, attention among them."""
        return 2 * tokens * self.weights + 4 * self.layers * tokens**2 * self.hidden


def best_seconds(run: Callable[[], object]) -> float:
    """Of a few rounds: what the machine does when nobody else uses it."""
    seconds = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - begun)
    return min(seconds)


def multiplications(core: ov.Core, precision: Precision, shape: Shape) -> float:
    """Operations a second of chained products of the feed-forward layers' shapes, all threads at work."""
    random = np.random.default_rng(0)
    up = random.standard_normal((shape.hidden, shape.intermediate), np.float32) / 20
    down = random.standard_normal((shape.intermediate, shape.hidden), np.float32) / 40
    given = ops.parameter([_TOKENS, shape.hidden], np.float32)
    node = given.output(0)
    for number in range(_PRODUCTS):
        node = ops.matmul(node, ops.constant(up if number % 2 == 0 else down), False, False).output(0)
    settings = {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_PRECISION_HINT": precision}
    queue = ov.AsyncInferQueue(core.compile_model(ov.Model([node], [given]), "CPU", settings), 0)
    tokens = random.standard_normal((_TOKENS, shape.hidden), np.float32)

    def run() -> None:
        for _ in range(2 * len(queue)):
            queue.start_async({0: tokens})
        queue.wait_all()

    run()
    operations = 2 * len(queue) * _PRODUCTS * 2 * _TOKENS * shape.hidden * shape.intermediate
    return operations / best_seconds(run)


def bytes_a_second(size: int) -> float:
    """Of memory read by one thread."""
    content = np.ones(size // 4, np.float32)
    other = np.ones(1 << 12, np.float32)
    rows: NDArray[np.float32] = content[: len(content) // len(other) * len(other)].reshape(-1, len(other))
    return float(rows.nbytes / best_seconds(lambda: rows @ other))


def searched_seconds(dimension: int) -> float:
    """Of an exact search of 100,000 vectors."""
    random = np.random.default_rng(0)
    vectors = random.standard_normal((_VECTORS, dimension), np.float32)
    index = DenseIndex(dimension)
    index.add(np.arange(_VECTORS), vectors)
    return best_seconds(lambda: [index.search(vectors[number], 10) for number in range(20)]) / 20


def measure(cache: Path, passages: int) -> str:
    """The report."""
    location = locate_model("bundled", cache)
    configuration = json.loads((location.folder / "config.json").read_text("utf-8"))
    shape = Shape(*(configuration[key] for key in ("num_hidden_layers", "hidden_size", "intermediate_size")))
    core = ov.Core()
    precision = best_precision(core)
    speed = multiplications(core, precision, shape)
    reading = bytes_a_second(4 * _VECTORS * shape.hidden)
    embedder = open_embedder("bundled", cache, runtime="openvino")
    texts, questions = made_texts(passages)
    tokens = [len(found.spans) + 4 for found in embedder.embed_document_tokens(texts)]  # prompt and ends
    embedding = best_seconds(lambda: embedder.embed_documents(texts))
    with_tokens = best_seconds(lambda: embedder.embed_document_tokens(texts))
    asking = best_seconds(lambda: [embedder.embed_queries([text]) for text in questions]) / len(questions)
    floor = sum(map(shape.operations, tokens)) / speed
    weights = shape.weights * (2 if precision == "bf16" else 4) / reading
    searching, scan = searched_seconds(shape.hidden), 4 * _VECTORS * shape.hidden / reading
    rows = [
        (f"embedding {passages} passages of {np.mean(tokens):.0f} tokens, s", floor, embedding),
        ("the same with the vectors of tokens, s", floor, with_tokens),
        ("embedding one question, ms", 1000 * weights, 1000 * asking),
        (f"exact search of {_VECTORS:,} vectors, ms", 1000 * scan, 1000 * searching),
    ]
    table = "\n".join(
        f"| {name} | {least:.2f} | {found:.2f} | {found / least:.1f} × |" for name, least, found in rows
    )
    about = " ".join((__doc__ or "").split("\n\n")[1].split())
    return f"""# The floor

`python -m benchmarks.floor --passages {passages}`, {datetime.date.today()}, {processor()}.

{about} The best of {_ROUNDS} rounds. Matrix products in {precision}, all threads:
{speed / 1e9:.0f} billion operations a second; memory, one thread: {reading / 1e9:.1f} GB/s.

| | floor | measured | |
| --- | ---: | ---: | ---: |
{table}
"""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.floor", description=__doc__)
    parser.add_argument("--passages", type=int, default=200)
    parser.add_argument("--cache", type=Path, default=platformdirs.user_cache_path("jianbao"))
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    text = measure(options.cache, options.passages)
    options.output.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
