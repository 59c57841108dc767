"""The main path: question → query → hits → evidence → draft → verified answer."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from corpus.places import Gazetteer
from index.errors import DocumentNotFoundError, PassageNotFoundError
from index.library import Library
from index.types import Hit
from rag.bounds import measured_bound
from rag.clock import Clock
from rag.compose import compose, compose_list
from rag.evidence import find_evidence, near_passages, untold
from rag.expected import expected_answers
from rag.explain import Trace
from rag.found import Found
from rag.generate import ChatComposer, Outcome, Piece, Stopped, Task, verified
from rag.judge import judge_list
from rag.place_names import called_plainly
from rag.question import Holdings, QuestionReader
from rag.refusal import Refusal, subject
from rag.rerank import Reranker, rerank
from rag.retrieve import LIST_DEPTH, Retrieved, retrieve
from rag.rewrite import Rewriter
from rag.scope import coverage, missing, of_documents_asked, within
from rag.spelling import Speller, Spelt
from rag.steady import steadily
from rag.support import find_fault
from rag.tabled import draft_from_tables, rows_first
from rag.thesaurus import Thesaurus
from rag.told_of import Telling, moved_inside, with_later_reports
from rag.topic import Topic, read_topic, written_terms
from rag.types import (
    Answer,
    AnswerEvent,
    DraftSentence,
    Evidence,
    Finished,
    Query,
    Question,
    Rejected,
    Understood,
)
from rag.variants import Variant, topic_variants
from rag.verify import TextOf, fault
from rag.wording import Writer, not_found_text, refusal_text

_DEPTH = 60
"""Hits looked at for evidence; a list question looks at LIST_DEPTH."""
_MOST_EXPANSIONS = 12


class Answerer:
    """Answers questions over a library. Thread-safe."""

    def __init__(
        self,
        library: Library,
        gazetteer: Gazetteer,
        thesaurus: Thesaurus,
        *,
        reranker: Reranker | None = None,
        composer: ChatComposer | None = None,
        rewriter: Rewriter | None = None,
    ) -> None:
        self._library = library
        self._thesaurus = thesaurus
        self._gazetteer = gazetteer
        self._reranker = reranker
        self._composer = composer
        self._reader = QuestionReader(gazetteer, rewriter)
        self._speller = Speller(gazetteer, thesaurus)

    def warm(self) -> None:
        """Load now what would otherwise load at the first slip of the pen."""
        self._speller.warm()

    def alone(self) -> Answerer:
        """The same without a chat model to write the answers: in the bulletins' own sentences."""
        alone = copy.copy(self)
        alone._composer = None
        return alone

    def search(self, question: Question) -> tuple[Query, tuple[Hit, ...]]:
        """The query as understood and its best passages. Raises BadQuestionError."""
        holdings = self._holdings()
        question = self._reader.settled(question, holdings)
        query = self._reader.read(question, holdings)
        retrieved = self._retrieve(query, self._topic(query), max(question.top_k, _DEPTH), holdings)
        return query, within(retrieved, question.filters, holdings).ranked(question.top_k)

    def answer(self, question: Question) -> Answer:
        """Answer from the bulletins alone; ``no_evidence`` where they don't say. Raises BadQuestionError."""
        *_, last = self.stream(question)
        assert isinstance(last, Finished)
        return last.answer

    def stream(self, question: Question, stopped: Stopped = lambda: False) -> Iterator[AnswerEvent]:
        """The same answer as it comes about: ``Understood``, a ``Written`` for each sentence, after it was
        verified, and ``Finished`` last. ``stopped`` tells a chat model to stop, as closing the iterator does.
        Raises BadQuestionError at the first step."""
        clock = Clock()
        drafts, found, text_of = steadily(self._library, lambda: self._found(question, clock))
        query, holdings = found.query, found.holdings
        yield Understood(query, found.passages(())[: question.top_k])
        writer = Writer({d.id: d for d in holdings.documents}, query.language)
        rejected: list[Rejected] = []
        outcome = Outcome()
        with contextlib.closing(self._pieces(found, drafts, text_of, stopped)) as pieces:
            for piece in pieces:
                if isinstance(piece, DraftSentence):
                    yield writer.write(piece)
                elif isinstance(piece, Rejected):
                    rejected.append(piece)
                else:
                    outcome = piece
        not_seen = tuple(name for name in query.universe if name not in writer.places)
        if closing := self._closing(found, writer, not_seen):
            yield writer.close(closing)
        answer = self._assemble(found, writer, rejected, not_seen, outcome)
        clock.lap("verify")
        answer.took_ms.update(clock.laps())
        yield Finished(answer)

    def _found(self, question: Question, clock: Clock) -> tuple[list[DraftSentence], Found, TextOf]:
        """Raises DocumentNotFoundError and PassageNotFoundError where what was read changed meanwhile."""
        holdings = self._holdings()
        question = self._reader.settled(question, holdings)
        query = self._reader.read(question, holdings)
        clock.lap("understand")
        topic = self._topic(query)
        variants = topic_variants(topic, members=query.intent == "list")
        self._library.prepare([query.text, topic.text, *(variant.text for variant in variants)])
        depth = LIST_DEPTH if query.intent == "list" else _DEPTH
        retrieved = self._retrieve(query, topic, depth, holdings)
        if not question.filters.years:
            retrieved = with_later_reports(retrieved, query)
        clock.lap("retrieve")
        text_of = self._text_of()
        drafts, trace, retrieved = self._draft(query, topic, variants, retrieved, holdings, text_of)
        for evidence in (evidence for draft in drafts for evidence in draft.evidence):
            if text_of(evidence.passage.document_id)[evidence.start : evidence.end] != evidence.text:
                raise PassageNotFoundError(f"段落 {evidence.passage.id} 刚被替换，请再问一次。")
        clock.lap("compose")
        found = Found(question, query, within(retrieved, question.filters, holdings), trace, holdings)
        return drafts, found, text_of

    def _holdings(self) -> Holdings:
        documents, articles = self._library.documents(), self._library.articles()
        places = self._library.filed.places()

        def spell(text: str) -> Spelt:
            return self._library.consult(lambda vocabulary: self._speller.spell(text, places, vocabulary))

        return Holdings(tuple(documents), tuple(articles), places, self._library.holds, spell)

    def _topic(self, query: Query) -> Topic:
        return read_topic(query, self._library.rarity, self._thesaurus).narrowed(self._written)

    def _retrieve(self, query: Query, topic: Topic, depth: int, holdings: Holdings) -> Retrieved:
        found = retrieve(self._library, query, depth, topic.surest_terms(_MOST_EXPANSIONS))
        return found.known({record.id for record in holdings.documents})

    def _written(self, terms: frozenset[str]) -> frozenset[str]:
        return self._library.consult(lambda vocabulary: written_terms(terms, vocabulary))

    def _draft(
        self,
        query: Query,
        topic: Topic,
        variants: Sequence[Variant],
        retrieved: Retrieved,
        holdings: Holdings,
        text_of: TextOf,
    ) -> tuple[list[DraftSentence], Trace, Retrieved]:
        if absent := missing(query, holdings):
            return [], Trace(refusal=Refusal("、".join(absent))), retrieved
        expected = expected_answers(query.text)

        def evidence_of(hits: Sequence[Hit]) -> list[Evidence]:
            with_heads = query.intent != "quote"
            return find_evidence(self._library, hits, topic, expected, variants, with_heads=with_heads)

        inside, outside = evidence_of(retrieved.inside), evidence_of(retrieved.outside)
        fault = find_fault(query, topic, inside, outside, expected)
        telling = Telling(query, self._gazetteer, holdings)
        if told := telling.beyond(inside, outside, is_refused=fault is not None):
            looked_again = moved_inside(retrieved, told)
            again, rest = telling.of(evidence_of(looked_again.inside)), evidence_of(looked_again.outside)
            other_fault = find_fault(query, topic, again, rest, expected)
            if other_fault is None or not telling.has_articles:
                retrieved, inside, outside, fault = looked_again, again, rest, other_fault
        tables = of_documents_asked(query, retrieved, holdings)
        told_by = None if fault else inside
        if tabled := draft_from_tables(query, tables, expected, text_of, self._gazetteer, told_by):
            inside = rows_first(tabled, inside)
            trace = Trace(topic, tuple(expected), tuple(inside), tuple(outside))
            return tabled, trace, moved_inside(retrieved, inside)
        trace = Trace(topic, tuple(expected), tuple(inside), tuple(outside), fault)
        drafts, trace = self._composed(query, trace, holdings)
        return drafts, trace, retrieved

    def _composed(self, query: Query, trace: Trace, holdings: Holdings) -> tuple[list[DraftSentence], Trace]:
        """Drafts from what was found, where it answers."""
        if trace.refusal or trace.topic is None:
            return [], trace
        inside = list(trace.inside)
        if query.intent == "list":
            issuers = {d.id: f"{d.series}{d.issuer}" for d in holdings.documents}
            verdicts = judge_list(
                query, trace.topic, inside, trace.outside, trace.expected, self._gazetteer, issuers
            )
            trace = replace(trace, verdicts=tuple(verdicts))
            if drafts := compose_list(trace.verdicts, query.language):
                return drafts, trace
            if measured_bound(query.text):
                return [], replace(trace, refusal=Refusal(subject(query), check="kind_missing"))
        elif self._reranker:
            inside = rerank(self._reranker, query.text, inside)
            trace = replace(trace, inside=tuple(inside))
        years = {d.id: d.date.year for d in holdings.documents if d.date}
        return compose(query, inside, trace.expected, years), trace

    def _pieces(
        self, found: Found, drafts: Sequence[DraftSentence], text_of: TextOf, stopped: Stopped
    ) -> Generator[Piece, None, None]:
        """Verified sentences: the chat model's where there is one and something to answer from."""

        def held(draft: DraftSentence) -> str | None:
            return fault(draft, text_of, self._gazetteer)

        if self._composer and drafts:
            records = {d.id: d for d in found.holdings.documents}
            task = Task(found.query, tuple(drafts), found.trace.inside, records)
            yield from self._composer.pieces(task, held, stopped)
        else:
            yield from verified(drafts, held)
            yield Outcome()

    def _text_of(self) -> TextOf:
        texts: dict[str, str] = {}

        def text_of(document_id: str) -> str:
            if document_id not in texts:
                try:
                    texts[document_id] = self._library.document(document_id).document.text
                except DocumentNotFoundError:  # taken out this moment: no quote of it holds any more
                    texts[document_id] = ""
            return texts[document_id]

        return text_of

    def _closing(self, found: Found, writer: Writer, not_seen: Sequence[str]) -> str:
        """What follows the sentences and claims nothing."""
        query, trace, drafts = found.query, found.trace, writer.drafts
        told = [piece for draft in drafts for piece in draft.evidence]
        lacking = untold(query, trace.topic, trace.expected, told)
        absent = not_found_text(query, drafts, found.holdings, not_seen, lacking)
        return absent if drafts else refusal_text(query, trace.refusal) + absent

    def _assemble(
        self,
        found: Found,
        writer: Writer,
        rejected: Sequence[Rejected],
        not_seen: tuple[str, ...],
        outcome: Outcome,
    ) -> Answer:
        question, query = found.question, found.query
        items, doubtful = writer.items("item"), writer.items("doubtful")
        is_list = any(d.kind == "lead" for d in writer.drafts)
        used = list(dict.fromkeys(c.passage_id for c in writer.citations)) if is_list else []
        passages = found.passages(used)
        return Answer(
            query=query,
            status="answered" if writer.drafts else "no_evidence",
            text=writer.text,
            sentences=writer.sentences,
            items=called_plainly(items, found.holdings.places, self._gazetteer),
            doubtful=called_plainly(doubtful, found.holdings.places, self._gazetteer),
            not_seen=not_seen,
            citations=writer.citations,
            passages=passages[: max(question.top_k, len(used))],
            coverage=coverage(query, found.holdings, items, doubtful),
            snapshot=self._library.snapshot,
            rejected=tuple(rejected),
            relevant=near_passages(found.trace.inside) if writer.drafts else (),
            composer=outcome.composer,
            notices=(*query.notices, *outcome.notices),
            explanation=found.explanation(passages) if question.explain else None,
        )
