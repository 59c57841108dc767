"""A chat model over HTTP, against a small server of this machine that behaves well or badly."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from chat_server import (
    Answer,
    ChatServer,
    Exchange,
    chat_server,
    cut_off,
    endless,
    failing,
    raw,
    silent,
    streamed,
    whole,
)

from rag.chat import Limits, Message
from rag.chat_openai import OpenAIChat
from rag.errors import ChatModelError

TALK = [Message("system", "只根据段落回答。"), Message("user", "甲县建了几个站？")]
SAID = "甲县建成28个驿站[1]。"
KEY = "sk-gehe1m"


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


def ask(server: ChatServer, *answers: Answer, seconds: float = 20, **options: Any) -> tuple[str, str | None]:
    """What comes of a reply, and why it isn't whole."""
    server.says(*answers)
    said = ""
    try:
        for piece in OpenAIChat(server.url, "m", **options).stream(TALK, Limits(seconds, 100)):
            said += piece
    except ChatModelError as error:
        return said, str(error)
    return said, None


def test_what_is_sent(server: ChatServer) -> None:
    """The messages, the model, the limits and the key go out as the protocol wants them."""
    assert ask(server, streamed(SAID), key=KEY, extra={"top_p": 0.5, "temperature": None}) == (SAID, None)
    [exchange] = server.exchanges
    assert exchange.handler.path == "/v1/chat/completions"
    assert exchange.headers["authorization"] == f"Bearer {KEY}"
    assert exchange.body == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "只根据段落回答。"},
            {"role": "user", "content": "甲县建了几个站？"},
        ],
        "stream": True,
        "max_tokens": 100,
        "top_p": 0.5,
    }


@pytest.mark.parametrize("ending", ["", "/", "/chat/completions"])
def test_the_address_may_be_written_in_any_way(server: ChatServer, ending: str) -> None:
    """With or without a slash or the last part of the path, the same place is asked."""
    server.says(streamed(SAID))
    assert "".join(OpenAIChat(server.url + ending, "m").stream(TALK, Limits(20, 100))) == SAID
    assert server.exchanges[0].handler.path == "/v1/chat/completions"


def reasoning(exchange: Exchange) -> None:
    """Thinking in fields of its own, as DeepSeek, vLLM and Ollama send it, and in tags too."""
    exchange.begin()
    exchange.delta(reasoning_content="想一想", content=None)
    exchange.delta(reasoning="再想一想")
    exchange.delta(content="<thi")
    exchange.delta(content="nk>还想</think>" + SAID)
    exchange.end()


USAGE = {"choices": [], "usage": {"total_tokens": 3}}
GOOD = {
    "a stream": streamed(SAID, size=1),
    "one JSON object": whole(SAID),
    "thinking": reasoning,
    "no [DONE]": raw(
        f"data: {json.dumps({'choices': [{'delta': {'content': SAID}, 'finish_reason': 'stop'}]})}\n\n"
    ),
    "no finish_reason": raw(
        f": ping\r\n\r\ndata: {json.dumps({'choices': [{'delta': {'content': SAID}}]})}\r\n\r\n"
        f"data: {json.dumps(USAGE)}\r\n\r\ndata: [DONE]\r\n\r\n"
    ),
}


@pytest.mark.parametrize("answer", GOOD.values(), ids=GOOD.keys())
def test_ways_of_answering(server: ChatServer, answer: Answer) -> None:
    """What servers do differently makes no difference."""
    assert ask(server, answer) == (SAID, None)


