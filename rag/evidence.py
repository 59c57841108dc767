"""Hits become evidence: their sentences, scored against the question."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index import tokenize
from index.library import Library
from index.types import Hit
from rag.types import Evidence, Query

_NUMBER = r"(?:\d[\d.,]*|[一二两三四五六七八九十百千万亿半]+)"
_ASKED_UNIT = re.compile(
    r"(?:多少|几)\s?(个|名|家|支|场|次|处|条|件|项|所|座|人|位|户|对|组|本|册|种|类|节|门|期|篇|只|辆|套|年|天|级|万|元|平方米|小时)"
)
_LATE, _COVERAGE, _PASSAGE, _FIGURE = 0.6, 0.25, 0.15, 0.1


@dataclass(frozen=True, slots=True)
class Topic:
    """What a sentence is held against: the topic's terms and how much each weighs (rare ones more)."""

    weights: Mapping[str, float]
    unit: str | None

    def coverage(self, text: str) -> float:
        """The share of the terms, by weight, that stand in ``text``; 0 where there are no terms."""
        total = sum(self.weights.values())
        if not total:
            return 0.0
        plain = tokenize.normalise(text)
        return sum(weight for term, weight in self.weights.items() if term in plain) / total

    def has_asked_figure(self, text: str) -> bool:
        """Whether ``text`` holds a number, with the asked unit behind it where the question names one."""
        if self.unit is None:
            return bool(re.search(r"\d", text))
        return bool(re.search(rf"{_NUMBER}\s*[多余几]?\s*[万亿]?[多余]?\s*{self.unit}", text))


def read_topic(query: Query, vocabulary: Mapping[str, int], passages: int) -> Topic:
    """Terms are the words and character pairs of the query's topic; weights are those of BM25's inverse
    document frequency (Robertson and Spärck Jones, 1976), counted over the passages of the corpus."""
    text = query.topic or query.text
    terms = {*tokenize.query_words(text), *tokenize.query_bigrams(text)}
    weights = {
        term: math.log(1 + (passages - df + 0.5) / (df + 0.5))
        for term in terms
        for df in [min(vocabulary.get(term, 0), passages)]
    }
    asked = _ASKED_UNIT.search(query.text)
    return Topic(weights, asked.group(1) if asked else None)


def find_evidence(library: Library, query: Query, hits: Sequence[Hit], topic: Topic) -> list[Evidence]:
    """Every sentence of the hits, best first.

    The score adds up late interaction (min-max over these sentences), coverage and the passage's own score,
    and for a question of figures a bonus where the asked figure stands in the sentence.
    """
    by_id = {hit.passage.id: hit for hit in hits}
    matches = library.sentence_matches(query.text, list(by_id))
    if not matches.sentences:
        return []
    late = matches.late
    low, high = float(late.min()), float(late.max())
    evidence = []
    for sentence, nearness in zip(matches.sentences, late.tolist(), strict=True):
        hit = by_id[sentence.passage_id]
        passage = hit.passage
        text = passage.text[sentence.start - passage.start : sentence.end - passage.start]
        coverage = topic.coverage(text)
        share = (nearness - low) / (high - low) if high > low else 1.0
        score = _LATE * share + _COVERAGE * coverage + _PASSAGE * hit.score
        if query.intent == "figure" and topic.has_asked_figure(text):
            score += _FIGURE
        evidence.append(Evidence(passage, sentence.start, sentence.end, text, min(score, 1.0), coverage))
    return sorted(evidence, key=lambda e: (-e.score, e.passage.document_id, e.start))
