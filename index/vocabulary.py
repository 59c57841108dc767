"""What stands in the passages, word by word and stretch by stretch, as the lexical index knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from index import tokenize
from index.damage import guarded

if TYPE_CHECKING:
    import tantivy


TextsOf = Callable[[Sequence[int]], Iterable[str]]
"""The texts of passages by their numbers, as the index was given them."""

_MOST_READ = 50
_Term = tuple[str, str]
"""A field and what stands in it."""


class Vocabulary:
    """Answers from the index itself, in microseconds; nothing is read through to make one. All texts are
    given normalised (see ``tokenize.normalise``). Its methods raise DamagedIndexError."""

    def __init__(
        self, tantivy: Any, schema: tantivy.Schema, searcher: tantivy.Searcher, texts_of: TextsOf
    ) -> None:
        self._texts_of = texts_of
        self._query = tantivy.Query
        self._must = tantivy.Occur.Must
        self._schema = schema
        self._searcher = searcher
        self._standing: dict[str, int] = {}
        self._said: dict[str, bool] = {}

    def frequency(self, word: str) -> int:
        """In how many passages a word stands (see ``tokenize.words``)."""
        with guarded():
            return self._count([("words", word)])

    def pair_frequencies(self, pairs: Sequence[str]) -> list[int]:
        """In how many passages each pair of Chinese characters stands, those that were taken out of late
        still counted: 0 is sure, and it takes half a microsecond a pair."""
        with guarded():
            return [self._searcher.doc_freq("bigrams", pair) for pair in pairs]

    def standing(self, stretch: str) -> int:
        """In how many passages a stretch of characters stands, as far as its character pairs can tell: each
        of them is there, though perhaps not side by side. 0 for an empty one."""
        if stretch not in self._standing:
            with guarded():
                self._standing[stretch] = self._count(_pairs(stretch))
        return self._standing[stretch]

    def stretch_around(
        self, text: str, place: int, longest: int, *, exactly: bool = False
    ) -> tuple[int, int]:
        """(start, end) of a stretch of ``text`` around the character at ``place`` that stands in some
        passage: as far as it goes to the right, then to the left, ``longest`` characters at most. One
        character where no longer one stands. By ``is_said`` where ``exactly``, else by ``standing``."""
        stands: Callable[[str], object] = self.is_said if exactly else self.standing
        start, end = place, place + 1
        while end < len(text) and end - start < longest and stands(text[start : end + 1]):
            end += 1
        while start > 0 and end - start < longest and stands(text[start - 1 : end]):
            start -= 1
        return start, end

    def is_said(self, stretch: str) -> bool:
        """Whether a stretch stands in a passage word for word. Reads passages (fifty at most, those that
        ``standing`` counts): to be asked of few."""
        if stretch not in self._said:
            self._said[stretch] = self._is_said(stretch)
        return self._said[stretch]

    def _is_said(self, stretch: str) -> bool:
        if not self.standing(stretch) or len(stretch) <= 2:
            return self.standing(stretch) > 0
        with guarded():
            hits = self._searcher.search(self._holding(_pairs(stretch)), limit=_MOST_READ, count=False).hits
            numbers = self._searcher.fast_field_values("passage", [address for _, address in hits])
        texts = self._texts_of(np.array(numbers, dtype=np.int64).tolist())
        return any(stretch in tokenize.normalise(text) for text in texts)

    def _count(self, terms: Sequence[_Term]) -> int:
        # doc_freq is quick, but counts passages that were taken out until their segment is merged.
        if not terms or not all(self._searcher.doc_freq(field, term) for field, term in terms):
            return 0
        found = self._searcher.search(self._holding(terms), limit=1, count=True)
        return int(found.count or 0)  # type: ignore[attr-defined]

    def _holding(self, terms: Sequence[_Term]) -> tantivy.Query:
        parts = [(self._must, self._query.term_query(self._schema, *term)) for term in terms]
        query: tantivy.Query = self._query.boolean_query(parts)
        return query


def _pairs(stretch: str) -> list[_Term]:
    return [("bigrams", pair) for pair in dict.fromkeys(tokenize.bigrams_of(stretch))]
