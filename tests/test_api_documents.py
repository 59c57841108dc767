"""Documents over HTTP, against a running service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import corpus

SAMPLE = Path(corpus.__file__).parent / "sample"
NOTE = "通知\n\n各单位要在月底前报送志愿服务台账。台账一式两份。\n"


@pytest.fixture
def client(service: str) -> Iterator[httpx.Client]:
    """A client of the running service; what a test adds beyond the sample is taken out again."""
    with httpx.Client(base_url=service, timeout=30) as client:
        before = {document["id"] for document in client.get("/v1/documents").json()["documents"]}
        yield client
        for document in client.get("/v1/documents").json()["documents"]:
            if document["id"] not in before:
                client.delete(f"/v1/documents/{document['id']}").raise_for_status()


def upload(client: httpx.Client, *files: tuple[str, bytes]) -> httpx.Response:
    return client.post("/v1/documents", files=[("files", file) for file in files])


def test_the_catalogue_is_newest_first(client: httpx.Client) -> None:
    """Documents are listed with their masthead, newest first."""
    reply = client.get("/v1/documents").json()
    assert [(d["date"], d["issue"], d["digest"]) for d in reply["documents"]] == [
        ("2025-11-30", "20", True),
        ("2025-10-15", "16", True),
        ("2022-01-18", "1", True),
    ]
    assert reply["total"] == 3
    assert [d["article_count"] for d in reply["documents"]] == [6, 3, 3]


def test_a_document_has_its_text_and_articles(client: httpx.Client) -> None:
    """Each article's span begins with its title in the document's text."""
    newest = client.get("/v1/documents").json()["documents"][0]
    document = client.get(f"/v1/documents/{newest['id']}").json()
    assert {name: document[name] for name in newest} == newest
    assert [article["ordinal"] for article in document["articles"]] == [0, 1, 2, 3, 4, 5]
    for article in document["articles"]:
        assert document["text"][article["start"] :].startswith(article["title"])
    assert document["articles"][0]["place"] == "灌南县"


def test_a_passage_comes_with_its_neighbours(client: httpx.Client) -> None:
    """The passages around one are those before and after it, in order."""
    document = client.get("/v1/documents").json()["documents"][0]
    found = client.post(
        "/v1/search", json={"question": "快递", "filters": {"document_ids": [document["id"]]}}
    ).json()
    middle = next(p for p in found["passages"] if 2 <= p["ordinal"] < document["passage_count"] - 2)
    reply = client.get(f"/v1/passages/{middle['id']}", params={"around": 2}).json()
    assert reply["text"] == middle["text"]
    assert reply["reference"].endswith("[Z]. 2025(20).")
    assert reply["short_reference"] == "《江苏精神文明建设简报》2025年第20期（摘编）"
    at = middle["ordinal"]
    assert [p["ordinal"] for p in reply["before"]] == [at - 2, at - 1]
    assert [p["ordinal"] for p in reply["after"]] == [at + 1, at + 2]


def test_uploads_are_reported_one_by_one(client: httpx.Client) -> None:
    """Good files go in, known ones are unchanged, bad ones are skipped with a reason that names them."""
    known = (SAMPLE / "2025-20.txt").read_bytes()
    reply = upload(
        client,
        ("通知.txt", NOTE.encode()),
        ("国标.txt", NOTE.replace("志愿服务", "读书活动").encode("gb18030")),
        ("2025-20.txt", known),
        ("空.txt", b""),
        ("照片.txt", bytes(range(256)) * 8),
        ("太大.txt", "字".encode() * 70_000),
    )
    report = reply.json()
    assert reply.status_code == 200
    assert report["counts"] == {"added": 2, "unchanged": 1, "replaced": 0, "skipped": 3}
    assert [(d["source_name"], d["status"]) for d in report["documents"]] == [
        ("通知.txt", "added"),
        ("国标.txt", "added"),
        ("2025-20.txt", "unchanged"),
    ]
    assert [file["source_name"] for file in report["skipped"]] == ["空.txt", "照片.txt", "太大.txt"]
    assert all(file["source_name"] in file["reason"] for file in report["skipped"])
    text = client.get(f"/v1/documents/{report['documents'][1]['id']}").json()["text"]
    assert "读书活动" in text


def test_a_reprint_is_told_and_a_known_file_is_not_added_again(client: httpx.Client) -> None:
    """An article that another document has is named with it; the same bytes again are unchanged, whatever
    their name."""
    body = "通知\n\n驿站全天开放。骑手可以休息。驿站有微波炉。驿站有阅读角。志愿者每周值守。\n"
    first = upload(client, ("甲.txt", body.encode())).json()["documents"][0]
    reply = upload(
        client, ("乙.txt", body.replace("每周", "每天").encode()), ("丙.txt", body.encode())
    ).json()
    assert [(d["source_name"], d["status"]) for d in reply["documents"]] == [
        ("乙.txt", "added"),
        ("丙.txt", "unchanged"),
    ]
    assert reply["documents"][1] == {**first, "source_name": "丙.txt", "status": "unchanged"}
    assert reply["documents"][0]["reprints"] == [
        {
            "title": "通知",
            "document_id": first["id"],
            "document_title": "通知",
            "original_title": "通知",
        }
    ]


def test_a_removed_document_is_gone(client: httpx.Client) -> None:
    """What was uploaded can be found, and after its removal neither it nor its passages can."""
    document_id = upload(client, ("通知.txt", NOTE.encode())).json()["documents"][0]["id"]
    question = {"question": "报送志愿服务台账", "top_k": 1}
    passage = client.post("/v1/search", json=question).json()["passages"][0]
    assert passage["document_id"] == document_id
    removed = client.delete(f"/v1/documents/{document_id}")
    assert (removed.status_code, removed.json()["removed"]) == (200, True)
    assert client.get(f"/v1/documents/{document_id}").status_code == 404
    assert client.get(f"/v1/passages/{passage['id']}").json()["error"]["code"] == "passage_not_found"
    assert client.post("/v1/search", json=question).json()["passages"][0]["document_id"] != document_id


def test_an_upload_of_bad_files_only_is_an_error(client: httpx.Client) -> None:
    """Where no file could be taken, the reply is 422, names each and changes nothing."""
    before = client.get("/v1/documents").json()
    reply = upload(client, ("空.txt", b""), ("图.png", b"\x89PNG\r\n\x1a\n"))
    error = reply.json()["error"]
    assert (reply.status_code, error["code"], error["field"]) == (422, "nothing_added", "files")
    assert "空.txt" in error["message"]
    assert "图.png" in error["message"]
    assert client.get("/v1/documents").json() == before


def test_a_path_in_a_file_name_is_dropped(client: httpx.Client) -> None:
    """Only the last part of a name is kept."""
    report = upload(client, ("..\\..\\etc/通知.txt", NOTE.encode())).json()
    assert report["documents"][0]["source_name"] == "通知.txt"


def test_an_upload_over_the_limit_is_refused(client: httpx.Client) -> None:
    """All files together may not pass the limit of an upload."""
    reply = upload(client, *[(f"{n}.txt", NOTE.encode() * 2000) for n in range(4)])
    assert (reply.status_code, reply.json()["error"]["code"]) == (413, "body_too_large")


def test_an_upload_without_files_names_the_field(client: httpx.Client) -> None:
    """A form without the field ``files`` is told so."""
    reply = client.post("/v1/documents", files=[("file", ("a.txt", b"x"))])
    assert reply.status_code == 422
    assert reply.json()["error"]["message"].startswith("files：缺少这一项")


def test_a_broken_form_is_refused(client: httpx.Client) -> None:
    """A multipart body without its boundary is a bad request."""
    reply = client.post("/v1/documents", content=b"xx", headers={"Content-Type": "multipart/form-data"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "malformed_body")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/documents/none", 404, "document_not_found"),
        ("DELETE", "/v1/documents/none", 404, "document_not_found"),
        ("GET", "/v1/passages/none", 404, "passage_not_found"),
        ("GET", "/v1/passages/none?around=21", 422, "invalid_field"),
        ("GET", "/v2/query", 404, "route_not_found"),
        ("GET", "/v1/query", 405, "method_not_allowed"),
        ("PUT", "/v1/documents/none", 405, "method_not_allowed"),
    ],
)
def test_wrong_addresses(client: httpx.Client, method: str, path: str, status: int, code: str) -> None:
    """An id, a route or a method that isn't there gets the status and shape of every error."""
    reply = client.request(method, path)
    error = reply.json()["error"]
    assert (reply.status_code, error["code"]) == (status, code)
    assert error.keys() >= {"code", "message", "type"}


def test_all_methods_of_an_address_are_told(client: httpx.Client) -> None:
    """A method that isn't there is refused with those that are, of every route at the address."""
    assert client.put("/v1/documents").headers["Allow"] == "GET, POST"
    reply = client.patch("/v1/documents/x")
    assert reply.headers["Allow"] == "GET, DELETE"
    assert "这个地址可用：GET, DELETE。" in reply.json()["error"]["message"]
