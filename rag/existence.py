"""Whether the bulletins speak of such a thing at all (有没有…), or of doing it so (用无人机送餐)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index import tokenize
from index.types import Filters
from rag.expected import asking_clauses
from rag.refusal import LEAST_COVERAGE, Refusal, measured, subject
from rag.topic import Topic, quoted_names
from rag.types import Evidence, Query

_LEAST_RAREST, _LEAST_HELD = 0.5, 0.9
_EXISTENCE = re.compile(r"有没有|是否|有无|是不是|(?:能不能|可不可以)(?!帮|给|再|请|找|列|提供|告诉)")
_OF_A_PLACE, _OF_ANY = 0.885, 0.868
"""What comes as near as this, of a place that is named or of any, says it in other words (涨价限制: 涨幅
不超过一倍)."""
_WITH_WORDS, _SHARE = 0.883, 0.06
"""What comes less near must do so with the share of the question's words that it holds. On 58 questions about
things that three libraries don't speak of 4 were answered (20 where words alone counted), of 12 about things
they speak of 9 (7)."""
_NEAREST, _FEW_WORDS, _UNWRITTEN, _LEAST = 3, 3, 0.04, 0.803
"""Fitted on 71 lists and 131 other questions of four libraries, and on 170 and 200 that none of them answers:
one of the lists falls below and of these questions 56% and 68%, of which 8% and 18% were refused without."""
_LONG_SAYING = 6
"""Characters of a saying (孩子没了的老两口) that are no chance: who writes 失独家庭 speaks of that."""
_MEANS = re.compile(
    r"用((?!户|工|于|什么|到|来)[\u4e00-\u9fffA-Za-z]{2,6}?)(?:来|给|为|帮|替|做|送|接|搞|办|把|管|开展|提供|服务)"
)
_FUZZY = 0.5
_MOSTLY = 0.85
"""The share of the question's words, by rarity, with which a sentence speaks of it, however near it comes."""


def may_not_exist(
    query: Query, near: Sequence[Evidence], everywhere: Sequence[Evidence], topic: Topic
) -> Refusal | None:
    """A question whether something exists at all, and nothing else, is only answered by what comes very near
    to it, or has another name for a long saying in it, or near and shares its words; and where its rarest
    word stands in the bulletins, only by sentences that hold it."""
    names = quoted_names(query.text)
    is_named = names and all(any(stands_in(name, e.passage.text) for e in near) for name in names)
    asks_other = any(not _EXISTENCE.search(clause) for clause in asking_clauses(query.text))
    if is_named or asks_other or not _EXISTENCE.search(query.text):
        return None
    covered = max(topic.coverage(e.text) for e in near)
    rarest = max(topic.rarest_match(e.text) for e in near)
    nearest = max(e.nearness for e in near)
    if any(len(topic.longest_put_otherwise(e.text)) >= _LONG_SAYING for e in near):
        return None
    means = _MEANS.search(query.text)
    is_by_means = means is None or _speaks_of(means[1], near, topic)
    if is_by_means and nearest >= (_OF_A_PLACE if query.places else _OF_ANY):
        return None
    comes_near = bool(query.places) or nearest + _SHARE * covered >= _WITH_WORDS
    is_held = bool(topic.rarest) and any(topic.rarest in tokenize.normalise(e.text) for e in everywhere)
    shares = covered >= LEAST_COVERAGE and rarest >= (_LEAST_HELD if is_held else _LEAST_RAREST)
    if is_by_means and comes_near and shares:
        return None
    numbers = measured(coverage=covered, rarest=rarest, nearness=nearest)
    return Refusal(subject(query), check="existence", numbers=numbers)


def not_spoken_of(
    query: Query, topic: Topic, evidence: Sequence[Evidence], everywhere: Sequence[Evidence]
) -> Refusal | None:
    """A question of no place, to which nothing comes near enough: not the best sentence nor, of a list, the
    nearest three places. Where it has few words and no bulletin writes some of them, more is asked for,
    unless another name for those stands there. Not for what the best sentence says in the question's words,
    nor for other languages, which share none, nor for lists within a few bulletins, which have few places.
    ``evidence`` comes best first."""
    if query.places or query.language == "en" or not any(topic.words.values()):
        return None
    nearness = _nearness(query, evidence)
    if nearness is None or nearness - _UNWRITTEN >= _LEAST or topic.coverage(evidence[0].text) >= _MOSTLY:
        return None
    is_short = len(topic.words) <= _FEW_WORDS
    share, is_put_otherwise = _unwritten(topic, everywhere) if is_short else (0.0, False)
    if is_put_otherwise or nearness - _UNWRITTEN * share >= _LEAST:
        return None
    numbers = (("nearness", nearness), ("unwritten", share))
    return Refusal(subject(query), check="not_spoken_of", numbers=numbers)


def _nearness(query: Query, evidence: Sequence[Evidence]) -> float | None:
    """How near the best sentence comes, for a list the mean of the nearest three places; None where that
    tells nothing or one of those comes very near."""
    if query.intent in {"fact", "figure"}:
        return evidence[0].nearness
    if query.intent != "list" or query.filters != Filters():
        return None
    best: dict[str | None, float] = {}
    for piece in evidence:
        best[piece.passage.place] = max(best.get(piece.passage.place, -1.0), piece.nearness)
    nearest = sorted(best.values(), reverse=True)[:_NEAREST]
    return None if nearest[0] >= _OF_ANY else sum(nearest) / len(nearest)


def _unwritten(topic: Topic, everywhere: Sequence[Evidence]) -> tuple[float, bool]:
    """The share of the topic's words, by rarity, that no passage writes; and whether some do write another
    name for each of those."""
    passages = {e.passage.id: e.passage for e in everywhere}.values()
    texts = [f"{p.title}\n{p.text}" for p in passages]
    plain = [tokenize.normalise(text) for text in texts]
    unwritten = {w: rare for w, rare in topic.words.items() if not any(w in text for text in plain)}
    others = {word for text in texts for word in topic.named_otherwise(text)} if unwritten else set()
    share = sum(unwritten.values()) / sum(topic.words.values())
    return share, bool(unwritten) and unwritten.keys() <= others


def by_other_means(query: Query, topic: Topic, everywhere: Sequence[Evidence]) -> Refusal | None:
    """What is asked to be done by means that the thesaurus knows and no passage speaks of (用无人机送餐)."""
    means = _MEANS.search(query.text)
    is_known = means and any(e.found == means[1] for e in topic.expansions)
    if not means or not is_known or _speaks_of(means[1], everywhere, topic):
        return None
    return Refusal(subject(query), check="other_means")


def _speaks_of(thing: str, evidence: Sequence[Evidence], topic: Topic) -> bool:
    """Whether a passage writes ``thing`` or a sentence has another name for it."""
    others = [
        t for e in topic.expansions if e.found in thing or thing in e.found for t in (e.found, *e.terms)
    ]
    return any(stands_in(thing, e.passage.text) for e in evidence) or any(
        tokenize.normalise(t) in tokenize.normalise(e.text) for t in others for e in evidence
    )


def stands_in(name: str, text: str) -> bool:
    """Whether ``name`` or most of its character pairs stand in ``text``."""
    plain = tokenize.normalise(text)
    wanted = tokenize.normalise(name)
    grams = tokenize.bigrams(name)
    return wanted in plain or (bool(grams) and sum(g in plain for g in grams) / len(grams) > _FUZZY)
