"""Places named in Latin letters (Guannan County, Liyang), as English questions name them."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from corpus.place_data import LEVEL_RANK, short_form
from corpus.types import Place, PlaceMention
from index.pinyin import syllables, toneless

_LETTER = "[A-Za-zÀ-ÖØ-öø-ɏ]"
_WORD = rf"{_LETTER}+(?:['’](?!s\b){_LETTER}+)*"
_ENDINGS = {
    "county": ("县", "旗", "市"),
    "city": ("市",),
    "municipality": ("市",),
    "district": ("区",),
    "prefecture": ("市", "州", "盟", "地区"),
    "province": ("省", "自治区"),
    "xian": ("县",),
    "shi": ("市",),
    "qu": ("区",),
}
_KIND = re.compile(rf"[\s-]+({'|'.join(_ENDINGS)})\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s\b")
_WORDS = re.compile(_WORD)
_MAY_NAME_ONE = re.compile(r"[A-Za-z]{4}|[A-Za-z]{2}\s+(?:county|city|district)", re.IGNORECASE)
_MOST_WORDS = 4
_TELLING = 6
"""Letters of a name in lower case that can hardly be a word of English."""
_SPELLINGS = (("v", "u"), ("v", "yu"))
"""How ü is written where it isn't v: Lushun, Lyuliang."""


class RomanisedNames:
    """Finds the places of the gazetteer by how their names are read. Thread-safe; building one takes about
    0.1 s."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = places
        self._full: dict[str, list[Place]] = defaultdict(list)
        self._stems: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            for reading in _readings(place.name):
                self._full[reading].append(place)
            stem = short_form(place.name) or place.name[:-1]
            for reading in _readings(stem):
                self._stems[reading].append(place)

    def find(self, text: str, known: Collection[str]) -> list[PlaceMention]:
        """The places named in ``text``, in order, none overlapping; ``known`` are the unique names of those
        the bulletins are about, which are meant first.

        A name of one syllable needs its kind (Feng County). So does a county that the bulletins aren't about,
        unless it is in a province of theirs; and a name that is short or in lower case, so as not to be taken
        for a word.
        """
        provinces = {p.parents[0] for p in self._places if p.unique_name in known and p.parents}
        found: list[PlaceMention] = []
        words = list(_WORDS.finditer(text))
        for first in range(len(words)):
            if found and words[first].start() < found[-1].end:
                continue
            if mention := self._mention(text, words, first, known, provinces):
                found.append(mention)
        return found

    def _mention(
        self,
        text: str,
        words: Sequence[re.Match[str]],
        first: int,
        known: Collection[str],
        provinces: Collection[str],
    ) -> PlaceMention | None:
        for last in range(min(first + _MOST_WORDS, len(words)) - 1, first - 1, -1):
            start, end = words[first].start(), words[last].end()
            gaps = (text[a.end() : b.start()] for a, b in itertools.pairwise(words[first : last + 1]))
            if any(gap not in {" ", "-"} for gap in gaps):
                continue
            kind = _KIND.match(text, end)
            places = self._meant(text[start:end], kind[1] if kind else "", known, provinces)
            if places:
                end = kind.end() if kind else end
                possessive = _POSSESSIVE.match(text, end)
                return PlaceMention(start, possessive.end() if possessive else end, places)
        return None

    def _meant(
        self, written: str, kind: str, known: Collection[str], provinces: Collection[str]
    ) -> tuple[Place, ...]:
        """The places of that name, those of the kind said first, then the higher ones."""
        plain = toneless(re.sub(r"[\s'’-]", "", written).lower())
        full = self._full.get(plain, [])
        places = list(dict.fromkeys([*full, *self._stems.get(plain, [])]))
        is_telling = bool(kind) or len(plain) >= _TELLING
        held = [p for p in places if p.unique_name in known and (kind or p in full or short_form(p.name))]
        if held:
            places = held if is_telling or written[0].isupper() else []
        elif not (is_telling and written[0].isupper() and written.isalpha()):
            places = []
        elif not kind:
            places = [p for p in places if p.level != "county" or p.parents[0] in provinces]
        endings = _ENDINGS.get(kind.lower(), ())
        return tuple(sorted(places, key=lambda p: (_place_in(endings, p.name), LEVEL_RANK[p.level])))


def _place_in(endings: Sequence[str], name: str) -> int:
    return next((n for n, ending in enumerate(endings) if name.endswith(ending)), len(endings))


def may_name_one(text: str) -> bool:
    """Whether ``text`` holds letters that could name a place: asked before a RomanisedNames is built."""
    return _MAY_NAME_ONE.search(text) is not None


def _readings(name: str) -> Iterator[str]:
    """A name in Latin letters, by every reading of its characters."""
    for reading in map("".join, itertools.product(*map(syllables, name))):
        yield reading
        if "v" in reading:
            yield from (reading.replace(*spelling) for spelling in _SPELLINGS)
