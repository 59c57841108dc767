"""Hits become evidence: their sentences, scored against the question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.headings import find_heading
from corpus.types import Passage
from index import tokenize
from index.errors import PassageNotFoundError
from index.library import Library
from index.types import Hit, SentenceMatches, SentenceRef
from rag.expected import Expected, asks_for_more
from rag.table import is_bare
from rag.topic import Topic
from rag.types import Evidence, Query
from rag.variants import Variant

_LATE, _COVERAGE, _PASSAGE = 0.6, 0.25, 0.15
_EXPECTED, _EXPECTED_OF_NAMED, _HEADLINE = 0.25, 0.5, 0.1
_LONGEST_HEADLINE, _LONGEST_PLAIN = 45, 25
_STOPS = re.compile(r"[。！？；…!?;][”’」』）)\"'》】]*$")
_CARRIED = 0.01
_KINDS_OF_PLACES = frozenset("省市县区镇乡街村社居")
_NEAR_BEST = 0.65
_IN_ALL = "(?:一?共|总|合?计|已?[有达]|约|近|超|累计)"
_NUMERAL = r"[\d一二三四五六七八九十百千万两几]"


def find_evidence(
    library: Library,
    hits: Sequence[Hit],
    topic: Topic,
    expected: Sequence[Expected] = (),
    variants: Sequence[Variant] = (),
    *,
    with_heads: bool = True,
) -> list[Evidence]:
    """Every sentence of the hits, best first.

    A sentence is as near as the topic, or a variant of it, comes to it. The score adds up that nearness
    (min-max over these sentences), the topic's coverage and the passage's own score; a sentence that holds
    what is asked for gains, a bare headline loses, and the sentence it heads (一是办好“某某”。…) is read with
    it, unless it is to be quoted and so must say all itself (``with_heads`` False). Raises
    PassageNotFoundError where a passage was taken out, or replaced while it was looked at.
    """
    by_id = {hit.passage.id: hit for hit in hits}
    matches = library.sentence_matches(topic.text, list(by_id))
    if not matches.sentences:
        return []
    texts = [_text(by_id[ref.passage_id].passage, ref) for ref in matches.sentences]
    heads = _heads(matches.sentences, texts) if with_heads else {}
    late = _carried(_nearest(library, by_id, matches, variants), heads)
    low, high = float(np.min(late)), float(np.max(late))
    evidence = []
    for number, sentence in enumerate(matches.sentences):
        hit, text, nearness = by_id[sentence.passage_id], texts[number], float(late[number])
        told = texts[heads[number]] + text if number in heads else text
        coverage = topic.coverage(told)
        share = (nearness - low) / (high - low) if high > low else 1.0
        score = _LATE * share + _COVERAGE * coverage + _PASSAGE * hit.score
        score += _of_expected(told, expected, topic)
        score -= _HEADLINE if is_headline(text) else 0.0
        likeness = float(matches.cosines[number])
        evidence.append(
            Evidence(hit.passage, sentence.start, sentence.end, text, score, coverage, nearness, likeness)
        )
    return sorted(evidence, key=lambda e: (-e.score, e.passage.document_id, e.start))


def _text(passage: Passage, ref: SentenceRef) -> str:
    return passage.text[ref.start - passage.start : ref.end - passage.start]


def _heads(sentences: Sequence[SentenceRef], texts: Sequence[str]) -> dict[int, int]:
    """For each sentence that stands right after a bare headline of its passage, the number of that."""
    return {
        number: number - 1
        for number in range(1, len(sentences))
        if sentences[number].passage_id == sentences[number - 1].passage_id
        and is_headline(texts[number - 1])
        and not is_headline(texts[number])
    }


def _carried(late: NDArray[np.float32], heads: Mapping[int, int]) -> NDArray[np.float32]:
    """(sentences,): a sentence under a headline is nearly as near as that: it speaks of what that names."""
    for number, head in heads.items():
        late[number] = max(late[number], late[head] - _CARRIED)
    return late


def near_passages(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Ids of the passages that speak of what is asked, best first: their best sentence scores at least 0.65
    of the best of all. ``evidence`` comes best first."""
    if not evidence:
        return ()
    least = evidence[0].score * _NEAR_BEST
    return tuple(dict.fromkeys(e.passage.id for e in evidence if e.score >= least))


