"""Material packs over HTTP, against a running service."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import unquote

import docx
import httpx
import pytest
from docx_plus.notes import read_footnotes

QUESTION = "哪些县做了新就业群体服务"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def export(service: str, **body: Any) -> httpx.Response:
    return httpx.post(f"{service}/v1/export", json=body, timeout=30)


def passages(service: str, question: str, count: int) -> list[dict[str, Any]]:
    found = httpx.post(f"{service}/v1/search", json={"question": question, "top_k": count}, timeout=30)
    return list(found.json()["passages"])


def test_word_is_what_one_gets(service: str) -> None:
    """Without a format said: a Word file named after the question, its quotations verbatim, one note each."""
    reply = export(service, question=QUESTION)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"] == WORD
    plain, coded = reply.headers["Content-Disposition"].split("; filename*=UTF-8''")
    assert plain == 'attachment; filename="material.docx"'
    assert unquote(coded) == f"简报素材：{QUESTION}.docx"
    document = docx.Document(io.BytesIO(reply.content))
    quotations = [p.text for p in document.paragraphs if p.style.name == "Quote"]
    ids = [row.cells[4].text for row in document.tables[0].rows[1:]]
    assert len(quotations) == len(ids) == len(read_footnotes(document)) > 0
    for quotation, passage_id in zip(quotations, ids, strict=True):
        passage = httpx.get(f"{service}/v1/passages/{passage_id}").json()
        text = httpx.get(f"{service}/v1/documents/{passage['document_id']}").json()["text"]
        assert text[passage["start"] : passage["end"]] == quotation


def test_the_citations_of_an_answer(service: str) -> None:
    """Every sentence that the answer cites for a place is in the pack, with the answer's coverage note."""
    answer = httpx.post(f"{service}/v1/query", json={"question": QUESTION}, timeout=30).json()
    reply = export(service, question=QUESTION, citations=True, format="txt")
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    text = reply.content.decode()
    assert f"检索范围：{answer['coverage']['note']}\n" in text
    rows = {marker for item in answer["items"] for marker in item["citations"]}
    cited = [citation for citation in answer["citations"] if citation["marker"] in rows]
    assert cited
    for citation in cited:
        assert citation["quote"] in text
        assert citation["short_reference"] in text
        assert citation["reference"] in text


def test_chosen_passages_as_markdown(service: str) -> None:
    """Only those chosen, under the title that was asked for."""
    first, second, third = passages(service, "快递员", 3)
    chosen = [third["id"], first["id"]]
    reply = export(service, passage_ids=chosen, format="md", title="快递员素材", group_by="none")
    assert reply.headers["Content-Type"] == "text/markdown; charset=utf-8"
    text = reply.content.decode()
    assert text.startswith("# 快递员素材\n")
    assert text.index(f"> {third['text']}[^1]") < text.index(f"> {first['text']}[^2]")
    assert second["text"] not in text


def test_one_of_each_city(service: str) -> None:
    """With one of each city no city has two, and the newest issue comes first."""
    reply = export(
        service, question="哪些地方开展了志愿服务", per_city=1, newest_first=True, limit=100, format="md"
    )
    rows = [line for line in reply.content.decode().splitlines() if line.startswith("| ")][2:]
    cells = [row.strip("| ").split(" | ") for row in rows]
    cities = [place[: place.index("市") + 1] for _, place, *_ in cells]
    assert len(cities) > 2
    assert len(set(cities)) == len(cities)
    issues = [reference for *_, reference, _ in cells]
    assert issues == sorted(issues, key=lambda reference: "2022" in reference)


def test_filters_are_the_questions(service: str) -> None:
    """Only what they allow is exported."""
    reply = export(service, question="哪些地方开展了志愿服务", filters={"years": [2022]}, format="txt")
    text = reply.content.decode()
    assert "《江苏精神文明建设简报》2022年第1期（摘编）" in text
    assert "2025年第" not in text


def test_nothing_found_is_no_file(service: str) -> None:
    """What the bulletins don't hold is told, not exported."""
    for citations in (False, True):
        reply = export(service, question="昆明市怎样服务快递员", citations=citations)
        assert reply.status_code == 404
        error = reply.json()["error"]
        assert (error["code"], error["type"]) == ("nothing_to_export", "not_found_error")
        assert error["message"].startswith("简报中未见昆明市")


@pytest.mark.parametrize(
    ("body", "status", "code", "field", "words"),
    [
        ({}, 422, "bad_export", "question", "至少要给一项"),
        ({"question": ""}, 422, "invalid_field", "question", "不能为空"),
        ({"passage_ids": ["none"]}, 404, "passage_not_found", None, "没有编号为 none 的段落"),
        ({"passage_ids": ["none"], "citations": True}, 422, "bad_export", "citations", "要有 question"),
        ({"passage_ids": ["none"], "filters": {"years": [2025]}}, 422, "invalid_field", None, "filters"),
        (
            {"question": "问", "format": "pdf"},
            422,
            "invalid_field",
            "format",
            "应为 'docx'、'md'、'txt' 之一",
        ),
        ({"question": "问", "group_by": "city"}, 422, "invalid_field", "group_by", "应为"),
        ({"question": "问", "per_city": 0}, 422, "invalid_field", "per_city", "应不小于 1"),
        ({"question": "问", "limit": 101}, 422, "invalid_field", "limit", "应不大于 100"),
        ({"question": "问", "per_place": "1"}, 422, "invalid_field", "per_place", "应为整数"),
        ({"question": "问", "passage_ids": ["p"] * 101}, 422, "invalid_field", "passage_ids", "最多 100 项"),
        ({"question": "问", "title": "题" * 101}, 422, "invalid_field", "title", "最多 100 个字"),
        ({"question": "问", "template": "x"}, 422, "invalid_field", "template", "没有这一项"),
    ],
)
def test_a_wrong_request(
    service: str, body: dict[str, Any], status: int, code: str, field: str | None, words: str
) -> None:
    """What is wrong is told in Chinese, with the field where one is to blame."""
    reply = export(service, **body)
    error = reply.json()["error"]
    assert (reply.status_code, error["code"], error.get("field")) == (status, code, field)
    assert words in error["message"]


def test_it_is_described(service: str) -> None:
    """The OpenAPI description names the three kinds of file."""
    paths = httpx.get(f"{service}/openapi.json").json()["paths"]
    contents = paths["/v1/export"]["post"]["responses"]["200"]["content"]
    assert set(contents) == {WORD, "text/markdown", "text/plain"}
