"""A draft becomes pieces that each speak of one place (or several together), to be looked up one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.places import Gazetteer
from corpus.sentences import split_sentences
from rag.claims import Claim, find_claims
from rag.marks import overlaps, quoted_spans

_CLAUSE = re.compile(r"[，；,;：:。！？]")
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
        for first, last in _parts(sentence, gazetteer, around):
            part = sentence[first:last]
            claims = tuple(find_claims(part, gazetteer, around))
            named = _spoken_of(claims)
            near = not is_new and bool(pieces)
            pieces.append(Piece(start + first, part, number, claims, named, () if named else carried, near))
            carried = named or carried
    return Draft(text, tuple(spans), tuple(pieces))


def is_heading(text: str) -> bool:
    """Whether a line is a heading rather than a sentence: short and without a stop."""
    return len(text) <= _LONGEST_HEADING and not _STOP.search(text)


def _spoken_of(claims: Sequence[Claim]) -> tuple[str, ...]:
    """The places that claims name, provinces left out: every sentence here is of one."""
    places = [c for c in claims if c.kind == "place" and not c.key]
    return tuple(dict.fromkeys(name for c in places for name in c.names if not name.endswith(("省", "自治区"))))


def _parts(sentence: str, gazetteer: Gazetteer, context: Sequence[str]) -> list[tuple[int, int]]:
    """Spans of a sentence: a new one begins with each clause that comes to another place."""
    starts = [0]
    quoted = quoted_spans(sentence)
    current: frozenset[str] | None = None
    mentions = [m for m in gazetteer.find(sentence, context=context) if not overlaps(m.start, m.end, quoted)]
    for clause_start, clause_end in _clauses(sentence):
        inside = [m for m in mentions if clause_start <= m.start < clause_end]
        names = frozenset(p.name for m in inside for p in m.places if p.level != "province")
        if not names:
            continue
        if current is not None and names.isdisjoint(current) and not _are_listed(sentence, clause_start):
            starts.append(clause_start)
            current = names
        else:
            current = names if current is None else current | names
    return [(a, b) for a, b in zip(starts, [*starts[1:], len(sentence)], strict=True)]


def _are_listed(sentence: str, at: int) -> bool:
    """Whether what stands before ``at`` is only a name in a list (灌南县，丰县都……)."""
    return at < 5


def _clauses(sentence: str) -> list[tuple[int, int]]:
    quoted = quoted_spans(sentence)
    ends = [m.end() for m in _CLAUSE.finditer(sentence) if not overlaps(m.start(), m.end(), quoted)]
    bounds = [0, *ends, len(sentence)]
    return [(a, b) for a, b in zip(bounds, bounds[1:], strict=False) if a < b]
