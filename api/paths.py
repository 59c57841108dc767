"""Addresses that are treated apart from the others. Who adds a route looks here once."""

from __future__ import annotations

from starlette.types import Scope

DOCUMENTS = "/v1/documents"
HEALTH = frozenset({"/healthz", "/readyz"})
"""Answered to anybody, at any time: who watches the service must see it also when it is full or stopping."""
METRICS = "/metrics"
CHECK = "/v1/check"
CHAT = "/v1/chat/completions"
MODELS = "/v1/models"
RETRIEVAL = "/retrieval"
MCP = "/mcp"
READING_POSTS = frozenset({"/v1/query", "/v1/search", "/v1/export", CHECK, CHAT, RETRIEVAL, MCP})
"""What is asked by POST and changes nothing; any other POST, PUT, PATCH or DELETE is an editor's."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_FREE = HEALTH | {"/", "/docs", "/openapi.json", "/favicon.ico"}
_FREE_FOLDERS = ("/static-offline-docs/", "/page/")
_DATA = ("/v1/", "/openapi.json", RETRIEVAL, MCP, METRICS, *HEALTH)


def is_free(scope: Scope) -> bool:
    """Whether no key is asked for. The page and the documentation hold nothing of the library: what they show
    they ask for with a key."""
    path: str = scope["path"]
    return scope["method"] in SAFE_METHODS and (path in _FREE or path.startswith(_FREE_FOLDERS))


def is_upload(scope: Scope) -> bool:
    """Whether files are read, which takes a thread for as long as it lasts."""
    path: str = scope["path"]
    return scope["method"] == "POST" and (path in {DOCUMENTS, CHECK} or path.startswith(f"{DOCUMENTS}/"))


def is_data(scope: Scope) -> bool:
    """Whether what is sent is for programs, not a page for a browser."""
    path: str = scope["path"]
    return path.startswith(_DATA)
