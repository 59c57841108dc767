"""Which of many terms stand in a text: looked up by the first two characters at each place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

_LEAST_PART = 2


@dataclass(frozen=True)
class TermFinder:
    """``terms`` are normalised and at least two characters long. Immutable; may be shared by threads.

    The time to search a text grows with its length, not with the number of terms.
    """

    terms: frozenset[str]
    _by_start: Mapping[str, Sequence[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts: dict[str, list[str]] = {}
        for term in self.terms:
            starts.setdefault(term[:2], []).append(term)
        object.__setattr__(self, "_by_start", MappingProxyType(starts))

    def find_parted(self, text: str, most: int) -> Iterator[tuple[tuple[int, int, int, int], str]]:
        """Terms that stand in ``text`` in two parts, of two characters or more each, with one to ``most``
        other characters between them, none of which is punctuation; before each, where its first part
        begins and ends and its second begins and ends."""
        for place in range(len(text) - 4):
            for term in self._by_start.get(text[place : place + 2], ()):
                if len(term) >= 2 * _LEAST_PART and (parts := _parts(text, place, term, most)):
                    yield parts, term

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Place and term, for every term at every place where it stands, overlapping or not; by place."""
        for place in range(len(text) - 1):
            for term in self._by_start.get(text[place : place + 2], ()):
                if text.startswith(term, place):
                    yield place, term


def _parts(text: str, place: int, term: str, most: int) -> tuple[int, int, int, int] | None:
    """See ``TermFinder.find_parted``; of a term that begins at ``place``."""
    for first in range(len(term) - _LEAST_PART, _LEAST_PART - 1, -1):
        if not text.startswith(term[:first], place):
            continue
        rest, after = term[first:], place + first
        begin = text.find(rest, after + 1, after + most + len(rest))
        if begin >= 0 and text[after:begin].isalnum():
            return place, after, begin, begin + len(rest)
    return None
