"""Answers that needn't be sent again: ``ETag`` and ``If-None-Match`` (RFC 9110, 8.8.3 and 13.1.2)."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from api.failures import Responses

NOT_MODIFIED: Responses = {304: {"description": "与客户端已有的（If-None-Match）相同，不再发送"}}
"""For the OpenAPI description of a route."""


def unchanged(snapshot: Callable[[], str], version: str) -> Callable[[Request, Response], None]:
    """A dependency of routes that read the library: their answer is the same as long as the snapshot and this
    program are. The tag is weak, since an answer's bytes may differ (in the order of a set, compressed).

    ``If-None-Match: *`` isn't heeded: nobody has every answer.
    """

    def check(request: Request, response: Response) -> None:
        # Taken before the library is read: a change in between makes the tag too old, never too new.
        tag = f'W/"{snapshot()}-{version}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if matches(request.headers.get("if-none-match", ""), tag):
            raise HTTPException(304, headers=headers)
        response.headers.update(headers)

    return check


def matches(header: str, tag: str) -> bool:
    """Whether one of the tags in an If-None-Match header is ``tag``, weak or not."""
    own = tag.removeprefix("W/")
    return any(given.strip().removeprefix("W/") == own for given in header.split(","))
