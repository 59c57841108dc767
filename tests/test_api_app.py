"""The service as a whole: its state, its description, its faults."""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fakes import HashEmbedder
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.wiring import Application, assemble
from index.errors import ModelNotFoundError, StoreError
from index.types import Vectors


class SlowEmbedder(HashEmbedder):
    """Embeds questions only once it is let go."""

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__()
        self.go = threading.Event()
        self._error = error

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        self.go.wait(10)
        if self._error:
            raise self._error
        return super().embed_queries(texts)


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    """An empty library with an embedder that needs no model."""
    settings = Settings(data=tmp_path / "data", cache=tmp_path / "cache")
    application = assemble(settings, HashEmbedder(), logging.warning)
    yield application
    application.library.close()


def client_of(application: Application, **options: Any) -> TestClient:
    """Asks the service as a program on this machine does."""
    return TestClient(create_app(application), base_url="http://127.0.0.1", **options)


def once_loaded(client: TestClient) -> httpx.Response:
    """What the readiness check says when the model is no longer loading."""
    deadline = time.monotonic() + 10
    while True:
        reply = client.get("/readyz")
        if '"not_ready"' not in reply.text or time.monotonic() > deadline:
            return reply
        time.sleep(0.01)


def broken(error: Exception) -> object:
    """An answerer that only fails."""

    class Broken:
        def answer(self, question: object) -> object:
            raise error

    return Broken()


def test_health_says_it_runs(service: str) -> None:
    """The health check needs neither model nor library."""
    reply = httpx.get(f"{service}/healthz")
    assert (reply.status_code, reply.json()["status"]) == (200, "ok")


def test_ready_once_the_model_is_loaded(application: Application) -> None:
    """Not ready while the model loads, though healthy; ready afterwards."""
    embedder = SlowEmbedder()
    with client_of(replace(application, embedder=embedder)) as client:
        waiting = client.get("/readyz")
        assert client.get("/healthz").status_code == 200
        embedder.go.set()
        ready = once_loaded(client)
    assert (waiting.status_code, waiting.json()["error"]["code"]) == (503, "not_ready")
    assert (ready.status_code, ready.json()["documents"]) == (200, 0)


def test_never_ready_without_a_model(application: Application) -> None:
    """A model that can't be loaded is told by the readiness check, in the model's own words."""
    embedder = SlowEmbedder(ModelNotFoundError("没有模型 x/y。"))
    embedder.go.set()
    with client_of(replace(application, embedder=embedder)) as client:
        error = once_loaded(client).json()["error"]
    assert (error["code"], error["message"]) == ("model_unavailable", "没有模型 x/y。")


def test_the_documentation_needs_no_network(service: str) -> None:
    """The page under /docs loads everything from this service, and everything is there."""
    page = httpx.get(f"{service}/docs")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(addresses) == 3
    for address in addresses:
        assert address.startswith("/")
        assert httpx.get(service + address).status_code == 200
    assert "cdn" not in page.text


@pytest.mark.slow
def test_the_documentation_runs_under_its_policy(service: str, tmp_path: Path) -> None:
    """In a real browser the page under /docs shows the routes: its policy stops nothing that it needs."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium isn't installed")
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}"]
    command += ["--virtual-time-budget=20000", "--enable-logging=stderr", "--dump-dom", f"{service}/docs"]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert "Content Security Policy" not in shown.stderr
    for address in ("/v1/query", "/v1/documents/{document_id}/reread"):
        assert f'data-path="{address}"' in shown.stdout


def test_the_description_covers_routes_and_errors(service: str) -> None:
    """OpenAPI names every route, and every error has our shape."""
    described = httpx.get(f"{service}/openapi.json").json()
    assert {f"{method} {path}" for path, methods in described["paths"].items() for method in methods} == {
        "post /v1/query",
        "post /v1/search",
        "get /v1/documents",
        "post /v1/documents",
        "get /v1/documents/{document_id}",
        "delete /v1/documents/{document_id}",
        "get /v1/documents/{document_id}/file",
        "post /v1/documents/{document_id}/reread",
        "get /v1/passages/{passage_id}",
        "get /v1/facets",
        "get /v1/access",
        "post /v1/export",
        "post /v1/check",
        "post /v1/chat/completions",
        "get /v1/models",
        "get /v1/models/{model}",
        "post /retrieval",
        "get /healthz",
        "get /readyz",
        "get /metrics",
    }
    for path, methods in described["paths"].items():
        for route in methods.values():
            assert route["responses"].keys() >= {"200", "401", "403", "429", "500", "503"}
            for status, response in route["responses"].items():
                if (path, status) == ("/v1/export", "200"):  # a file
                    continue
                if status >= "400":
                    schema = response["content"]["application/json"]["schema"]["$ref"]
                    assert schema.endswith("ErrorOut")


def test_a_fault_of_ours_tells_nothing_of_its_inside(application: Application) -> None:
    """An unexpected error is a 500 in Chinese without the exception's text."""
    faulty = replace(application, answerer=broken(ZeroDivisionError("secret")))  # type: ignore[arg-type]
    client = client_of(faulty, raise_server_exceptions=False)
    reply = client.post("/v1/query", json={"question": "问"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (500, "internal_error")
    assert "服务内部出错" in reply.text
    assert "secret" not in reply.text


def test_a_store_that_fails_is_unavailable(
    application: Application, caplog: pytest.LogCaptureFixture
) -> None:
    """A library that can't be read is a 503 with its message, and logged."""
    faulty = replace(application, answerer=broken(StoreError("磁盘已满。")))  # type: ignore[arg-type]
    reply = client_of(faulty).post("/v1/query", json={"question": "问"})
    assert (reply.status_code, reply.json()["error"]["message"]) == (503, "磁盘已满。")
    assert "磁盘已满" in caplog.text


def test_an_empty_library_has_no_evidence(application: Application) -> None:
    """A question to a library without documents is answered, not failed."""
    reply = client_of(application).post("/v1/query", json={"question": "哪些县做了志愿服务"})
    assert (reply.status_code, reply.json()["status"]) == (200, "no_evidence")
    assert reply.json()["passages"] == []
