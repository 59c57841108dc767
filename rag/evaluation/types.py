"""The nouns of evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rag.types import Turn

Stage = Literal["dense", "sentence", "lexical", "late", "fused", "final"]
"""Each leg alone, the legs fused, and the passages as they stand with the answer."""

STAGES: tuple[Stage, ...] = ("dense", "sentence", "lexical", "late", "fused", "final")

UNANSWERABLE = "unanswerable"
"""The type of questions that the bulletins don't answer."""


@dataclass(frozen=True, slots=True)
class EvaluationQuestion:
    """A question and what a good answer holds.

    ``quotes`` are stretches of bulletin text that its passages are to hold; ``places`` are to be named by a
    list, ``places_ok`` neither help nor hurt; ``facts`` are to stand in the answer.
    """

    id: str
    type: str
    text: str
    quotes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    places_ok: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class QuoteTrace:
    """At which rank (from 1) each stage had the first passage that holds ``quote``; None where it hadn't."""

    quote: str
    ranks: Mapping[Stage, int | None]

    def found_by(self, depth: int) -> tuple[Stage, ...]:
        """The legs that have it among their first ``depth``."""
        return tuple(leg for leg in STAGES[:4] if is_within(self.ranks.get(leg), depth))

    def lost_at(self, depth: int) -> Literal["legs", "fused", "final"] | None:
        """The first stage that no longer has it among the first ``depth``: no leg found it, fusing lost it,
        or putting the passages in order by their evidence did. None where the answer has it."""
        if is_within(self.ranks["final"], depth):
            return None
        if is_within(self.ranks["fused"], depth):
            return "final"
        return "fused" if self.found_by(depth) else "legs"


@dataclass(frozen=True, slots=True)
class Row:
    """One question's scores; None where a score says nothing of it.

    ``ranks`` are those of the quotes among the answer's passages, ``quotes_true`` the share of citations
    that are true to the character, ``cited`` the share of sentences with a citation.
    """

    id: str
    type: str
    question: str
    answer: str
    refused: bool
    milliseconds: float
    ranks: tuple[int | None, ...] = ()
    traces: tuple[QuoteTrace, ...] = ()
    missed: tuple[str, ...] = ()
    facts: float | None = None
    facts_missed: tuple[str, ...] = ()
    list_f1: float | None = None
    list_missed: tuple[str, ...] = ()
    list_wrong: tuple[str, ...] = ()
    quotes_true: float | None = None
    cited: float | None = None

    def recall(self, depth: int) -> float | None:
        """The share of quotes among the first ``depth`` passages."""
        if not self.ranks:
            return None
        return sum(is_within(rank, depth) for rank in self.ranks) / len(self.ranks)

    @property
    def reciprocal_rank(self) -> float | None:
        """1 / rank of the first passage that holds any quote, 0 where none does."""
        if not self.ranks:
            return None
        return max((1 / rank for rank in self.ranks if rank), default=0.0)


@dataclass(frozen=True, slots=True)
class Summary:
    """Means over the questions a figure can be told of; None where there is none.

    ``figures``: recall@1, recall@5, recall@10, mrr, list-f1, facts, refused, wrongly refused, quotes true,
    cited, short answer (median characters), milliseconds (median). ``by_type``: {type: {n, r@5, r@10,
    facts, list, refused}}. ``by_stage``: {stage: {r@1, r@5, r@10}}; ``lost``: {stage: quotes it lost}, at
    depth 10.
    """

    figures: Mapping[str, float | None]
    by_type: Mapping[str, Mapping[str, float | None]]
    by_stage: Mapping[Stage, Mapping[str, float | None]]
    lost: Mapping[str, int]


def is_within(rank: int | None, depth: int) -> bool:
    """Whether there is a rank, and it is at most ``depth``."""
    return rank is not None and rank <= depth
