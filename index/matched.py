"""Which words of the question stand in a passage, to be shown beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index import tokenize


@dataclass(frozen=True, slots=True)
class QueryWords:
    """``runs``: the question's words grouped as they stand side by side, normalised, each word with the
    writing of the question. ``expansions``: (normalised, as given)."""

    runs: tuple[tuple[tuple[str, str], ...], ...]
    expansions: tuple[tuple[str, str], ...]


def query_words(text: str, expansions: Sequence[str] = ()) -> QueryWords:
    """Taken apart once for all the passages of a search."""
    normalised = tokenize.normalise(text)
    # Normalising nearly always maps one character to one; where it doesn't, the plain form must do.
    written = text if len(text) == len(normalised) else normalised
    runs, place = [], 0
    for run in tokenize.content_runs(normalised):
        pairs = []
        for word in run:
            place = normalised.index(word, place)
            pairs.append((word, written[place : place + len(word)]))
            place += len(word)
        runs.append(tuple(pairs))
    return QueryWords(tuple(runs), tuple((tokenize.normalise(term), term) for term in expansions if term))


def matched(query: QueryWords, text: str) -> tuple[str, ...]:
    """What of the question (longest stretches of whole words) and of its expansions stands in ``text``, in
    the writing of the question, longest first. A single Chinese character is too little to be named."""
    normalised = tokenize.normalise(text)
    found: dict[str, None] = {}
    for run in query.runs:
        found.update(dict.fromkeys(_stretches(run, normalised)))
    found.update((term, None) for plain, term in query.expansions if plain in normalised)
    return tuple(sorted(filter(_worth_naming, found), key=len, reverse=True))


def _stretches(run: Sequence[tuple[str, str]], text: str) -> list[str]:
    found, first = [], 0
    while first < len(run):
        # A stretch stands in the text only where all shorter ones do, so it is grown until it doesn't: a
        # question of two thousand characters is done in as many steps.
        last, stretch = first, ""
        while last < len(run) and (longer := stretch + run[last][0]) in text:
            last, stretch = last + 1, longer
        if last > first:
            found.append("".join(written for _, written in run[first:last]))
        first = max(last, first + 1)
    return found


def _worth_naming(term: str) -> bool:
    return len(term) > 1 or (term.isascii() and term.isalnum())
