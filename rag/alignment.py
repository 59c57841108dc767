"""Which figure of a bulletin speaks of the same thing as a figure of another text.

Two figures are of the same thing where what stands around them is alike: the noun that is counted, the words
of the same clause. So a wrong figure finds the right one, and figures that changed places are seen.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from index import tokenize
from rag.agreement import Agreement, agreement, number_agreement
from rag.marks import Span
from rag.quantities import Quantity
from rag.topic import GENERIC_WORDS
from rag.units import units_agree

_PIECE = re.compile(r"[，。；：、！？（）,;:!?()\n]")
_SENTENCE = re.compile(r"[。；！？;!?\n]")
_LEAST_AROUND = 3
_GENERIC, _WIDE = 0.3, 0.25
_SAME_NOUN, _PART_OF_NOUN, _NOUN_NEARBY, _OTHER_NOUN = 0.6, 0.45, 0.25, -0.2
_AGREES: dict[Agreement, float] = {"same": 0.4, "rounded": 0.3, "loose": 0.2}
_SAME_UNIT = 0.15
_LEAST_COMMON, _LEAST_COMMON_FAR = 0.2, 0.6
_FAR = 10
"""Numbers this many times one another are seldom of one thing, where the measure word doesn't say so."""
_COUNTS_ALL = "个"
_LEAST_OF_SENTENCE = 0.25
_LEAST_MARGIN = 0.35
_SMALL = 3
"""A number below it stands too often anywhere to be told by itself."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Words tell more where both texts are cut alike, pairs where they aren't."""

    words: frozenset[str]
    pairs: frozenset[str]

    def share(self, other: Surroundings) -> float:
        """0 to 1."""
        return max(_share(self.words, other.words), _share(self.pairs, other.pairs))


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity in its text, with the words and character pairs around it: in its clause, in its sentence.
    ``sentence`` is where that begins."""

    text: str
    quantity: Quantity
    near: Surroundings
    wide: Surroundings
    sentence: int


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for a figure. ``source`` None: nothing of the kind. ``agreement`` None with a source:
    that figure is of the same thing and says otherwise."""

    figure: Figure
    source: Figure | None = None
    agreement: Agreement | None = None
    likeness: float = 0.0


def read_figures(text: str, quantities: Sequence[Quantity], ignored: Sequence[Span] = ()) -> list[Figure]:
    """``ignored``: spans (names of places) that tell nothing of what is counted."""
    return [Figure(text, q, *_surroundings(text, q, ignored)) for q in quantities]


def match_figures(figures: Sequence[Figure], sources: Sequence[Figure]) -> list[Match]:
    """For each figure the source's figure of the same thing, in the order of ``figures``. A source's figure
    that agrees may serve twice, any other once."""
    pairs = sorted(
        ((_score(f, s), i, j) for i, f in enumerate(figures) for j, s in enumerate(sources)),
        key=lambda pair: (-pair[0][0], pair[1], pair[2]),
    )
    chosen: dict[int, Match] = {}
    taken: set[int] = set()
    for (_, likeness, agreed), i, j in pairs:
        if i in chosen or (j in taken and agreed is None):
            continue
        if agreed is None and not _speaks_of_the_same(figures[i], sources[j], likeness):
            continue
        chosen[i] = Match(figures[i], sources[j], agreed, likeness)
        taken.add(j)
    for i, j in _left_over(figures, sources, chosen, taken):
        chosen[i] = Match(figures[i], sources[j], None, likeness_of(figures[i], sources[j]))
    return [chosen.get(i, Match(figure)) for i, figure in enumerate(figures)]


def _left_over(
    figures: Sequence[Figure], sources: Sequence[Figure], chosen: Mapping[int, Match], taken: set[int]
) -> Iterator[tuple[int, int]]:
    """Figures without a match, in a sentence whose others agree with one sentence of the source, and the only
    figure that is left there of the very measure word."""
    for i, figure in enumerate(figures):
        if i in chosen or not figure.quantity.unit:
            continue
        others = [
            m for m in chosen.values() if m.figure.sentence == figure.sentence and m.agreement and m.source
        ]
        homes = {(m.source.text, m.source.sentence) for m in others if m.source}
        left = [
            j
            for j, s in enumerate(sources)
            if j not in taken
            and (s.text, s.sentence) in homes
            and s.quantity.unit == figure.quantity.unit
            and not s.quantity.weak
            and figure.wide.share(s.wide) >= _LEAST_OF_SENTENCE
        ]
        if len(left) == 1:
            yield i, left[0]


