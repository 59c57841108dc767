"""Errors in the forms of the interfaces of others: who speaks OpenAI's or Dify's reads errors of theirs."""

from __future__ import annotations

from typing import Any

from api.errors import Failure
from api.paths import CHAT, MODELS, RETRIEVAL

_DIFY_CODES = {401: 1001, 403: 1002}
"""Dify's own codes; where it has none, the HTTP status stands for one."""
_DIFY_WRONG_KEY = 1002
_DIFY_NOT_THERE = 2001


def told(failure: Failure, path: str) -> tuple[int, dict[str, Any]]:
    """The HTTP status and the body that tell of ``failure`` to who asked for ``path``."""
    if path == CHAT or path.startswith(MODELS):
        # Wrong parameters are 400 there.
        return 400 if failure.status == 422 else failure.status, openai_body(failure)
    if path == RETRIEVAL:
        return failure.status, _dify_body(failure)
    return failure.status, failure.body()


def openai_body(failure: Failure) -> dict[str, Any]:
    """``{"error": {"message", "type", "param", "code"}}``."""
    error = {
        "message": failure.message,
        "type": failure.type,
        "param": failure.field,
        "code": failure.code,
    }
    return {"error": error}


def _dify_body(failure: Failure) -> dict[str, Any]:
    """``{"error_code", "error_msg"}``."""
    if failure.code == "empty_library":
        code = _DIFY_NOT_THERE
    elif failure.code == "invalid_api_key":
        code = _DIFY_WRONG_KEY
    else:
        code = _DIFY_CODES.get(failure.status, failure.status)
    return {"error_code": code, "error_msg": failure.message}
