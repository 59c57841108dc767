"""The service for models that call tools: the Model Context Protocol over HTTP and over stdio.

https://modelcontextprotocol.io/specification
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

from fastapi import Request
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from api.mcp_tools import Answered, LinksOf, add_tools
from api.paths import MCP
from api.present import Catalogue
from api.sources import Links
from api.version import service_version
from api.watch import Watch
from api.wiring import Application

_INSTRUCTIONS = """政务简报的资料库。要有依据的回答用 ask；要读原文，先 search 再 fetch；核对稿件，用 check。
引用时照抄引文，注明出处；简报里没有的，说“简报中未见”，不说“没有做”。"""


class MCPOverHTTP:
    """Streamable HTTP at /mcp, without sessions: each request stands by itself."""

    def __init__(self, application: Application, catalogue: Catalogue, watch: Watch) -> None:
        self._application = application
        self._server = _make(application, catalogue, self._links_of, watch.answered)
        made = self._server.streamable_http_app(
            streamable_http_path=MCP,
            json_response=True,
            stateless_http=True,
            # Hosts and pages of other sites are judged for all addresses alike, in api/access.py.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        # Without what it wraps around them: errors are answered for all addresses alike, in api/failures.py.
        self._router = Router(routes=made.routes)

    def _links_of(self, context: Context[Any, Any]) -> Links:
        request = context.request_context.request
        assert isinstance(request, Request)
        application = self._application
        return Links.of(request, application.settings.public_url, application.library.snapshot)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI has it."""
        await self._router(scope, receive, send)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Requests are answered inside; it can be entered once."""
        async with self._server.session_manager.run():
            yield


def serve_stdio(application: Application) -> None:
    """Answer on stdin and stdout until stdin ends. Addresses are those of ``jianbao serve``."""
    settings = application.settings
    base = settings.public_url or f"http://{settings.host}:{settings.port}"

    def links_of(_: Context[Any, Any]) -> Links:
        return Links(base, application.library.snapshot)

    server = _make(application, Catalogue(application.library), links_of, lambda *_: None)
    server.run("stdio")


def _make(
    application: Application, catalogue: Catalogue, links_of: LinksOf, answered: Answered
) -> MCPServer[Any]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    server: MCPServer[Any] = MCPServer(
        "jianbao",
        title="简报问答",
        instructions=_INSTRUCTIONS,
        version=service_version(),
        log_level="WARNING",
    )
    # The SDK gives the root logger a handler of its own; how this process logs is settled elsewhere.
    root.handlers[:] = handlers
    root.setLevel(level)
    add_tools(server, application, catalogue, links_of, answered)
    return server
