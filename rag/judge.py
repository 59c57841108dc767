"""A list question is put to every article: which places do what is asked, for sure or perhaps."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, Self

from corpus.numerals import cn2an
from corpus.places import Gazetteer
from rag.bounds import Bound, measured_bound
from rag.evidence import holds, is_headline
from rag.expected import Expected, has_figures
from rag.figure import LEAST_FIT, figure_fit
from rag.frames import frame_of
from rag.provinces import outside_its_province, within_province
from rag.rolls import called_places
from rag.topic import Topic
from rag.types import Evidence, Query

_RAREST, _COVERED, _EXPANSION, _LIKENESS, _SECOND = 0.4, 0.2, 0.2, 0.3, 0.15
_SURE, _DOUBTFUL, _NAMED = 0.5, 0.39, 0.3
_FEW_PLACES, _SURE_PER_DOUBLING, _SUREST = 12, 0.05, 0.62
"""Among more places one comes near by chance more easily: with each doubling more is asked for. On 37 list
questions over two made-up sets of up to 76 and 65 places the share of what is listed that fits rose from .63
to .74 and from .51 to .78, that of what fits which is listed fell from .96 to .92 and from .95 to .88; up to
a dozen places nothing changes. What is left out is still shown as a near miss."""
_LEAST_SPREAD = 0.03
_ALL = 0.999
_MOST_SENTENCES = 3
_SECOND_SHARE = 0.8
_BY_THE_WAY = re.compile(r"也(?:请|要|都)?(?:说|讲|列|写|给|带|注|附)|顺[便带](?:说|讲|列|问|给|告)")
_SAID_NUMBER = re.compile(r"哪([两二三四五六七八九十\d]{1,3})[个家]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one place. ``evidence`` comes best first; ``sure`` is False for a near miss, and
    ``label`` says to the reader why it is one, where there is more to say than that it is doubtful."""

    place: str
    score: float
    evidence: tuple[Evidence, ...]
    sure: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class PlaceScores:
    """How far each place's sentences stand out, best first: (score, sentence). A place whose score (see
    ``of``) is at least ``sure`` fits, one at least ``doubtful`` may; a sentence that holds every word of the
    topic needs only ``named``: it is no near miss, whatever else stands in it. A sentence is worth telling
    beside a place's best where it has at least ``telling``."""

    by_place: Mapping[str, Sequence[tuple[float, Evidence]]]
    sure: float = 0.0
    doubtful: float = 0.0
    named: float = 0.0
    telling: float = 0.0

    def of(self, place: str) -> float:
        """The score of a place: its best sentence's, and a share of the next one's. A place that does what is
        asked tells of it in several sentences; a passing mention stands alone."""
        return _corroborated(self.by_place[place])

    def naming(self, place: str) -> list[Evidence]:
        """Sentences that hold every word of the topic, best first."""
        return [e for s, e in self.by_place[place] if s >= self.named and e.coverage >= _ALL]


def judge_list(
    query: Query,
    topic: Topic,
    inside: Sequence[Evidence],
    outside: Sequence[Evidence],
    expected: Sequence[Expected],
    gazetteer: Gazetteer,
    issuers: Mapping[str, str] = MappingProxyType({}),
) -> list[Verdict]:
    """The rows of a list: the places of the evidence ``inside`` the query's scope, the surest first, in the
    documents' order where the question names no topic. ``outside`` tells what is usual elsewhere,
    ``issuers`` who issued a document, by its id."""
    own = within_province(inside, query.province, gazetteer)
    if query.is_outside:
        own = outside_its_province(own, issuers, gazetteer)
    names_topic = topic.words or topic.expansions
    judged = judge_places(own, [*inside, *outside], topic) if names_topic else all_places(own)
    bound = measured_bound(query.text)
    if called := called_places(own, query, bound, gazetteer):
        rows = [Verdict(place, part.score, (part,), True) for place, part in called]
        others = [replace(v, sure=False) for v in judged if v.sure and v.place not in dict(called)]
        return _of_asked_kinds([*rows, *others], query, gazetteer)
    judged = with_what_is_asked(judged, own, expected, topic, query.text)
    judged = within_bound(judged, own, bound)
    judged = with_as_many_as_said(judged, query.text)
    return _of_asked_kinds(judged, query, gazetteer)


