"""The main path: question → query → hits → evidence → draft → verified answer."""

from __future__ import annotations

import time
from collections.abc import Sequence

from corpus.places import Gazetteer
from index.library import Library
from index.types import DocumentRecord, Hit
from rag.compose import compose
from rag.evidence import find_evidence, read_topic
from rag.question import Holdings, QuestionReader
from rag.reference import reference
from rag.retrieve import Retrieved, retrieve
from rag.types import (
    Answer,
    Citation,
    Coverage,
    DraftSentence,
    Evidence,
    Item,
    Query,
    Question,
    Rejected,
    Sentence,
)
from rag.verify import verify

_DEPTH = 60
"""Hits looked at for evidence; a list question looks at every passage."""


class Answerer:
    """Answers questions over a library. Thread-safe."""

    def __init__(self, library: Library, gazetteer: Gazetteer) -> None:
        self._library = library
        self._reader = QuestionReader(gazetteer)

    def search(self, question: Question) -> tuple[Query, tuple[Hit, ...]]:
        """The query as understood and its best passages. Raises BadQuestionError."""
        query = self._reader.read(question, self._holdings())
        return query, retrieve(self._library, query, max(question.top_k, _DEPTH)).ranked(question.top_k)

    def answer(self, question: Question) -> Answer:
        """Answer from the bulletins alone; ``no_evidence`` where they don't say. Raises BadQuestionError."""
        clock = _Clock()
        holdings = self._holdings()
        query = self._reader.read(question, holdings)
        clock.lap("understand")
        retrieved = retrieve(self._library, query, len_or_depth(query, self._library))
        clock.lap("retrieve")
        drafts, rejected = self._draft(query, retrieved, holdings)
        clock.lap("compose")
        answer = self._assemble(question, query, retrieved, drafts, rejected, holdings)
        clock.lap("assemble")
        answer.took_ms.update(clock.laps())
        return answer

    def _holdings(self) -> Holdings:
        return Holdings(tuple(self._library.documents()), tuple(self._library.articles()))

    def _draft(
        self, query: Query, retrieved: Retrieved, holdings: Holdings
    ) -> tuple[list[DraftSentence], list[Rejected]]:
        if missing(query, holdings):
            return [], []
        topic = read_topic(query, self._library.vocabulary(), sum(d.passages for d in holdings.documents))
        evidence = find_evidence(self._library, query, retrieved.inside, topic)
        texts: dict[str, str] = {}

        def text_of(document_id: str) -> str:
            if document_id not in texts:
                texts[document_id] = self._library.document(document_id).document.text
            return texts[document_id]

        return verify(compose(query, evidence), text_of)

    def _assemble(
        self,
        question: Question,
        query: Query,
        retrieved: Retrieved,
        drafts: Sequence[DraftSentence],
        rejected: Sequence[Rejected],
        holdings: Holdings,
    ) -> Answer:
        documents = {d.id: d for d in holdings.documents}
        text, sentences, citations = write(drafts, documents)
        items = tuple(
            Item(d.place, d.text, s.citations) for d, s in zip(drafts, sentences, strict=True) if d.place
        )
        used = list(dict.fromkeys(c.passage_id for c in citations))
        if not drafts:
            text = refusal(query, missing(query, holdings))
        return Answer(
            query=query,
            status="answered" if drafts else "no_evidence",
            text=text,
            sentences=tuple(sentences),
            items=items if query.intent in {"list", "compare"} else (),
            citations=tuple(citations),
            passages=with_used(retrieved, used, question.top_k, is_list=query.intent == "list"),
            coverage=coverage(query, holdings),
            snapshot=self._library.snapshot,
            rejected=tuple(rejected),
        )


def len_or_depth(query: Query, library: Library) -> int:
    """How many hits to look at: all passages for a list, which must see everything."""
    return max(_DEPTH, sum(d.passages for d in library.documents())) if query.intent == "list" else _DEPTH


def missing(query: Query, holdings: Holdings) -> tuple[str, ...]:
    """What the question names that the corpus doesn't have: issues, years, and places of no article."""
    absent = tuple(place for place in query.places if place not in holdings.places)
    gone = absent if absent and len(absent) == len(query.places) else ()
    return (*query.unknown, *gone)


def refusal(query: Query, absent: Sequence[str]) -> str:
    """The text of an answer that has no evidence."""
    if absent:
        return f"简报中未见{'、'.join(absent)}的内容。"
    return f"简报中未见与“{query.topic or query.text}”有关的内容。"


def write(
    drafts: Sequence[DraftSentence], documents: dict[str, DocumentRecord]
) -> tuple[str, list[Sentence], list[Citation]]:
    """The answer's text with [n] markers, its sentences and their citations, numbered as they come up."""
    markers: dict[tuple[str, int, int], Citation] = {}
    text, sentences = "", []
    rows = any(d.lead or d.place for d in drafts)
    for draft in drafts:
        marks = [_cite(markers, evidence, documents) for evidence in draft.evidence]
        body = f"{draft.place}：{draft.text}" if draft.place else draft.text
        written = body + "".join(f"[{mark}]" for mark in marks)
        text += "\n" if text and rows else ""
        sentences.append(Sentence(written, len(text), len(text) + len(written), tuple(marks)))
        text += written
    return text, sentences, list(markers.values())


def _cite(
    markers: dict[tuple[str, int, int], Citation], evidence: Evidence, documents: dict[str, DocumentRecord]
) -> int:
    passage = evidence.passage
    key = (passage.document_id, evidence.start, evidence.end)
    if key not in markers:
        line = reference(documents[passage.document_id], passage.page)
        markers[key] = Citation(
            len(markers) + 1, passage.id, passage.document_id, evidence.text, *key[1:], line, passage.page
        )
    return markers[key].marker


def with_used(retrieved: Retrieved, used: Sequence[str], top_k: int, *, is_list: bool) -> tuple[Hit, ...]:
    """The first ``top_k`` hits, and for a list those of every item too."""
    everything = retrieved.ranked(len(retrieved.inside) + len(retrieved.outside))
    if not is_list:
        return everything[:top_k]
    return tuple(hit for hit in everything if hit.rank <= top_k or hit.passage.id in used)


def coverage(query: Query, holdings: Holdings) -> Coverage:
    """What was looked through: documents and articles that meet the query's filters."""
    filters = query.filters
    documents = [
        d
        for d in holdings.documents
        if (not filters.years or (d.date and d.date.year in filters.years))
        and (not filters.issues or d.issue in filters.issues)
        and (not filters.document_ids or d.id in filters.document_ids)
        and (not filters.since or (d.date and d.date >= filters.since))
        and (not filters.until or (d.date and d.date <= filters.until))
    ]
    ids = {d.id for d in documents}
    articles = [a for a in holdings.articles if a.document_id in ids]
    places = tuple(dict.fromkeys(a.place for a in articles if a.place))
    return Coverage(len(documents), len(articles), places, f"已查 {len(documents)} 期 {len(articles)} 篇")


class _Clock:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._laps[name] = round(1000 * (now - self._last), 2)
        self._last = now

    def laps(self) -> dict[str, float]:
        return {**self._laps, "total": round(1000 * (self._last - self._start), 2)}
