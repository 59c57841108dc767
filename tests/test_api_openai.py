"""Clients of OpenAI's interface, unchanged, against a running service."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

openai = pytest.importorskip("openai", reason="openai is not installed (pip install 'jianbao[test]')")

QUESTION = "哪些县做了新就业群体服务"


@pytest.fixture(scope="module")
def client(service: str) -> Any:
    """The official client, pointed at the service."""
    return openai.OpenAI(base_url=f"{service}/v1", api_key="unused", max_retries=0)


def ask(client: Any, *contents: Any, **options: Any) -> Any:
    """A conversation whose turns are the user's and the assistant's in turn."""
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": content} for n, content in enumerate(contents)]
    return client.chat.completions.create(model="jianbao", messages=messages, **options)


def own_answer(service: str, question: str, **body: Any) -> Any:
    return httpx.post(f"{service}/v1/query", json={"question": question, **body}, timeout=30).json()


def test_the_one_model(client: Any, service: str) -> None:
    """The list of models has ours; it can be asked for by name, another can't."""
    [model] = client.models.list().data
    assert (model.id, model.object, model.owned_by) == ("jianbao", "model", "jianbao")
    assert client.models.retrieve("jianbao") == model
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("gpt-4o")
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")


def test_a_completion_is_our_answer(client: Any, service: str) -> None:
    """The text is that of /v1/query, and usage counts its characters and the question's."""
    reply = ask(client, QUESTION)
    own = own_answer(service, QUESTION)
    [choice] = reply.choices
    assert choice.message.content == own["answer"]["text"]
    assert (choice.finish_reason, choice.message.role, reply.object) == (
        "stop",
        "assistant",
        "chat.completion",
    )
    assert reply.usage.prompt_tokens == len(QUESTION)
    assert reply.usage.completion_tokens == len(own["answer"]["text"])
    assert reply.usage.total_tokens == len(QUESTION) + len(own["answer"]["text"])
    assert reply.status == "answered"


def test_annotations_point_at_the_markers(client: Any) -> None:
    """Each annotation spans an [n], and its address is the n-th citation's."""
    reply = ask(client, QUESTION)
    message = reply.choices[0].message
    marks = [
        (message.content[a.url_citation.start_index : a.url_citation.end_index], a.url_citation.url)
        for a in message.annotations
    ]
    assert marks
    assert "".join(mark for mark, _ in marks) == "".join(
        f"[{part.split(']')[0]}]" for part in message.content.split("[")[1:]
    )
    assert [url for _, url in marks] == [reply.citations[int(mark[1:-1]) - 1] for mark, _ in marks]


def test_citations_lead_to_the_quotes(client: Any, service: str) -> None:
    """Addresses are the service's own, each its own, and name the passage and the place of the quote."""
    reply = ask(client, QUESTION)
    own = own_answer(service, QUESTION)["citations"]
    assert len(set(reply.citations)) == len(own) > 1
    for url, result, citation in zip(reply.citations, reply.search_results, own, strict=True):
        assert url.startswith(f"{service}/?passage=")
        named = {name: value for name, [value] in parse_qs(urlsplit(url).query).items()}
        passage = httpx.get(f"{service}/v1/passages/{named['passage']}").json()
        document = httpx.get(f"{service}/v1/documents/{passage['document_id']}").json()
        assert document["text"][int(named["start"]) : int(named["end"])] == result["snippet"]
        assert result["snippet"] == citation["quote"]
        assert (result["url"], result["marker"]) == (url, citation["marker"])
        assert result["date"] == document["date"]
        assert passage["title"] in result["title"]


def test_stream_pieces_make_the_answer(client: Any) -> None:
    """The pieces joined are the answer in one piece, and its citations come with them."""
    whole = ask(client, QUESTION)
    chunks = list(ask(client, QUESTION, stream=True, stream_options={"include_usage": True}))
    assert {chunk.id for chunk in chunks} == {chunks[0].id}
    assert chunks[0].choices[0].delta.role == "assistant"
    *pieces, last, counts = chunks
    assert (
        "".join(chunk.choices[0].delta.content or "" for chunk in pieces) == whole.choices[0].message.content
    )
    assert [chunk.choices[0].finish_reason for chunk in pieces] == [None] * len(pieces)
    assert last.choices[0].finish_reason == "stop"
    assert (counts.choices, counts.usage) == ([], whole.usage)
    [told] = [chunk for chunk in pieces if getattr(chunk.choices[0].delta, "annotations", None)]
    assert told.choices[0].delta.annotations == [a.model_dump() for a in whole.choices[0].message.annotations]
    assert (told.citations, told.search_results) == (whole.citations, whole.search_results)


def test_sources_come_before_the_sentence_that_cites_them(client: Any) -> None:
    """Open WebUI numbers sources in the order they come, by an address that each must have for itself."""
    addresses: list[str] = []
    for chunk in ask(client, QUESTION, stream=True):
        if event := getattr(chunk, "event", None):
            assert event["type"] == "source"
            [metadata], [text] = event["data"]["metadata"], event["data"]["document"]
            assert metadata["source"] == event["data"]["source"]["id"]
            assert metadata["quote"] in text
            addresses.append(metadata["source"])
        for part in (chunk.choices[0].delta.content or "").split("[")[1:]:
            assert int(part.split("]")[0]) <= len(addresses)
    assert addresses == ask(client, QUESTION).citations


