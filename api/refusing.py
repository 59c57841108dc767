"""Answers that middleware gives before the service itself is reached."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping

from starlette.types import Receive, Scope, Send

from api.errors import Failure
from api.failures import reply

# A client that is still sending doesn't read our answer, so a little more is read and thrown away.
_DISCARDED = 16 * 2**20
_SECONDS = 5.0


async def refuse(
    failure: Failure, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str] | None = None
) -> None:
    """Send ``failure``, once the client has stopped sending (or sends without end)."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_SECONDS):
            await _discard(receive)
    await reply(failure, headers, path=scope["path"])(scope, receive, send)


async def _discard(receive: Receive) -> None:
    total = 0
    while total < _DISCARDED:
        message = await receive()
        total += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return