def likeness_of(figure: Figure, source: Figure) -> float:
    """How alike what stands around two figures is, from 0; more than 1 is rare."""
    return figure.near.share(source.near) + _WIDE * figure.wide.share(source.wide) + _nouns(figure, source)


def _nouns(figure: Figure, source: Figure) -> float:
    """What the nouns that are counted say for or against it."""
    mine, theirs = figure.quantity.noun, source.quantity.noun
    if len(mine) > 1 and len(theirs) > 1:
        if mine[:2] == theirs[:2]:
            return _SAME_NOUN
        if mine in theirs or theirs in mine:
            return _PART_OF_NOUN
        return 0.0 if set(mine) & set(theirs) else _OTHER_NOUN
    is_nearby = mine[:2] in source.near.pairs or theirs[:2] in figure.near.pairs
    return _NOUN_NEARBY if is_nearby else 0.0


def _score(figure: Figure, source: Figure) -> tuple[float, float, Agreement | None]:
    mine, theirs = figure.quantity, source.quantity
    likeness, agreed = likeness_of(figure, source), agreement(mine, theirs)
    if agreed is None and mine.kind != theirs.kind:
        return -1.0, 0.0, None
    bonus = _AGREES[agreed] if agreed else 0.0
    bonus += _SAME_UNIT if mine.unit == theirs.unit else 0.0
    return likeness + bonus, likeness, agreed


def _speaks_of_the_same(figure: Figure, source: Figure, likeness: float) -> bool:
    """Whether a figure that differs is of the same thing: of a like measure, or the same number with another
    measure, and with something in common around it."""
    mine, theirs = figure.quantity, source.quantity
    if mine.kind != theirs.kind or theirs.weak:
        return False
    if units_agree(mine.unit, theirs.unit):
        low, high = sorted([max(mine.low, Fraction(1)), max(theirs.low, Fraction(1))])
        is_far = (mine.unit != theirs.unit or mine.unit == _COUNTS_ALL) and high > low * _FAR
        return likeness >= (_LEAST_COMMON_FAR if is_far else _LEAST_COMMON)
    is_same_number = number_agreement(mine, theirs) is not None and mine.low >= _SMALL
    return is_same_number and likeness >= _LEAST_COMMON / 2


def _share(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """What two sets have in common over the (geometric) mean of their sizes, by weight."""
    wholes = sum(map(_weight, mine)) * sum(map(_weight, theirs))
    return sum(map(_weight, mine & theirs)) / max(math.sqrt(wholes), 1.5)


def _weight(pair: str) -> float:
    return _GENERIC if pair in GENERIC_WORDS else 1.0


def _surroundings(
    text: str, quantity: Quantity, ignored: Sequence[Span]
) -> tuple[Surroundings, Surroundings, int]:
    spans = [*ignored, (quantity.start, quantity.end)]
    wide = _piece(text, quantity.start, quantity.end, _SENTENCE)
    near = _piece(text, quantity.start, quantity.end, _PIECE)
    while _size(text, near, spans) < _LEAST_AROUND and near != wide:
        near = _wider(text, near, wide)
    return _read(text, near, spans), _read(text, wide, spans), wide[0]


def _piece(text: str, start: int, end: int, mark: re.Pattern[str]) -> Span:
    begin = max((m.end() for m in mark.finditer(text, 0, start)), default=0)
    stop = mark.search(text, end)
    return begin, stop.start() if stop else len(text)


def _wider(text: str, near: Span, wide: Span) -> Span:
    """The next piece on either side too, within ``wide``."""
    begin = max((m.end() for m in _PIECE.finditer(text, wide[0], max(wide[0], near[0] - 1))), default=wide[0])
    stop = _PIECE.search(text, near[1] + 1, wide[1]) if near[1] < wide[1] else None
    return begin, stop.start() if stop else wide[1]


def _size(text: str, span: Span, left_out: Sequence[Span]) -> int:
    return sum(
        text[i].isalpha() and not any(start <= i < end for start, end in left_out) for i in range(*span)
    )


def _read(text: str, span: Span, left_out: Sequence[Span]) -> Surroundings:
    kept = "".join(" " if any(start <= i < end for start, end in left_out) else text[i] for i in range(*span))
    words = frozenset(word for word in tokenize.words(kept) if len(word) > 1)
    return Surroundings(words, frozenset(pair for pair in tokenize.bigrams(kept) if len(pair) > 1))
