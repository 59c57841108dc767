"""One run of Chinese characters of a question: which of them make sense where they stand."""

from __future__ import annotations

from collections.abc import Collection

from index import tokenize
from index.vocabulary import Vocabulary
from rag.topic import GENERIC_WORDS

OF_ASKING = tokenize.STOP_WORDS | GENERIC_WORDS
FUNCTION = frozenset(
    "之中不未因且上下内外前后则而但却又再还更最很太可能应该须需将已曾正便即仍并若如虽由自至向往到当比让使给每某另此本"
    "所各全总共同一二三四五六七八九十百千万两几多少第"
).union(word for word in tokenize.STOP_WORDS if len(word) == 1)
NUMERALS = frozenset("几一二三四五六七八九十百千万亿两零〇")
"""A figure is never read as another."""
LOOSE = FUNCTION.union(
    "个名位家条件项支场次年月日时岁元人市县区省镇乡村做去来叫问写看讲请找拿换收花干吃住开",
    (word for word in GENERIC_WORDS if len(word) == 1),
)
"""Characters that are words by themselves so often that standing alone says nothing against them."""
LONGEST = 10
"""Characters of a stretch that is looked for in the passages."""


class Run:
    """``text`` is normalised. ``known``: offsets of characters that are right as they are; ``is_quoted``: the
    whole run stands in quotation marks and so is one name.

    ``is_odd`` tells of each character whether nothing explains it: it is no part of a word of the bulletins
    or of the asking, not often a word by itself, and in no stretch of three that stands in a passage.
    ``edges`` are where words of the dictionary begin and end.
    """

    def __init__(
        self, text: str, known: Collection[int], vocabulary: Vocabulary, *, is_quoted: bool = False
    ) -> None:
        self.text = text
        self.vocabulary = vocabulary
        self.is_strange_name = is_quoted and len(text) > 2 and not vocabulary.standing(text)
        # a name in quotation marks means itself: what its words mean elsewhere doesn't explain it
        self.known = frozenset() if self.is_strange_name else frozenset(known)
        self._words = tokenize.dictionary_spans(text)
        self.edges = {edge for word in self._words for edge in word}
        self.is_odd = [not self._is_explained(place) for place in range(len(text))]

    def word_at(self, place: int) -> str:
        """The word of the dictionary that ``place`` lies in, or the character there."""
        start, end = self._words[place]
        return self.text[start:end]

    def is_in_word(self, place: int) -> bool:
        """Whether ``place`` lies in a word of two or more characters."""
        return len(self.word_at(place)) > 1

    def is_open(self, place: int) -> bool:
        """Whether another character may be tried: where nothing explains this one, or it is a loose word
        beside such a one; in a quoted name that stands nowhere, any loose word."""
        if self.text[place] in NUMERALS:
            return False
        if self.is_odd[place]:
            return True
        if self.is_in_word(place) or place in self.known or self.text[place] not in LOOSE:
            return False
        return self.is_strange_name or self.is_beside_odd(place)

    def is_beside_odd(self, place: int) -> bool:
        """Whether nothing explains the character at ``place`` or one of its neighbours."""
        return any(self.is_odd[max(0, place - 1) : place + 2])

    def standing_length(self, place: int) -> int:
        """The length of the stretch around ``place`` that stands in a passage as it is written."""
        start, end = self.vocabulary.stretch_around(self.text, place, LONGEST)
        return end - start

    def _is_explained(self, place: int) -> bool:
        word = self.word_at(place)
        if place in self.known or word in OF_ASKING:
            return True
        if len(word) > 1:
            return self.vocabulary.frequency(word) > 0 or self._is_made_of_known_words(word)
        return word in LOOSE or self.standing_length(place) > 2

    def _is_made_of_known_words(self, word: str) -> bool:
        """哪些地方 is a word of the dictionary, and so are 哪些 and 地方."""
        parts = [part for part in tokenize.words(word) if part != word]
        known = (part in OF_ASKING or self.vocabulary.frequency(part) > 0 for part in parts)
        return "".join(parts) == word and all(known)
