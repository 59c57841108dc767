"""How many requests are answered at once, and none any more once the service is stopping."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import Failure
from api.paths import HEALTH, METRICS, is_upload
from api.refusing import refuse
from api.settings import Settings


class Admission:
    """Counts what is under way; shared by the middleware and the server that waits for it to end."""

    def __init__(self, settings: Settings) -> None:
        self._most = settings.requests_at_once
        self._most_uploads = settings.uploads_at_once
        self._uploads = 0
        self.running = 0
        self.stopping = False

    def refusal(self, is_upload: bool) -> tuple[Failure, int] | None:
        """Why another request can't be taken, and in how many seconds to ask again; None where it can."""
        if self.stopping:
            return stopping(), 5
        if is_upload and self._uploads >= self._most_uploads:
            message = f"已有 {self._uploads} 个上传在进行，请等它们读完再传。"
            return _failure("too_many_uploads", message), 10
        if self.running >= self._most:
            return _failure("too_busy", f"同时处理的请求已有 {self.running} 个，请稍候再试。"), 1
        return None

    def enter(self, is_upload: bool) -> None:
        """A request begins."""
        self.running += 1
        self._uploads += is_upload

    def leave(self, is_upload: bool) -> None:
        """It has been answered to the end, or the client is gone."""
        self.running -= 1
        self._uploads -= is_upload


class AdmissionControl:
    """Refuses with 503 what can't be taken now."""

    def __init__(self, app: ASGIApp, *, admission: Admission) -> None:
        self._app = app
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in HEALTH | {METRICS}:
            await self._app(scope, receive, send)
            return
        # uploads have fewer places than there are threads: asking must not wait for a scan to be read
        uploads = is_upload(scope)
        if refused := self._admission.refusal(uploads):
            failure, seconds = refused
            headers = {"Retry-After": str(seconds), "Connection": "close"}
            await refuse(failure, scope, receive, send, headers)
            return
        self._admission.enter(uploads)
        try:
            await self._app(scope, receive, send)
        finally:
            self._admission.leave(uploads)


def stopping() -> Failure:
    """What is said once the service is on its way out."""
    return _failure("stopping", "服务正在停止，不再接受新的请求。请稍后再试。")


def _failure(code: str, message: str) -> Failure:
    return Failure(503, code, "unavailable_error", message)
