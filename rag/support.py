"""Whether the evidence supports an answer to this question, not only whether it is similar to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index import tokenize
from rag.evidence import holds
from rag.expected import Expected
from rag.topic import Topic
from rag.types import Evidence, Query

_LEAST_NEARNESS, _LEAST_NEARNESS_OF_A_PLACE = 0.785, 0.80
_LEAST_NEARNESS_FOREIGN = 0.68
_CLOSE = 0.035
_LEAST_COVERAGE = 0.35
_QUOTED = re.compile(r"[“\"「『]([^”\"」』]{2,20})[”\"」』]")
_EXISTENCE = re.compile(r"有没有(?:哪|什么|人|地方|单位)|是否有|有无")
_FUZZY = 0.5


@dataclass(frozen=True, slots=True)
class Refusal:
    """``lacking`` names what was looked for and not found; ``nearest`` is what the bulletins say instead."""

    lacking: str
    nearest: Evidence | None = None


def find_fault(
    query: Query,
    topic: Topic,
    evidence: Sequence[Evidence],
    everywhere: Sequence[Evidence],
    expected: Sequence[Expected],
) -> Refusal | None:
    """Why ``evidence`` (best first, within what the question asks about) supports no answer; None where it
    does. ``everywhere`` is evidence from outside that, to tell where a named thing does stand.

    Looked at in turn: a thing named in quotation marks stands only elsewhere; nothing comes near to the
    question; what is asked for (an amount, a count, a name of some kind) is in none of the near sentences;
    a question whether something exists shares too little with the best of them.
    """
    if not evidence:
        return Refusal(query.topic or query.text)
    nearest = max(evidence, key=lambda e: e.nearness)
    far = nearest.nearness < _least_nearness(query) and topic.coverage(nearest.text) < _LEAST_COVERAGE
    fault = _named_elsewhere(query, evidence, everywhere)
    if fault is None and far:
        fault = Refusal(query.topic or query.text)
    if fault is None and query.intent in {"fact", "figure"}:
        near = [e for e in evidence if e.nearness >= nearest.nearness - _CLOSE]
        fault = _lacks_what_is_asked(query, topic, near, expected)
    return fault


def _named_elsewhere(
    query: Query, evidence: Sequence[Evidence], everywhere: Sequence[Evidence]
) -> Refusal | None:
    """A thing named in quotation marks that stands, even misspelt, only outside the scope."""
    inside = {e.passage.id: e.passage for e in evidence}.values()
    for name in _QUOTED.findall(query.text):
        if not any(_stands_in(name, f"{p.title}\n{p.text}") for p in inside):
            elsewhere = next((e for e in everywhere if _stands_in(name, e.passage.text)), None)
            if elsewhere:
                return Refusal(f"“{name}”", elsewhere)
    return None


def _lacks_what_is_asked(
    query: Query, topic: Topic, near: Sequence[Evidence], expected: Sequence[Expected]
) -> Refusal | None:
    """``near``: the sentences that come nearest to the question; not empty."""
    if expected and not any(holds(e.text, one, topic) for e in near for one in expected):
        return Refusal("、".join(dict.fromkeys(e.label for e in expected)), near[0])
    if _EXISTENCE.search(query.text) and max(topic.coverage(e.text) for e in near) < _LEAST_COVERAGE:
        return Refusal(query.topic or query.text)
    return None


def _least_nearness(query: Query) -> float:
    if not re.search(r"[\u4e00-\u9fff]", query.text):
        return _LEAST_NEARNESS_FOREIGN
    return _LEAST_NEARNESS_OF_A_PLACE if query.places else _LEAST_NEARNESS


def _stands_in(name: str, text: str) -> bool:
    """Whether ``name`` or most of its character pairs stand in ``text``."""
    plain = tokenize.normalise(text)
    wanted = tokenize.normalise(name)
    grams = tokenize.bigrams(name)
    return wanted in plain or (bool(grams) and sum(g in plain for g in grams) / len(grams) > _FUZZY)
