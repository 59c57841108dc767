"""What is seen of the service from outside: a log line and a count for each request and each answer."""

from __future__ import annotations

import asyncio
import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import CALLER, Caller
from api.admission import Admission, stopping
from api.errors import failure_of
from api.failures import reply
from api.metrics import Metrics
from api.paths import HEALTH, METRICS
from rag.types import Answer

_LOGGER = logging.getLogger("jianbao.requests")
_ANSWERS = logging.getLogger("jianbao.answers")
_FAULTS = logging.getLogger("jianbao.faults")
_LONGEST_PATH = 300
_CLOSED = 499
"""What nginx logs where the client went away before the answer."""


class Watch:
    """Told of each answer by whoever gives it. Without ``log_questions`` no log has a question's text."""

    def __init__(self, metrics: Metrics, *, log_questions: bool) -> None:
        self._metrics = metrics
        self._log_questions = log_questions

    def answered(self, question: str, answer: Answer) -> None:
        """``question`` as it was asked."""
        self._metrics.answered(answer)
        said = {"question": question} if self._log_questions else {}
        fields = {"status": answer.status, "intent": answer.query.intent, "took_ms": answer.took_ms}
        _ANSWERS.info("answered", extra={**fields, **said})


class RequestWatch:
    """Logs and counts every request; the innermost and outermost of the service's own doings lie within."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = _CLOSED

        async def send_watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started = time.perf_counter()
        self._metrics.began()
        try:
            await self._app(scope, receive, send_watched)
        finally:
            seconds = time.perf_counter() - started
            self._metrics.ended(scope["method"], _route(scope), status, seconds)
            is_watching = scope["path"] in HEALTH or scope["path"] == METRICS
            level = logging.DEBUG if is_watching and status < 400 else logging.INFO
            _LOGGER.log(level, "request", extra=_fields(scope, status, seconds))


class FaultBarrier:
    """An error that nothing else has answered is logged and answered here, inside of all other middleware,
    so that the answer has their headers too. What the server cuts off when it stops is told so."""

    def __init__(self, app: ASGIApp, *, admission: Admission) -> None:
        self._app = app
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_started = False

        async def send_watched(message: Message) -> None:
            nonlocal is_started
            is_started = True
            await send(message)

        try:
            await self._app(scope, receive, send_watched)
        except Exception as error:
            if is_started or scope["type"] != "http":
                raise  # too late for an answer: the server logs it and cuts the connection
            _FAULTS.exception("fault")
            await reply(failure_of(error), path=scope["path"])(scope, receive, send)
        except asyncio.CancelledError:
            if is_started or scope["type"] != "http" or not self._admission.stopping:
                raise
            await reply(stopping(), {"Connection": "close"}, path=scope["path"])(scope, receive, send)


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", None) or "unmatched"


def _fields(scope: Scope, status: int, seconds: float) -> dict[str, object]:
    # As it was sent, percent-encoded: no character of it can end a line. What follows the ? stays out.
    path = (
        (scope.get("raw_path") or scope["path"].encode()).split(b"?")[0].decode("ascii", "backslashreplace")
    )
    caller: Caller | None = scope.get(CALLER)
    return {
        "method": scope["method"],
        "path": path[:_LONGEST_PATH],
        "status": status,
        "ms": round(1000 * seconds, 1),
        "caller": caller.id if caller else None,
    }
