"""Why no answer is given, and what a question is about in words that can stand in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from rag.types import Evidence, Query

LEAST_COVERAGE = 0.35
"""Of the question's words, by rarity: fewer in common are chance."""

Check = Literal[
    "not_held",
    "no_passages",
    "named_elsewhere",
    "too_far",
    "kind_missing",
    "other_figures",
    "existence",
    "not_spoken_of",
    "other_means",
]
"""What failed: the corpus lacks what is named; nothing to look at; a thing named in quotation marks stands
only elsewhere; nothing comes near; what is asked for stands in no near sentence; the figures there are of
other things; whether there is any, too few words in common; nothing comes near enough to a question of no
place; nobody does it by the means that are asked about."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """``lacking`` names what was looked for and not found; ``nearest`` is what the bulletins say instead.

    ``check`` is what failed and ``numbers`` what it measured and asked for, by name; they explain, and two
    refusals are equal without them.
    """

    lacking: str
    nearest: Evidence | None = None
    check: Check = field(default="not_held", compare=False)
    numbers: tuple[tuple[str, float], ...] = field(default=(), compare=False)


def subject(query: Query) -> str:
    """What a question is about, fit to stand in a sentence: without what the words of asking left."""
    topic = re.sub(r"(?:有|的)*(?:不同|不一样|区别|差别|差异)$", "", query.topic.strip())
    text = re.sub(r"^[的是在把给为了有对向从呢那和与跟，、\s]+|[的是在把给为了有呢\s]+$", "", topic)
    return re.sub(r"\s+", "", text) if len(text) > 1 else query.text.rstrip("？?。")


def measured(**numbers: float) -> tuple[tuple[str, float], ...]:
    """What was measured, by name, with the coverage that is asked for."""
    return (*numbers.items(), ("least_coverage", LEAST_COVERAGE))
