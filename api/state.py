"""The service's own state: whether it runs, can answer, and what it has done."""

from __future__ import annotations

import logging
import threading

from fastapi import APIRouter, Request, Response

from api.admission import Admission, stopping
from api.errors import KNOWN_ERRORS, Failure
from api.failures import Responses, reply
from api.metrics import Metrics
from api.paths import METRICS
from api.present import Catalogue
from api.replies import HealthOut, ReadyOut
from api.threads import Threads
from api.wiring import Application

logger = logging.getLogger(__name__)

_FIGURES: Responses = {
    200: {
        "description": "Prometheus 的文本格式，或 Accept 要求的 OpenMetrics",
        "content": {
            "text/plain": {"schema": {"type": "string"}},
            "application/openmetrics-text": {"schema": {"type": "string"}},
        },
    }
}


class Warmup:
    """Loads the model and the index in the background, so that the server answers from its first second."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._done = threading.Event()
        self._problem: str | None = None

    def start(self) -> None:
        """Returns at once."""
        threading.Thread(target=self._run, name="warmup", daemon=True).start()

    def failure(self) -> Failure | None:
        """Why questions can't be answered yet; None when they can."""
        if not self._done.is_set():
            return Failure(503, "not_ready", "unavailable_error", "模型还在载入，请稍候再试。")
        if self._problem is not None:
            return Failure(503, "model_unavailable", "unavailable_error", self._problem)
        return None

    def _run(self) -> None:
        try:
            self._application.warm()
        except KNOWN_ERRORS as error:
            logger.exception("the model could not be loaded")
            self._problem = str(error)
        except Exception:
            logger.exception("the model could not be loaded")
            self._problem = "模型载入失败，原因已记入日志。"
        finally:
            self._done.set()


def state_router(
    application: Application,
    catalogue: Catalogue,
    warmup: Warmup,
    admission: Admission,
    metrics: Metrics,
    threads: Threads,
    version: str,
) -> APIRouter:
    """``/healthz``, ``/readyz`` and ``/metrics``."""
    router = APIRouter(tags=["状态"])

    @router.get("/healthz", summary="服务是否在运行")
    async def health() -> HealthOut:
        return HealthOut(version=version)

    @router.get("/readyz", summary="是否可以回答", response_model=ReadyOut)
    async def ready() -> ReadyOut | Response:
        failure = stopping() if admission.stopping else warmup.failure()
        if failure is not None:
            return reply(failure, {"Retry-After": "1"})
        records = await threads.watch(catalogue.records)
        return ReadyOut(documents=len(records), snapshot=application.library.snapshot)

    @router.get(METRICS, summary="运行指标", response_class=Response, responses=_FIGURES)
    async def figures(request: Request) -> Response:
        """请求数、各阶段用时、拒答、资料库大小。"""
        accept = request.headers.get("accept", "")
        content, content_type = await threads.watch(metrics.exposed, accept)
        return Response(content, headers={"Content-Type": content_type})

    return router
