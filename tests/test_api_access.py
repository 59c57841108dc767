"""Who comes in, and how often: asked of the service in this process."""

from __future__ import annotations

import functools
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fakes import HashEmbedder, make_parsed
from fastapi.testclient import TestClient
from starlette.routing import Mount

import api.refusing
import api.wiring
from api.access import Reach
from api.admission import Admission
from api.app import create_app
from api.keys import KeyFile
from api.settings import Settings
from api.wiring import Application, assemble
from corpus.places import load_gazetteer

LOCAL = "http://127.0.0.1:8000"
QUESTION = {"question": "驿站在哪里"}
FORM = [("files", ("通知.txt", "通知\n\n各单位要在月底前报送台账。\n".encode()))]


@dataclass
class House:
    """A library of one document, and its keys."""

    application: Application
    keys: KeyFile
    reader: str
    editor: str


_gazetteer = functools.cache(load_gazetteer)


@pytest.fixture
def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    monkeypatch.setattr(api.wiring, "load_gazetteer", _gazetteer)
    settings = Settings(data=tmp_path / "data", cache=tmp_path / "cache")
    application = assemble(settings, HashEmbedder(), logging.warning)
    application.library.add([make_parsed("a", ["驿站在灌南县。驿站全天开放。"])])
    yield application
    application.close()


@pytest.fixture
def house(application: Application) -> House:
    keys = KeyFile(application.settings.data)
    return House(application, keys, keys.add("reader", "读者")[1], keys.add("editor", "编辑")[1])


def client_of(
    application: Application,
    *,
    key: str = "",
    reach: Reach = "loopback",
    admission: Admission | None = None,
    **settings: Any,
) -> TestClient:
    changed = Settings(**{**application.settings.model_dump(), **settings})
    app = create_app(
        replace(application, settings=changed),
        reach=reach,
        admission=admission,
    )
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return TestClient(app, base_url=LOCAL, headers=headers)


