"""Finds characters that were written for others, in one run of Chinese characters.

A character is read as another one that sounds or looks like it only where the words of the bulletins make
that reading a good one and what is written makes none: a noisy channel (Kernighan, Church and Gale, 1990)
whose language model is the corpus, helped by the frequencies in the segmenter's dictionary. What is right
must stay: words that some passage holds and words of asking are never touched.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index import tokenize
from index.characters import Likeness
from rag.run import FUNCTION, LONGEST, LOOSE, NUMERALS, OF_ASKING, Run

SimilarTo = Callable[[str], Mapping[str, Likeness]]

_PLACE_ENDINGS = frozenset("省市县区旗州镇乡村街路道寺岛山河湖")
_COSTS: Mapping[Likeness, float] = {"sound": 0.0, "shape": 0.5, "near_sound": 0.7}
"""In powers of ten: by so much more common a reading must be than what is written."""
_LEAST_GAIN = {2: 3.0, 3: 0.5}
"""Powers of ten, by the length of the stretch that stands in a passage; where it is longer, 0."""
_LEAST_GAIN_OVER_FUNCTION = {2: math.inf, 3: math.inf, 4: 1.5, 5: 0.5}
_LEAST_GAIN_OVER_WORD = {2: math.inf, 3: math.inf}
_LEAST_PREDICTED = 0.5


@dataclass(frozen=True, slots=True)
class Change:
    """The character at ``place`` is read as ``character``. ``start`` to ``end`` is the stretch around it that
    tells what was meant; ``sureness`` can be compared between changes."""

    place: int
    character: str
    start: int
    end: int
    sureness: tuple[int, float]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A run in which the character at ``place`` is read as another.

    ``start`` to ``end`` is the stretch around it that stands in a passage (``is_whole``: the whole run does),
    cut off at function words. ``word_start`` to ``word_end`` is the word it lies in, ``written`` what stood
    there, and ``gain`` by how many powers of ten the word is more common than that.
    """

    place: int
    likeness: Likeness
    text: str
    start: int
    end: int
    is_whole: bool
    word_start: int
    word_end: int
    written: str
    gain: float

    @property
    def word(self) -> str:
        return self.text[self.word_start : self.word_end]

    @property
    def length(self) -> int:
        return self.end - self.start


def word_changes(run: Run, similar_to: SimilarTo) -> Iterator[Change]:
    """Every change of one character that makes a word or a name of the bulletins. They may contradict each
    other: make the surest one, and look again."""
    for place in filter(run.is_open, range(len(run.text))):
        similar = similar_to(run.text[place])
        for character in _standing_at(run, place, list(similar.keys() - NUMERALS)):
            reading = _read(run, place, character, similar[character])
            # what looks right is looked at again with what the passages say word for word
            if _is_right(run, reading) and _is_right(run, reading := _read_exactly(run, reading)):
                start, end = min(reading.start, reading.word_start), max(reading.end, reading.word_end)
                yield Change(place, character, start, end, (reading.length, reading.gain))


def _standing_at(run: Run, place: int, characters: Sequence[str]) -> Iterator[str]:
    """Those that make a pair that stands in a passage, with the character before or after."""
    before, after = run.text[max(0, place - 1) : place], run.text[place + 1 : place + 2]
    pairs = [before + c for c in characters if before] + [c + after for c in characters if after]
    counts = run.vocabulary.pair_frequencies(pairs)
    return itertools.compress(characters, (any(counts[n :: len(characters)]) for n in range(len(characters))))


def _read(run: Run, place: int, character: str, likeness: Likeness, *, exactly: bool = False) -> _Reading:
    text = run.text[:place] + character + run.text[place + 1 :]
    words = tokenize.dictionary_spans(text)
    word_start, word_end = words[place]
    written = run.text[word_start:word_end]
    gain = tokenize.commonness(text[word_start:word_end]) - tokenize.commonness(written) - _COSTS[likeness]
    longest = max(LONGEST, len(text))
    start, end = run.vocabulary.stretch_around(text, place, longest, exactly=exactly)
    is_whole = (start, end) == (0, len(text))
    start, end = _without_function_words(text, words, (start, end), (word_start, word_end))
    return _Reading(place, likeness, text, start, end, is_whole, word_start, word_end, written, gain)


def _read_exactly(run: Run, reading: _Reading) -> _Reading:
    return _read(run, reading.place, reading.text[reading.place], reading.likeness, exactly=True)


