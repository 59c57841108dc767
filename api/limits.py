"""Keeps a request's body within bounds before anything reads it."""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Failure

LARGEST_JSON = 2**20
"""Bytes. A question, fifty turns of talk and filters are far below it."""

# A client that is still sending doesn't read our answer, so a little more is read and thrown away.
_DISCARDED = 16 * 2**20


class BodyLimit:
    """Refuses bodies over ``largest_json`` bytes with 413, or over ``largest_upload`` on ``upload_paths``.

    Starlette's own middleware answers in plain text and has one limit for all.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        upload_paths: Collection[str],
        largest_upload: int,
        largest_json: int = LARGEST_JSON,
    ) -> None:
        self._app = app
        self._upload_paths = frozenset(upload_paths)
        self._largest_upload = largest_upload
        self._largest_json = largest_json

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._largest_upload if scope["path"] in self._upload_paths else self._largest_json
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > limit:
            await _discard(receive)
            failure = too_large(limit)
            await JSONResponse(failure.body(), failure.status)(scope, receive, send)
            return
        await self._app(scope, _counted(receive, limit), send)


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

    async def receive_counted() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > limit:
            raise HTTPException(413, too_large(limit).message)
        return message

    return receive_counted


async def _discard(receive: Receive) -> None:
    total = 0
    while total < _DISCARDED:
        message = await receive()
        total += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return
