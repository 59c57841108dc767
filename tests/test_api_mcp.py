"""The Model Context Protocol's own client against a running service, over HTTP and over stdio."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from processes import environment

from api.mcp_on_demand import OnDemand, Served

QUESTION = "哪些县做了新就业群体服务"
STDIO = Path(__file__).parent / "mcp_fake.py"


def calls(target: Any, *wanted: tuple[str, dict[str, Any]]) -> list[Any]:
    """The results of some calls, one after the other, on one connection."""

    async def run() -> list[Any]:
        async with Client(target) as client:
            return [await client.call_tool(name, arguments) for name, arguments in wanted]

    return anyio.run(run)


def tools(target: str) -> list[Any]:
    async def run() -> list[Any]:
        async with Client(target) as client:
            return list((await client.list_tools()).tools)

    return anyio.run(run)


@pytest.fixture
def target(service: str) -> str:
    """Where the client connects to."""
    return f"{service}/mcp"


def test_tools_are_read_only(target: str) -> None:
    """Four tools, all marked as reading only, with descriptions and shapes of what they return."""
    found = {tool.name: tool for tool in tools(target)}
    assert found.keys() == {"search", "fetch", "ask", "check"}
    for tool in found.values():
        assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
        assert tool.description
        assert tool.output_schema["type"] == "object"
    assert found["search"].input_schema["required"] == ["query"]
    assert set(found["search"].input_schema["properties"]) == {"query"}
    assert set(found["fetch"].input_schema["properties"]) == {"id"}


def test_search_then_fetch(target: str) -> None:
    """Results have an id, a title and an address; what is fetched by the id holds the passage. The same stands
    in the structured content and, as JSON, in the text."""
    [found] = calls(target, ("search", {"query": "快递员"}))
    assert json.loads(found.content[0].text) == found.structured_content
    first = found.structured_content["results"][0]
    assert first.keys() == {"id", "title", "url"}
    assert first["url"].startswith("http://127.0.0.1")
    assert f"/?passage={first['id']}&snapshot=g" in first["url"]
    [fetched] = calls(target, ("fetch", {"id": first["id"]}))
    document = fetched.structured_content
    assert json.loads(fetched.content[0].text) == document
    assert document.keys() == {"id", "title", "text", "url", "metadata"}
    assert {name: document[name] for name in ("id", "title", "url")} == first
    assert document["metadata"]["passage"] in document["text"]
    assert "快递" in document["metadata"]["passage"]
    assert document["text"].startswith(document["title"])


def test_ask_and_check(target: str) -> None:
    """ask cites; check tells of a figure that differs what the bulletin says."""
    asked, unknown, checked = calls(
        target,
        ("ask", {"question": QUESTION, "years": [2025]}),
        ("ask", {"question": "昆明市是怎样服务快递员的"}),
        ("check", {"text": "灌南县把45个网点平台同农户结对，村社党群服务中心里新建快递服务站87处。"}),
    )
    answer = asked.structured_content
    assert answer["status"] == "answered"
    assert "[1]" in answer["text"]
    assert [c["marker"] for c in answer["citations"]] == list(range(1, len(answer["citations"]) + 1))
    assert len({c["url"] for c in answer["citations"]}) == len(answer["citations"])
    assert unknown.structured_content["status"] == "no_evidence"
    assert unknown.structured_content["citations"] == []
    assert checked.structured_content["findings"]


def test_errors_reach_the_model(target: str) -> None:
    """An unknown id and an empty question are told in our words, as errors of the tool."""
    missing, empty = calls(target, ("fetch", {"id": "none"}), ("ask", {"question": " "}))
    assert (missing.is_error, empty.is_error) == (True, True)
    assert "none" in missing.content[0].text
    assert "请写出要问什么" in empty.content[0].text


_SNAPSHOT = re.compile("g[0-9]+-[0-9a-f]{8}")


@pytest.mark.slow
def test_the_command_offers_the_same(target: str, tmp_path: Path) -> None:
    """``jianbao mcp`` gives over stdio what the service gives over HTTP, with addresses of its settings."""
    env = environment(JIANBAO_PUBLIC_URL="https://jianbao.example/")
    command = StdioServerParameters(command=sys.executable, args=[str(STDIO), str(tmp_path)], env=env)
    wanted = ("search", {"query": "快递员"}), ("ask", {"question": QUESTION}), ("fetch", {"id": "none"})
    here, there = calls(command, *wanted), calls(target, *wanted)
    for ours, theirs in zip(here, there, strict=True):
        shown = ours.content[0].text.replace("https://jianbao.example/?", target.removesuffix("mcp") + "?")
        # Two libraries with the same contents have each a name of their own.
        assert _SNAPSHOT.sub("", shown) == _SNAPSHOT.sub("", theirs.content[0].text)
    assert "https://jianbao.example/?passage=" in here[0].content[0].text


def test_quotes_are_the_documents_own(service: str) -> None:
    """What ask quotes stands in the document where it says."""
    [asked] = calls(f"{service}/mcp", ("ask", {"question": QUESTION}))
    for cited in asked.structured_content["citations"]:
        text = httpx.get(f"{service}/v1/documents/{cited['document_id']}").json()["text"]
        assert text[cited["start"] : cited["end"]] == cited["quote"]


def test_a_name_that_is_not_ours(service: str) -> None:
    """A page that lets its own name point to this machine gets nothing."""
    reply = httpx.post(
        f"{service}/mcp",
        json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
        headers={"Host": "evil.example", "Accept": "application/json, text/event-stream"},
    )
    assert reply.status_code in {403, 421}


def test_logging_stays_as_it_was(home: Path) -> None:
    """The SDK's own handler of the root logger is taken away again."""
    from api.app import create_app
    from api.embedding import open_model
    from api.settings import read_settings
    from api.wiring import assemble

    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []
    try:
        settings = read_settings()
        application = assemble(settings, open_model(settings, print), print)
        with contextlib.closing(application):
            create_app(application)
        assert (root.handlers, root.level) == ([], logging.WARNING)
    finally:
        root.handlers = handlers


def test_what_cannot_be_made_leaves_the_service_alone() -> None:
    """Where the protocol's part can't be had, its own address fails each time and the others answer."""

    def broken() -> Served:
        raise ImportError("mcp")

    mcp = OnDemand(broken)
    app = FastAPI(lifespan=lambda _: mcp.running())
    app.get("/other")(lambda: "here")
    mcp.mount(app)
    with TestClient(app, raise_server_exceptions=False) as client:
        assert [client.post("/mcp").status_code for _ in range(2)] == [500, 500]
        assert client.get("/other").json() == "here"
