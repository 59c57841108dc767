"""Finds places of the bulletins that are misspelt in a question (灌男县)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence

from index import tokenize
from rag.run import LONGEST, Run
from rag.slips import Change, SimilarTo


class Names:
    """Names of places that may be meant. ``exists`` tells whether there is any place of a name: what is one
    is no slip for another."""

    def __init__(self, names: Collection[str], exists: Callable[[str], bool]) -> None:
        self.exists = exists
        self.lengths = sorted({len(name) for name in names}, reverse=True)
        self._by_gap: dict[tuple[str, str], list[str]] = defaultdict(list)
        for name in sorted(names):
            for place in range(len(name)):
                self._by_gap[name[:place], name[place + 1 :]].append(name[place])

    def between(self, before: str, after: str) -> Sequence[str]:
        """The characters that make a name when put between the two."""
        return self._by_gap.get((before, after), ())


def place_changes(run: Run, names: Names, similar_to: SimilarTo) -> Iterator[Change]:
    """Every change of one character that makes a place of what is no place and no word."""
    text = run.text
    for length in names.lengths:
        for start in range(len(text) - length + 1):
            end = start + length
            for place in range(start, end):
                fitting = names.between(text[start:place], text[place + 1 : end])
                if fitting and _may_be_place(run, start, end, names):
                    similar = similar_to(text[place])
                    for character in fitting:
                        if character in similar:
                            yield Change(place, character, start, end, (LONGEST + length, 0.0))


def _may_be_place(run: Run, start: int, end: int, names: Names) -> bool:
    """Whether what is written is made of whole words and means nothing; a short name must hold something
    that nothing explains, and be no word to speak of."""
    written = run.text[start:end]
    if end - start == 2 and (not any(run.is_odd[start:end]) or tokenize.is_common_word(written)):
        return False
    return (
        {start, end} <= run.edges
        and run.known.isdisjoint(range(start, end))
        and not names.exists(written)
        and not run.vocabulary.standing(written)
    )