def _without_function_words(
    text: str, words: Sequence[tuple[int, int]], stretch: tuple[int, int], word: tuple[int, int]
) -> tuple[int, int]:
    """The part of ``stretch`` around ``word`` up to the next function word on either side."""
    start, end = word
    while start > stretch[0] and not _is_function_word(text, words[start - 1]):
        start = words[start - 1][0]
    while end < stretch[1] and not _is_function_word(text, words[end]):
        end = words[end][1]
    return max(start, stretch[0]), min(end, stretch[1])


def _is_function_word(text: str, span: tuple[int, int]) -> bool:
    word = text[span[0] : span[1]]
    return word in FUNCTION or word in tokenize.STOP_WORDS


def _is_right(run: Run, reading: _Reading) -> bool:
    if reading.length <= run.standing_length(reading.place):
        return False
    return _is_whole_name(run, reading) or _is_better_word(run, reading) or _is_part_of_name(run, reading)


def _is_whole_name(run: Run, reading: _Reading) -> bool:
    """A name in quotation marks that stands nowhere, but for one character does."""
    is_likely = len(run.text) > 3 or reading.likeness != "near_sound"
    return run.is_strange_name and reading.is_whole and is_likely


def _is_better_word(run: Run, reading: _Reading) -> bool:
    """A word that the bulletins hold, in place of characters that make none (裙体, 头亏)."""
    start, end = reading.word_start, reading.word_end
    return (
        end - start > 1
        and {start, end} <= run.edges
        and any(run.is_odd[start:end])
        and reading.word not in (OF_ASKING if reading.length < 4 else tokenize.STOP_WORDS)
        and (end - start > 2 or tokenize.STOP_WORDS.isdisjoint(reading.word))
        and run.vocabulary.frequency(reading.word) > 0
        and run.vocabulary.frequency(reading.written) == 0
        and reading.gain >= _least_gain(run, reading)
    )


def _least_gain(run: Run, reading: _Reading) -> float:
    """How much commoner a word must be than what is written: the more so, the shorter the stretch around it
    that stands in a passage, and the more sense what is written makes."""
    length, is_near = reading.length, reading.likeness == "near_sound"
    if run.is_in_word(reading.place):
        return math.inf if is_near else _LEAST_GAIN_OVER_WORD.get(length, 0.0)
    is_short = len(reading.written) == 2
    if run.text[reading.place] in FUNCTION or (is_short and not FUNCTION.isdisjoint(reading.written)):
        return _LEAST_GAIN_OVER_FUNCTION.get(length, 0.0)
    if length == 2 and (is_near or _is_in_strange_name(run, reading)):
        return math.inf
    return _LEAST_GAIN.get(length, 0.0)


def _is_in_strange_name(run: Run, reading: _Reading) -> bool:
    """Whether nothing explains what is next to the word, or it is called a place (成纪县)."""
    start, end = reading.word_start, reading.word_end
    around = run.is_odd[max(0, start - 1) : start] + run.is_odd[end : end + 1]
    return any(around) or run.text[end : end + 1] in _PLACE_ENDINGS


def _is_part_of_name(run: Run, reading: _Reading) -> bool:
    """A name of the bulletins that no dictionary has (晶心办, 惠泽驿站): the character stands inside a
    stretch of three or more, or at the end of one that is hardly ever followed by another."""
    place, start, end = reading.place, reading.start, reading.end
    near = {run.word_at(i) for i in (place - 1, place, place + 1) if start <= i < end}
    others = reading.text[start:place] + reading.text[place + 1 : end]
    if (
        reading.length < (3 if run.is_odd[place] else 4)
        or reading.likeness == "near_sound"
        or reading.text[place] in FUNCTION
        or not FUNCTION.isdisjoint(near)
        or sum(other not in LOOSE for other in others) < 2
        or not run.is_beside_odd(place)
        or run.standing_length(place) > 2
    ):
        return False
    if start < place < end - 1:
        is_free = not tokenize.is_common_word(run.word_at(place)) and reading.likeness == "sound"
        return is_free or not run.is_in_word(place)
    is_rest_odd = any(run.is_odd[i] for i in range(start, end) if i != place)
    standing = run.vocabulary.standing
    is_predicted = standing(reading.text[start:end]) >= _LEAST_PREDICTED * standing(others)
    is_backed = is_rest_odd or reading.length > 4
    return is_backed and is_predicted and reading.likeness == "sound" and not run.is_in_word(place)
