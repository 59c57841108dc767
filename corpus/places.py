"""The gazetteer of China's provinces, prefectures and counties, offline."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from corpus.place_data import (
    COUNTY_KINDS,
    Rename,
    levels_for,
    read_common_words,
    read_places,
    read_renames,
    short_form,
)
from corpus.place_finder import Names, find_mentions, heads, highest, narrow, province_of
from corpus.types import Place, PlaceLevel, PlaceMention

__all__ = ["Gazetteer", "is_county_level", "levels_for", "load_gazetteer"]

_TITLE_HEAD = re.compile(r"\s*(?:【[^】]*】\s*)?([^：:\n]{2,24})[：:]")
_LABEL = re.compile(r"\s*(?:【[^】]*】\s*)?")
# 开头句里跟在这些字后面的地名是对象，不是主语
_OBJECT_OF = re.compile(r"(?:与|同|赴|从|至|学习|借鉴|对标|对接|携手|联合|毗邻|来自)[“\"]?$")
# 全省的会在哪里召开，说的不是那里
_VENUE_OF = re.compile(r"全[省国市][^。；\n]{0,40}在$")
_HELD = re.compile(r"[^，。；：,;:\n]{0,10}(?:召开|举行|举办|开幕)")
_OPENING_LENGTH = 300
_SEVERAL = 3


class Gazetteer:
    """Finds and names places. Holds no state that changes: share one among threads."""

    def __init__(self, places: Sequence[Place], renames: Sequence[Rename], common: frozenset[str]) -> None:
        self._places = tuple(places)
        self._renames = tuple(renames)
        self._common = common
        self._current: dict[str, tuple[Place, ...]] = _group((p.name, p) for p in self._places)
        self._shared = {p.unique_name: (p,) for p in self._places if p.shares_name}
        self._names = self._build_names()

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place, in the order of its code."""
        return self._places

    def by_name(self, name: str) -> tuple[Place, ...]:
        """Places called ``name``: today's full name, the unique one of a shared name, else a former one, else
        a short form.

        Short forms give every level (淮安 → 淮安市, 淮安区). Empty where nothing is called so.
        """
        known = (self._current, self._shared, self._names.full, self._names.short)
        return next((names[name] for names in known if name in names), ())

    def resolve(self, name: str, context: Sequence[str] = ()) -> Place | None:
        """The one place ``name`` means, the higher level first; None where unknown or still ambiguous.

        ``name`` may be a chain (江苏省南京市鼓楼区).
        """
        around = self._context(context)
        places = narrow(highest(self.by_name(name)), around)
        if places:
            return places[0] if len(places) == 1 else None
        chain = find_mentions(name, self._names, around)
        whole = chain and chain[0].start == 0 and chain[-1].end == len(name) and _is_chain(chain)
        return chain[-1].places[0] if whole and len(chain[-1].places) == 1 else None

    def find(self, text: str, *, context: Sequence[str] = ()) -> list[PlaceMention]:
        """The places named in ``text``, in order, none overlapping, the longest name first.

        ``context`` holds names of places known to matter, or texts that hold them (the issuer of a
        bulletin: 江苏省精神文明建设办公室). A name is settled by mentions shortly before it, then by
        context, else left open. A former name (海门市) gives the place of today.
        """
        return find_mentions(text, self._names, self._context(context))

    def children(self, place: str | Place, level: PlaceLevel | None = None) -> tuple[Place, ...]:
        """What lies under a place, in the order of codes: straight below it, or everything of ``level``.

        Empty where the place is unknown, ambiguous or has nothing below.
        """
        parent = self.resolve(place) if isinstance(place, str) else place
        if parent is None:
            return ()
        path = (*parent.parents, parent.name)
        if level is None:
            return tuple(p for p in self._places if p.parents == path)
        return tuple(p for p in self._places if p.level == level and p.parents[: len(path)] == path)

    def current_name(self, name: str, on: datetime.date | None = None, *, context: Sequence[str] = ()) -> str:
        """What ``name`` had become by ``on`` (None: today), or ``name`` itself where it hadn't changed.

        Changes count from 1 January of their year: only years are known. A name that some place bears
        today (清河区 of 铁岭) is changed only where ``context`` says which is meant.
        """
        provinces = {province_of(place) for place in self._context(context)}
        while True:
            step = next((r for r in self._renames if r.old == name and self._applies(r, provinces)), None)
            if step is None or (on is not None and on.year < step.year):
                return name
            name = step.new

    def renamed(self, name: str) -> tuple[tuple[str, str, int], ...]:
        """The renames that led to or from ``name`` as (old, new, year), oldest first."""
        related = [r for r in self._renames if name in (r.old, r.new)]
        for link in related:  # 沿更名链补全，表在遍历中增长
            chained = (
                r
                for r in self._renames
                if r.within == link.within and (r.new == link.old or r.old == link.new)
            )
            related.extend(r for r in chained if r not in related)
        return tuple((r.old, r.new, r.year) for r in sorted(related, key=lambda r: (r.year, r.old)))

    def about(
        self, title: str, author: str | None, opening: str, context: Sequence[str] = ()
    ) -> Place | None:
        """The place an article is about: named at the head of its title or subtitle, else in its author
        line, else the first that can be the subject of its opening. A province only where nothing lower is
        named; None where nothing is named or what is named stays ambiguous.
        """
        opening = opening[:_OPENING_LENGTH]
        around = self._context(context)
        rest = find_mentions(f"{author or ''}\n{opening}", self._names, around)
        clues = around | {m.places[0] for m in rest if len(m.places) == 1}
        sources = (
            self._leading_chain(_title_head(title), clues, at_start=True),
            self._leading_chain(title.rpartition("——")[2] if "——" in title else "", clues, at_start=True),
            self._leading_chain(author or "", clues),
            self._subject(opening, around),
        )
        provinces: list[Place] = []
        for places in sources:
            settled = narrow(places, clues)
            if len(settled) == 1 and settled[0].level != "province":
                return settled[0]
            provinces += settled if len(settled) == 1 else ()
        return provinces[0] if provinces else None

    def _leading_chain(
        self, text: str, around: frozenset[Place], *, at_start: bool = False
    ) -> tuple[Place, ...]:
        exact = narrow(self._names.full.get(text.strip(), ()), around)
        if exact:
            return exact
        mentions = find_mentions(text, self._names, around)
        if not mentions or (at_start and text[: mentions[0].start].strip("中共")):
            return ()
        return _chain_end(mentions)

    def _subject(self, opening: str, around: frozenset[Place]) -> tuple[Place, ...]:
        mentions = find_mentions(opening, self._names, around)
        fallback: tuple[Place, ...] = ()
        for index, mention in enumerate(mentions):
            if _OBJECT_OF.search(opening, max(0, mention.start - 4), mention.start):
                continue
            is_venue = _VENUE_OF.search(opening[: mention.start]) and _HELD.match(opening, mention.end)
            if is_venue or _are_several(mentions[index : index + _SEVERAL], opening):
                break
            places = _chain_end(mentions[index:])
            if places[0].level != "province":
                return places
            fallback = fallback or places
        return fallback

    def _applies(self, rename: Rename, provinces: set[str]) -> bool:
        bearers = {province_of(place) for place in self._current.get(rename.old, ())}
        today = self._place_of(rename)
        return today is not None and (
            not bearers or (province_of(today) in provinces and bearers.isdisjoint(provinces))
        )

    def _context(self, context: Sequence[str]) -> frozenset[Place]:
        known: set[Place] = set()
        for text in context:
            exact = highest(self.by_name(text))
            mentions = () if exact else find_mentions(text, self._names, frozenset())
            known.update(exact, *(m.places for m in mentions if len(m.places) == 1))
        return frozenset(known)

    def _build_names(self) -> Names:
        former: dict[str, list[Place]] = defaultdict(list)
        for rename in self._renames:
            place = self._place_of(rename)
            if place is not None and place not in former[rename.old]:
                former[rename.old].append(place)
        full = {**self._current}
        for old, places in former.items():
            full[old] = tuple(dict.fromkeys((*full.get(old, ()), *places)))
        short = _group((stem, p) for p in self._places if (stem := short_form(p.name)))
        kept: set[Place] = set()
        for old, places in former.items():
            stem = short_form(old)
            if stem is None or stem in full or old.endswith("区"):
                continue
            heirs = [p for p in places if short_form(p.name) == stem]
            kept.update(heirs)
            if heirs or stem not in short:  # 襄樊 → 襄阳市；绍兴仍是绍兴市，不是柯桥区
                short[stem] = tuple(dict.fromkeys((*short.get(stem, ()), *places)))
        return Names(full, short, frozenset(kept), self._common, heads([*full, *short]))

    def _place_of(self, rename: Rename) -> Place | None:
        new = rename.new
        places = [p for p in self._current.get(new, ()) if rename.within in p.parents]
        if places:
            return places[0]
        later = next((r for r in self._renames if r.old == new and r.within == rename.within), None)
        return self._place_of(later) if later else None


