"""Questions over HTTP, against a running service."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

QUESTION = "哪些县做了新就业群体服务"


def ask(service: str, **body: Any) -> httpx.Response:
    return httpx.post(f"{service}/v1/query", json=body, timeout=30)


def test_an_answer_has_the_fields_of_the_contract(service: str) -> None:
    """Every name that clients rely on is there, with values that belong together."""
    reply = ask(service, question=QUESTION, top_k=5).json()
    assert reply["status"] == "answered"
    assert reply["intent"] == "list"
    assert reply["standalone_question"] == QUESTION
    assert reply["filters"] == {}
    assert reply["coverage"]["documents"] == 3
    assert reply["coverage"]["articles"] == 12
    found, apart = len(reply["items"]), len(reply["doubtful"])
    note = f"已查 3 期 12 篇，符合 {found} 地" + (f"，另列 {apart} 地" if apart else "")
    assert reply["coverage"]["note"] == note
    assert reply["took_ms"]["total"] > 0
    assert re.fullmatch(r"g\d+-[0-9a-f]{8}", reply["snapshot"])
    ranks = [passage["rank"] for passage in reply["passages"]]
    assert ranks[:5] == [1, 2, 3, 4, 5]
    assert ranks == sorted(set(ranks))
    first = reply["passages"][0]
    assert first["series"] == "江苏精神文明建设简报"
    assert {
        "id",
        "document_id",
        "score",
        "text",
        "start",
        "end",
        "title",
        "place",
        "issue",
        "date",
        "heading",
        "matched",
    } <= first.keys()


def test_slips_of_the_pen_come_back_as_read(service: str) -> None:
    """The reply says what was read otherwise; a question without a slip has no corrections."""
    reply = ask(service, question="哪些县做了新就业裙体服务", explain=True).json()
    told = [{"found": "新就业裙体", "read_as": "新就业群体"}]
    assert reply["corrections"] == told
    assert reply["explanation"]["corrections"] == told
    assert reply["standalone_question"] == QUESTION
    assert ask(service, question=QUESTION).json()["corrections"] == []
    found = httpx.post(f"{service}/v1/search", json={"question": "哪些县做了新就业裙体服务"}).json()
    assert found["corrections"] == told


def test_sentences_and_quotes_stand_where_they_say(service: str) -> None:
    """A sentence is a slice of the answer, a quote a slice of its document's text, counted in code points."""
    reply = ask(service, question=QUESTION).json()
    text = reply["answer"]["text"]
    assert reply["answer"]["sentences"]
    for sentence in reply["answer"]["sentences"]:
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]
        assert set(sentence["citations"]) <= {citation["marker"] for citation in reply["citations"]}
    for citation in reply["citations"]:
        document = httpx.get(f"{service}/v1/documents/{citation['document_id']}").json()
        assert document["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_own_words_of_the_bulletins_are_told(service: str) -> None:
    """``wording``: the line that counts is ours, the rows below it are the bulletins' own."""
    sentences = ask(service, question=QUESTION).json()["answer"]["sentences"]
    assert [sentence["wording"] for sentence in sentences[:2]] == ["rewritten", "verbatim"]
    assert {sentence["wording"] for sentence in sentences[1:]} == {"verbatim"}


def test_filters_come_back_as_applied(service: str) -> None:
    """Filters narrow the passages, and the reply says which were applied."""
    reply = ask(service, question="志愿服务怎么做", filters={"years": [2022], "since": "2022-01-01"}).json()
    assert reply["filters"]["years"] == [2022]
    assert reply["filters"]["since"] == "2022-01-01"
    assert {passage["date"] for passage in reply["passages"]} == {"2022-01-18"}


def test_an_issue_may_be_sent_as_a_number(service: str) -> None:
    """Issue 20 and "20" ask for the same."""
    replies = [ask(service, question="志愿服务", filters={"issues": [issue]}).json() for issue in (20, "20")]
    assert replies[0]["filters"]["issues"] == ["20"]
    assert [p["id"] for p in replies[0]["passages"]] == [p["id"] for p in replies[1]["passages"]]
    assert {passage["issue"] for passage in replies[0]["passages"]} == {"20"}


def test_nothing_known_is_said_so(service: str) -> None:
    """A place that the corpus doesn't have gives no_evidence without claims, but the nearest passages."""
    reply = ask(service, question="昆明市是怎样服务快递员的").json()
    assert reply["status"] == "no_evidence"
    assert reply["answer"]["text"].startswith("简报中未见")
    assert reply["citations"] == []
    assert reply["passages"]


def test_search_gives_passages_only(service: str) -> None:
    """Search gives as many passages as were asked for, best first, and no answer."""
    reply = httpx.post(f"{service}/v1/search", json={"question": "快递员", "top_k": 3}).json()
    scores = [passage["score"] for passage in reply["passages"]]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    assert "answer" not in reply
    assert reply["took_ms"]["total"] > 0


def test_a_citation_has_both_references(service: str) -> None:
    """Each citation comes with the full reference and the short one; the sample's are digests and say so."""
    citations = ask(service, question="沛县和泰州市的做法有什么不同").json()["citations"]
    assert {(c["reference"], c["short_reference"]) for c in citations} == {
        (
            "江苏省精神文明建设办公室. 江苏精神文明建设简报（摘编，非原文）[Z]. 2025(20).",
            "《江苏精神文明建设简报》2025年第20期（摘编）",
        ),
        (
            "江苏省文明办. 江苏精神文明建设简报（摘编，非原文）[Z]. 2022(1).",
            "《江苏精神文明建设简报》2022年第1期（摘编）",
        ),
    }


def test_a_follow_up_takes_history(service: str) -> None:
    """Turns before the question are taken in."""
    history = [
        {"role": "user", "content": "溧阳市怎样服务快递员？"},
        {"role": "assistant", "content": "建驿站。"},
    ]
    reply = ask(service, question="灌南县呢？", history=history)
    assert reply.status_code == 200
    assert "灌南县" in reply.json()["standalone_question"]


def test_twenty_questions_at_once(service: str) -> None:
    """Twenty clients at once all get what one gets."""
    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda _: ask(service, question=QUESTION), range(20)))
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.json()["answer"]["text"] for reply in replies}) == 1