def _of_asked_kinds(verdicts: Sequence[Verdict], query: Query, gazetteer: Gazetteer) -> list[Verdict]:
    """Places above the level that was asked for (a prefecture where 哪些县 is asked) are told apart."""

    def judged(verdict: Verdict) -> Verdict:
        place = gazetteer.resolve(verdict.place)
        if place is None or place.level == "county" or place.kind in query.asked_kinds:
            return verdict
        label = frame_of(query.language).above.format(kind=place.kind)
        return replace(verdict, sure=False, label=label if verdict.sure else verdict.label)

    return [judged(v) for v in verdicts] if query.asked_kinds else list(verdicts)


def judge_places(evidence: Sequence[Evidence], everywhere: Sequence[Evidence], topic: Topic) -> list[Verdict]:
    """Places best first, those that don't fit left out; see ``score_places``."""
    scores = score_places(evidence, everywhere, topic)
    verdicts = []
    for place, pieces in scores.by_place.items():
        score, naming = scores.of(place), scores.naming(place)
        if score < scores.doubtful and not naming:
            continue
        least = max(pieces[0][0] * _SECOND_SHARE, scores.telling)
        near = [e for s, e in pieces if s >= least and not is_headline(e.text)]
        chosen = (near or naming)[:_MOST_SENTENCES] or [_told([e for _, e in pieces])]
        verdicts.append(Verdict(place, score, tuple(chosen), score >= scores.sure or bool(naming)))
    return sorted(verdicts, key=lambda v: (-v.score, v.place))


def _corroborated(pieces: Sequence[tuple[float, Evidence]]) -> float:
    following = next((score for score, piece in pieces[1:] if not is_headline(piece.text)), 0.0)
    return pieces[0][0] + _SECOND * max(following, 0.0)


def _told(pieces: Sequence[Evidence]) -> Evidence:
    """The best of a place; where that only heads its passage, the best sentence of what it heads."""
    best = pieces[0]
    beside = (e for e in pieces if e.passage.id == best.passage.id and not is_headline(e.text))
    return next(beside, best) if is_headline(best.text) else best


def score_places(evidence: Sequence[Evidence], everywhere: Sequence[Evidence], topic: Topic) -> PlaceScores:
    """How far the places of ``evidence`` stand out.

    ``everywhere`` is evidence without the question's filters. It tells how near to the question articles
    come that have nothing to do with it (the lower half of them); a place fits where its sentences
    stand out from those at least nearly half as far as the best place's do. How like the question a sentence
    is as a whole, a rare word of the topic and how many of its words it has, or a term of the thesaurus for
    it, count towards standing out. Weights and thresholds were fitted on question sets over other bulletins
    than those they were tested on (benchmarks/retrieval); over eight sets of 174 list questions none of them
    can be moved to the better.
    """
    if not evidence:
        return PlaceScores({})
    nearness = _Scale.of("nearness", evidence, everywhere)
    likeness = _Scale.of("likeness", evidence, everywhere)

    def stands_out(e: Evidence) -> float:
        bonus = _RAREST * topic.rarest_match(e.text) + _COVERED * e.coverage
        bonus += _EXPANSION * topic.expansion_match(e.text)
        far = nearness.share(e.nearness) + _LIKENESS * likeness.share(e.likeness)
        return far + bonus - (0.1 if is_headline(e.text) else 0.0)

    by_place: dict[str, list[tuple[float, Evidence]]] = {}
    for piece in evidence:
        if piece.passage.place:
            by_place.setdefault(piece.passage.place, []).append((stands_out(piece), piece))
    for pieces in by_place.values():
        pieces.sort(key=lambda pair: (-pair[0], pair[1].start))
    sentence = max((pieces[0][0] for pieces in by_place.values()), default=0.0)
    best = max(map(_corroborated, by_place.values()), default=0.0)
    sure = _sure_among(len(by_place))
    return PlaceScores(by_place, best * sure, best * _DOUBTFUL, best * _NAMED, sentence * sure)


def _sure_among(places: int) -> float:
    """The share of the best place's score that makes a place fit."""
    doublings = math.log2(max(places, _FEW_PLACES) / _FEW_PLACES)
    return min(_SUREST, _SURE + _SURE_PER_DOUBLING * doublings)


