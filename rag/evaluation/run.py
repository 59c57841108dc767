"""A question file is put to a library, and each question followed through the stages of retrieval."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from index.library import Library
from index.types import Leg, SearchRequest
from rag.answer import Answerer
from rag.evaluation.scores import plain, rank_of, score_answer
from rag.evaluation.types import EvaluationQuestion, QuoteTrace, Row, Stage
from rag.types import Answer, Question

TOP_K = 10
_DEPTH = 100
"""Fused passages that are looked through for a quote (as many as may be asked for)."""
_LEG_DEPTH = 1000
_LEGS: tuple[tuple[Leg, float], ...] = (("dense", 0.5), ("lexical", 0.5), ("sentence", 0.0), ("late", 1.0))


class Evaluator:
    """Asks an answerer over ``library``, in this process."""

    def __init__(self, answerer: Answerer, library: Library) -> None:
        self._answerer = answerer
        self._library = library
        self._texts: dict[str, str] = {}
        self._plain: dict[str, str] = {}

    def rows(self, questions: Sequence[EvaluationQuestion]) -> Iterator[Row]:
        """One for each question, in order. Raises what ``Answerer.answer`` raises."""
        for question in questions:
            asked = Question(question.text, question.history, top_k=TOP_K)
            started = time.perf_counter()
            answer = self._answerer.answer(asked)
            milliseconds = 1000 * (time.perf_counter() - started)
            traces = self._traces(question, asked, answer)
            yield score_answer(question, answer, self._text_of, milliseconds=milliseconds, traces=traces)

    def _traces(
        self, question: EvaluationQuestion, asked: Question, answer: Answer
    ) -> tuple[QuoteTrace, ...]:
        """A leg's rank is among its best thousand passages that the query's filters admit, of any place."""
        if not question.quotes:
            return ()
        request = SearchRequest(answer.query.text, answer.query.filters, limit=_LEG_DEPTH, weights=_LEGS)
        legs = self._library.leg_scores(request)
        _, fused = self._answerer.search(
            Question(asked.text, asked.history, asked.filters, top_k=_DEPTH),
        )
        orders: dict[Stage, list[str]] = {
            **{leg: list(scores) for leg, scores in legs.items()},
            "fused": [hit.passage.id for hit in fused],
            "final": [hit.passage.id for hit in answer.passages],
        }
        texts = {stage: self._plain_texts(ids) for stage, ids in orders.items()}
        return tuple(
            QuoteTrace(quote, {stage: rank_of(quote, texts[stage]) for stage in texts})
            for quote in question.quotes
        )

    def _plain_texts(self, passage_ids: Sequence[str]) -> list[str]:
        unknown = [id_ for id_ in passage_ids if id_ not in self._plain]
        for passage in self._library.passages(unknown):
            self._plain[passage.id] = plain(passage.text)
        return [self._plain[id_] for id_ in passage_ids]

    def _text_of(self, document_id: str) -> str:
        if document_id not in self._texts:
            self._texts[document_id] = self._library.document(document_id).document.text
        return self._texts[document_id]
