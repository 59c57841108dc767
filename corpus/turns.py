"""Where a text that speaks of many places in turn passes from one to the next.

A survey names its subject at the head of a sentence, or of a clause after a semicolon (在江阴市，…；梁溪区则…
…), and stays with it until it names another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from corpus.places import Gazetteer
from corpus.sentences import split_sentences
from corpus.types import Place, PlaceMention

_LEADS_OVER = re.compile(
    r"(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、．](?!\d)|[“‘《（(]|[一二三四五六七八九十]是|而|又如|再如|比如|例如|如|像|同样|此外|同时|去年|今年|近年来|目前|如今|地处|位于|在)*"
)
"""What may stand before the subject of a clause, its number among it."""
_ADVERBIAL = re.compile(
    r"针对|面对|为|围绕|聚焦|按照|根据|通过|随着|每逢|当|自|从|除|向|以|依托|借助|结合|立足|紧扣|瞄准|抓住|对(?!于?[此这])"
)
_SHORT = 10
"""A clause as short as this (深夜十一点，) may stand before the subject's."""
_CLAUSE_END = re.compile(r"[，。；：,;:！？\n]")
_SPEAKER = re.compile(r"[^，。；：:\n（）()]{2,20}[（(]([^（）()]{2,12})[）)][：:]")
_STOP = re.compile(r"[。；;！？\n]")
_JOINS = re.compile(r"(?:、|和|与|及|以及)?")
_ALL_OF_THEM = re.compile(r"全市(?!场)|市(?:委|里|级|文明办|教育局|网信办)")
_COLLEGE = re.compile(r"(?![市县区])[\u4e00-\u9fff]{0,10}?(?:大学(?!生)|学院)")
_ZONE = re.compile(r"(?!全[市区省国])[\u4e00-\u9fff]{2,4}?(?:新区|高新区|经开区|开发区|工业园区)")
"""An area that is no unit of administration (江北新区): none of the places that text is filed under."""
_OPENERS, _CLOSERS = "“‘《（(「『", "”’》）)」』"


@dataclass(frozen=True, slots=True)
class Turn:
    """From ``start`` on the text is about ``place``; None: about several with no prefecture in common."""

    start: int
    place: Place | None


def find_turns(text: str, gazetteer: Gazetteer, context: Sequence[str]) -> list[Turn]:
    """Where a subject is named, in order; ``text`` in Simplified characters. Two in a row may be the same."""
    found = gazetteer.find(text, context=context)
    mentions = [m for m in found if not _COLLEGE.match(text, m.end)]  # its students go everywhere
    turns: list[Turn] = []
    for start in _clause_starts(text):
        turn = _turn_at(start, text, mentions, gazetteer, context)
        if turn is None and turns and turns[-1].place and _ALL_OF_THEM.match(text, start):
            turn = _back_to_all(start, turns[-1].place, gazetteer)
        if turn:
            turns.append(turn)
    return turns


def _clause_starts(text: str) -> Iterator[int]:
    """Of sentences, and after semicolons outside of quotation marks and brackets."""
    for start, end in split_sentences(text):
        yield start
        depth = 0
        for position in range(start, end - 1):
            depth += (text[position] in _OPENERS) - (text[position] in _CLOSERS)
            if text[position] in "；;" and depth <= 0:
                yield position + 1


def _turn_at(
    start: int, text: str, mentions: Sequence[PlaceMention], gazetteer: Gazetteer, context: Sequence[str]
) -> Turn | None:
    """Where the clause's subject, or that of the next where this one only says when or why, is a place; or
    where somebody of a place speaks (送奶工老徐（沛县）：“…”)."""
    speaker = _SPEAKER.match(text, start)
    if speaker and (of := [m.places for m in mentions if (m.start, m.end) == speaker.span(1)]):
        return Turn(start, _in_common(of, gazetteer, context))
    at = start
    for _ in range(2):
        named = [m for m in mentions if m.start >= at]
        if named and _LEADS_OVER.fullmatch(text, at, named[0].start):
            subjects = [_subject_ends(named, text), *_further_subjects(named, text, named[0].start)]
            return Turn(start, _in_common(list(chain.from_iterable(subjects)), gazetteer, context))
        if (lead := _LEADS_OVER.match(text, at)) and _ZONE.match(text, lead.end()):
            return Turn(start, None)
        clause = _CLAUSE_END.search(text, at)
        if not clause or clause.group() not in "，,":
            return None
        is_before_subject = clause.start() - at <= _SHORT or _ADVERBIAL.match(text, at)
        if not is_before_subject or (named and named[0].start < clause.start()):
            return None
        at = clause.end()
    return None


def _subject_ends(named: Sequence[PlaceMention], text: str) -> list[tuple[Place, ...]]:
    """What the first of the mentions begins: one place (盐城市射阳县), or several that are joined
    (沛县、睢宁县)."""
    joined = [named[0]]
    for mention in named[1:]:
        if not _JOINS.fullmatch(text[joined[-1].end : mention.start]):
            break
        joined.append(mention)
    return [
        mention.places
        for mention, following in zip(joined, [*joined[1:], None], strict=True)
        if following is None or following.start > mention.end or not _is_within(following, mention)
    ]


def _further_subjects(
    named: Sequence[PlaceMention], text: str, begin: int
) -> Iterator[list[tuple[Place, ...]]]:
    """Those of the same sentence that follow a comma, or are one of several things (泗阳县的…、沭阳县的…;
    泗阳救援队、沭阳救援队…)."""
    end = _STOP.search(text, begin)
    for number, mention in enumerate(named):
        if end and mention.start > end.start():
            break
        before, after = text[mention.start - 1], text[mention.end : mention.end + 1]
        is_one_of_several = before == "、" and (
            after == "的" or not _CLAUSE_END.search(text, begin, mention.start)
        )
        if mention.start > begin and (before in "，," or is_one_of_several):
            yield _subject_ends(named[number:], text)


def _in_common(
    named: Sequence[tuple[Place, ...]], gazetteer: Gazetteer, context: Sequence[str]
) -> Place | None:
    """The one place, or the prefecture of several; None where they have none in common, or a name has
    several meanings."""
    if any(len(places) > 1 for places in named):
        return None
    places = {places[0] for places in named}
    if len(places) == 1:
        [place] = places
        return None if place.level == "province" else place
    above = {place.parents[-1] if place.level == "county" else place.name for place in places}
    common = gazetteer.resolve(above.pop(), context) if len(above) == 1 else None
    return common if common and common.level == "prefecture" else None


def _is_within(lower: PlaceMention, upper: PlaceMention) -> bool:
    return any(above.name in place.parents for above in upper.places for place in lower.places)


def _back_to_all(start: int, place: Place, gazetteer: Gazetteer) -> Turn | None:
    """After a district or county 全市 is the prefecture; a city of county rank has its own."""
    if place.level != "county" or place.kind == "县级市":
        return None
    above = gazetteer.resolve(place.parents[-1], place.parents)
    return Turn(start, above) if above and above.level == "prefecture" else None