def test_a_whole_number_may_have_a_point(service: str) -> None:
    """3.0 asks for three, as 3 does."""
    reply = httpx.post(f"{service}/v1/search", json={"question": "快递员", "top_k": 3.0})
    assert len(reply.json()["passages"]) == 3


BAD = [
    ({}, "question", "缺少这一项"),
    ({"question": ""}, "question", "不能为空"),
    ({"question": " 　\n"}, "question", "不能为空"),
    ({"question": None}, "question", "应为字符串"),
    ({"question": 5}, "question", "应为字符串"),
    ({"question": "问" * 100_000}, "question", "最多 2000 个字，实有 100000 个字"),
    ({"question": "ﷺ" * 200}, "question", "最多 2000 个字，展开后有 3600 个字"),
    ({"question": "问", "top_k": 0}, "top_k", "应不小于 1，实为 0"),
    ({"question": "问", "top_k": 101}, "top_k", "应不大于 100，实为 101"),
    ({"question": "问", "top_k": "8"}, "top_k", "应为整数"),
    ({"question": "问", "top_k": True}, "top_k", "应为整数"),
    ({"question": "问", "topk": 3}, "topk", "没有这一项"),
    ({"question": "问", "history": "你好"}, "history", "应为列表"),
    (
        {"question": "问", "history": [{"role": "system", "content": ""}]},
        "history[0].role",
        "应为 'user'、'assistant' 之一",
    ),
    (
        {"question": "问", "history": [{"role": "user", "content": "问"}] * 51},
        "history",
        "最多 50 项，实有 51 项",
    ),
    ({"question": "问", "filters": []}, "filters", "应为 JSON 对象"),
    ({"question": "问", "filters": {"year": [2025]}}, "filters.year", "没有这一项"),
    ({"question": "问", "filters": {"years": ["去年"]}}, "filters.years[0]", "应为整数，实为 '去年'"),
    ({"question": "问", "filters": {"places": [""]}}, "filters.places[0]", "不能为空"),
    ({"question": "问", "filters": {"since": "2025/1/1"}}, "filters.since", "应为日期"),
    ({"question": "问", "filters": {"since": 0}}, "filters.since", "应为日期，写作 2025-01-31，实为 0"),
    ({"question": "问", "filters": {"until": "1700000000"}}, "filters.until", "应为日期"),
    ({"question": "问", "filters": {"until": "2025-02-30"}}, "filters.until", "应为日期"),
    ({"question": "问", "filters": {"since": "2025-02-01", "until": "2025-01-01"}}, "filters", "不能晚于"),
    ({"question": "问", "top_k": 8.5}, "top_k", "应为整数"),
]


