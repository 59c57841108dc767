"""How long each step of an answer takes."""

from __future__ import annotations

import time


class Clock:
    """Measures stages, one after the other, from when it is made."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """The stage ``name`` ends now."""
        now = time.perf_counter()
        self._laps[name] = round(1000 * (now - self._last), 2)
        self._last = now

    def laps(self) -> dict[str, float]:
        """Milliseconds of each stage, in order, and of all under ``total``."""
        return {**self._laps, "total": round(1000 * (self._last - self._start), 2)}
