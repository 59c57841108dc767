"""The page under /docs, from this machine alone, and what the description says of keys."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from api.headers import documentation_policy
from api.paths import HEALTH

_ASSETS = "/static-offline-docs"
_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "jianbao keys add 建立的密钥；没有设密钥的服务（只供本机）不用填",
}


def document(app: FastAPI) -> None:
    """Add the page to ``app``, and the key to its description."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        schema = described()  # made once, then kept by FastAPI
        schema["components"].setdefault("securitySchemes", {"key": _KEY})
        for path, methods in schema["paths"].items():
            for operation in methods.values():
                if path not in HEALTH:
                    operation.setdefault("security", [{"key": []}, {}])
        return schema

    # as FastAPI's manual extends the description
    app.openapi = openapi  # type: ignore[method-assign]

    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> HTMLResponse:
        root = request.scope.get("root_path", "")
        page = get_swagger_ui_html(
            openapi_url=f"{root}/openapi.json",
            title=app.title,
            swagger_js_url=f"{root}{_ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{root}{_ASSETS}/swagger-ui.css",
            swagger_favicon_url=f"{root}{_ASSETS}/favicon.png",
        )
        page.headers["Content-Security-Policy"] = documentation_policy(bytes(page.body).decode())
        return page
