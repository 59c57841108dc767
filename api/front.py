"""The page at ``/`` and what it is made of."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from fastapi import FastAPI
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_FOLDER = Path(__file__).parent / "page"
_REVALIDATE = {"Cache-Control": "no-cache"}
"""Asked again each time, by its ETag: after an upgrade nobody works with half of the old page."""
_KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
"""Said here, since on some machines the registry says that .js is plain text, which browsers don't run."""


class _PageFiles(StaticFiles):
    """Files of the page."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_REVALIDATE)
        if kind := _KINDS.get(PurePosixPath(path).suffix):
            response.headers["Content-Type"] = f"{kind}; charset=utf-8"
        return response


def mount_page(app: FastAPI) -> None:
    """Add the page to ``app``."""

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(_FOLDER / "index.html", media_type="text/html", headers=_REVALIDATE)

    app.mount("/page", _PageFiles(directory=_FOLDER), name="page")
