"""A compiled OpenVINO graph that embeds batches of tokens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from index.feeds import Encoder, Ids
from index.openvino import ov

Hint = Literal["LATENCY", "THROUGHPUT"]
Precision = Literal["bf16", "f32"]
Batch = Sequence[int]
"""Numbers of texts."""
Take = Callable[[Batch, NDArray[np.float32], NDArray[np.float32]], None]
"""Is given a batch, its token vectors (texts, padded tokens, dimension) and text vectors (texts, dimension),
both only valid during the call."""

_MOST_TOKENS: dict[Precision, int] = {"bf16": 512, "f32": 256}
"""Of a batch, padding included: enough for the matrix products to run at full speed, few enough for the
states to stay in the processor's cache and take little memory."""
_STEP, _ROUNDED = 8, 64
"""Questions of up to 64 tokens are filled up to a multiple of 8: a length that wasn't met lately needs new
kernels, which takes as long as the question. No model's window is between two of these lengths."""


class Engine:
    """One graph, compiled for one kind of work. Threads may share it: one ``run`` at a time.

    "LATENCY" gives all threads to one batch: for a question. "THROUGHPUT" gives each batch to one thread and
    runs as many batches as there are threads: waits for no slower neighbour, and a fifth less work in all.
    """

    def __init__(
        self,
        core: ov.Core,
        encoder: Encoder,
        hint: Hint,
        precision: Precision,
        threads: int | None,
    ) -> None:
        settings: dict[str, Any] = {
            "PERFORMANCE_HINT": hint,
            "INFERENCE_PRECISION_HINT": precision,
            # Pinned threads wait for whatever else runs on their processor.
            "ENABLE_CPU_PINNING": False,
            # Kernels of the last shapes: questions meet the same few lengths, batches hardly any twice.
            "CPU_RUNTIME_CACHE_CAPACITY": 200 if hint == "LATENCY" else 16,
        }
        if threads is not None:
            settings["INFERENCE_NUM_THREADS"] = threads
        compiled = core.compile_model(encoder.graph, "CPU", settings)
        self._feed = encoder.feed
        self.most_tokens = _MOST_TOKENS[precision]
        self._step = _STEP if hint == "LATENCY" else 1
        self._queue = ov.AsyncInferQueue(compiled, 0)
        self._lock = threading.Lock()

    @property
    def jobs(self) -> int:
        """How many batches are computed at once."""
        return len(self._queue)

    def run(self, ids: Ids, batches: Iterable[Batch], take: Take) -> None:
        """Compute batches of texts, given by the numbers of their ``ids``, in any order; ``take`` may be
        called from other threads, one call at a time. Raises RuntimeError where the graph fails, and
        whatever ``take`` raises."""

        failures: list[Exception] = []

        def done(request: ov.InferRequest, batch: Batch) -> None:
            if failures:
                return
            try:
                take(
                    batch,
                    request.get_tensor("token_embeddings").data,
                    request.get_tensor("sentence_embedding").data,
                )
            # Raised in a thread of OpenVINO's it would end the process.
            except Exception as error:  # noqa: BLE001, RUF100
                failures.append(error)

        with self._lock:
            self._queue.set_callback(done)
            try:
                for batch in batches:
                    if failures:
                        break
                    texts = [ids[number] for number in batch]
                    self._queue.start_async(self._feed(texts, self._padded(texts)), batch)
            finally:
                self._queue.wait_all()
        if failures:
            raise failures[0]

    def _padded(self, ids: Ids) -> int:
        """The length to which texts are filled up."""
        longest = max(map(len, ids))
        return -(-longest // self._step) * self._step if longest <= _ROUNDED else longest


def best_precision(core: ov.Core) -> Precision:
    """bfloat16 where the processor multiplies it in hardware (AMX, AVX512-BF16), else float32. What follows
    the last matrix product, pooling above all, stays in float32 in either case."""
    return "bf16" if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"
