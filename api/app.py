"""The HTTP service."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from api.access import Reach
from api.admission import Admission
from api.chat import chat_router
from api.check import check_router
from api.dify import dify_router
from api.documentation import document
from api.documents import documents_router
from api.export import export_router
from api.facets import facets_router
from api.failures import install, responses
from api.front import mount_page
from api.guard import guard
from api.keys import KeyFile
from api.mcp_on_demand import OnDemand, Served
from api.metrics import Metrics
from api.present import Catalogue
from api.query import query_router
from api.state import Warmup, state_router
from api.streaming import AnswerStreams
from api.threads import Threads
from api.version import service_version
from api.watch import Watch
from api.wiring import Application

_DESCRIPTION = """离线的简报问答服务：每一句回答都带引文，引文与原文一字不差；没有依据的，不答。

出错时一律返回 `{"error": {"code": "…", "message": "…", "type": "…"}}`，message 是中文说明。
位置（start、end）按 Unicode 码点计，左闭右开。设了密钥时，请求要带 `Authorization: Bearer 密钥`。"""


def create_app(
    application: Application, *, reach: Reach = "loopback", admission: Admission | None = None
) -> FastAPI:
    """The service around ``application``, to be listened to as far as ``reach`` says. It doesn't close the
    library: who built it does. ``admission`` is shared with who stops the service."""
    settings = application.settings
    version = service_version()
    admission = admission or Admission(settings)
    catalogue = Catalogue(application.library)
    metrics = Metrics(application.library, catalogue, settings.data)
    watch = Watch(metrics, log_questions=settings.log_questions)
    warmup = Warmup(application)
    mcp = OnDemand(lambda: _mcp(application, catalogue, watch))
    streams = AnswerStreams()
    threads = Threads(settings.uploads_at_once)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        threads.limit_answers()
        warmup.start()
        async with mcp.running():
            yield
        # A file that is still being read would keep the process from ending for as long as its limit.
        application.loader.close()

    app = FastAPIOffline(
        title="简报问答",
        description=_DESCRIPTION,
        version=version,
        docs_url=None,  # ours has a policy of its own
        redoc_url=None,
        lifespan=lifespan,
        strict_content_type=False,
        responses=responses(401, 403, 429, 500, 503),
    )
    install(app)
    document(app)
    guard(
        app,
        settings=settings,
        reach=reach,
        keys=KeyFile(settings.data),
        admission=admission,
        metrics=metrics,
    )
    app.include_router(query_router(application, catalogue, watch, streams))
    app.include_router(chat_router(application, catalogue, watch, streams))
    app.include_router(dify_router(application, catalogue))
    app.include_router(documents_router(application, catalogue, threads, version))
    app.include_router(facets_router(application, catalogue, version))
    app.include_router(export_router(application))
    app.include_router(check_router(application, threads))
    app.include_router(state_router(application, catalogue, warmup, admission, metrics, threads, version))
    mcp.mount(app)
    mount_page(app)
    return app


def _mcp(application: Application, catalogue: Catalogue, watch: Watch) -> Served:
    from api.mcp_server import MCPOverHTTP  # noqa: PLC0415 - takes a second, and few ask this way

    return MCPOverHTTP(application, catalogue, watch)
