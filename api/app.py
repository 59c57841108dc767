"""The HTTP service."""

from __future__ import annotations

import contextlib
import importlib.metadata
import logging
import threading
from collections.abc import AsyncIterator

from fastapi import FastAPI, Response
from fastapi_offline import FastAPIOffline

from api.check import CHECK_PATH, check_router
from api.documents import UPLOAD_PATH, documents_router
from api.errors import KNOWN_ERRORS, Failure
from api.export import export_router
from api.failures import install, reply, responses
from api.limits import BodyLimit
from api.present import Catalogue
from api.query import query_router
from api.replies import HealthOut, ReadyOut
from api.wiring import Application

logger = logging.getLogger(__name__)

_DESCRIPTION = """离线的简报问答服务：每一句回答都带引文，引文与原文一字不差；没有依据的，不答。

出错时一律返回 `{"error": {"code": "…", "message": "…", "type": "…"}}`，message 是中文说明。
位置（start、end）按 Unicode 码点计，左闭右开。"""


class Warmup:
    """Loads the model in the background, so that the server answers from its first second."""

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


def create_app(application: Application) -> FastAPI:
    """The service around ``application``. It doesn't close the library: who built it does."""
    warmup = Warmup(application)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warmup.start()
        yield
        # A file that is still being read would keep the process from ending for as long as its limit.
        application.loader.close()

    version = _version()
    app = FastAPIOffline(
        title="简报问答",
        description=_DESCRIPTION,
        version=version,
        redoc_url=None,
        lifespan=lifespan,
        strict_content_type=False,
        responses=responses(500),
    )
    app.add_middleware(
        BodyLimit,
        upload_paths=(UPLOAD_PATH, CHECK_PATH),
        largest_upload=application.settings.largest_upload,
    )
    install(app)
    catalogue = Catalogue(application.library)
    app.include_router(query_router(application, catalogue))
    app.include_router(documents_router(application, catalogue))
    app.include_router(export_router(application))
    app.include_router(check_router(application))

    @app.get("/healthz", tags=["状态"], summary="服务是否在运行")
    def health() -> HealthOut:
        return HealthOut(version=version)

    @app.get(
        "/readyz", tags=["状态"], summary="是否可以回答", response_model=ReadyOut, responses=responses(503)
    )
    def ready() -> ReadyOut | Response:
        failure = warmup.failure()
        if failure is not None:
            return reply(failure, {"Retry-After": "1"})
        return ReadyOut(documents=len(catalogue.records()), snapshot=application.library.snapshot)

    return app


def _version() -> str:
    try:
        return importlib.metadata.version("jianbao")
    except importlib.metadata.PackageNotFoundError:  # run from a checkout that isn't installed
        return "0+checkout"
