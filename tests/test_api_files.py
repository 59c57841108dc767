"""Documents over HTTP beyond the catalogue: filters, pages, files, reading again, progress, not sending twice."""

from __future__ import annotations

import functools
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from fakes import HashEmbedder
from fastapi.testclient import TestClient

import api.uploads
import api.wiring
import corpus
import corpus.load
from api.app import create_app
from api.settings import Settings
from api.wiring import Application, assemble
from corpus.errors import UnreadableFileError
from corpus.places import load_gazetteer
from corpus.types import ParsedDocument
from index.errors import StoreError

SAMPLE = Path(corpus.__file__).parent / "sample"
NOTE = "通知\n\n各单位要在月底前报送志愿服务台账。台账一式两份。\n"
_gazetteer = functools.cache(load_gazetteer)


@pytest.fixture
def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    monkeypatch.setattr(api.wiring, "load_gazetteer", _gazetteer)
    settings = Settings(data=tmp_path / "data", cache=tmp_path / "cache")
    application = assemble(settings, HashEmbedder(), logging.warning)
    yield application
    application.close()


@pytest.fixture
def client(application: Application) -> TestClient:
    return TestClient(create_app(application), base_url="http://127.0.0.1")


@pytest.fixture
def filled(application: Application, client: TestClient) -> TestClient:
    """With the sample corpus, and a notice without masthead."""
    files = [("files", (path.name, path.read_bytes())) for path in sorted(SAMPLE.glob("*.txt"))]
    files.append(("files", ("通知.txt", NOTE.encode())))
    assert client.post("/v1/documents", files=files).json()["counts"]["added"] == 4
    return client


