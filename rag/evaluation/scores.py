"""An answer is scored against what was wanted. Pure functions; white space, full and half width, Traditional
and Simplified, case and thousands separators make no difference."""

from __future__ import annotations

import functools
import re
import statistics
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rag.evaluation.types import (
    STAGES,
    UNANSWERABLE,
    EvaluationQuestion,
    QuoteTrace,
    Row,
    Stage,
    Summary,
)
from rag.types import Answer

SHORT_TYPES = frozenset(
    {"fact", "figure", "paraphrase", "typo", "english", "traditional", "filter", "followup"}
)
"""Types whose answer is to be short: only what stands at its beginning counts."""
SHORT_ANSWER = 240
_DEPTH = 10


@functools.cache
def _simplifier() -> Any:
    import opencc  # noqa: PLC0415 - its dictionaries load here, not at import

    return opencc.OpenCC("t2s")


def plain(text: str) -> str:
    """What texts are compared by; citation markers ([1]) and Markdown's ** are left out."""
    folded = unicodedata.normalize("NFKC", _simplifier().convert(text)).replace("**", "")
    folded = re.sub(r"\[\d+\]", "", folded)
    folded = re.sub(r"(?<=\d),(?=\d{3})", "", folded)
    return re.sub(r"\s+", "", folded).lower()


def rank_of(quote: str, plain_passages: Sequence[str]) -> int | None:
    """The rank, from 1, of the first passage (already ``plain``) that holds the whole quote."""
    wanted = plain(quote)
    return next((rank for rank, text in enumerate(plain_passages, 1) if wanted in text), None)


def score_answer(
    question: EvaluationQuestion,
    answer: Answer,
    text_of: Callable[[str], str],
    *,
    milliseconds: float = 0.0,
    traces: Sequence[QuoteTrace] = (),
) -> Row:
    """``text_of`` gives the text of a document by id."""
    passages = [plain(hit.passage.text) for hit in answer.passages]
    ranks = tuple(rank_of(quote, passages) for quote in question.quotes)
    refused = answer.status == "no_evidence"
    missing = _missing_facts(question, answer.text)
    named = {item.place for item in answer.items if item.place}
    wanted, wrong = set(question.places), named - set(question.places) - set(question.places_ok)
    return Row(
        id=question.id,
        type=question.type,
        question=question.text,
        answer=answer.text,
        refused=refused,
        milliseconds=milliseconds,
        ranks=ranks,
        traces=tuple(traces),
        missed=tuple(
            quote for quote, rank in zip(question.quotes, ranks, strict=True) if rank is None or rank > _DEPTH
        ),
        facts=1 - len(missing) / len(question.facts) if question.facts else None,
        facts_missed=missing,
        list_f1=_f1(len(named & wanted), len(wrong), len(wanted)) if _is_list(question) else None,
        list_missed=tuple(sorted(wanted - named)) if _is_list(question) else (),
        list_wrong=tuple(sorted(wrong)) if _is_list(question) else (),
        quotes_true=None if refused else _share_of_true_quotes(answer, text_of),
        cited=None if refused else _share(bool(sentence.citations) for sentence in answer.sentences),
    )


def summarise(rows: Sequence[Row]) -> Summary:
    """The figures of a whole question file."""
    answerable = [row for row in rows if row.type != UNANSWERABLE]
    lengths = [len(row.answer) for row in answerable if row.type in SHORT_TYPES and not row.refused]
    figures = {
        **{f"recall@{depth}": mean(row.recall(depth) for row in rows) for depth in (1, 5, 10)},
        "mrr": mean(row.reciprocal_rank for row in rows),
        "list-f1": mean(row.list_f1 for row in rows),
        "facts": mean(row.facts for row in rows),
        "refused": mean(row.refused for row in rows if row.type == UNANSWERABLE),
        "wrongly refused": mean(row.refused for row in answerable),
        "quotes true": mean(row.quotes_true for row in rows),
        "cited": mean(row.cited for row in rows),
        "short answer": float(statistics.median(lengths)) if lengths else None,
        "milliseconds": statistics.median([row.milliseconds for row in rows]) if rows else None,
    }
    traces = [row.traces for row in rows if row.traces]
    lost = [trace.lost_at(_DEPTH) for of_row in traces for trace in of_row]
    types = sorted({row.type for row in rows})
    return Summary(
        figures,
        {kind: _of_type([row for row in rows if row.type == kind]) for kind in types},
        {stage: _of_stage(stage, traces) for stage in STAGES} if traces else {},
        {stage: lost.count(stage) for stage in ("legs", "fused", "final")},
    )


def mean(values: Iterable[float | None]) -> float | None:
    """Of those that aren't None; None where there is none."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _missing_facts(question: EvaluationQuestion, answer: str) -> tuple[str, ...]:
    counted = plain(answer)[: SHORT_ANSWER if question.type in SHORT_TYPES else None]
    return tuple(fact for fact in question.facts if plain(fact) not in counted)


def _is_list(question: EvaluationQuestion) -> bool:
    return question.type in {"list", "filter"} and len(question.places) > 1


def _f1(hits: int, wrong: int, wanted: int) -> float:
    if not hits:
        return 0.0
    precision, recall = hits / (hits + wrong), hits / wanted
    return 2 * precision * recall / (precision + recall)


def _share_of_true_quotes(answer: Answer, text_of: Callable[[str], str]) -> float:
    return _share(
        bool(c.quote) and text_of(c.document_id)[c.start : c.end] == c.quote for c in answer.citations
    )


def _share(truths: Iterable[bool]) -> float:
    return mean(truths) or 0.0


def _of_type(rows: Sequence[Row]) -> dict[str, float | None]:
    return {
        "n": float(len(rows)),
        "r@5": mean(row.recall(5) for row in rows),
        "r@10": mean(row.recall(10) for row in rows),
        "facts": mean(row.facts for row in rows),
        "list": mean(row.list_f1 for row in rows),
        "refused": mean(row.refused for row in rows),
    }


def _of_stage(stage: Stage, traces: Sequence[Sequence[QuoteTrace]]) -> dict[str, float | None]:
    def within(trace: QuoteTrace, depth: int) -> bool:
        rank = trace.ranks.get(stage)
        return rank is not None and rank <= depth

    return {
        f"r@{depth}": mean(_share(within(trace, depth) for trace in of_row) for of_row in traces)
        for depth in (1, 5, 10)
    }
