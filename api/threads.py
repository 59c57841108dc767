"""Which work waits for which: threads for answers, for reading files, and for those who watch the service."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """Reading a scan may take minutes and must not keep questions waiting; questions must not keep the health
    checks waiting. Routes that aren't asynchronous share the threads of ``limit_answers``."""

    def __init__(self, uploads: int) -> None:
        self._uploads = CapacityLimiter(uploads)
        self._watching = CapacityLimiter(2)

    @staticmethod
    def limit_answers() -> None:
        """To be called in the event loop. Answering computes all the time: more threads than this answer no
        more questions (see benchmarks/load.md), and each holds on to tens of megabytes."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        to_thread.current_default_thread_limiter().total_tokens = 2 * cores + 4

    async def upload(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``work`` returns; for work that reads files."""
        return await to_thread.run_sync(lambda: work(*args, **kwargs), limiter=self._uploads)

    async def watch(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``work`` returns; for short looks at the service."""
        return await to_thread.run_sync(lambda: work(*args, **kwargs), limiter=self._watching)
