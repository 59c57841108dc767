"""A draft becomes pieces that each speak of one place (or several together), to be looked up one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.places import Gazetteer
from corpus.sentences import split_sentences
from rag.claims import Claim, find_claims
from rag.parts import parts_by_place, places_of

_LONGEST_HEADING = 40
_STOP = re.compile(r"[。；！？]")


@dataclass(frozen=True, slots=True)
class Piece:
    """``text`` stands at ``start`` of the draft. ``claims`` have offsets within the piece. ``places`` are the
    full names it speaks of by itself; ``carried`` those that the text before it does, where it names none;
    ``is_near`` tells that this was in the same paragraph."""

    start: int
    text: str
    sentence: int
    claims: tuple[Claim, ...]
    places: tuple[str, ...]
    carried: tuple[str, ...] = ()
    is_near: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A text, its sentences as spans, and its pieces in order; every sentence has one at least."""

    text: str
    sentences: tuple[tuple[int, int], ...]
    pieces: tuple[Piece, ...]


def read_draft(text: str, gazetteer: Gazetteer, context: Sequence[str] = ()) -> Draft:
    """``context``: names that help to settle which place is meant (the issuers of the bulletins)."""
    spans = split_sentences(text)
    pieces: list[Piece] = []
    carried: tuple[str, ...] = ()
    paragraph = -1
    for number, (start, end) in enumerate(spans):
        is_new = text.count("\n", 0, start) != paragraph
        paragraph = text.count("\n", 0, start)
        sentence = text[start:end]
        around = [*context, *carried]
        for first, last in parts_by_place(sentence, gazetteer, around):
            part = sentence[first:last]
            claims = tuple(find_claims(part, gazetteer, around))
            named = places_of(claims)
            near = not is_new and bool(pieces)
            pieces.append(Piece(start + first, part, number, claims, named, () if named else carried, near))
            carried = named or carried
    return Draft(text, tuple(spans), tuple(pieces))


def is_heading(text: str) -> bool:
    """Whether a line is a heading rather than a sentence: short and without a stop."""
    return len(text) <= _LONGEST_HEADING and not _STOP.search(text)
