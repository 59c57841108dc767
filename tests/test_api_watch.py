"""What is seen of the service from outside: metrics and the log."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import HashEmbedder, make_parsed
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

import api.present
from api.app import create_app
from api.logs import configure_logs
from api.settings import Settings
from api.wiring import Application, assemble
from rag.types import Rejected

SECRET = "驿站在哪里呀"


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    settings = Settings(data=tmp_path / "data", cache=tmp_path / "cache", log_format="json")
    application = assemble(settings, HashEmbedder(), logging.warning)
    passages = ["驿站在灌南县。驿站全天开放。"]
    application.library.add([replace(make_parsed("a", passages, place="灌南县"), original=b"0123456789")])
    yield application
    application.close()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the service logs from ``configure_logs`` on; the test's own logging is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield io.StringIO()
    root.handlers, root.level = handlers, level


def client_of(application: Application, **settings: Any) -> TestClient:
    changed = replace(application, settings=application.settings.model_copy(update=settings))
    return TestClient(create_app(changed), base_url="http://127.0.0.1")


def figures(client: TestClient) -> dict[tuple[str, ...], float]:
    """Value by name and labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in family.samples
    }


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_requests_and_answers_are_counted(application: Application) -> None:
    """Requests by route and status, answers by outcome, time by stage; what the library holds."""
    client = client_of(application)
    took = client.post("/v1/query", json={"question": SECRET}).json()["took_ms"]
    client.post("/v1/query", json={"question": "昆明市的地铁票价是多少"})
    client.post("/v1/query", json={})
    client.get("/v1/documents/none")
    client.get("/nowhere/at/all")
    client.request("BREW", "/v1/query")
    seen = figures(client)
    assert seen["jianbao_requests_total", "POST", "/v1/query", "200"] == 2
    assert seen["jianbao_requests_total", "POST", "/v1/query", "422"] == 1
    assert seen["jianbao_requests_total", "GET", "/v1/documents/{document_id}", "404"] == 1
    assert seen["jianbao_requests_total", "GET", "unmatched", "404"] == 1
    assert seen["jianbao_requests_total", "other", "/v1/query", "405"] == 1
    assert seen["jianbao_request_seconds_count", "/v1/query"] == 4
    outcomes = {key[1:]: value for key, value in seen.items() if key[0] == "jianbao_answers_total"}
    assert sum(value for (_, status), value in outcomes.items() if status == "no_evidence") == 1
    assert sum(outcomes.values()) == 2
    for stage in took:
        assert seen["jianbao_answer_stage_seconds_count", stage] == 2
    assert seen["jianbao_answer_stage_seconds_sum", "total"] >= took["total"] / 1000
    assert (seen["jianbao_documents",], seen["jianbao_passages",]) == (1, 1)
    assert seen["jianbao_originals_bytes",] == 10
    assert seen["jianbao_index_bytes",] >= (application.settings.data / "library.sqlite3").stat().st_size
    assert seen["jianbao_rejected_sentences_total",] == 0


def test_rejected_sentences_are_counted(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence that was drafted and not used counts."""
    answer = type(application.answerer).answer
    rejected = (Rejected("拟的一句。", "引文对不上"),) * 2
    monkeypatch.setattr(
        type(application.answerer), "answer", lambda *a: replace(answer(*a), rejected=rejected)
    )
    client = client_of(application)
    assert client.post("/v1/query", json={"question": SECRET}).status_code == 200
    assert figures(client)["jianbao_rejected_sentences_total",] == 2


def test_metrics_speak_openmetrics_when_asked(application: Application) -> None:
    """The Accept header chooses the format; both are told by the content type."""
    client = client_of(application)
    accept = "application/openmetrics-text;version=1.0.0"
    reply = client.get("/metrics", headers={"Accept": accept})
    assert reply.headers["Content-Type"].startswith("application/openmetrics-text")
    assert reply.text.endswith("# EOF\n")
    assert client.get("/metrics").headers["Content-Type"].startswith("text/plain")


def test_a_request_is_a_line_of_json(application: Application, log: io.StringIO) -> None:
    """Method, address, status, time, who and the request's id, which also stands on the answer's line; a
    line end in an address stays encoded, and what follows the question mark is left out."""
    configure_logs(application.settings, log)
    client = client_of(application)
    client.post("/v1/query", json={"question": SECRET}, headers={"X-Request-ID": "r-1"})
    client.get("/v1/documents/%0A%7B%22event%22?around=secret", headers={"X-Request-ID": "r-2"})
    answered, asked, strange = [line for line in lines(log) if line["logger"].startswith("jianbao")]
    assert (asked["event"], asked["method"], asked["path"], asked["status"]) == (
        "request",
        "POST",
        "/v1/query",
        200,
    )
    assert asked["caller"] == "address:testclient"
    assert asked["request_id"] == answered["request_id"] == "r-1"
    assert answered["took_ms"]["total"] > 0
    assert (strange["request_id"], strange["path"]) == ("r-2", "/v1/documents/%0A%7B%22event%22")
    assert "secret" not in json.dumps(strange)


def test_questions_are_logged_only_where_that_was_asked_for(
    application: Application, log: io.StringIO
) -> None:
    """By default no line has a question's text, whatever becomes of it; with the setting one has, in Chinese."""
    configure_logs(application.settings, log)
    client = client_of(application)
    for body in (
        {"question": SECRET},
        {"question": SECRET, "top_k": 0},
        {"question": SECRET + "\ud800"},
        {"question": "哪里", "history": [{"role": "user", "content": SECRET}]},
    ):
        client.post("/v1/query", content=json.dumps(body), headers={"Content-Type": "application/json"})
        client.post("/v1/search", content=json.dumps(body))
    client.get("/v1/documents", params={"q": SECRET})
    assert len(lines(log)) > 8
    assert SECRET not in log.getvalue()
    assert json.dumps(SECRET)[1:-1] not in log.getvalue()
    client_of(application, log_questions=True).post("/v1/query", json={"question": SECRET})
    assert [line["question"] for line in lines(log) if "question" in line] == [SECRET]
    assert SECRET in log.getvalue()


def test_a_fault_is_logged_with_its_traceback(
    application: Application, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log has the traceback and the request's id, one line; values of variables stay out."""

    def fail(*_: object) -> None:
        hidden = "驿站" * 20
        raise ZeroDivisionError("by zero", len(hidden))

    configure_logs(application.settings, log)
    monkeypatch.setattr(api.present.Catalogue, "records", fail)
    reply = client_of(application).post(
        "/v1/query", json={"question": SECRET}, headers={"X-Request-ID": "r-9"}
    )
    assert (reply.status_code, reply.json()["error"]["code"]) == (500, "internal_error")
    [fault] = [line for line in lines(log) if line["event"] == "fault"]
    assert fault["request_id"] == "r-9"
    assert "ZeroDivisionError" in fault["exception"]
    assert "驿站" not in fault["exception"]


def test_lines_for_people_have_no_colours_in_a_file(application: Application, log: io.StringIO) -> None:
    """The text format is plain where it isn't a terminal, and Chinese stays Chinese."""
    configure_logs(application.settings.model_copy(update={"log_format": "text"}), log)
    client_of(application, log_questions=True).post("/v1/query", json={"question": SECRET})
    assert SECRET in log.getvalue()
    assert "\x1b" not in log.getvalue()
