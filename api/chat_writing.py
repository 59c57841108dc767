"""An answer becomes a chat completion, whole or chunk by chunk."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.sse import format_sse_event

from api.chat_schemas import (
    MODEL,
    AnnotationOut,
    ChatMessageOut,
    ChatOut,
    ChoiceOut,
    ChunkChoiceOut,
    ChunkOut,
    DeltaOut,
    SearchResultOut,
    UrlCitationOut,
    UsageOut,
)
from api.dialects import openai_body
from api.errors import failure_of
from api.present import Records
from api.sources import Links, Source, marks_of, sources_of
from index.library import Library
from rag.types import Answer, AnswerEvent, Citation, Finished, Understood, Written

logger = logging.getLogger(__name__)

_DONE = format_sse_event(data_str="[DONE]")


@dataclass(frozen=True, slots=True)
class ChatWriter:
    """Writes one completion. ``created`` is in seconds since 1970, ``asked`` the messages' characters;
    ``finished`` is told of the answer."""

    id: str
    created: int
    asked: int
    library: Library
    records: Records
    links: Links
    finished: Callable[[Answer], None]

    def whole(self, answer: Answer) -> ChatOut:
        """The completion in one piece."""
        self.finished(answer)
        sources = self._sources(answer.citations)
        message = ChatMessageOut(content=answer.text, annotations=_annotations(answer, sources))
        return ChatOut(
            id=self.id,
            created=self.created,
            choices=[ChoiceOut(message=message)],
            usage=self._usage(answer),
            citations=[source.url for source in sources],
            search_results=[_search_result(source) for source in sources],
            status=answer.status,
            notices=list(answer.notices),
        )

    def encoded(self, events: Iterator[AnswerEvent], *, usage: bool) -> Iterator[bytes]:
        """The chunks as server-sent events; ``usage`` asks for one more with the counts. A failure on the way
        is told in OpenAI's form, and then there is no ``[DONE]``."""
        try:
            for chunk in self.chunks(events, usage=usage):
                yield format_sse_event(data_str=chunk.model_dump_json(exclude_unset=True))
            yield _DONE
        except Exception as error:
            logger.exception("a streamed answer broke off")
            yield format_sse_event(data_str=json.dumps(openai_body(failure_of(error)), ensure_ascii=False))

    def chunks(self, events: Iterator[AnswerEvent], *, usage: bool) -> Iterator[ChunkOut]:
        """One with the role, then for each sentence its new sources and its text, then the citations of the
        whole answer, then the end."""
        told: set[int] = set()
        for event in events:
            if isinstance(event, Understood):
                yield self._chunk(DeltaOut(role="assistant", content=""))
            elif isinstance(event, Written):
                new = [citation for citation in event.citations if citation.marker not in told]
                told.update(citation.marker for citation in new)
                for source in self._sources(new):
                    yield self._chunk(DeltaOut(), event=_source_event(source))
                yield self._chunk(DeltaOut(content=event.text))
            elif isinstance(event, Finished):
                yield from self._end(event.answer, usage=usage)

    def _end(self, answer: Answer, *, usage: bool) -> Iterator[ChunkOut]:
        self.finished(answer)
        sources = self._sources(answer.citations)
        yield self._chunk(
            DeltaOut(annotations=_annotations(answer, sources)),
            citations=[source.url for source in sources],
            search_results=[_search_result(source) for source in sources],
            status=answer.status,
            notices=list(answer.notices),
        )
        yield self._chunk(DeltaOut(), finish_reason="stop")
        if usage:
            yield ChunkOut(**self._head(), choices=[], usage=self._usage(answer))

    def _chunk(self, delta: DeltaOut, finish_reason: Any = None, **extra: Any) -> ChunkOut:
        choice = ChunkChoiceOut(index=0, delta=delta, finish_reason=finish_reason)
        return ChunkOut(**self._head(), choices=[choice], **extra)

    def _head(self) -> dict[str, Any]:
        # Set, not left to their defaults, so that they count as set and are sent.
        return {"id": self.id, "object": "chat.completion.chunk", "created": self.created, "model": MODEL}

    def _sources(self, citations: Sequence[Citation]) -> list[Source]:
        return sources_of(citations, self.library, self.records, self.links)

    def _usage(self, answer: Answer) -> UsageOut:
        written = len(answer.text)
        return UsageOut(
            prompt_tokens=self.asked, completion_tokens=written, total_tokens=self.asked + written
        )


def _annotations(answer: Answer, sources: Sequence[Source]) -> list[AnnotationOut]:
    """One for each [n] in the text, in its order."""
    by_marker = {source.citation.marker: source for source in sources}
    return [
        AnnotationOut(
            type="url_citation",
            url_citation=UrlCitationOut(
                url=by_marker[mark.marker].url,
                title=by_marker[mark.marker].title,
                start_index=mark.start,
                end_index=mark.end,
            ),
        )
        for mark in marks_of(answer)
    ]


def _search_result(source: Source) -> SearchResultOut:
    citation = source.citation
    return SearchResultOut(
        title=source.title,
        url=source.url,
        date=source.date,
        snippet=citation.quote,
        marker=citation.marker,
        passage_id=citation.passage_id,
        document_id=citation.document_id,
        start=citation.start,
        end=citation.end,
        reference=citation.reference,
        short_reference=citation.short_reference,
    )


def _source_event(source: Source) -> dict[str, Any]:
    """Open WebUI numbers sources by ``metadata.source`` in the order they come, so it is its own for each
    citation: then its n-th source is our [n]."""
    metadata = {
        "source": source.url,
        "name": source.title,
        "url": source.url,
        "quote": source.citation.quote,
        "reference": source.citation.reference,
        "place": source.place,
        "date": source.date,
    }
    data = {
        "source": {"id": source.url, "name": source.title, "url": source.url},
        "document": [source.text],
        "metadata": [metadata],
    }
    return {"type": "source", "data": data}
