"""A small OpenAI-compatible server that says what a test wants said, well or badly."""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Exchange"], None]
"""Answers one request."""


@dataclass
class Exchange:
    """One request: its JSON body, and the means to answer it."""

    body: dict[str, Any]
    headers: dict[str, str]
    handler: BaseHTTPRequestHandler

    @property
    def prompt(self) -> str:
        return str(self.body["messages"][-1]["content"])

    def begin(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()

    def write(self, text: str) -> None:
        self.handler.wfile.write(text.encode())
        self.handler.wfile.flush()

    def delta(self, **fields: Any) -> None:
        """A chunk of a streamed reply."""
        reason = fields.pop("finish_reason", None)
        chunk = {
            "object": "chat.completion.chunk",
            "choices": [{"index": 0, "delta": fields, "finish_reason": reason}],
        }
        self.write(f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n")

    def end(self) -> None:
        self.delta(finish_reason="stop")
        self.write("data: [DONE]\n\n")


@dataclass
class ChatServer:
    """``answers`` are used up in order, the last one again and again; ``exchanges`` are those so far."""

    url: str
    answers: list[Answer]
    exchanges: list[Exchange] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    """Set when a client leaves before its answer's end."""

    def says(self, *answers: Answer) -> None:
        """From now on; what was asked before is forgotten."""
        self.answers[:] = answers
        self.exchanges.clear()
        self.hung_up.clear()


@contextlib.contextmanager
def chat_server() -> Iterator[ChatServer]:
    """A server on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            exchange = Exchange(body, {k.lower(): v for k, v in self.headers.items()}, self)
            state.exchanges.append(exchange)
            answer = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            try:
                answer(exchange)
            except OSError:
                state.hung_up.set()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state = ChatServer(f"http://127.0.0.1:{server.server_address[1]}/v1", [])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


def streamed(text: str | Callable[[str], str], size: int = 7) -> Answer:
    """The text in pieces of ``size`` characters; it may be made of the prompt."""

    def answer(exchange: Exchange) -> None:
        said = text if isinstance(text, str) else text(exchange.prompt)
        exchange.begin()
        exchange.delta(role="assistant", content="")
        for start in range(0, len(said), size):
            exchange.delta(content=said[start : start + size])
        exchange.end()

    return answer


def cut_off(text: str | Callable[[str], str]) -> Answer:
    """The text, and then the connection ends."""

    def answer(exchange: Exchange) -> None:
        exchange.begin()
        exchange.delta(content=text if isinstance(text, str) else text(exchange.prompt))

    return answer


def whole(text: str | Callable[[str], str]) -> Answer:
    """One JSON object, though a stream was asked for."""

    def answer(exchange: Exchange) -> None:
        said = text if isinstance(text, str) else text(exchange.prompt)
        exchange.begin(kind="application/json; charset=utf-8")
        choice = {"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}
        exchange.write(json.dumps({"object": "chat.completion", "choices": [choice]}))

    return answer


def failing(status: int, **headers: str) -> Answer:
    """An error of that status."""

    def answer(exchange: Exchange) -> None:
        exchange.begin(status, "application/json", **headers)
        exchange.write(json.dumps({"error": {"message": "overloaded", "type": "server_error"}}))

    return answer


def raw(text: str, kind: str = "text/event-stream") -> Answer:
    """Exactly these bytes."""

    def answer(exchange: Exchange) -> None:
        exchange.begin(kind=kind)
        exchange.write(text)

    return answer


def silent(seconds: float) -> Answer:
    """Nothing for so long, then a good answer's end."""

    def answer(exchange: Exchange) -> None:
        exchange.begin()
        time.sleep(seconds)
        exchange.end()

    return answer


def endless(piece: str | Callable[[str], str], pause: float = 0.0) -> Answer:
    """The same piece for ever."""

    def answer(exchange: Exchange) -> None:
        said = piece if isinstance(piece, str) else piece(exchange.prompt)
        exchange.begin()
        while True:
            exchange.delta(content=said)
            time.sleep(pause)

    return answer


@dataclass(frozen=True)
class Given:
    """A passage as it stands in a prompt."""

    number: int
    place: str
    text: str

    @property
    def sentence(self) -> str:
        """Its longest, which is no heading."""
        return max((found.strip() for found in re.findall(r"[^。]+。", self.text)), key=len)


def passages_of(prompt: str) -> list[Given]:
    """The passages of a prompt, read as a model would read them."""
    found = re.findall(r'<段落 编号="(\d+)"(?: 地方="([^"]*)")?[^>]*>\n(.*?)\n</段落>', prompt, re.DOTALL)
    return [Given(int(number), place, text) for number, place, text in found]


def wanted_places(prompt: str) -> list[str]:
    """The rows that a prompt asks for."""
    match = re.search(r"要写的地方（\d+ 个[^）]*）：(.*)。", prompt)
    return match[1].split("、") if match else []


def honest_list(prompt: str, leave_out: Sequence[str] = ()) -> str:
    """A row per place wanted: a sentence of it word for word."""
    first: dict[str, Given] = {}
    for given in passages_of(prompt):
        first.setdefault(given.place, given)
    rows = [
        f"{place}：{first[place].sentence}[{first[place].number}]"
        for place in wanted_places(prompt)
        if place in first and place not in leave_out
    ]
    return "\n".join(rows)
