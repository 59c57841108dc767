"""Every error that leaves the server has one shape: ``{"error": {"code", "message", "type"}}``."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.dialects import told
from api.error_reply import ErrorOut
from api.errors import KNOWN_ERRORS, Failure, failure_of
from api.messages import explain, field_of

logger = logging.getLogger(__name__)

Responses = dict[int | str, dict[str, Any]]
"""What FastAPI takes to describe a route's answers, by status."""

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_ERROR_MEANINGS = {
    400: "请求不是合法的 JSON 或表单",
    401: "需要密钥，或密钥不对",
    403: "密钥的角色不够，或没有设密钥而不是从本机访问",
    404: "没有这个编号",
    408: "请求正文迟迟没有发完",
    413: "请求正文或文件太大",
    422: "某一项不合要求，message 里写明是哪一项",
    429: "请求太频繁，等 Retry-After 说的秒数",
    500: "服务内部出错",
    503: "模型或资料库暂不可用，或服务正忙、正在停止",
}


def responses(*statuses: int, model: type[BaseModel] = ErrorOut) -> Responses:
    """The errors of a route, for the OpenAPI description; ``model`` is their form."""
    return {status: {"model": model, "description": _ERROR_MEANINGS[status]} for status in statuses}


def install(app: FastAPI) -> None:
    """Give ``app`` the handlers of all errors."""
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    for kind in KNOWN_ERRORS:
        app.add_exception_handler(kind, _known)
    app.add_exception_handler(Exception, _unknown)


def reply(failure: Failure, headers: Mapping[str, str] | None = None, *, path: str = "") -> JSONResponse:
    """The response that tells of a failure, in the form that clients of ``path`` read."""
    status, body = told(failure, path)
    return JSONResponse(body, status, headers=dict(headers or {}))


def invalid(error: RequestValidationError) -> Failure:
    """What is wrong with a request, field by field."""
    first, *others = error.errors()
    if first["type"] == "json_invalid":
        return _not_json()
    field = field_of(first["loc"])
    message = f"{field or '请求正文'}：{explain(first)}。"
    if others:
        names = sorted({field_of(other["loc"]) for other in others} - {field, ""})
        message += f"另有不合要求的：{'、'.join(names[:10])}。" if names else ""
    return Failure(422, "invalid_field", "invalid_request_error", message, field or None)


def known(request: Request, error: Exception) -> Failure:
    """What a client is told of one of KNOWN_ERRORS; logged where the fault is ours."""
    failure = failure_of(error)
    if failure.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("%s %s: %s", request.method, request.url.path, error, exc_info=error)
    return failure


async def _validation(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return reply(invalid(error), path=request.url.path)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.NOT_MODIFIED:
        return Response(status_code=304, headers=error.headers)
    here = f"{request.method} {request.url.path}"
    family = "invalid_request_error"
    if error.status_code == HTTPStatus.NOT_FOUND:
        failure = Failure(
            404, "route_not_found", "not_found_error", f"没有这个地址：{here}。接口说明见 /docs。"
        )
    elif error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = _allowed(request)
        failure = Failure(405, "method_not_allowed", family, f"不支持 {here}，这个地址可用：{allowed}。")
        return reply(failure, {"Allow": allowed}, path=request.url.path)
    elif error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        failure = Failure(413, "body_too_large", family, error.detail)
    elif error.status_code == HTTPStatus.REQUEST_TIMEOUT:
        failure = Failure(408, "body_stalled", family, "请求正文迟迟没有发完，没有受理。请重新发送。")
    elif error.status_code == HTTPStatus.BAD_REQUEST:
        failure = _not_json()
    else:
        message = f"请求没有受理（HTTP {error.status_code}）。接口说明见 /docs。"
        failure = Failure(error.status_code, "http_error", family, message)
    return reply(failure, error.headers, path=request.url.path)


def _allowed(request: Request) -> str:
    """The methods of all routes at the address (RFC 9110, 10.2.1); starlette tells those of the first."""
    routes = request.app.router.routes
    return ", ".join(
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    )


async def _known(request: Request, error: Exception) -> JSONResponse:
    return reply(known(request, error), path=request.url.path)


async def _unknown(request: Request, error: Exception) -> JSONResponse:
    # The server logs the traceback: starlette raises the error again once this is sent.
    return reply(failure_of(error), path=request.url.path)


def _not_json() -> Failure:
    return Failure(
        400,
        "malformed_body",
        "invalid_request_error",
        "请求正文无法解析：应为 UTF-8 的 JSON（上传文件用 multipart 表单）。",
    )
