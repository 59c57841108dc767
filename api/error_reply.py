"""The shape of every error over HTTP."""

from __future__ import annotations

from pydantic import BaseModel


class ErrorBody(BaseModel):
    """出错的说明。"""

    code: str
    message: str
    type: str
    field: str | None = None


class ErrorOut(BaseModel):
    """任何出错都是这个样子。"""

    error: ErrorBody
