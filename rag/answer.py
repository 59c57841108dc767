"""The main path: question → query → hits → evidence → draft → verified answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from corpus.places import Gazetteer
from index.catalogue import issue_key
from index.library import Library
from index.types import DocumentRecord, Filters, Hit
from rag.compose import compose, compose_list
from rag.evidence import find_evidence
from rag.expected import expected_answers
from rag.explain import MOST_EXPLAINED, Trace, explain
from rag.judge import Verdict, all_places, judge_places
from rag.question import Holdings, QuestionReader
from rag.retrieve import LIST_DEPTH, Retrieved, retrieve
from rag.support import Refusal, find_fault
from rag.thesaurus import Thesaurus
from rag.topic import Topic, read_topic
from rag.types import (
    Answer,
    Coverage,
    DraftSentence,
    Evidence,
    Item,
    Query,
    Question,
    Rejected,
)
from rag.variants import topic_variants
from rag.verify import verify
from rag.wording import not_found_text, refusal_text, write

_DEPTH = 60
"""Hits looked at for evidence; a list question looks at LIST_DEPTH."""
_MOST_EXPANSIONS = 12


class Answerer:
    """Answers questions over a library. Thread-safe."""

    def __init__(self, library: Library, gazetteer: Gazetteer, thesaurus: Thesaurus) -> None:
        self._library = library
        self._thesaurus = thesaurus
        self._gazetteer = gazetteer
        self._reader = QuestionReader(gazetteer)

    def search(self, question: Question) -> tuple[Query, tuple[Hit, ...]]:
        """The query as understood and its best passages. Raises BadQuestionError."""
        holdings = self._holdings()
        query = self._reader.read(question, holdings)
        _, retrieved = self._retrieve(query, max(question.top_k, _DEPTH))
        return query, within(retrieved, question.filters, holdings).ranked(question.top_k)

    def answer(self, question: Question) -> Answer:
        """Answer from the bulletins alone; ``no_evidence`` where they don't say. Raises BadQuestionError."""
        clock = _Clock()
        holdings = self._holdings()
        query = self._reader.read(question, holdings)
        clock.lap("understand")
        topic, retrieved = self._retrieve(query, LIST_DEPTH if query.intent == "list" else _DEPTH)
        clock.lap("retrieve")
        drafts, trace = self._draft(query, topic, retrieved, holdings)
        clock.lap("compose")
        kept, rejected = verify(drafts, self._text_of())
        answer = self._assemble(question, query, retrieved, trace, kept, rejected, holdings)
        clock.lap("verify")
        answer.took_ms.update(clock.laps())
        return answer

    def _holdings(self) -> Holdings:
        documents, articles = self._library.documents(), self._library.articles()
        return Holdings(tuple(documents), tuple(articles), self._library.holds)

    def _retrieve(self, query: Query, depth: int) -> tuple[Topic, Retrieved]:
        topic = read_topic(query, self._library.rarity, self._thesaurus)
        return topic, retrieve(self._library, query, depth, self._expansions(topic))

    def _expansions(self, topic: Topic) -> list[str]:
        """Terms of the thesaurus for the topic that the corpus holds, surest first."""
        ordered = sorted(topic.expansions, key=lambda e: -e.strength)
        terms = dict.fromkeys(term for e in ordered for term in e.terms)
        # lazily: each look into the index costs, and most of a large group is never needed
        return list(islice((term for term in terms if self._library.holds(term)), _MOST_EXPANSIONS))

    def _draft(
        self, query: Query, topic: Topic, retrieved: Retrieved, holdings: Holdings
    ) -> tuple[list[DraftSentence], Trace]:
        if absent := missing(query, holdings):
            return [], Trace(refusal=Refusal("、".join(absent)))
        expected = expected_answers(query.text)
        variants = topic_variants(
            topic.text, topic.expansions, self._library.holds, members=query.intent == "list"
        )

        def evidence_of(hits: Sequence[Hit]) -> list[Evidence]:
            return find_evidence(self._library, hits, topic, expected, variants)

        inside, outside = evidence_of(retrieved.inside), evidence_of(retrieved.outside)
        fault = find_fault(query, topic, inside, outside, expected)
        trace = Trace(topic, tuple(expected), tuple(inside), tuple(outside), fault)
        if fault:
            return [], trace
        drafts: list[DraftSentence] = []
        if query.intent == "list":
            judged = judge_places(inside, inside + outside, topic) if topic.words else all_places(inside)
            drafts = compose_list(self._of_asked_kinds(query, judged))
        return drafts or compose(query, inside), trace

    def _of_asked_kinds(self, query: Query, verdicts: Sequence[Verdict]) -> list[Verdict]:
        """Places above the level that was asked for (a prefecture where 哪些县 is asked) are told apart."""

        def judged(verdict: Verdict) -> Verdict:
            place = self._gazetteer.resolve(verdict.place)
            if place is None or place.level == "county" or place.kind in query.asked_kinds:
                return verdict
            return replace(verdict, sure=False, label=f"另有{place.kind}" if verdict.sure else verdict.label)

        return [judged(v) for v in verdicts] if query.asked_kinds else list(verdicts)

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
        trace: Trace,
        drafts: Sequence[DraftSentence],
        rejected: Sequence[Rejected],
        holdings: Holdings,
    ) -> Answer:
        documents = {d.id: d for d in holdings.documents}
        text, sentences, citations = write(drafts, documents)
        seen = {d.place for d in drafts if d.kind in {"item", "doubtful"}}
        not_seen = tuple(name for name in query.universe if name not in seen)
        text += not_found_text(query, drafts, holdings, not_seen)
        rows = list(zip(drafts, sentences, strict=True))
        items = tuple(Item(d.place or "", d.text, s.citations) for d, s in rows if d.kind == "item")
        doubtful = tuple(Item(d.place or "", d.text, s.citations) for d, s in rows if d.kind == "doubtful")
        is_list = any(d.kind == "lead" for d in drafts)
        used = list(dict.fromkeys(c.passage_id for c in citations)) if is_list else []
        if not drafts:
            text = refusal_text(query, trace.refusal) + text
        shown = within(retrieved, question.filters, holdings)
        depth = max(question.top_k, MOST_EXPLAINED) if question.explain else question.top_k
        passages = order_passages(shown, trace.inside, used, depth)
        explanation = explain(question, query, shown, trace, passages, holdings) if question.explain else None
        return Answer(
            query=query,
            status="answered" if drafts else "no_evidence",
            text=text,
            sentences=tuple(sentences),
            items=items,
            doubtful=doubtful,
            not_seen=not_seen,
            citations=tuple(citations),
            passages=passages[: max(question.top_k, len(used))],
            coverage=coverage(query, holdings, items, doubtful),
            snapshot=self._library.snapshot,
            rejected=tuple(rejected),
            explanation=explanation,
        )


