"""A chat model behind an OpenAI-compatible endpoint: vLLM, Ollama, DashScope, DeepSeek and others.

The protocol is that of ``POST /chat/completions`` with ``"stream": true``: server-sent events of
``chat.completion.chunk`` objects, then ``[DONE]``. A server that answers with one JSON object is understood
as well.
"""

from __future__ import annotations

import contextlib
import ipaddress
import itertools
import json
import logging
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import httpx2
import tenacity

from rag.chat import Limits, Message, without_thinking
from rag.errors import ChatModelError

logger = logging.getLogger(__name__)

_PATH = "/chat/completions"
_PASSING = {408, 409, 425, 429, 500, 502, 503, 504, 529}
"""Statuses that may be gone at the next try."""
_LARGEST_REPLY = 8 * 2**20
_LARGEST_EVENT = 2**20
_LONGEST_PAUSE = 10.0


class OpenAIChat:
    """A ChatModel that is asked over HTTP.

    ``connect_seconds`` and ``read_seconds`` bound one connecting and the wait for the next bytes;
    ``retries`` are made where nothing of a reply has come yet and the failure may pass. ``extra`` is put
    into each request's body; a None in it takes a field out.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str | None = None,
        connect_seconds: float = 10.0,
        read_seconds: float = 60.0,
        retries: int = 2,
        temperature: float = 0.0,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self._url = url.rstrip("/").removesuffix(_PATH) + _PATH
        self._model = model
        self._connect, self._read = connect_seconds, read_seconds
        self._tries = retries + 1
        self._temperature = temperature
        self._extra = dict(extra or {})
        self._client = httpx2.Client(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            # A proxy of the environment can't reach this machine's own server.
            trust_env=not _is_this_machine(httpx2.URL(self._url).host),
        )

    @property
    def name(self) -> str:
        return self._model

    def warm(self) -> None:
        """Nothing: the server is asked when there is a question."""

    def stream(self, messages: Sequence[Message], limits: Limits) -> Generator[str, None, None]:
        """See ChatModel."""
        deadline = time.monotonic() + limits.seconds
        body = self._body(messages, limits)
        tries = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_PassingError),
            stop=tenacity.stop_any(
                tenacity.stop_after_attempt(self._tries), tenacity.stop_before_delay(limits.seconds)
            ),
            wait=_pause,
            reraise=True,
        )
        with contextlib.ExitStack() as stack:
            first, rest = tries(self._begin, stack, body, deadline)
            yield from without_thinking(itertools.chain([first], rest))

    def _begin(
        self, stack: contextlib.ExitStack, body: Mapping[str, Any], deadline: float
    ) -> tuple[str, Iterator[str]]:
        """The first piece of a reply and those after it; what is to be closed goes to ``stack``. Raises
        _PassingError where another try may do better."""
        pieces = stack.enter_context(contextlib.closing(self._pieces(body, deadline)))
        try:
            return next(pieces, ""), pieces
        except BaseException:
            stack.close()
            raise

    def _pieces(self, body: Mapping[str, Any], deadline: float) -> Generator[str, None, None]:
        """Pieces of text from one request. Every failure becomes a ChatModelError; before the first piece one
        that may pass is a _PassingError."""
        has_begun = False
        try:
            for piece in self._request(body, deadline):
                has_begun = True
                yield piece
        except httpx2.TimeoutException as error:
            logger.warning("chat model %s: %s", self._model, type(error).__name__)
            if isinstance(error, httpx2.ConnectTimeout):
                raise _PassingError("连接超时") from error
            raise ChatModelError("等候超时") from error
        except httpx2.HTTPError as error:
            logger.warning("chat model %s: %s: %s", self._model, type(error).__name__, error)
            if isinstance(error, httpx2.SSEError):
                raise ChatModelError("返回的不是流式回答") from error
            if has_begun:
                raise ChatModelError("回答中途断开") from error
            raise _PassingError("连接失败") from error

    def _request(self, body: Mapping[str, Any], deadline: float) -> Iterator[str]:
        left = max(deadline - time.monotonic(), 0.001)
        timeout = httpx2.Timeout(min(self._read, left), connect=min(self._connect, left))
        with self._client.sse(
            self._url, method="POST", json=body, timeout=timeout, max_event_size=_LARGEST_EVENT
        ) as events:
            response = events.response
            assert isinstance(response.stream, httpx2.SyncByteStream)
            response.stream = _BoundedStream(response.stream, deadline)
            if not response.is_success:
                raise self._refusal(response)
            if response.headers.get("content-type", "").startswith("application/json"):
                response.read()
                yield from _text_of(_parsed(response.text), "message")
                return
            yield from _texts(event.data for event in events)

    def _body(self, messages: Sequence[Message], limits: Limits) -> dict[str, Any]:
        fields = {
            "model": self._model,
            "messages": [asdict(message) for message in messages],
            "stream": True,
            "temperature": self._temperature,
            "max_tokens": limits.tokens,
        } | self._extra
        return {name: value for name, value in fields.items() if value is not None}

    def _refusal(self, response: httpx2.Response) -> ChatModelError:
        """What a status means to whoever set the model up; what the server said of it goes to the log."""
        status = response.status_code
        with contextlib.suppress(httpx2.HTTPError, ChatModelError):
            response.read()
            # Some servers repeat the key, or the question, in what they say.
            said = _parsed(response.text).get("error") if status not in {401, 403} else None
            logger.warning("chat model %s: HTTP %d: %.300s", self._model, status, said)
        if status in _PASSING:
            return _PassingError(f"模型服务出错（HTTP {status}）", _seconds(response))
        if status in {401, 403}:
            return ChatModelError(f"模型服务不认密钥（HTTP {status}），请核对 JIANBAO_CHAT_KEY")
        if status == httpx2.codes.NOT_FOUND:
            return ChatModelError(
                "没有这个地址或模型（HTTP 404），请核对 JIANBAO_CHAT_URL、JIANBAO_CHAT_MODEL"
            )
        return ChatModelError(f"模型服务没有受理（HTTP {status}），原因见日志")


class _PassingError(ChatModelError):
    """A failure that may be gone at the next try, before any of the reply has come. ``seconds``: how long the
    server asks to wait."""

    def __init__(self, message: str, seconds: float | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class _BoundedStream(httpx2.SyncByteStream):
    """Bytes of a reply until a time (monotonic) and up to a size: a server that only ever sends a little, or
    that never ends, is left."""

    def __init__(self, stream: httpx2.SyncByteStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if time.monotonic() > self._deadline:
                raise ChatModelError("没有在时限内答完")
            if size > _LARGEST_REPLY:
                raise ChatModelError("回答太长")
            yield chunk

    def close(self) -> None:
        self._stream.close()


def _texts(events: Iterator[str]) -> Iterator[str]:
    """The text in the events of one reply. Raises ChatModelError where it isn't whole."""
    for data in events:
        if data.strip() == "[DONE]":
            return
        chunk = _parsed(data)
        yield from _text_of(chunk, "delta")
        if _choice(chunk).get("finish_reason") == "stop":
            return
    raise ChatModelError("回答中途断开")


