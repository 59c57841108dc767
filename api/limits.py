"""Keeps a request's body within bounds before anything reads it."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import CALLER, Caller
from api.errors import Failure
from api.paths import is_upload
from api.refusing import refuse

LARGEST_JSON = 2**20
"""Bytes. A question, fifty turns of talk and filters are far below it."""
_STALLED_SECONDS = 60.0


class BodyLimit:
    """Refuses bodies over ``largest_json`` bytes with 413, or over ``largest_upload`` where files are sent,
    or over what the caller's key allows; and with 408 one that stops coming for a minute.

    Starlette's own middleware answers in plain text and has one limit for all.
    """

    def __init__(self, app: ASGIApp, *, largest_upload: int, largest_json: int = LARGEST_JSON) -> None:
        self._app = app
        self._largest_upload = largest_upload
        self._largest_json = largest_json

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope)
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > limit:
            await refuse(too_large(limit), scope, receive, send)
            return
        await self._app(scope, _counted(receive, limit), send)

    def _limit(self, scope: Scope) -> int:
        limit = self._largest_upload if is_upload(scope) else self._largest_json
        caller: Caller | None = scope.get(CALLER)
        own = caller.key.largest_request if caller and caller.key else None
        return min(limit, own) if own else limit


def too_large(limit: int) -> Failure:
    """What is said of a body over ``limit`` bytes."""
    return Failure(
        413,
        "body_too_large",
        "invalid_request_error",
        f"请求正文超过上限 {limit / 2**20:.3g} MB，没有受理。请缩短内容，或分几次发送。",
    )


def _counted(receive: Receive, limit: int) -> Receive:
    total = 0
    is_whole = False

    async def receive_counted() -> Message:
        nonlocal total, is_whole
        if is_whole:  # what comes now is only word that the client is gone
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), _STALLED_SECONDS)
        except TimeoutError as error:
            raise HTTPException(408) from error
        is_whole = not message.get("more_body", False)
        total += len(message.get("body", b""))
        if total > limit:
            raise HTTPException(413, too_large(limit).message)
        return message

    return receive_counted
