"""Answers without a model: the bulletins' own sentences, chosen and ordered by what was asked for."""

from __future__ import annotations

from collections.abc import Sequence

from rag.types import DraftSentence, Evidence, Query

_LONGEST_ANSWER = 240
_MOST_SENTENCES = 3
_NEAR_BEST = 0.8
_LIST_SHARE = 0.72


def compose(query: Query, evidence: Sequence[Evidence]) -> list[DraftSentence]:
    """Draft sentences in the order they are to be read; ``evidence`` comes best first. Empty where there is
    none."""
    if not evidence:
        return []
    if query.intent == "list":
        return _list(evidence)
    if query.intent == "compare":
        return _compare(query, evidence)
    return _plain(_best(evidence))


def _plain(chosen: Sequence[Evidence]) -> list[DraftSentence]:
    ordered = sorted(chosen, key=lambda e: (e.passage.document_id, e.start))
    return [DraftSentence(e.text, (e,)) for e in ordered]


def _best(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The best sentence, and up to two more that come near it and don't make the answer long."""
    chosen = [evidence[0]]
    length = len(evidence[0].text)
    for candidate in evidence[1:]:
        if len(chosen) == _MOST_SENTENCES or candidate.score < evidence[0].score * _NEAR_BEST:
            break
        if length + len(candidate.text) <= _LONGEST_ANSWER:
            chosen.append(candidate)
            length += len(candidate.text)
    return chosen


def _list(evidence: Sequence[Evidence]) -> list[DraftSentence]:
    """A row per place with its best sentence, best place first, where it comes near enough to the best."""
    best: dict[str, Evidence] = {}
    for candidate in evidence:
        if candidate.passage.place:
            best.setdefault(candidate.passage.place, candidate)
    rows = [e for e in best.values() if e.score >= evidence[0].score * _LIST_SHARE]
    if not rows:
        return _plain(_best(evidence))
    names = "、".join(e.passage.place or "" for e in rows)
    lead = DraftSentence(f"简报中共找到{len(rows)}个地方：{names}。", tuple(rows), lead=True)
    return [lead, *(DraftSentence(e.text, (e,), place=e.passage.place) for e in rows)]


def _compare(query: Query, evidence: Sequence[Evidence]) -> list[DraftSentence]:
    """Each side's best sentences, in the order the question names them."""
    drafts: list[DraftSentence] = []
    for place in query.places:
        side = [e for e in evidence if e.passage.place == place]
        if side:
            chosen = sorted(_best(side)[:2], key=lambda e: (e.passage.document_id, e.start))
            drafts += [DraftSentence(e.text, (e,), place=place) for e in chosen]
    return drafts or _plain(_best(evidence))