def with_what_is_asked(
    verdicts: Sequence[Verdict],
    evidence: Sequence[Evidence],
    expected: Sequence[Expected],
    topic: Topic,
    question: str,
) -> list[Verdict]:
    """A list that also asks for a figure or a name of each place (各有多少小时): places whose sentences hold
    one, with that sentence among theirs; those that hold none are near misses, unless it is asked for only by
    the way (收多少钱也说说). Where none holds any, all stand as they were."""
    if not expected:
        return list(verdicts)

    by_the_way = bool(_BY_THE_WAY.search(question))
    is_bare = all(one.is_bare for one in expected)  # 上限各是多少: any figure beside what is asked about

    def answers(piece: Evidence) -> bool:
        held = any(holds(piece.text, one, topic) for one in expected)
        told = is_bare or figure_fit(piece.text, question, expected) >= LEAST_FIT
        return held and (not has_figures(expected) or told)

    judged = []
    for verdict in verdicts:
        chosen = verdict.evidence
        if not any(map(answers, chosen)):
            passages = {piece.passage.id for piece in chosen}
            beside = [e for e in evidence if e.passage.id in passages and answers(e)]
            chosen = (*chosen[: _MOST_SENTENCES - 1], *beside[:1])
        has_it = any(map(answers, chosen))
        judged.append(replace(verdict, evidence=chosen, sure=verdict.sure and (has_it or by_the_way)))
    return judged if any(v.sure for v in judged) else list(verdicts)


def within_bound(
    verdicts: Sequence[Verdict], evidence: Sequence[Evidence], bound: Bound | None
) -> list[Verdict]:
    """A list by a bound (服务时长超过5万小时): places with a figure of that measure beyond it beside what is
    said of them, and that sentence first; the others are near misses."""
    if bound is None:
        return list(verdicts)
    judged = []
    for verdict in verdicts:
        passages = {piece.passage.id for piece in verdict.evidence}
        beside = [e for e in evidence if e.passage.id in passages and e not in verdict.evidence]
        met = [e for e in (*verdict.evidence, *beside) if bound.is_met_in(e.text)]
        chosen = tuple(dict.fromkeys((*met[:1], *verdict.evidence)))[:_MOST_SENTENCES]
        judged.append(replace(verdict, evidence=chosen, sure=verdict.sure and bool(met)))
    return judged


def with_as_many_as_said(verdicts: Sequence[Verdict], question: str) -> list[Verdict]:
    """Where the question says how many there are (哪三个地方), the best near misses make up the number."""
    said = _SAID_NUMBER.search(question)
    lacking = int(cn2an(said[1], "smart")) - sum(v.sure for v in verdicts) if said else 0
    doubtful = [v for v in verdicts if not v.sure][: max(0, lacking)]
    return [replace(v, sure=True) if v in doubtful else v for v in verdicts]


def all_places(evidence: Sequence[Evidence]) -> list[Verdict]:
    """Every place with the opening of its article, in the documents' order: for a question that names no
    topic (第20期介绍了哪些地方的经验)."""
    opening: dict[str, Evidence] = {}
    for piece in sorted(evidence, key=lambda e: (e.passage.document_id, e.start)):
        if piece.passage.place and not is_headline(piece.text):
            opening.setdefault(piece.passage.place, piece)
    return [Verdict(place, 1.0, (piece,), True) for place, piece in opening.items()]


@dataclass(frozen=True, slots=True)
class _Scale:
    """How far above the background a measure stands: 0 there, 1 at the best sentence."""

    background: float
    spread: float

    @classmethod
    def of(
        cls,
        measure: Literal["nearness", "likeness"],
        evidence: Sequence[Evidence],
        everywhere: Sequence[Evidence],
    ) -> Self:
        """The background is the mean of the lower half of all articles, each by its best sentence."""
        best: dict[tuple[str, int], float] = {}
        for piece in everywhere:
            key = piece.passage.article_key
            best[key] = max(best.get(key, -1.0), getattr(piece, measure))
        values = sorted(best.values())
        lower_half = values[: max(3, len(values) // 2)]
        background = sum(lower_half) / len(lower_half)
        top = max(getattr(piece, measure) for piece in evidence)
        return cls(background, max(top - background, _LEAST_SPREAD))

    def share(self, value: float) -> float:
        return (value - self.background) / self.spread
