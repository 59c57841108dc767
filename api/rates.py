"""How often one caller may ask."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter


class RateLimiter:
    """Counts requests in this process, in a window that slides (the minute before is weighed in), so that the
    turn of the minute lets nobody through twice. To be used in one event loop."""

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def wait(self, caller: str, limit: int) -> int:
        """Counts one request of ``caller``. 0 where it is within ``limit`` a minute (0: no limit), else the
        seconds until the next may come."""
        if not limit:
            return 0
        item = RateLimitItemPerMinute(limit)
        if await self._limiter.hit(item, caller):
            return 0
        stats = await self._limiter.get_window_stats(item, caller)
        return max(1, math.ceil(stats.reset_time - time.time()))