def code_of(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["error"]["code"]


def routes(client: TestClient) -> set[tuple[str, str]]:
    """Method and address of every route that is described, ids filled in."""
    return {
        (method.upper(), path.replace("{document_id}", "a").replace("{passage_id}", "a-0"))
        for path, methods in client.get("/openapi.json").json()["paths"].items()
        for method in methods
    }


def test_without_keys_this_machine_comes_in(application: Application) -> None:
    """Asking, uploading and looking need no key as long as there is none."""
    client = client_of(application)
    assert client.post("/v1/query", json=QUESTION).status_code == 200
    assert client.post("/v1/documents", files=FORM).json()["counts"]["added"] == 1
    assert client.get("/metrics").status_code == 200


def test_with_keys_nobody_comes_in_without(house: House) -> None:
    """Every route but the health checks asks for a key, also those that don't exist, and tells what is
    missing in the shape of every error."""
    client = client_of(house.application)
    open_to_all = {(method, path) for method, path in routes(client) if path in {"/healthz", "/readyz"}}
    assert len(open_to_all) == 2
    for method, path in routes(client) - open_to_all:
        reply = client.request(method, path)
        assert reply.status_code == 401, path
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")
        if path != "/retrieval":  # Dify's errors have a shape of their own
            assert code_of(reply) == (401, "missing_api_key"), path
            assert reply.json()["error"]["type"] == "authentication_error"
    for path in (
        "/v2/none",
        "/healthz/",
        "/v1/documents%2f..%2f..%2fhealthz",
    ):
        assert client.get(path).status_code == 401, path
    assert client.get("/page/..%2fv1%2fdocuments").status_code == 404
    assert client.get("/healthz").status_code == 200
    for path in ("/docs", "/openapi.json", "/static-offline-docs/swagger-ui.css"):
        assert client.get(path).status_code == 200
    assert client.post("/docs").status_code == 401


def test_a_wrong_header_is_no_key(house: House) -> None:
    """Only the whole key after the word Bearer counts."""
    client = client_of(house.application)
    own = house.editor
    for header in (
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        f"Basic {own}",
        own,
        f"Bearer {own}x",
        f"Bearer {own} {own}",
    ):
        reply = client.get("/v1/documents", headers={"Authorization": header})
        assert code_of(reply) in {(401, "missing_api_key"), (401, "invalid_api_key")}, header
    ours = {"Authorization": f"bearer  {house.reader}"}
    assert client.get("/v1/documents", headers=ours).status_code == 200


def test_a_reader_reads_and_an_editor_also_writes(house: House) -> None:
    """Of all routes a reader is refused exactly those that change the library; nothing is changed."""
    reader = client_of(house.application, key=house.reader)
    snapshot = house.application.library.snapshot
    refused = {
        (method, path) for method, path in routes(reader) if reader.request(method, path).status_code == 403
    }
    assert refused == {
        ("POST", "/v1/documents"),
        ("DELETE", "/v1/documents/a"),
        ("POST", "/v1/documents/a/reread"),
    }
    reply = reader.post("/v1/documents", files=FORM)
    assert code_of(reply) == (403, "editor_required")
    assert "密钥 读者 的角色是 reader" in reply.json()["error"]["message"]
    assert house.application.library.snapshot == snapshot
    editor = client_of(house.application, key=house.editor)
    assert editor.post("/v1/documents", files=FORM).json()["counts"]["added"] == 1
    assert editor.delete("/v1/documents/a").status_code == 200


def test_refusals_in_the_form_of_each_client(house: House) -> None:
    """Dify and OpenAI's clients read refusals at the door in their own forms."""
    for key, code in (("", 1001), ("wrong", 1002)):
        reply = client_of(house.application, key=key).post("/retrieval", json={})
        assert (reply.status_code, reply.json()["error_code"]) == (401, code)
        assert "密钥" in reply.json()["error_msg"]
    stranger = client_of(house.application, admission=None).post("/retrieval", headers={"Host": "x.example"})
    assert (stranger.status_code, stranger.json()["error_code"]) == (401, 1001)
    for method, path in (("POST", "/v1/chat/completions"), ("GET", "/v1/models")):
        refused = client_of(house.application, key="wrong").request(method, path)
        error = refused.json()["error"]
        assert (refused.status_code, error["code"], error["param"]) == (401, "invalid_api_key", None)


def test_a_reader_may_chat(house: House) -> None:
    """What is asked by POST in the ways of others changes nothing, and is a reader's."""
    with client_of(house.application, key=house.reader) as reader:
        messages = [{"role": "user", "content": QUESTION["question"]}]
        chat = reader.post("/v1/chat/completions", json={"messages": messages})
        assert "驿站在灌南县" in chat.json()["choices"][0]["message"]["content"]
        found = reader.post("/retrieval", json={"knowledge_id": "x", "query": "驿站"})
        assert found.json()["records"][0]["content"] == "驿站在灌南县。驿站全天开放。"
        tools = reader.post(
            "/mcp",
            json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
            headers={"Accept": "application/json, text/event-stream"},
        )
        assert tools.status_code == 200, tools.text
        assert {tool["name"] for tool in tools.json()["result"]["tools"]} == {
            "search",
            "fetch",
            "ask",
            "check",
        }


def test_keys_count_at_once(application: Application) -> None:
    """A key that is added shuts an open service; a revoked one is refused at the next request; and when all
    are revoked or the file is gone, the running service stays shut."""
    client = client_of(application)
    assert client.get("/v1/documents").status_code == 200
    keys = KeyFile(application.settings.data)
    key, secret = keys.add("reader")
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/v1/documents").status_code == 401
    assert client.get("/v1/documents", headers=headers).status_code == 200
    keys.revoke(key.id)
    assert code_of(client.get("/v1/documents", headers=headers)) == (401, "invalid_api_key")
    (application.settings.data / "keys.json").unlink()
    assert code_of(client.get("/v1/documents")) == (401, "missing_api_key")


def test_a_damaged_key_file_is_told_and_lets_nobody_in(house: House) -> None:
    """503, not an open door."""
    client = client_of(house.application, key=house.editor)
    (house.application.settings.data / "keys.json").write_bytes(b"{")
    assert code_of(client.get("/v1/documents")) == (503, "keys_unavailable")
    assert client.get("/healthz").status_code == 200


def test_on_a_network_a_key_is_always_asked_for(application: Application) -> None:
    """Where the service listens beyond this machine, having no keys lets nobody in; unless its owner insists."""
    assert client_of(application, reach="network").get("/v1/documents").status_code == 401
    unguarded = client_of(application, reach="unguarded")
    assert unguarded.get("/v1/documents", headers={"Host": "bulletins.example"}).status_code == 200
    forged = {"Host": "bulletins.example", "Origin": "http://evil.example"}
    assert code_of(unguarded.delete("/v1/documents/a", headers=forged)) == (403, "origin_not_allowed")


def test_names_of_this_machine_are_taken(application: Application) -> None:
    """This machine's names and those that were set are taken, with any port."""
    client = client_of(application, allowed_hosts="KB.example, other.example")
    for host in ("127.0.0.1", "localhost:8000", "LOCALHOST", "[::1]:8000", "kb.example:80"):
        assert client.get("/v1/documents", headers={"Host": host}).status_code == 200, host


def test_a_name_that_points_here_is_refused(application: Application) -> None:
    """DNS rebinding: without keys another host name is refused, also for the page; with a key it may be."""
    client = client_of(application)
    for host in (
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "localhost.",
        "::1",
        "",
        "127.0.0.1@evil.example",
        "[evil]",
    ):
        for path in ("/v1/documents", "/docs", "/metrics"):
            reply = client.get(path, headers={"Host": host})
            assert code_of(reply) == (403, "host_not_allowed"), (host, path)
        assert client.get("/healthz", headers={"Host": host}).status_code == 200
    _, secret = KeyFile(application.settings.data).add("reader")
    headers = {"Host": "kb.example", "Authorization": f"Bearer {secret}"}
    assert client.get("/v1/documents", headers=headers).status_code == 200


def test_a_page_of_another_site_cannot_send_a_form(application: Application) -> None:
    """Cross-site request forgery: without keys a form from another origin changes nothing; our own page's,
    and those of sites that were allowed, are taken."""
    client = client_of(application, cors_origins="https://kb.example", allowed_hosts="proxy.example")
    for origin in ("http://evil.example", "null", "http://127.0.0.1:9000", "https://127.0.0.1.evil.example"):
        for send in (
            lambda h: client.post("/v1/documents", files=FORM, headers=h),
            lambda h: client.delete("/v1/documents/a", headers=h),
            lambda h: client.post("/v1/query", json=QUESTION, headers=h),
        ):
            assert code_of(send({"Origin": origin})) == (403, "origin_not_allowed")
    assert len(application.library.documents()) == 1
    for origin in ("http://127.0.0.1:8000", "https://kb.example", "https://proxy.example"):
        assert client.post("/v1/query", json=QUESTION, headers={"Origin": origin}).status_code == 200


def test_other_sites_may_read_only_where_they_were_allowed(house: House) -> None:
    """CORS: by default no site; one that is listed may ask with a key, and its preflight needs none."""
    asks = {
        "Origin": "https://kb.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    closed = client_of(house.application, key=house.reader)
    assert "Access-Control-Allow-Origin" not in closed.get("/v1/documents", headers=asks).headers
    client = client_of(house.application, cors_origins="https://kb.example")
    preflight = client.options("/v1/query", headers=asks)
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == "https://kb.example"
    refused = client.get("/v1/documents", headers=asks)
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (
        401,
        "https://kb.example",
    )
    other = client.options("/v1/query", headers={**asks, "Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in other.headers


def test_too_many_requests_are_told_when_to_come_again(house: House) -> None:
    """Each key has its own count, and may have its own limit; health checks aren't counted."""
    reader = client_of(house.application, key=house.reader, rate_limit=3)
    replies = [reader.get("/v1/documents") for _ in range(4)]
    assert [reply.status_code for reply in replies] == [200, 200, 200, 429]
    assert replies[-1].json()["error"]["code"] == "rate_limited"
    assert 1 <= int(replies[-1].headers["Retry-After"]) <= 60
    assert reader.get("/healthz").status_code == 200
    editor = {"Authorization": f"Bearer {house.editor}"}
    assert reader.get("/v1/documents", headers=editor).status_code == 200
    _, secret = house.keys.add("reader", rate_limit=5)
    own = {"Authorization": f"Bearer {secret}"}
    assert [reader.get("/v1/documents", headers=own).status_code for _ in range(6)] == [200] * 5 + [429]
    wrong = {"Authorization": "Bearer wrong"}
    assert [reader.get("/v1/documents", headers=wrong).status_code for _ in range(4)] == [401] * 3 + [429]


def test_no_limit_where_it_is_zero(application: Application) -> None:
    """0 stands for no limit."""
    client = client_of(application, rate_limit=0)
    assert {client.get("/v1/documents").status_code for _ in range(30)} == {200}


def test_a_key_may_have_a_smaller_body(house: House) -> None:
    """A key's own limit of a request's size holds; it can't be more than the service's."""
    _, small = house.keys.add("editor", largest_request=100)
    _, large = house.keys.add("editor", largest_request=10**9)
    client = client_of(house.application, largest_upload=1000)
    assert code_of(
        client.post("/v1/query", json={"question": "问" * 50}, headers={"Authorization": f"Bearer {small}"})
    ) == (413, "body_too_large")
    form = [("files", ("大.txt", b"x" * 2000))]
    assert code_of(
        client.post("/v1/documents", files=form, headers={"Authorization": f"Bearer {large}"})
    ) == (
        413,
        "body_too_large",
    )


def test_a_full_service_says_so(application: Application) -> None:
    """As many requests as are set are taken at once, and fewer uploads; then 503 with Retry-After. Who
    watches still sees it; what has ended makes room."""
    admission = Admission(
        application.settings.model_copy(update={"requests_at_once": 3, "uploads_at_once": 1})
    )
    client = client_of(application, admission=admission)
    admission.enter(True)
    reply = client.post("/v1/documents", files=FORM)
    assert (*code_of(reply), reply.headers["Retry-After"]) == (503, "too_many_uploads", "10")
    assert code_of(client.post("/v1/documents/a/reread")) == (503, "too_many_uploads")
    assert client.post("/v1/query", json=QUESTION).status_code == 200
    admission.enter(False)
    admission.enter(False)
    assert code_of(client.post("/v1/query", json=QUESTION)) == (503, "too_busy")
    assert client.get("/healthz").status_code == 200
    assert client.get("/metrics").status_code == 200
    admission.leave(False)
    assert client.post("/v1/query", json=QUESTION).status_code == 200
    assert admission.running == 2


def test_a_stopping_service_takes_nothing_new(application: Application) -> None:
    """503 to all but health; not ready any more."""
    admission = Admission(application.settings)
    admission.stopping = True
    client = client_of(application, admission=admission)
    reply = client.post("/v1/query", json=QUESTION)
    assert (*code_of(reply), reply.headers["Connection"]) == (503, "stopping", "close")
    assert code_of(client.get("/readyz")) == (503, "stopping")
    assert client.get("/healthz").status_code == 200


def test_every_answer_has_the_headers_of_safety(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers, refusals and faults alike: no sniffing, no frames, no cache, a strict policy, a request id."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    client = client_of(application)
    replies = [
        client.get("/v1/documents"),
        client.get("/v1/documents/none"),
        client.get("/v1/documents", headers={"Host": "evil.example"}),
        client.post("/v1/query", content=b"{"),
    ]
    monkeypatch.setattr(type(application.library), "document", fail)
    replies.append(client.get("/v1/documents/a"))
    assert [reply.status_code for reply in replies] == [200, 404, 403, 400, 500]
    for reply in replies:
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["X-Frame-Options"] == "DENY"
        assert (
            reply.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
        )
        assert "no-" in reply.headers["Cache-Control"]
        assert len(reply.headers["X-Request-ID"]) == 32
    assert "secret" not in replies[-1].text
    assert "Traceback" not in replies[-1].text


def test_the_policy_of_pages_has_no_way_out(application: Application) -> None:
    """A page may load from its own host alone, and runs no script of its own text; /docs only the one that
    belongs to it."""
    client = client_of(application)
    page = client.get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in page
    assert "http" not in page
    docs = client.get("/docs")
    policy = dict(part.strip().split(" ", 1) for part in docs.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"].startswith("'self' 'sha256-")
    assert policy["script-src"].count("sha256-") == docs.text.count("<script>") == 1


def test_a_request_id_is_kept_where_it_is_plain(application: Application) -> None:
    """The client's own id comes back; what could do harm in a log or a header gets an id of ours."""
    client = client_of(application)
    for sent in ("abc-1.2_3", "x" * 64):
        assert client.get("/healthz", headers={"X-Request-ID": sent}).headers["X-Request-ID"] == sent
    for sent in ("", "x" * 65, "a b", "<script>", "é", 'a"b', "{}", "%0d%0a"):
        given = client.get("/healthz", headers={"X-Request-ID": sent.encode()}).headers["X-Request-ID"]
        assert re.fullmatch("[0-9a-f]{32}", given), sent


def test_a_refused_body_is_read_to_a_limit(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that sends without end gets its answer all the same."""
    monkeypatch.setattr(api.refusing, "_DISCARDED", 1000)
    reply = client_of(application, reach="network").post("/v1/query", content=(b"x" * 500 for _ in range(9)))
    assert reply.status_code == 401


def what_is_taken(described: dict[str, Any]) -> str:
    """Everything that the description says of parameters and bodies, schemas and all."""
    seen: dict[str, Any] = {}
    left: list[Any] = [
        route.get(part)
        for methods in described["paths"].values()
        for route in methods.values()
        for part in ("parameters", "requestBody")
    ]
    texts = []
    while left:
        texts.append(json.dumps(left.pop()))
        for name in re.findall(r"#/components/schemas/(\w+)", texts[-1]):
            if name not in seen:
                seen[name] = described["components"]["schemas"][name]
                left.append(seen[name])
    return "".join(texts).lower()


def test_no_address_is_fetched(application: Application) -> None:
    """There is no route that takes an address to fetch: uploads take files, and nothing else."""
    taken = what_is_taken(client_of(application).get("/openapi.json").json())
    assert "messages" in taken
    assert "url" not in taken.replace("urlencoded", "")
    app = create_app(application)
    assert {route.path for route in app.routes if isinstance(route, Mount)} == {
        "/static-offline-docs",
        "/page",
    }