def _text_of(chunk: Mapping[str, Any], field: str) -> Iterator[str]:
    """The text of a chunk (``delta``) or of a whole reply (``message``); what the model thinks comes in other
    fields (``reasoning_content``, ``reasoning``) and is left where it is."""
    if chunk.get("error"):
        logger.warning("chat model: %.300s", chunk["error"])
        raise ChatModelError("模型服务中途报错")
    choice = _choice(chunk)
    message = choice.get(field)
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, str) and content:
        yield content
    reason = choice.get("finish_reason")
    if reason == "length":
        raise ChatModelError("到了长度上限（JIANBAO_CHAT_TOKENS）还没有答完")
    if reason not in {None, "", "stop"}:
        raise ChatModelError(f"模型服务停止了回答（{str(reason)[:40]}）")


def _choice(chunk: Mapping[str, Any]) -> dict[str, Any]:
    choices = chunk.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else {}


def _parsed(data: str) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:  # the latter for brackets without end
        raise ChatModelError("返回的内容无法解析") from error
    if not isinstance(value, dict):
        raise ChatModelError("返回的内容无法解析")
    return value


def _pause(state: tenacity.RetryCallState) -> float:
    """Seconds before the next try: what the server asks for, else growing, with chance so that clients don't
    come back together."""
    error = state.outcome.exception() if state.outcome else None
    asked = getattr(error, "seconds", None)
    grown = tenacity.wait_random_exponential(multiplier=0.5, max=_LONGEST_PAUSE)(state)
    return grown if asked is None else min(asked, _LONGEST_PAUSE)


def _seconds(response: httpx2.Response) -> float | None:
    """The Retry-After of a reply where it is in seconds (RFC 9110, 10.2.3)."""
    said = response.headers.get("retry-after", "")
    return float(said) if said.isdecimal() else None


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