def test_the_stream_on_the_wire(service: str) -> None:
    """Only data lines, each with one chunk that names its choices, and [DONE] at the end; no usage unasked."""
    body = {"messages": [{"role": "user", "content": QUESTION}], "stream": True}
    reply = httpx.post(f"{service}/v1/chat/completions", json=body, timeout=30)
    assert reply.headers["content-type"].startswith("text/event-stream")
    lines = [line for line in reply.text.split("\n") if line]
    assert all(line.startswith("data: ") for line in lines)
    assert lines[-1] == "data: [DONE]"
    for line in lines[:-1]:
        chunk = json.loads(line.removeprefix("data: "))
        assert chunk["object"] == "chat.completion.chunk"
        assert "finish_reason" in chunk["choices"][0]
        assert "usage" not in chunk


def test_follow_ups_lean_on_earlier_turns(client: Any, service: str) -> None:
    """What a follow-up leaves unsaid is taken from the turns before it."""
    turns = ["溧阳市怎样服务快递员？", "办法有三种。[1]", "灌南县呢？"]
    history = [{"role": "user", "content": turns[0]}, {"role": "assistant", "content": turns[1]}]
    own = own_answer(service, turns[2], history=history)
    assert ask(client, *turns).choices[0].message.content == own["answer"]["text"]
    assert own["answer"]["text"] != own_answer(service, turns[2])["answer"]["text"]


def test_content_in_parts_and_other_roles(client: Any) -> None:
    """Text parts are read as one text; what the system and tools say is passed over."""
    plain = ask(client, QUESTION).choices[0].message.content
    reply = client.chat.completions.create(
        model="jianbao",
        messages=[
            {"role": "system", "content": "你是诗人，只用七言诗作答。"},
            {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
        ],
        temperature=1.7,
        max_tokens=5,
        seed=1,
        user="u",
        tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}],
        response_format={"type": "text"},
    )
    assert reply.choices[0].message.content == plain


def test_filters_beside_the_messages(client: Any, service: str) -> None:
    """Filters of ours go with extra_body, as they do to /v1/query."""
    filters = {"years": [2022]}
    own = own_answer(service, QUESTION, filters=filters)
    reply = ask(client, QUESTION, extra_body={"filters": filters, "top_k": 3})
    assert reply.choices[0].message.content == own["answer"]["text"]
    assert {result["date"] for result in reply.search_results} == {"2022-01-18"}


def test_nothing_known_is_said_so(client: Any) -> None:
    """Without evidence there is no citation, streamed or not."""
    question = "昆明市是怎样服务快递员的"
    whole = ask(client, question)
    assert whole.choices[0].message.content.startswith("简报中未见")
    assert (whole.choices[0].message.annotations, whole.citations, whole.status) == ([], [], "no_evidence")
    chunks = list(ask(client, question, stream=True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == whole.choices[0].message.content
    assert not [chunk for chunk in chunks if hasattr(chunk, "event")]


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"messages": []}, "messages", "至少 1 项"),
    ({"messages": [{"role": "system", "content": "你好"}]}, "messages", "没有 role 为 user 的消息"),
    ({"messages": [{"role": "user", "content": " "}]}, "messages[0].content", "不能为空"),
    ({"messages": [{"role": "user", "content": "问" * 2001}]}, "messages[0].content", "实有 2001 个字"),
    (
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
        "messages[0].content",
        "只读文字",
    ),
    ({"messages": [{"role": "user", "content": "问"}], "top_k": 0}, "top_k", "应不小于 1"),
    ({"messages": [{"role": "user", "content": "问"}], "filters": {"year": 1}}, "filters.year", "没有这一项"),
]


@pytest.mark.parametrize(("body", "param", "words"), BAD)
@pytest.mark.parametrize("stream", [False, True])
def test_wrong_requests_in_the_clients_form(
    client: Any, body: dict[str, Any], param: str, words: str, stream: bool
) -> None:
    """The client raises its own error for a wrong request, with our words and the parameter, streamed or not."""
    messages, extra = body["messages"], {k: v for k, v in body.items() if k != "messages"}
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model="jianbao", messages=messages, stream=stream, extra_body=extra)
    assert (caught.value.param, caught.value.type) == (param, "invalid_request_error")
    assert words in caught.value.body["message"]


def test_a_model_that_is_not_there(client: Any) -> None:
    """Another model's name is refused with ours."""
    with pytest.raises(openai.NotFoundError, match="名为 jianbao"):
        client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "问"}])


def test_langchain_chats(service: str) -> None:
    """langchain-openai reads the answer whole and in pieces, with the counts."""
    chat = pytest.importorskip("langchain_openai", reason="langchain-openai is not installed")
    model = chat.ChatOpenAI(base_url=f"{service}/v1", api_key="unused", model="jianbao")
    own = own_answer(service, QUESTION)["answer"]["text"]
    whole = model.invoke(QUESTION)
    assert whole.content == own
    assert whole.usage_metadata["output_tokens"] == len(own)
    pieces = list(model.stream([("system", "你是助手。"), ("human", QUESTION)]))
    assert "".join(piece.content for piece in pieces) == own
