"""How an answer came about, from what the steps have computed anyway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from index import tokenize
from index.types import Filters, Hit
from rag.expected import Expected
from rag.explained import (
    AppliedFilter,
    ExplainedPassage,
    ExplainedPlace,
    ExplainedRefusal,
    Explanation,
    PlaceDecision,
    UsedExpansion,
)
from rag.judge import PlaceScores, Verdict, score_places
from rag.question import Holdings
from rag.refusal import Refusal
from rag.retrieve import Retrieved
from rag.topic import Topic
from rag.types import Evidence, Query, Question

MOST_EXPLAINED = 20
"""Passages that are explained."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What the steps between query and drafts found. ``topic`` is None where the question was refused
    before anything was looked at; ``verdicts`` are a list's, as they went into the answer."""

    topic: Topic | None = None
    expected: tuple[Expected, ...] = ()
    inside: tuple[Evidence, ...] = ()
    outside: tuple[Evidence, ...] = ()
    refusal: Refusal | None = None
    verdicts: tuple[Verdict, ...] = ()


def explain(
    question: Question,
    query: Query,
    retrieved: Retrieved,
    trace: Trace,
    passages: Sequence[Hit],
    holdings: Holdings,
) -> Explanation:
    """``passages`` are those in the answer's order; the first twenty are explained."""
    topic = trace.topic
    is_judged = query.intent == "list" and topic is not None
    return Explanation(
        intent=query.intent,
        topic=dict(topic.words) if topic else {},
        corrections=query.corrections,
        filters=applied_filters(question.filters, query),
        expansions=tuple(
            UsedExpansion(e.found, e.group, e.terms, e.strength) for e in (topic.expansions if topic else ())
        ),
        expected=tuple(dict.fromkeys(expected.label for expected in trace.expected)),
        passages=_passages(passages[:MOST_EXPLAINED], retrieved, trace),
        places=explained_places(query, trace, topic, holdings) if is_judged and topic else (),
        refusal=explained_refusal(trace.refusal) if trace.refusal else None,
    )


def applied_filters(client: Filters, query: Query) -> tuple[AppliedFilter, ...]:
    """Those of the client and those said in the question, places that were named or ruled out with them."""
    found = []
    for field in fields(Filters):
        value = getattr(query.filters, field.name)
        if value:
            values = value if isinstance(value, tuple) else (value,)
            source = "client" if getattr(client, field.name) else "said"
            found.append(AppliedFilter(field.name, tuple(map(str, values)), source))  # type: ignore[arg-type]
    if query.places:
        found.append(AppliedFilter("places", query.places, "said"))
    if query.excluded:
        found.append(AppliedFilter("excluded_places", query.excluded, "said"))
    return tuple(found)


def explained_refusal(refusal: Refusal) -> ExplainedRefusal:
    """The check that failed, in words."""
    numbers = dict(refusal.numbers)
    lacking = refusal.lacking
    shown = {name: f"{value:.3f}" for name, value in numbers.items()}
    if refusal.check == "not_held":
        reason = f"资料库里没有所问的{lacking}"
    elif refusal.check == "no_passages":
        reason = f"范围内没有可看的段落（{lacking}）"
    elif refusal.check == "named_elsewhere":
        reason = f"{lacking}不见于所问的范围，只见于别处"
    elif refusal.check == "too_far":
        reason = (
            f"最接近的一句与问题的接近度为 {shown['nearness']}，应不低于 {shown['least_nearness']}；"
            f"含主题词的比例为 {shown['coverage']}，应不低于 {shown['least_coverage']}"
        )
    elif refusal.check == "kind_missing":
        reason = f"最接近的 {numbers['near_sentences']:.0f} 句里都没有所问的{lacking}"
    elif refusal.check == "other_figures":
        reason = f"最接近的几句里的数字说的是别的，不是所问的{lacking}"
    elif refusal.check == "not_spoken_of":
        reason = (
            f"最贴近的一句（清单看最贴近的三个地方）与问题的接近度只有 {shown['nearness']}，"
            f"问题的词里简报从未写过的占 {shown['unwritten']}"
        )
    elif refusal.check == "other_means":
        reason = "没有一段说到所问的那种办法"
    else:
        reason = (
            f"问有没有，而最接近的句子含主题词的比例只有 {shown['coverage']}，"
            f"应不低于 {shown['least_coverage']}"
        )
    return ExplainedRefusal(refusal.check, reason, numbers)


