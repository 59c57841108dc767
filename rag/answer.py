"""The main path: question → query → hits → evidence → draft → verified answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.places import Gazetteer
from index.library import Library
from index.types import DocumentRecord, Hit
from rag.compose import compose, compose_list
from rag.evidence import find_evidence
from rag.expected import expected_answers
from rag.judge import judge_places
from rag.question import Holdings, QuestionReader
from rag.reference import reference
from rag.retrieve import LIST_DEPTH, Retrieved, retrieve
from rag.support import Refusal, find_fault
from rag.thesaurus import Thesaurus
from rag.topic import read_topic
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
"""Hits looked at for evidence; a list question looks at LIST_DEPTH."""


class Answerer:
    """Answers questions over a library. Thread-safe."""

    def __init__(self, library: Library, gazetteer: Gazetteer, thesaurus: Thesaurus) -> None:
        self._library = library
        self._thesaurus = thesaurus
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
        retrieved = retrieve(self._library, query, LIST_DEPTH if query.intent == "list" else _DEPTH)
        clock.lap("retrieve")
        drafts, refusal, inside = self._draft(query, retrieved, holdings)
        clock.lap("compose")
        kept, rejected = verify(drafts, self._text_of())
        answer = self._assemble(question, query, retrieved, inside, kept, rejected, refusal, holdings)
        clock.lap("verify")
        answer.took_ms.update(clock.laps())
        return answer

    def _holdings(self) -> Holdings:
        return Holdings(tuple(self._library.documents()), tuple(self._library.articles()))

    def _draft(
        self, query: Query, retrieved: Retrieved, holdings: Holdings
    ) -> tuple[list[DraftSentence], Refusal | None, list[Evidence]]:
        if absent := missing(query, holdings):
            return [], Refusal("、".join(absent)), []
        topic = read_topic(query, self._library.rarity, self._thesaurus)
        expected = expected_answers(query.text)

        def evidence_of(hits: Sequence[Hit]) -> list[Evidence]:
            return find_evidence(self._library, query, hits, topic, expected)

        inside, outside = evidence_of(retrieved.inside), evidence_of(retrieved.outside)
        fault = find_fault(query, topic, inside, outside, expected)
        if fault:
            return [], fault, inside
        drafts: list[DraftSentence] = []
        if query.intent == "list":
            drafts = compose_list(judge_places(inside, inside + outside, topic))
        return drafts or compose(query, inside), None, inside

    def _text_of(self) -> Callable[[str], str]:
        texts: dict[str, str] = {}

        def text_of(document_id: str) -> str:
            if document_id not in texts:
                texts[document_id] = self._library.document(document_id).document.text
            return texts[document_id]

        return text_of

    def _assemble(
        self,
        question: Question,
        query: Query,
        retrieved: Retrieved,
        inside: Sequence[Evidence],
        drafts: Sequence[DraftSentence],
        rejected: Sequence[Rejected],
        refusal: Refusal | None,
        holdings: Holdings,
    ) -> Answer:
        documents = {d.id: d for d in holdings.documents}
        text, sentences, citations = write(drafts, documents)
        rows = list(zip(drafts, sentences, strict=True))
        items = tuple(Item(d.place or "", d.text, s.citations) for d, s in rows if d.kind == "item")
        doubtful = tuple(Item(d.place or "", d.text, s.citations) for d, s in rows if d.kind == "doubtful")
        is_list = any(d.kind == "lead" for d in drafts)
        used = list(dict.fromkeys(c.passage_id for c in citations)) if is_list else []
        if not drafts:
            text = refusal_text(query, refusal)
        return Answer(
            query=query,
            status="answered" if drafts else "no_evidence",
            text=text,
            sentences=tuple(sentences),
            items=items,
            doubtful=doubtful,
            citations=tuple(citations),
            passages=order_passages(retrieved, inside, used, question.top_k),
            coverage=coverage(query, holdings),
            snapshot=self._library.snapshot,
            rejected=tuple(rejected),
        )


def missing(query: Query, holdings: Holdings) -> tuple[str, ...]:
    """What the question names that the corpus doesn't have: issues, years, and places of no article."""
    absent = tuple(place for place in query.places if place not in holdings.places)
    gone = absent if absent and len(absent) == len(query.places) else ()
    return (*query.unknown, *gone)


def refusal_text(query: Query, refusal: Refusal | None) -> str:
    """What is said where there is no evidence: what was looked for, and what the bulletins do say nearby.
    Only ever that it was not found in the bulletins, never that it wasn't done."""
    lacking = refusal.lacking if refusal else query.topic or query.text
    nearest = refusal.nearest if refusal else None
    where = "、".join(query.places)
    if nearest is None:
        subject = lacking if not where or where in lacking else f"{where}“{lacking.strip('“”')}”"
        return f"简报中未见{subject}的内容。"
    place, title = nearest.passage.place or "", nearest.passage.title
    if place and query.places and place not in query.places:
        return f"简报中未见{where}{lacking}的内容；{lacking}见于{place}的报道《{title}》。"
    return f"简报提到了相关内容（{place}《{title}》），但未见{lacking}。"


def write(
    drafts: Sequence[DraftSentence], documents: dict[str, DocumentRecord]
) -> tuple[str, list[Sentence], list[Citation]]:
    """The answer's text with [n] markers, its sentences and their citations, numbered as they come up."""
    markers: dict[tuple[str, int, int], Citation] = {}
    text, sentences = "", []
    is_list = any(d.kind != "plain" for d in drafts)
    for draft in drafts:
        marks = [_cite(markers, evidence, documents) for evidence in draft.evidence]
        prefix = {"item": f"{draft.place}：", "doubtful": f"存疑，{draft.place}："}.get(draft.kind, "")
        written = prefix + draft.text + "".join(f"[{mark}]" for mark in marks)
        text += "\n" if text and is_list else ""
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


def order_passages(
    retrieved: Retrieved, inside: Sequence[Evidence], used: Sequence[str], limit: int
) -> tuple[Hit, ...]:
    """The passages shown with an answer: those it cites first where it is a list (all of them, however many),
    then by their best sentence, then what lies outside the question's scope. Ranks are numbered anew."""
    best: dict[str, float] = {}
    for piece in inside:
        best[piece.passage.id] = max(best.get(piece.passage.id, -1.0), piece.score)
    everything = retrieved.ranked(len(retrieved.inside) + len(retrieved.outside))
    scope = {hit.passage.id for hit in retrieved.inside}
    cited = {passage_id: place for place, passage_id in enumerate(used)}
    ordered = sorted(
        everything,
        key=lambda hit: (
            cited.get(hit.passage.id, len(cited)),
            hit.passage.id not in scope,
            -best.get(hit.passage.id, -1.0),
            hit.rank,
        ),
    )
    chosen = ordered[: max(limit, len(cited))]
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(chosen, 1))


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