def missing(query: Query, holdings: Holdings) -> tuple[str, ...]:
    """What the question names that the corpus doesn't have: issues, years, and places of no article."""
    absent = tuple(place for place in query.places if place not in holdings.places)
    gone = absent if absent and len(absent) == len(query.places) else ()
    return (*query.unknown, *gone)


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


def within(retrieved: Retrieved, filters: Filters, holdings: Holdings) -> Retrieved:
    """Without the hits that the client's own ``filters`` rule out. What is ruled out only by words of the
    question may still be shown, after the rest."""
    ids = {d.id for d in holdings.documents if _meets(d, filters)}
    outside = (
        hit
        for hit in retrieved.outside
        if hit.passage.document_id in ids and (not filters.places or hit.passage.place in filters.places)
    )
    return replace(retrieved, outside=tuple(outside))


def coverage(
    query: Query, holdings: Holdings, items: Sequence[Item] = (), doubtful: Sequence[Item] = ()
) -> Coverage:
    """What was looked through: documents and articles that meet the query's filters; for a list also how many
    places were found."""
    filters = query.filters
    ids = {d.id for d in holdings.documents if _meets(d, filters)}
    articles = [
        a
        for a in holdings.articles
        if a.document_id in ids and (not filters.places or a.place in filters.places)
    ]
    documents = len({a.document_id for a in articles}) if filters.places else len(ids)
    places = tuple(dict.fromkeys(a.place for a in articles if a.place))
    note = f"已查 {documents} 期 {len(articles)} 篇"
    if query.intent == "list":
        note += f"，符合 {len(items)} 地" + (f"，另列 {len(doubtful)} 地" if doubtful else "")
    return Coverage(documents, len(articles), places, note)


def _meets(document: DocumentRecord, filters: Filters) -> bool:
    """Whether a document is one that the filters ask for; places are looked at article by article."""
    date = document.date
    # as the library compares them: 08, 8 and 第8期 are one
    issues = {issue_key(issue) for issue in filters.issues}
    return (
        (not filters.years or (date is not None and date.year in filters.years))
        and (not issues or (document.issue is not None and issue_key(document.issue) in issues))
        and (not filters.document_ids or document.id in filters.document_ids)
        and (not filters.since or (date is not None and date >= filters.since))
        and (not filters.until or (date is not None and date <= filters.until))
    )


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
