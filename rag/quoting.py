"""Passages to be quoted: a speechwriter picks one of several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.evidence import is_headline
from rag.types import DraftSentence, Evidence, Query

_MOST_QUOTATIONS, _NEAR_QUOTATION = 5, 0.65
_LONGEST_QUOTATION = 180
_SAYING, _OF_DEEDS = re.compile("句|话|提法|说法|口号"), re.compile("事例|例子|案例|数字|数据|做法|的事")
_WITH_FIGURES, _IN_SPEECH = 0.8, 1.4
_OF_SOMEBODY = re.compile(
    r"(?:[人员手民友众迷工匠师生子娃童妈爸爷奶嫂叔姐妹哥]|百姓|老乡|书记|主任|干部|领导)们?(?:自己|当众|亲口)?"
    r"(?:说|讲|写|喊|夸|评价)?[过出]?的?(?:[^，。？?、]{0,8}的)?(?:那|一)?句?[^，。？?、的]{0,3}(?:话|口号|硬气话)"
)
_SPOKEN = re.compile(r"[“\"][^”\"]{5,}[”\"]")


def quotations(query: Query, evidence: Sequence[Evidence]) -> list[DraftSentence]:
    """Up to five passages fit to be read aloud, best first: whole sentences, the best of a passage with
    those beside it that are as good as it, as long as that can be read in one breath."""
    evidence = _sayings(query, evidence)
    told = [e for e in evidence if not is_headline(e.text)] or list(evidence)
    least = told[0].score * _NEAR_QUOTATION
    by_passage: dict[str, list[Evidence]] = {}
    for piece in told:
        by_passage.setdefault(piece.passage.id, []).append(piece)
    best = [pieces for pieces in by_passage.values() if pieces[0].score >= least][:_MOST_QUOTATIONS]
    return [_quotation(pieces, least) for pieces in best]


def _quotation(pieces: Sequence[Evidence], least: float) -> DraftSentence:
    """``pieces`` are sentences of one passage, best first; those that touch become one quote."""
    passage, start, end = pieces[0].passage, pieces[0].start, pieces[0].end
    for piece in pieces[1:]:
        first, last = min(start, piece.start), max(end, piece.end)
        touches = piece.start <= end + 1 and piece.end >= start - 1
        if touches and piece.score >= least and last - first <= _LONGEST_QUOTATION:
            start, end = first, last
    text = passage.text[start - passage.start : end - passage.start]
    return DraftSentence(text, (replace(pieces[0], start=start, end=end, text=text),), kind="quotation")


def _sayings(query: Query, evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """Where a saying is asked for (一句, 原话) and not what was done: what tells figures comes later, and
    what somebody says sooner where it is to be somebody's own words (老艺人的话)."""
    if not _SAYING.search(query.text) or _OF_DEEDS.search(query.text):
        return evidence
    is_somebodys = _OF_SOMEBODY.search(query.text) is not None

    def weight(text: str) -> float:
        spoken = _IN_SPEECH if is_somebodys and _SPOKEN.search(text) else 1.0
        return spoken * (_WITH_FIGURES if re.search(r"\d", text) else 1.0)

    weighed = [replace(e, score=e.score * weight(e.text)) for e in evidence]
    return sorted(weighed, key=lambda e: -e.score)
