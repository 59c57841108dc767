"""What the [n] of an answer point to, for clients that show sources in their own way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request

from api.present import Records
from corpus.types import Passage
from index.errors import PassageNotFoundError
from index.library import Library
from rag.types import Answer, Citation


@dataclass(frozen=True, slots=True)
class Source:
    """A citation as a client shows it. ``url`` opens the quote in our page and is its own for each citation,
    since clients tell sources apart by it; ``text`` is the whole passage, ``date`` ISO 8601."""

    citation: Citation
    url: str
    title: str
    text: str
    place: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """An [n] in an answer's text: ``text[start:end] == f"[{marker}]"``, in code points."""

    marker: int
    start: int
    end: int


class Links:
    """Addresses of passages in our page, under ``base`` (scheme and host, with or without a path), as the
    library was at ``snapshot``: they show what was cited also when its document has been replaced."""

    def __init__(self, base: str, snapshot: str) -> None:
        self._base = base.rstrip("/")
        self._snapshot = snapshot

    @classmethod
    def of(cls, request: Request, public_url: str | None, snapshot: str) -> Links:
        """Under the address set for the service, or else the one by which the client reached it."""
        return cls(public_url or str(request.base_url), snapshot)

    def passage(self, passage: Passage) -> str:
        """Opens the page at the passage."""
        return self._address({"passage": passage.id})

    def citation(self, citation: Citation) -> str:
        """Opens the page at the quote: ``start`` and ``end`` count code points of the document's text."""
        return self._address({"passage": citation.passage_id, "start": citation.start, "end": citation.end})

    def _address(self, place: dict[str, str | int]) -> str:
        return f"{self._base}/?{urlencode(place | {'snapshot': self._snapshot})}"


def sources_of(
    citations: Sequence[Citation], library: Library, records: Records, links: Links
) -> list[Source]:
    """In the order of the citations. One whose document was taken out meanwhile is shown by its quote."""
    return [_source(citation, library, records, links) for citation in citations]


def marks_of(answer: Answer) -> list[Mark]:
    """Where the markers stand in the answer, in its order."""
    return [
        Mark(int(found[1]), sentence.start + found.start(), sentence.start + found.end())
        for sentence in answer.sentences
        for found in re.finditer(r"\[(\d{1,6})\]", sentence.text)
        if int(found[1]) in sentence.citations
    ]


def _source(citation: Citation, library: Library, records: Records, links: Links) -> Source:
    record = records.get(citation.document_id)
    try:
        passage = library.passage(citation.passage_id)
    except PassageNotFoundError:
        passage = None
    title = f"{passage.title}（{citation.short_reference}）" if passage else citation.short_reference
    return Source(
        citation=citation,
        url=links.citation(citation),
        title=title,
        text=passage.text if passage else citation.quote,
        place=passage.place if passage else None,
        date=record.date.isoformat() if record and record.date else None,
    )