def explained_places(
    query: Query, trace: Trace, topic: Topic, holdings: Holdings
) -> tuple[ExplainedPlace, ...]:
    """Every place of the corpus and of the question: those judged best first, then the others by name."""
    scores = score_places(trace.inside, (*trace.inside, *trace.outside), topic)
    verdicts = {verdict.place: verdict for verdict in trace.verdicts}
    judged = sorted(scores.by_place, key=lambda place: (-scores.of(place), place))
    named = {*holdings.places, *query.places, *query.excluded}
    others = sorted(named - set(judged))
    return (
        *(_judged(place, scores, topic, verdicts.get(place)) for place in judged),
        *(_not_judged(place, query, holdings) for place in others),
    )


def _judged(place: str, scores: PlaceScores, topic: Topic, verdict: Verdict | None) -> ExplainedPlace:
    score, best = scores.of(place), scores.by_place[place][0][1]
    wording = _other_wording(best.text, topic)
    note = f"；只以别的说法提到：{'、'.join(wording)}" if wording else ""
    decision: PlaceDecision = "below_threshold"
    reason = f"得分 {score:.2f}，"
    if score >= scores.sure:
        reason += f"达到 {scores.sure:.2f}"
    elif score >= scores.doubtful:
        reason += f"未到 {scores.sure:.2f}，但达到存疑线 {scores.doubtful:.2f}"
    else:
        reason += f"低于存疑线 {scores.doubtful:.2f}"
    if verdict is not None:
        decision = "sure" if verdict.sure else "doubtful"
        if verdict.sure and score < scores.sure:
            reason += "，主题词句中都有"
        elif not verdict.sure and score >= scores.sure:
            reason += f"，但没有算进去：{verdict.label or '没有所问的数字或名称'}"
    return ExplainedPlace(place, decision, reason + note, score, scores.sure, best.text, wording)


def _not_judged(place: str, query: Query, holdings: Holdings) -> ExplainedPlace:
    if place not in holdings.places:
        return ExplainedPlace(place, "not_in_corpus", "资料库里没有这个地方的报道")
    if place in query.excluded:
        return ExplainedPlace(place, "filtered_out", "问题里说了不算它")
    return ExplainedPlace(place, "filtered_out", "它的报道不在所问的范围（期、年份、地方等条件）内")


def _other_wording(text: str, topic: Topic) -> tuple[str, ...]:
    """Terms of the thesaurus in ``text``, where no word of the topic itself stands there."""
    normalised = tokenize.normalise(text)
    if any(word in normalised for word in topic.words):
        return ()
    return topic.matched_expansions(text)


def _passages(hits: Sequence[Hit], retrieved: Retrieved, trace: Trace) -> tuple[ExplainedPassage, ...]:
    fused: Mapping[str, float] = {h.passage.id: h.score for h in (*retrieved.inside, *retrieved.outside)}
    within = {hit.passage.id for hit in retrieved.inside}
    best: dict[str, Evidence] = {}
    # Evidence comes best first: the first sentence met of a passage is its best.
    for piece in (*trace.inside, *trace.outside):
        best.setdefault(piece.passage.id, piece)
    found = []
    for hit in hits:
        passage, piece_of = hit.passage, best.get(hit.passage.id)
        found.append(
            ExplainedPassage(
                passage_id=passage.id,
                rank=hit.rank,
                place=passage.place,
                title=passage.title,
                fused=fused.get(passage.id, hit.score),
                legs=dict(hit.legs),
                inside=passage.id in within,
                sentence=piece_of.text if piece_of else None,
                nearness=piece_of.nearness if piece_of else None,
                coverage=piece_of.coverage if piece_of else None,
                score=piece_of.score if piece_of else None,
            )
        )
    return tuple(found)
