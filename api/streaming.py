"""An answer sent as it comes about, as server-sent events.

``understood`` comes first, then a ``sentence`` for each piece of the text, and last ``answer`` (the whole
reply) or ``error``. Format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict
from typing import Any

import anyio
import anyio.to_thread
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import BaseModel

from api.errors import failure_of
from api.present import Records, corrections_out, filters_out, hits_out, query_out
from api.replies import CitationOut, QueryOut, SentenceEventOut, SentenceOut, UnderstoodOut
from rag.types import AnswerEvent, Finished, Understood, Written

logger = logging.getLogger(__name__)

_PING_SECONDS = 15.0
_PING = format_sse_event(comment="ping")
_MOST_AT_ONCE = 32

Begin = Callable[[Callable[[], bool]], Iterator[AnswerEvent]]
"""Begins an answer; it is told how to ask whether anybody still waits."""
Encode = Callable[[Iterator[AnswerEvent]], Iterator[bytes]]
"""Puts the events into the form they are sent in; it also tells of a failure on the way."""


class AnswerStreams:
    """Makes streams of answers. At most 32 are written at once, each step of one in a thread; others wait
    with their connection open."""

    def __init__(self) -> None:
        self._limiter = anyio.CapacityLimiter(_MOST_AT_ONCE)

    def open(self, begin: Begin, encode: Encode) -> EventSourceResponse:
        """The response for one answer. Blocks until the question is understood: what is raised by then can
        still be told with a status of its own. When the client goes, the answer is stopped."""
        stopped = threading.Event()
        events = begin(stopped.is_set)
        events = itertools.chain([next(events)], events)
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        return EventSourceResponse(self._sent(encode(events), stopped), headers=headers)

    async def _sent(self, events: Iterator[bytes], stopped: threading.Event) -> AsyncIterator[bytes]:
        """The events as they come, and a comment where there is none for long, for the proxies between."""
        try:
            while True:
                step = asyncio.ensure_future(
                    anyio.to_thread.run_sync(next, events, None, limiter=self._limiter)
                )
                while not (await asyncio.wait({step}, timeout=_PING_SECONDS))[0]:
                    yield _PING
                event = step.result()
                if event is None:
                    return
                yield event
        finally:
            # The step under way goes on in its thread until it sees this.
            stopped.set()


def encoded(events: Iterator[AnswerEvent], *, records: Records) -> Iterator[bytes]:
    """The events in the form they are sent in; a failure is the last of them."""
    try:
        for event in events:
            name, data = _named(event, records)
            yield format_sse_event(event=name, data_str=data.model_dump_json(exclude_unset=True))
    except Exception as error:
        logger.exception("an answer broke off")
        body = json.dumps(failure_of(error).body(), ensure_ascii=False)
        yield format_sse_event(event="error", data_str=body)


def _named(event: AnswerEvent, records: Records) -> tuple[str, BaseModel]:
    if isinstance(event, Understood):
        query = event.query
        return "understood", UnderstoodOut(
            intent=query.intent,
            standalone_question=query.text,
            filters=filters_out(query.filters),
            corrections=corrections_out(query),
            passages=hits_out(event.passages, records),
        )
    if isinstance(event, Written):
        return "sentence", SentenceEventOut(
            text=event.text,
            sentence=SentenceOut(**asdict(event.sentence)) if event.sentence else None,
            citations=[CitationOut(**asdict(citation)) for citation in event.citations],
        )
    assert isinstance(event, Finished)
    return "answer", query_out(event.answer, records)


def described() -> dict[str, Any]:
    """The stream for the OpenAPI description. (FastAPI describes only routes that always stream.)"""

    def schema(model: type[BaseModel]) -> dict[str, Any]:
        # What it is made of is described with QueryOut already.
        found = model.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        found.pop("$defs", None)
        return found

    events = {
        "understood": schema(UnderstoodOut),
        "sentence": schema(SentenceEventOut),
        "answer": {"$ref": f"#/components/schemas/{QueryOut.__name__}"},
        "error": {"$ref": "#/components/schemas/ErrorOut"},
    }
    each = [
        {
            "type": "object",
            "required": ["event", "data"],
            "properties": {
                "event": {"const": name},
                "data": {
                    "type": "string",
                    "contentMediaType": "application/json",
                    "contentSchema": data,
                },
            },
        }
        for name, data in events.items()
    ]
    # itemSchema is OpenAPI 3.2's; a reader of 3.1 takes it for an extension and shows the example.
    example = (
        'event: understood\ndata: {"standalone_question": "…", "intent": "list", "filters": {}, '
        '"passages": […]}\n\n'
        'event: sentence\ndata: {"text": "…[1]", "sentence": {"text": "…[1]", "start": 0, "end": 42, '
        '"citations": [1]}, "citations": [{"marker": 1, "quote": "…"}]}\n\n'
        'event: answer\ndata: {"status": "answered", "answer": {"text": "…[1]"}, "composer": "none"}\n\n'
    )
    return {"itemSchema": {"oneOf": each}, "example": example}
