"""Errors as OpenAI's clients read them."""

from __future__ import annotations

from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from api.errors import Failure


def openai_reply(failure: Failure) -> Response:
    """``{"error": {"message", "type", "param", "code"}}``; wrong parameters are 400 there, not 422."""
    return JSONResponse(openai_error(failure), 400 if failure.status == 422 else failure.status)


def openai_error(failure: Failure) -> dict[str, Any]:
    """The body that OpenAI's clients read; they tell kinds of errors apart by the HTTP status."""
    error = {
        "message": failure.message,
        "type": failure.type,
        "param": failure.field,
        "code": failure.code,
    }
    return {"error": error}