def events_of(reply: httpx.Response) -> list[tuple[str, Any]]:
    """Names and data of server-sent events."""
    found = []
    for block in reply.text.strip().split("\n\n"):
        if not block.startswith(":"):
            event, data = block.split("\n")
            found.append((event.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


FILTERED: list[tuple[dict[str, Any], list[str | None]]] = [
    ({}, ["20", "16", "1", None]),
    ({"year": 2025}, ["20", "16"]),
    ({"year": [2022, 2025], "issue": ["第01期", "16"]}, ["16", "1"]),
    ({"place": "灌南县"}, ["20"]),
    ({"place": "灌南县", "year": 2022}, []),
    ({"series": "江苏精神文明建设简报"}, ["20", "16", "1"]),
    ({"series": "江苏"}, []),
    ({"q": "灌南县"}, ["20"]),
    ({"q": "2025-16.TXT"}, ["16"]),
    ({"q": "第２０期"}, ["20"]),
    ({"q": "精神文明建设", "year": 2022}, ["1"]),
    ({"q": "  "}, ["20", "16", "1", None]),
    ({"q": "%"}, []),
]


def test_the_catalogue_is_filtered(filled: TestClient) -> None:
    """Year, issue, place, series and words hold together; the order stays newest first."""
    for query, issues in FILTERED:
        reply = filled.get("/v1/documents", params=query).json()
        assert [document["issue"] for document in reply["documents"]] == issues, query
        assert (reply["total"], reply["next_offset"]) == (len(issues), None)


def test_the_catalogue_comes_in_pages(filled: TestClient) -> None:
    """Following next_offset brings every document once; beyond the end there is nothing."""
    seen: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = filled.get("/v1/documents", params={"limit": 3, "offset": offset}).json()
        assert (page["total"], page["offset"]) == (4, offset)
        seen += [document["id"] for document in page["documents"]]
        offset = page["next_offset"]
    assert seen == [document["id"] for document in filled.get("/v1/documents").json()["documents"]]
    assert filled.get("/v1/documents", params={"offset": 4}).json()["documents"] == []
    for wrong in ({"limit": 0}, {"limit": 1001}, {"offset": -1}, {"year": "去年"}, {"jahr": 2025}):
        reply = filled.get("/v1/documents", params=wrong)
        assert (reply.status_code, reply.json()["error"]["field"]) == (
            422,
            re.sub("year", "year[0]", next(iter(wrong))),
        )


def test_the_file_comes_back(client: TestClient) -> None:
    """Byte for byte, under its own name, with its length, to be saved and not shown; GB18030 isn't called
    UTF-8."""
    data = NOTE.encode("gb18030")
    id_ = client.post("/v1/documents", files=[("files", ("../通知 (1).txt", data))]).json()["documents"][0][
        "id"
    ]
    reply = client.get(f"/v1/documents/{id_}/file")
    assert reply.content == data
    assert reply.headers["Content-Length"] == str(len(data))
    assert reply.headers["Content-Type"] == "text/plain"
    kind, name = reply.headers["Content-Disposition"].split("; filename*=UTF-8''")
    assert (kind, unquote(name)) == ('attachment; filename="document.txt"', "通知 (1).txt")
    assert "sandbox" in reply.headers["Content-Security-Policy"]
    again = client.get(f"/v1/documents/{id_}/file", headers={"If-None-Match": reply.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/v1/documents/none/file").json()["error"]["code"] == "document_not_found"


def test_a_file_may_have_any_name(client: TestClient) -> None:
    """Endings that a header can't hold, quotation marks and no ending at all: the coded name is whole."""
    for number, name in enumerate(("通知.文档", '引"号".t"x', "无", ".x", "a.txt.😀")):
        files = [("files", (name, f"{NOTE}第{number}份。\n".encode()))]
        added = client.post("/v1/documents", files=files).json()["documents"][0]
        header = client.get(f"/v1/documents/{added['id']}/file").headers["Content-Disposition"]
        plain, coded = header.split("; filename*=UTF-8''")
        assert unquote(coded) == added["source_name"]
        assert plain == 'attachment; filename="document"'


def test_a_document_without_its_file_says_so(application: Application, client: TestClient) -> None:
    """404 with what to do, for the file and for reading again."""
    parsed = application.loader.parse(NOTE.encode(), "通知.txt")
    application.library.add([replace(parsed, original=None)])
    address = f"/v1/documents/{parsed.document.id}"
    for reply in (client.get(f"{address}/file"), client.post(f"{address}/reread")):
        assert (reply.status_code, reply.json()["error"]["code"]) == (404, "original_not_kept")
        assert "再收入一次" in reply.json()["error"]["message"]


def test_a_better_parser_reads_again(
    application: Application, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read again with the same program nothing changes; with one that reads it otherwise the document is
    replaced, and its file stays; with one that can't, the document stays as it was."""
    id_ = client.post("/v1/documents", files=[("files", ("通知.txt", NOTE.encode()))]).json()["documents"][0][
        "id"
    ]
    report = client.post(f"/v1/documents/{id_}/reread").json()
    assert report["counts"] == {"added": 0, "unchanged": 1, "replaced": 0, "skipped": 0}
    parse = corpus.load.Loader.parse

    def parse_better(loader: corpus.load.Loader, data: bytes, name: str) -> ParsedDocument:
        parsed = parse(loader, data, name)
        document = replace(parsed.document, id="2025-01-abcdef12", title="关于台账的通知")
        passages = tuple(replace(p, document_id=document.id, id=f"{document.id}-p0") for p in parsed.passages)
        articles = tuple(replace(a, document_id=document.id) for a in parsed.articles)
        return replace(parsed, document=document, passages=passages, articles=articles)

    monkeypatch.setattr(corpus.load.Loader, "parse", parse_better)
    report = client.post(f"/v1/documents/{id_}/reread").json()
    assert [(d["id"], d["status"]) for d in report["documents"]] == [("2025-01-abcdef12", "replaced")]
    [document] = client.get("/v1/documents").json()["documents"]
    assert document["title"] == "关于台账的通知"
    assert client.get("/v1/documents/2025-01-abcdef12/file").content == NOTE.encode()

    def fail(*_: object) -> ParsedDocument:
        raise UnreadableFileError("通知.txt：读不了。")

    monkeypatch.setattr(corpus.load.Loader, "parse", fail)
    reply = client.post("/v1/documents/2025-01-abcdef12/reread")
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "unreadable_file")
    assert [d["id"] for d in client.get("/v1/documents").json()["documents"]] == ["2025-01-abcdef12"]


def test_an_upload_tells_its_progress(
    application: Application, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files as they begin and end, pages of slow ones, and the same report as without progress at the end."""
    parse = corpus.load.Loader.parse

    def parse_pages(loader: corpus.load.Loader, data: bytes, name: str) -> ParsedDocument:
        if name == "通知.txt":
            application.pages(name, 1, 2)
            application.pages(name, 2, 2)
        return parse(loader, data, name)

    monkeypatch.setattr(corpus.load.Loader, "parse", parse_pages)
    files = [
        ("files", (name, data))
        for name, data in (("通知.txt", NOTE.encode()), ("空.txt", b""), ("又.txt", NOTE.encode()))
    ]
    reply = client.post("/v1/documents", files=files, headers={"Accept": "text/event-stream"})
    assert reply.headers["Content-Type"].startswith("text/event-stream")
    assert reply.headers["X-Accel-Buffering"] == "no"
    *events, (last, report) = events_of(reply)
    assert [
        (event, data.get("source_name"), data.get("page"), data.get("status")) for event, data in events
    ] == [
        ("file", "通知.txt", None, None),
        ("page", "通知.txt", 1, None),
        ("page", "通知.txt", 2, None),
        ("document", "通知.txt", None, "added"),
        ("file", "空.txt", None, None),
        ("skipped", "空.txt", None, None),
        ("file", "又.txt", None, None),
        ("document", "又.txt", None, "unchanged"),
    ]
    assert [data["number"] for event, data in events if event == "file"] == [1, 2, 3]
    assert last == "report"
    assert report["counts"] == {"added": 1, "unchanged": 1, "replaced": 0, "skipped": 1}
    plain = client.post("/v1/documents", files=files).json()
    assert plain.keys() == report.keys()
    assert plain["skipped"] == report["skipped"]


def test_an_upload_that_fails_ends_with_an_error(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing readable, or a library that can't be written: the last event is the error that would have been
    the answer."""
    accept = {"Accept": "text/event-stream"}
    empty = client.post("/v1/documents", files=[("files", ("空.txt", b""))], headers=accept)
    assert events_of(empty)[-1][0] == "error"
    assert events_of(empty)[-1][1]["error"]["code"] == "nothing_added"

    def fail(*_: object, **__: object) -> None:
        raise StoreError("磁盘已满。")

    monkeypatch.setattr("index.library.Library.add", fail)
    full = client.post("/v1/documents", files=[("files", ("通知.txt", NOTE.encode()))], headers=accept)
    assert events_of(full) == [
        (
            "error",
            {"error": {"code": "store_unavailable", "message": "磁盘已满。", "type": "unavailable_error"}},
        )
    ]


def test_a_long_silence_is_kept_alive(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies cut what is silent: a comment goes out while a file is being read."""
    monkeypatch.setattr(api.uploads, "_QUIET_SECONDS", 0.0001)
    reply = client.post(
        "/v1/documents",
        files=[("files", ("通知.txt", NOTE.encode()))],
        headers={"Accept": "text/event-stream"},
    )
    assert ": ping\n\n" in reply.text
    assert events_of(reply)[-1][0] == "report"


def test_what_has_not_changed_is_not_sent_again(filled: TestClient) -> None:
    """A read with the tag of before gets 304 without a body, by any of several tags, weak or not; after a
    change it gets all."""
    id_ = filled.get("/v1/documents").json()["documents"][0]["id"]
    passage = filled.post("/v1/search", json={"question": "快递"}).json()["passages"][0]["id"]
    addresses = ["/v1/documents", f"/v1/documents/{id_}", f"/v1/passages/{passage}"]
    tags = [filled.get(address).headers["ETag"] for address in addresses]
    for address, tag in zip(addresses, tags, strict=True):
        for header in (tag, tag.removeprefix("W/"), f'"other", {tag}'):
            reply = filled.get(address, headers={"If-None-Match": header})
            assert (reply.status_code, reply.content, reply.headers["ETag"]) == (304, b"", tag)
        for header in ('"other"', "", "nonsense"):
            assert filled.get(address, headers={"If-None-Match": header}).status_code == 200
    note = next(d["id"] for d in filled.get("/v1/documents").json()["documents"] if d["date"] is None)
    assert filled.delete(f"/v1/documents/{note}").status_code == 200
    for address, tag in zip(addresses, tags, strict=True):
        reply = filled.get(address, headers={"If-None-Match": tag})
        assert reply.status_code == 200
        assert reply.headers["ETag"] != tag