def load_gazetteer() -> Gazetteer:
    """Build the gazetteer from its data (about 50 ms). Keep the result: it never changes."""
    common_full, common_short = read_common_words()
    return Gazetteer(read_places(), read_renames(), common_full | common_short)


def is_county_level(place: Place) -> bool:
    """Whether 哪些县 asks for it: counties, county-level cities, banners; not districts (asked by 区)."""
    return place.kind in COUNTY_KINDS


def _group(pairs: Iterable[tuple[str, Place]]) -> dict[str, tuple[Place, ...]]:
    table: dict[str, list[Place]] = defaultdict(list)
    for name, place in pairs:
        table[name].append(place)
    return {name: tuple(places) for name, places in table.items()}


def _title_head(title: str) -> str:
    match = _TITLE_HEAD.match(title)
    return match[1].strip() if match else title[_LABEL.match(title).end() :].strip()  # type: ignore[union-attr]


def _is_chain(mentions: Sequence[PlaceMention]) -> bool:
    return all(
        a.end == b.start and any(p.name in q.parents for p in a.places for q in b.places)
        for a, b in pairwise(mentions)
    )


def _are_several(mentions: Sequence[PlaceMention], text: str) -> bool:
    """Whether they are one of a row of cities (南京、苏州、常州), which is about none of them."""
    return len(mentions) == _SEVERAL and all(text[a.end : b.start] == "、" for a, b in pairwise(mentions))


def _chain_end(mentions: Sequence[PlaceMention]) -> tuple[Place, ...]:
    """The lowest place of the chain that the first mention begins (江苏省 + 南京市 + 鼓楼区)."""
    length = 1
    while length < len(mentions) and _is_chain(mentions[length - 1 : length + 1]):
        length += 1
    return mentions[length - 1].places
