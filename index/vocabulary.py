"""What stands in the passages, word by word and stretch by stretch, as the lexical index knows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from index import tokenize
from index.damage import guarded

if TYPE_CHECKING:
    import tantivy


class Vocabulary:
    """Answers from the index itself, in microseconds; nothing is read through to make one. All texts are
    given normalised (see ``tokenize.normalise``). Its methods raise DamagedIndexError."""

    def __init__(self, tantivy: Any, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._query = tantivy.Query
        self._must = tantivy.Occur.Must
        self._schema = schema
        self._searcher = searcher
        self._standing: dict[str, int] = {}

    def frequency(self, word: str) -> int:
        """In how many passages a word stands (see ``tokenize.words``)."""
        with guarded():
            return self._searcher.doc_freq("words", word)

    def pair_frequencies(self, pairs: Sequence[str]) -> list[int]:
        """In how many passages each pair of Chinese characters stands."""
        with guarded():
            return [self._searcher.doc_freq("bigrams", pair) for pair in pairs]

    def standing(self, stretch: str) -> int:
        """In how many passages a stretch of characters stands, as far as its character pairs can tell: each
        of them is there, though perhaps not side by side. 0 for an empty one."""
        if stretch not in self._standing:
            self._standing[stretch] = self._count(stretch)
        return self._standing[stretch]

    def stretch_around(self, text: str, place: int, longest: int) -> tuple[int, int]:
        """(start, end) of a stretch of ``text`` around the character at ``place`` that stands in some
        passage: as far as it goes to the right, then to the left, ``longest`` characters at most. One
        character where no longer one stands."""
        start, end = place, place + 1
        while end < len(text) and end - start < longest and self.standing(text[start : end + 1]):
            end += 1
        while start > 0 and end - start < longest and self.standing(text[start - 1 : end]):
            start -= 1
        return start, end

    def _count(self, stretch: str) -> int:
        pairs = list(dict.fromkeys(tokenize.bigrams_of(stretch)))
        with guarded():
            if len(pairs) <= 1:
                return self._searcher.doc_freq("bigrams", pairs[0]) if pairs else 0
            parts = [(self._must, self._query.term_query(self._schema, "bigrams", pair)) for pair in pairs]
            found = self._searcher.search(self._query.boolean_query(parts), limit=1, count=True)
            return int(found.count or 0)  # type: ignore[attr-defined]
