"""Slips of the pen in a question are put right by what the bulletins themselves say."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from corpus.place_data import short_form
from corpus.places import Gazetteer
from index import tokenize
from index.characters import SimilarCharacters
from index.vocabulary import Vocabulary
from rag.place_slips import Names, place_changes
from rag.run import Run
from rag.slips import word_changes
from rag.thesaurus import Thesaurus
from rag.types import Correction

_CHINESE = re.compile("[\u4e00-\u9fff]{2,}")
_OPENING, _CLOSING = '“"「『《', '”"」』》'
_ASKS = re.compile("[哪谁何吗呢几啥？?]|什么|怎|多少|是否|有没有|有无|请|介绍|说说|列")
_THAT = re.compile(
    "(?:^|(?<=[，,。；;在是]))那(?=(?:些|个)(?:县|市|区|旗|镇|乡|村|社区|城市|地方|地区|单位)|里|儿)"
)
_MOST = 4
"""Slips that are put right in one question; one with more of them is beyond help."""


@dataclass(frozen=True, slots=True)
class Spelt:
    """``text`` is as long as what was written; ``corrections`` come in its order."""

    text: str
    corrections: tuple[Correction, ...] = ()


class Speller:
    """Thread-safe. The data about characters load at the first question with a word that no passage holds."""

    def __init__(
        self, gazetteer: Gazetteer, thesaurus: Thesaurus, similar: SimilarCharacters | None = None
    ) -> None:
        self._gazetteer = gazetteer
        self._thesaurus = thesaurus
        self._similar = similar or SimilarCharacters()

    def spell(self, text: str, places: Collection[str], vocabulary: Vocabulary) -> Spelt:
        """``text`` (one line, in Simplified characters) with its slips put right, surest first. ``places``
        are the full names of those the bulletins are about."""
        names, similar = self._names(frozenset(places)), self._similar.similar_to
        spelt, windows = text, list[tuple[int, int]]()
        for _ in range(_MOST):
            changes = [
                (offset, change)
                for offset, run in self._runs(spelt, vocabulary)
                for change in (*place_changes(run, names, similar), *word_changes(run, similar))
            ]
            if not changes:
                break
            offset, change = max(changes, key=lambda pair: pair[1].sureness)
            place = offset + change.place
            spelt = spelt[:place] + change.character + spelt[place + 1 :]
            windows.append((offset + change.start, offset + change.end))
        corrections = (Correction(text[start:end], spelt[start:end]) for start, end in _merged(windows))
        return Spelt(spelt, tuple(dict.fromkeys(corrections)))

    def warm(self) -> None:
        """Load now what would otherwise load at the first slip."""
        self._similar.similar_to("字")

    def _runs(self, text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, Run]]:
        """Each run of Chinese characters and where it begins."""
        known = self._known(text)
        for match in _CHINESE.finditer(text):
            start, end = match.span()
            is_quoted = text[start - 1 : start] in _OPENING and text[end : end + 1] in _CLOSING
            yield (
                start,
                Run(
                    tokenize.normalise(match.group()),
                    frozenset(place - start for place in known if start <= place < end),
                    vocabulary,
                    is_quoted=start > 0 and end < len(text) and is_quoted,
                ),
            )

    def _known(self, text: str) -> frozenset[int]:
        """Offsets of the characters of places and of terms of the thesaurus: those are right as they are."""
        spans = [(mention.start, mention.end) for mention in self._gazetteer.find(text)]
        for found in {expansion.found for expansion in self._thesaurus.expand(text, parted=False)}:
            spans += [match.span() for match in re.finditer(re.escape(found), text)]
        return frozenset(place for start, end in spans for place in range(start, end))

    @functools.lru_cache(maxsize=4)  # noqa: B019 - places of a library change seldom
    def _names(self, places: frozenset[str]) -> Names:
        """The places of the bulletins in full and short, those above them in full."""
        found: set[str] = set()
        for filed in places:
            place = self._gazetteer.resolve(filed)
            name = place.name if place else filed
            found.update(filter(None, (name, short_form(name))), place.parents[1:] if place else ())
        return Names(found, lambda name: bool(self._gazetteer.by_name(name)))


def ask_which(spelt: Spelt) -> Spelt:
    """那些县做了… with nothing else that asks is 哪些县做了…: the commonest slip of all. Only for a question
    that has nothing before it for 那 to point to."""
    match = _THAT.search(spelt.text)
    if match is None or _ASKS.search(spelt.text.rstrip("？?")):
        return spelt
    start, end = match.start(), match.start() + 2
    read = f"哪{spelt.text[start + 1 : end]}"
    text = spelt.text[:start] + read + spelt.text[end:]
    return Spelt(text, (Correction(spelt.text[start:end], read), *spelt.corrections))


def _merged(windows: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Windows in order, those that overlap or touch made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(windows):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
