"""The nouns of explaining how an answer came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from index.types import Leg, LegScore
from rag.types import Correction, Intent


@dataclass(frozen=True, slots=True)
class AppliedFilter:
    """A filter (years, issues, places …) and who set it: the client, or words of the question."""

    name: str
    values: tuple[str, ...]
    source: Literal["client", "said"]


@dataclass(frozen=True, slots=True)
class UsedExpansion:
    """``found`` of the question belongs to a group of the thesaurus, and ``terms`` count for it too."""

    found: str
    group: str
    terms: tuple[str, ...]
    strength: float


@dataclass(frozen=True, slots=True)
class ExplainedPassage:
    """What the legs said of a passage, and the sentence of it that comes nearest to the question.

    ``nearness`` is that sentence's late interaction with the question, ``coverage`` the share of the topic
    in it, ``score`` what passages are put in order by; None where no sentence was looked at.
    """

    passage_id: str
    rank: int
    place: str | None
    title: str
    fused: float
    legs: Mapping[Leg, LegScore]
    inside: bool
    sentence: str | None = None
    nearness: float | None = None
    coverage: float | None = None
    score: float | None = None


PlaceDecision = Literal["sure", "doubtful", "below_threshold", "filtered_out", "not_in_corpus"]


@dataclass(frozen=True, slots=True)
class ExplainedPlace:
    """Whether a place is in a list, and why. ``threshold`` is what its ``score`` had to reach to be sure;
    both None where it wasn't looked at. ``other_wording``: terms by which alone it speaks of the topic."""

    place: str
    decision: PlaceDecision
    reason: str
    score: float | None = None
    threshold: float | None = None
    sentence: str | None = None
    other_wording: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedRefusal:
    """Why nothing was answered: the check that failed, in words for the user, and its numbers by name."""

    check: str
    reason: str
    numbers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How an answer, or a refusal, came about. ``topic`` holds content words and how rare each is,
    ``expected`` what the answer must hold; ``passages`` the best twenty, ``places`` only of a list."""

    intent: Intent
    topic: Mapping[str, float]
    corrections: tuple[Correction, ...] = ()
    filters: tuple[AppliedFilter, ...] = ()
    expansions: tuple[UsedExpansion, ...] = ()
    expected: tuple[str, ...] = ()
    passages: tuple[ExplainedPassage, ...] = ()
    places: tuple[ExplainedPlace, ...] = ()
    refusal: ExplainedRefusal | None = None
