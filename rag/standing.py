"""Which of many terms stand in a text: looked up by the first two characters at each place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType


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

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Place and term, for every term at every place where it stands, overlapping or not; by place."""
        for place in range(len(text) - 1):
            for term in self._by_start.get(text[place : place + 2], ()):
                if text.startswith(term, place):
                    yield place, term
