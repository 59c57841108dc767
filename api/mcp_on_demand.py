"""The Model Context Protocol's address, ready when it is first asked for."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Protocol

import anyio
import anyio.to_thread
from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.paths import MCP


class Served(Protocol):
    """An ASGI application that answers while it runs."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    def running(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Requests are answered inside."""


class OnDemand:
    """What ``make`` returns, made at the first request: importing the SDK takes a third of the service's
    start, and most services are never asked this way."""

    def __init__(self, make: Callable[[], Served]) -> None:
        self._make = make
        self._served: Served | None = None
        self._fault: Exception | None = None

    def mount(self, app: FastAPI) -> None:
        """Add the address to ``app``."""
        app.router.routes.append(Route(MCP, endpoint=self))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Requests are answered inside; it can be entered once."""
        self._wanted, self._ready = anyio.Event(), anyio.Event()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._serve)
            yield
            tasks.cancel_scope.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI has it. Raises what `make` raised."""
        self._wanted.set()
        await self._ready.wait()
        if self._fault:
            raise self._fault
        assert self._served
        await self._served(scope, receive, send)

    async def _serve(self) -> None:
        """In one task: what the SDK opens has to be closed where it was opened."""
        await self._wanted.wait()
        try:
            self._served = await anyio.to_thread.run_sync(self._make)
        except Exception as error:
            # each request raises it; the service goes on without
            self._fault = error
            self._ready.set()
            return
        async with self._served.running():
            self._ready.set()
            await anyio.sleep_forever()