def _nearest(
    library: Library, hits: Mapping[str, Hit], matches: SentenceMatches, variants: Sequence[Variant]
) -> NDArray[np.float32]:
    """(sentences,): late interaction with the topic or, where that is more, with a variant of it, which
    counts by its strength (above the lowest there is) and only in passages that hold its term."""
    late = matches.late.copy()
    low = late.min()
    places = {ref: number for number, ref in enumerate(matches.sentences)}
    plain = {id_: tokenize.normalise(hit.passage.text) for id_, hit in hits.items()} if variants else {}
    for variant in variants:
        ids = [id_ for id_, text in plain.items() if variant.term is None or variant.term in text]
        found = library.sentence_matches(variant.text, ids)
        for ref, nearness in zip(found.sentences, found.late, strict=True):
            number = places.get(ref, -1)
            if number < 0:
                raise PassageNotFoundError(f"段落 {ref.passage_id} 刚被替换，请再问一次。")
            late[number] = max(late[number], low + (nearness - low) * variant.strength)
    return late


def is_headline(text: str) -> bool:
    """Whether a sentence only heads what follows (一、健全机制。; a line without a stop), or is too short to
    say anything; so do the heads of a table, and bare figures
    without them."""
    if "\t" in text:
        return is_bare(text) or not re.search(r"\d", re.sub(r"(?:19|20)\d\d|[（(][^）)]*[)）]", "", text))
    is_plain = len(text) <= _LONGEST_PLAIN and not _STOPS.search(text)
    return len(text) <= 12 or is_plain or (len(text) <= _LONGEST_HEADLINE and find_heading(text) is not None)


def holds(text: str, expected: Expected, topic: Topic) -> bool:
    """Whether a sentence holds what is expected, of the thing that is counted where one is named."""
    if not expected.pattern.search(text):
        return False
    words = tokenize.query_words(expected.noun) if expected.noun else []
    plain = tokenize.normalise(text)
    if not words or any(_counts(word, plain) for word in words):
        return True
    if expected.unit and re.search(rf"\d[\d.]*[余多几来]?[万亿千百]?[余多]?{expected.unit}", plain):
        return True
    others = [e for e in topic.expansions if any(w in e.found or e.found in w for w in words if len(w) > 1)]
    return any(tokenize.normalise(t) in plain for e in others for t in e.terms)


def untold(
    query: Query, topic: Topic | None, expected: Sequence[Expected], told: Sequence[Evidence]
) -> tuple[str, ...]:
    """What is asked for beside what ``told`` answers and no sentence of it holds; see ``asks_for_more``."""
    if topic is None or query.intent == "list" or not asks_for_more(query.text):
        return ()
    if any(holds(e.text, one, topic) for e in told for one in expected):
        return ()
    return tuple(dict.fromkeys(one.label for one in expected))


def _of_expected(text: str, expected: Sequence[Expected], topic: Topic) -> float:
    """What a sentence gains by holding what is asked for: half for any, the rest by how many of several; more
    where the thing that is counted is named and stands there too."""
    held = [one for one in expected if holds(text, one, topic)]
    if not held:
        return 0.0
    most = _EXPECTED_OF_NAMED if any(one.noun for one in held) else _EXPECTED
    return most * (0.5 + 0.5 * len(held) / len(expected))


def _counts(word: str, plain: str) -> bool:
    """Whether ``plain`` speaks of so many of ``word``: a number stands near it, in its clause or at the head
    of the next (，共123名). A single character (村), or one of several kinds of places named in one breath
    (镇街), must follow it closely."""
    if len(word) > 1 and (word in plain or not set(word) <= _KINDS_OF_PLACES):
        before = rf"{_NUMERAL}[^，。；,;]{{0,14}}{re.escape(word)}"
        after = rf"{re.escape(word)}[^，。；,;]{{0,10}}(?:[，,]{_IN_ALL}[^，。；,;]{{0,4}})?{_NUMERAL}"
        return bool(re.search(f"{before}|{after}", plain))
    return any(re.search(rf"\d[^\d，。；,;]{{0,3}}{re.escape(c)}", plain) for c in word)