@pytest.mark.parametrize(("body", "field", "words"), BAD)
@pytest.mark.parametrize("route", ["query", "search"])
def test_a_wrong_field_is_named(service: str, route: str, body: Any, field: str, words: str) -> None:
    """What is wrong with a body is told in Chinese, with 422 and the name of the field."""
    reply = httpx.post(f"{service}/v1/{route}", json=body)
    error = reply.json()["error"]
    assert reply.status_code == 422
    assert error["type"] == "invalid_request_error"
    assert error["field"] == field
    assert error["message"].startswith(f"{field}：")
    assert words in error["message"]


def test_all_wrong_fields_are_named(service: str) -> None:
    """The first wrong field is explained, the others named."""
    error = ask(service, question="", top_k=0, colour="red").json()["error"]
    assert error["message"].startswith("question：")
    assert error["message"].endswith("另有不合要求的：colour、top_k。")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "malformed_body"),
        (b"", 422, "invalid_field"),
        (b"null", 422, "invalid_field"),
        (b'"\xff"', 400, "malformed_body"),
        (b"[" * 100_000, 400, "malformed_body"),
        (b"[1]", 422, "invalid_field"),
        (b'{"question": "\\ud800"}', 422, "invalid_field"),
        (b'{"question": "' + b"x" * 2**20 + b'"}', 413, "body_too_large"),
    ],
    ids=["cut short", "empty", "null", "not UTF-8", "deep", "a list", "half a surrogate", "over 1 MiB"],
)
def test_a_broken_body_is_refused(service: str, content: bytes, status: int, code: str) -> None:
    """A body that isn't our JSON gets its status and a message in Chinese."""
    reply = httpx.post(f"{service}/v1/query", content=content, headers={"Content-Type": "application/json"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
    assert "请求正文" in reply.json()["error"]["message"] or "question" in reply.json()["error"]["message"]


def test_a_body_of_unsaid_length_is_limited(service: str) -> None:
    """A chunked body over 1 MiB is refused as well."""
    reply = httpx.post(
        f"{service}/v1/query",
        content=(b" " * 65536 for _ in range(20)),
        headers={"Content-Type": "application/json"},
    )
    assert reply.status_code == 413
    assert reply.json()["error"]["message"].startswith("请求正文超过上限 1 MB")


def test_a_form_is_not_json(service: str) -> None:
    """curl -d without a content type is told which header to send."""
    reply = httpx.post(
        f"{service}/v1/query",
        content=b'{"question":"x"}',
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert reply.status_code == 422
    assert "Content-Type: application/json" in reply.json()["error"]["message"]


@pytest.mark.parametrize(("ignored", "documents"), [([], 1), (["years"], 3)])
def test_a_filter_that_is_said_can_be_ignored(service: str, ignored: list[str], documents: int) -> None:
    """The year in the question counts unless the client says that it doesn't; its words are taken out either
    way. A place is no such filter."""
    question = "2022年哪些地方有志愿服务队"
    reply = ask(service, question=question, ignore_said=ignored).json()
    assert reply["standalone_question"] == "哪些地方有志愿服务队"
    assert reply["filters"] == ({} if ignored else {"years": [2022]})
    assert reply["coverage"]["documents"] == documents
    assert ask(service, question=question, ignore_said=["places"]).status_code == 422