CUT = {"choices": [{"delta": {"content": SAID}, "finish_reason": "length"}]}
BROKEN = {
    "cut off": (cut_off(SAID), SAID, "回答中途断开"),
    "too long": (raw(f"data: {json.dumps(CUT)}\n\n"), SAID, "到了长度上限（JIANBAO_CHAT_TOKENS）还没有答完"),
    "filtered": (
        raw('data: {"choices": [{"delta": {}, "finish_reason": "content_filter"}]}\n\n'),
        "",
        "模型服务停止了回答（content_filter）",
    ),
    "an error event": (raw('data: {"error": {"message": "CUDA out of memory"}}\n\n'), "", "模型服务中途报错"),
    "no JSON": (raw("data: <html>\n\n"), "", "返回的内容无法解析"),
    "a list": (raw("data: [1]\n\n"), "", "返回的内容无法解析"),
    "odd fields": (
        raw('data: {"choices": [{"delta": "x"}]}\n\ndata: {"choices": "x"}\n\n'),
        "",
        "回答中途断开",
    ),
    "a page": (raw("<html>登录</html>", "text/html"), "", "返回的不是流式回答"),
    "brackets without end": (raw(f"data: {'[' * 500_000}\n\n"), "", "返回的内容无法解析"),
    "bad JSON": (raw("{", "application/json"), "", "返回的内容无法解析"),
    "nothing": (raw(""), "", "回答中途断开"),
    "one endless line": (raw("data: " + "x" * 2_000_000), "", "返回的不是流式回答"),
    "a redirect": (
        failing(307, Location="http://127.0.0.1:9/"),
        "",
        "模型服务没有受理（HTTP 307），原因见日志",
    ),
    "no permission": (failing(401), "", "模型服务不认密钥（HTTP 401），请核对 JIANBAO_CHAT_KEY"),
    "unknown": (
        failing(404),
        "",
        "没有这个地址或模型（HTTP 404），请核对 JIANBAO_CHAT_URL、JIANBAO_CHAT_MODEL",
    ),
    "refused": (failing(400), "", "模型服务没有受理（HTTP 400），原因见日志"),
}


@pytest.mark.parametrize(("answer", "said", "problem"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_replies_are_told(server: ChatServer, answer: Answer, said: str, problem: str) -> None:
    """What came before the break comes through, and the break is told; it isn't tried again."""
    assert ask(server, answer) == (said, problem)
    assert len(server.exchanges) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_may_pass_is_tried_again(server: ChatServer, status: int) -> None:
    """A busy or failing server is asked again, after the time it asks for, and its good reply counts."""
    assert ask(server, failing(status, Retry_After="0"), streamed(SAID)) == (SAID, None)
    assert len(server.exchanges) == 2


def test_tries_come_to_an_end(server: ChatServer) -> None:
    """After the retries the failure is told."""
    said = ask(server, failing(503, Retry_After="0"), retries=2)
    assert said == ("", "模型服务出错（HTTP 503）")
    assert len(server.exchanges) == 3


def test_a_reply_that_has_begun_is_not_asked_for_again(server: ChatServer) -> None:
    """What was said can't be taken back, so a break after it is final."""
    assert ask(server, cut_off(SAID), streamed("别的话。")) == (SAID, "回答中途断开")


def test_nobody_listens() -> None:
    """An address where nobody listens is tried as often as was set, and told."""
    chat = OpenAIChat("http://127.0.0.1:9/v1", "m", retries=1)
    with pytest.raises(ChatModelError, match="连接失败"):
        list(chat.stream(TALK, Limits(20, 100)))


def test_a_slow_first_token(server: ChatServer) -> None:
    """A server that doesn't begin in time is left, and not asked again."""
    started = time.monotonic()
    assert ask(server, silent(5), read_seconds=0.3) == ("", "等候超时")
    assert time.monotonic() - started < 4
    assert len(server.exchanges) == 1


def drip(exchange: Exchange) -> None:
    """Signs of life, and no answer."""
    exchange.begin()
    while True:
        exchange.write(": working\n\n")
        time.sleep(0.05)


@pytest.mark.parametrize("answer", [drip, endless("话", pause=0.01)], ids=["comments", "words"])
def test_a_reply_without_end(server: ChatServer, answer: Answer) -> None:
    """A server that always sends something and never ends is left at the deadline, and sees that it was."""
    started = time.monotonic()
    assert ask(server, answer, seconds=0.5)[1] == "没有在时限内答完"
    assert time.monotonic() - started < 4
    assert server.hung_up.wait(5)


def test_closing_hangs_up(server: ChatServer) -> None:
    """When nobody reads on, the server is told by the end of the connection, and can stop its model."""
    server.says(endless("话", pause=0.01))
    reply = OpenAIChat(server.url, "m").stream(TALK, Limits(60, 100))
    assert next(reply) == "话"
    reply.close()
    assert server.hung_up.wait(5)


def test_the_key_is_told_nobody(server: ChatServer, caplog: pytest.LogCaptureFixture) -> None:
    """Neither messages nor logs hold the key or the address."""
    with caplog.at_level(logging.DEBUG):
        for answer in (failing(401), failing(400), cut_off(SAID)):
            _, problem = ask(server, answer, key=KEY)
            assert problem is not None
            assert KEY not in problem
            assert server.url not in problem
    assert KEY not in caplog.text


def test_a_proxy_does_not_stand_between(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's own server is reached though the environment names a proxy."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ask(server, streamed(SAID)) == (SAID, None)
