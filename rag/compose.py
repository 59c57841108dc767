"""Answers without a model: the bulletins' own sentences, chosen and ordered by what was asked for."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.place_data import short_form
from rag.evidence import is_headline
from rag.judge import Verdict
from rag.types import DraftSentence, Evidence, Query

_LONGEST_ANSWER = 225
_MOST_SENTENCES = 3
_NEAR_BEST = 0.78


def compose(query: Query, evidence: Sequence[Evidence]) -> list[DraftSentence]:
    """Draft sentences in the order they are to be read; ``evidence`` comes best first. Empty where there is
    none."""
    if not evidence:
        return []
    if query.intent == "compare":
        return _compare(query, evidence)
    # A quotation is given as it stands.
    return _plain(_best(evidence), name_places=not query.places and query.intent != "quote")


def compose_list(verdicts: Sequence[Verdict]) -> list[DraftSentence]:
    """A line that sums up, a row per place, and the near misses, told apart."""
    sure = [v for v in verdicts if v.sure]
    if not sure:
        return []
    names = "、".join(v.place for v in sure)
    first = tuple(v.evidence[0] for v in sure)
    lead = DraftSentence(f"简报中共找到{len(sure)}个地方：{names}。", first, kind="lead")
    rows = [_row(v.place, v.evidence) for v in sure]
    doubtful = [
        DraftSentence(v.evidence[0].text, v.evidence[:1], v.place, "doubtful", v.label)
        for v in verdicts
        if not v.sure
    ]
    return [lead, *rows, *doubtful]


def _row(place: str, evidence: Sequence[Evidence]) -> DraftSentence:
    """What is said of one place, in the order it is said there."""
    ordered = tuple(sorted(evidence, key=lambda e: (e.passage.document_id, e.start)))
    return DraftSentence("".join(e.text for e in ordered), ordered, place, "item")


def _plain(chosen: Sequence[Evidence], *, name_places: bool) -> list[DraftSentence]:
    """In reading order. ``name_places``: a sentence that doesn't say where it speaks of gets its place before
    it, where the one before didn't have the same."""
    ordered = sorted(chosen, key=lambda e: (e.passage.document_id, e.start))
    drafts: list[DraftSentence] = []
    named: str | None = None
    for e in ordered:
        place = e.passage.place if name_places else None
        is_said = place is not None and (short_form(place) or place) in e.text
        drafts.append(DraftSentence(e.text, (e,), None if is_said or place == named else place))
        named = place
    return drafts


def _best(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The best sentence, and up to two more that come near it and don't make the answer long. A headline
    says little by itself: only where there is nothing else."""
    evidence = [e for e in evidence if not is_headline(e.text)] or evidence
    chosen = [evidence[0]]
    length = len(evidence[0].text)
    for candidate in evidence[1:]:
        if len(chosen) == _MOST_SENTENCES or candidate.score < evidence[0].score * _NEAR_BEST:
            break
        if length + len(candidate.text) <= _LONGEST_ANSWER:
            chosen.append(candidate)
            length += len(candidate.text)
    return chosen


def _compare(query: Query, evidence: Sequence[Evidence]) -> list[DraftSentence]:
    """Each side's best sentences, in the order the question names them."""
    drafts: list[DraftSentence] = []
    for place in query.places:
        side = [e for e in evidence if e.passage.place == place]
        if side:
            drafts.append(_row(place, _best(side)))
    return drafts or _plain(_best(evidence), name_places=True)
