"""Names of places in running text: what counts as one, and which place is meant.

Works in two passes. The first lists names that stand on word boundaries (dictionary words by rjieba, so
that 海安 is not seen in 上海安全); the second judges each against its surroundings and context.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from corpus.place_data import LEVEL_RANK
from corpus.types import Place, PlaceMention

# 简称后跟这些字，是路名、河名或乡镇名，不是该县市
_OTHER_THING = re.compile(
    r"镇(?!江)|乡(?!村|风|镇)|村(?!镇)|街道|大道|路(?![长段径线网上])|街(?!头|区)|大桥|[桥湾](?!头)|河(?![南北长道])"
)
_NEAR = 200
# 简称不在词典里时，分词会把它和前后的虚词粘在一起（和启 东在）
_BEFORE_NAMES = frozenset("和与跟及、")
_AFTER_NAMES = frozenset("和与跟及、在")
# 苏州工业园区、泰州高新区：开发区不是行政区划，但说的是那个市
_ZONE = re.compile(r"工业园区|高新区|经开区|开发区|新区|园区|市区|城区|主城区")


@dataclass(frozen=True, slots=True)
class Names:
    """Name → places, for names in full (old ones too) and short; ``former`` are the districts that were
    counties within memory and so still go by their short form; ``common`` are names of either sort that
    are also everyday words. ``by_head`` gives the names that start with
    two characters, longest first."""

    full: Mapping[str, tuple[Place, ...]]
    short: Mapping[str, tuple[Place, ...]]
    former: frozenset[Place]
    common: frozenset[str]
    by_head: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    name: str
    full: bool


def heads(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Names by their first two characters, longest first."""
    table: dict[str, set[str]] = defaultdict(set)
    for name in names:
        table[name[:2]].add(name)
    return {head: tuple(sorted(group, key=len, reverse=True)) for head, group in table.items()}


def find_mentions(text: str, names: Names, context: frozenset[Place]) -> list[PlaceMention]:
    """The mentions in ``text``, in order, none overlapping. ``context`` are places known to matter."""
    hits = _scan(text, names)
    named = set(context)
    for hit in hits:
        if hit.full and hit.name not in names.common:
            named.update(names.full[hit.name])
    found: list[PlaceMention] = []
    for hit in hits:
        before = found[-1] if found else None
        parents = before.places if before and before.end == hit.start else ()
        chosen = _eligible(hit, names, context, named, parents)
        if chosen:
            chosen = _settle(chosen, found, hit.start, context)
            found.append(PlaceMention(hit.start, hit.end, chosen))
    return found


def _scan(text: str, names: Names) -> list[_Hit]:
    hits: list[_Hit] = []
    boundaries: frozenset[int] | None = None
    position, last = 0, len(text) - 1
    while position < last:
        candidates = names.by_head.get(text[position : position + 2], ())
        end = position
        for name in candidates:
            if not text.startswith(name, position):
                continue
            if boundaries is None:
                boundaries = word_boundaries(text)
            end = position + len(name)
            after_name = bool(hits) and hits[-1].end == position
            full = name in names.full
            fits = _full_fits if full else _short_fits
            if fits(text, position, end, boundaries, after_name):
                hits.append(_Hit(position, end, name, full))
                break
            end = position
        position = max(end, position + 1)
    return hits


def word_boundaries(text: str) -> frozenset[int]:
    """The offsets in ``text`` where a dictionary word starts or ends."""
    import rjieba  # noqa: PLC0415 - loads a dictionary, 90 ms

    return frozenset(accumulate(map(len, rjieba.cut(text, False)), initial=0))


def _full_fits(text: str, start: int, end: int, boundaries: frozenset[int], after_name: bool) -> bool:
    if start not in boundaries and not after_name:
        return False
    if end - start == 2 and end not in boundaries and not text.startswith(("城区", "域", "委"), end):
        return False  # “和县里”“建成县级”里的两字县名
    name = text[start:end]
    if name.endswith("城市") and end - 2 in boundaries and end - 1 not in boundaries:
        return False  # “各项城市”不是项城市
    return not (name.endswith("市") and text.startswith("场", end))


def _short_fits(text: str, start: int, end: int, boundaries: frozenset[int], after_name: bool) -> bool:
    starts = start in boundaries or after_name or text[start - 1 : start] in _BEFORE_NAMES
    ends = end in boundaries or text[end : end + 1] in _AFTER_NAMES or bool(_ZONE.match(text, end))
    return starts and ends and _OTHER_THING.match(text, end) is None


def _eligible(
    hit: _Hit, names: Names, context: frozenset[Place], named: set[Place], parents: Sequence[Place]
) -> tuple[Place, ...]:
    """The places this hit may mean; empty where it is more likely a word than a name."""
    under = {parent.name for parent in parents}
    if hit.full:
        places = names.full[hit.name]
        if hit.name not in names.common:
            return places
        around = {place.name for place in context}
        return tuple(p for p in places if p in context or not (under | around).isdisjoint(p.parents))
    places = names.short[hit.name]
    backed = tuple(p for p in places if p in named or not under.isdisjoint(p.parents))
    if hit.name in names.common:
        return highest(backed)
    free = tuple(p for p in places if p.kind != "市辖区" or p in names.former)
    provinces = {province_of(place) for place in context}
    at_home = tuple(p for p in free if province_of(p) in provinces)
    if backed or at_home:
        return highest((*backed, *(p for p in at_home if p not in backed)))
    top = highest(free)
    if not provinces:
        return top
    # 语境是别省时，县级简称多半是词（四会、新建），不如不认
    return top if len(top) == 1 and top[0].level != "county" else ()


def _settle(
    places: tuple[Place, ...], found: Sequence[PlaceMention], start: int, context: frozenset[Place]
) -> tuple[Place, ...]:
    """Narrow by the nearest earlier mention that is above (or is) one of the places, then by context."""
    for mention in reversed(found):
        if len(places) == 1 or start - mention.end > _NEAR:
            break
        if len(mention.places) == 1:
            places = narrow(places, mention.places)
    return narrow(places, context)


def narrow(places: tuple[Place, ...], around: Iterable[Place]) -> tuple[Place, ...]:
    """The places that are one of ``around`` or lie under one; the deepest tie wins. Where ``around`` says
    nothing of them, those of the same province; where it doesn't either, all of them."""
    if len(places) < 2:
        return places
    known = frozenset(around)
    names = {place.name: LEVEL_RANK[place.level] for place in known}
    ties = [
        3 if place in known else max((names[n] for n in place.parents if n in names), default=-1)
        for place in places
    ]
    best = max(ties)
    if best >= 0:
        return tuple(place for place, tie in zip(places, ties, strict=True) if tie == best)
    provinces = {province_of(place) for place in known}
    return tuple(p for p in places if province_of(p) in provinces) or places


def highest(places: Sequence[Place]) -> tuple[Place, ...]:
    """Those of the highest level among ``places`` (淮安 is the prefecture before it is the district)."""
    top = min((LEVEL_RANK[place.level] for place in places), default=0)
    return tuple(dict.fromkeys(place for place in places if LEVEL_RANK[place.level] == top))


def province_of(place: Place) -> str:
    return place.parents[0] if place.parents else place.name
