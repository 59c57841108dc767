"""The draft check over HTTP, against a running service."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import unquote

import docx
import httpx
import pytest

DRAFT = "发言稿\n灌南县从98家单位选派240名“文明实践指导员”。昆山市建成35个口袋公园。\n久久为功！"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def check(service: str, **request: Any) -> httpx.Response:
    return httpx.post(f"{service}/v1/check", timeout=60, **request)


def make_docx(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_findings_of_a_text(service: str) -> None:
    """Each finding with its place in the draft, both wordings and a citation that stands in its document."""
    reply = check(service, json={"text": DRAFT})
    assert reply.status_code == 200
    found = reply.json()
    assert (found["text"], found["source_name"]) == (DRAFT, None)
    assert found["summary"]["findings"] == {"consistent": 3, "inconsistent": 1, "not_found": 3}
    assert found["summary"]["sentences"] == {"consistent": 0, "inconsistent": 1, "not_found": 3}
    [wrong] = [f for f in found["findings"] if f["verdict"] == "inconsistent"]
    assert {k: wrong[k] for k in ("kind", "kind_name", "verdict_name", "text", "found")} == {
        "kind": "figure",
        "kind_name": "数字",
        "verdict_name": "不一致",
        "text": "240名",
        "found": "238名",
    }
    for finding in found["findings"]:
        assert DRAFT[finding["start"] : finding["end"]] == finding["text"]
    citation = wrong["citation"]
    document = httpx.get(f"{service}/v1/documents/{citation['document_id']}").json()
    assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert "238名" in citation["quote"]
    assert citation["reference"].endswith("[Z]. 2025(20).")
    assert citation["short_reference"] == "《江苏精神文明建设简报》2025年第20期（摘编）"
    passage = httpx.get(f"{service}/v1/passages/{citation['passage_id']}").json()
    assert passage["document_id"] == citation["document_id"]


def test_the_draft_isn_t_kept(service: str) -> None:
    """A check changes nothing in the library."""
    before = httpx.get(f"{service}/v1/documents").json()
    check(service, json={"text": DRAFT})
    check(service, files={"file": ("稿.docx", make_docx(DRAFT))})
    assert httpx.get(f"{service}/v1/documents").json() == before


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("稿.txt", DRAFT.encode("gb18030")),
        ("稿.md", f"# 发言稿\n\n{DRAFT.split(chr(10), 1)[1]}".encode()),
        ("C:\\稿\\稿.docx", make_docx(*DRAFT.split("\n"))),
    ],
)
def test_a_file(service: str, name: str, data: bytes) -> None:
    """Text in any encoding, Markdown and Word; the reply has the text that its offsets count."""
    found = check(service, files={"file": (name, data)}).json()
    assert found["source_name"] == name.rpartition("\\")[2]
    assert found["text"].split() == DRAFT.split()
    assert [f["found"] for f in found["findings"] if f["verdict"] == "inconsistent"] == ["238名"]
    for finding in found["findings"]:
        assert found["text"][finding["start"] : finding["end"]] == finding["text"]
    assert found["warnings"] == []


def test_the_marked_draft(service: str) -> None:
    """``format=docx`` gives a Word file named after the draft, with comments."""
    reply = check(service, params={"format": "docx"}, files={"file": ("讲话.txt", DRAFT.encode())})
    assert (reply.status_code, reply.headers["Content-Type"]) == (200, WORD)
    plain, coded = reply.headers["Content-Disposition"].split("; filename*=UTF-8''")
    assert (plain, unquote(coded)) == ('attachment; filename="checked.docx"', "讲话（核稿）.docx")
    document = docx.Document(io.BytesIO(reply.content))
    assert [p.text for p in document.paragraphs] == DRAFT.split("\n")
    assert any("稿中“240名”，简报“238名”" in comment.text for comment in document.comments)
    reply = check(service, params={"format": "docx"}, json={"text": DRAFT})
    assert unquote(reply.headers["Content-Disposition"]).endswith("稿件（核稿）.docx")


@pytest.mark.parametrize(
    ("request_", "status", "code", "words"),
    [
        ({"json": {"text": " \n"}}, 422, "bad_draft", "稿件是空的"),
        ({"json": {"text": "字" * 50_001}}, 422, "bad_draft", "一次最多核对 50000 字"),
        ({"json": {"text": 5}}, 422, "invalid_field", "text：应为字符串"),
        ({"json": {"texts": "稿"}}, 422, "invalid_field", "text：缺少这一项"),
        ({"json": {"text": "稿", "a": 1}}, 422, "invalid_field", "a：没有这一项"),
        ({"json": {"text": "稿"}, "params": {"format": "pdf"}}, 422, "invalid_field", "format：应为"),
        ({"content": "{", "headers": {"Content-Type": "application/json"}}, 400, "malformed_body", "JSON"),
        ({"files": {"draft": ("a.txt", b"x")}}, 422, "invalid_field", "file：缺少这一项"),
        ({"files": {"file": ("a.docx", b"PK\x03\x04junk")}}, 422, "unreadable_file", "a.docx"),
        ({"files": {"file": ("a.txt", b"")}}, 422, "unreadable_file", "a.txt"),
        ({"files": {"file": ("a.txt", b"x" * 300_000)}}, 413, "file_too_large", "a.txt"),
        ({"files": {"file": ("a.txt", b"x" * 500_000)}}, 413, "body_too_large", "请求正文超过上限"),
    ],
)
def test_what_is_refused(service: str, request_: dict[str, Any], status: int, code: str, words: str) -> None:
    """Every refusal has our shape and says what is wrong."""
    reply = check(service, **request_)
    assert reply.status_code == status, reply.text
    assert reply.json()["error"]["code"] == code
    assert words in reply.json()["error"]["message"]


def test_half_a_character_is_refused(service: str) -> None:
    """A lone surrogate, which JSON can write, is no text."""
    reply = check(
        service, content=json.dumps({"text": "稿\ud800"}), headers={"Content-Type": "application/json"}
    )
    assert reply.status_code in {400, 422}
    assert "error" in reply.json()
