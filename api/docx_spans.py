"""Spans of a text found again in the runs of a Word document, and cut out so that each can be marked."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run

_MOST_SKIPPED = 12
"""Characters at the head of a sentence that the document may lack: a number that Word writes by itself."""
_PLAIN_CHILDREN = {qn("w:rPr"), qn("w:t")}
_NOT_SHOWN = (qn("w:del"), qn("w:moveFrom"))


@dataclass(slots=True)
class _Piece:
    """A run, or what is left of it after cutting: characters ``start`` to ``end`` of all that is shown."""

    run: Run
    start: int
    end: int


class Spans:
    """``sentences`` are spans of ``text``; both are compared with the document without white space."""

    def __init__(
        self, paragraphs: Sequence[Paragraph], text: str, sentences: Sequence[tuple[int, int]]
    ) -> None:
        self._pieces: list[_Piece] = []
        shown = ""
        for paragraph in paragraphs:
            for run in _runs(paragraph):
                squeezed = _squeezed(run.text)
                if squeezed:
                    self._pieces.append(_Piece(run, len(shown), len(shown) + len(squeezed)))
                    shown += squeezed
        self._place = _aligned(text, sentences, shown)
        self._cuts: set[int] = set()

    def cut(self, start: int, end: int) -> None:
        """Ask for runs that begin and end at this span of the text."""
        span = self._span(start, end)
        if span:
            self._cuts.update(span)

    def split(self) -> None:
        """Cut all runs where it was asked for. A run that holds more than text stays whole."""
        by_piece: dict[int, list[int]] = defaultdict(list)
        for number, piece in enumerate(self._pieces):
            by_piece[number] = sorted(c for c in self._cuts if piece.start < c < piece.end)
        self._pieces = [
            part
            for number, piece in enumerate(self._pieces)
            for part in (_split(piece, by_piece[number]) if by_piece[number] else [piece])
        ]

    def runs(self, start: int, end: int) -> list[Run]:
        """The runs of a span of the text, in order; empty where the document doesn't have it."""
        span = self._span(start, end)
        if span is None:
            return []
        return [piece.run for piece in self._pieces if piece.start < span[1] and span[0] < piece.end]

    def all_runs(self) -> Iterator[Run]:
        return (piece.run for piece in self._pieces)

    def _span(self, start: int, end: int) -> tuple[int, int] | None:
        places = [self._place[i] for i in range(start, end) if i in self._place]
        return (places[0], places[-1] + 1) if places else None


def _runs(paragraph: Paragraph) -> Iterator[Run]:
    """The runs of a paragraph, in links too, without what is deleted."""
    for element in paragraph._p.iter(qn("w:r")):
        if not any(parent.tag in _NOT_SHOWN for parent in element.iterancestors()):
            yield Run(element, paragraph)


def _squeezed(text: str) -> str:
    return "".join(c for c in text if not c.isspace())


def _aligned(text: str, sentences: Sequence[tuple[int, int]], shown: str) -> dict[int, int]:
    """Where each character of the sentences stands in ``shown``."""
    place: dict[int, int] = {}
    cursor = 0
    for start, end in sentences:
        offsets = [i for i in range(start, end) if not text[i].isspace()]
        wanted = "".join(text[i] for i in offsets)
        for skipped in range(min(_MOST_SKIPPED, len(wanted))):
            at = shown.find(wanted[skipped:], cursor)
            at = at if at >= 0 else shown.find(wanted[skipped:])
            if at >= 0:
                place.update(zip(offsets[skipped:], range(at, at + len(wanted)), strict=False))
                cursor = at + len(wanted) - skipped
                break
    return place


def _split(piece: _Piece, cuts: Sequence[int]) -> list[_Piece]:
    run = piece.run
    if {child.tag for child in run._r} - _PLAIN_CHILDREN:
        return [piece]
    parts, text, element = [], run.text, run._r
    bounds = [piece.start, *cuts, piece.end]
    offsets = [_offset(text, bound - piece.start) for bound in bounds[:-1]] + [len(text)]
    offsets[0] = 0
    for number, (first, last) in enumerate(pairwise(offsets)):
        if number == 0:
            part = run
        else:
            copied = copy.deepcopy(run._r)
            element.addnext(copied)
            part, element = Run(copied, run._parent), copied
        parts.append((part, text[first:last]))
    for part, words in parts:
        part.text = words
    return [
        _Piece(part, first, last) for (part, _), first, last in zip(parts, bounds, bounds[1:], strict=False)
    ]


def _offset(text: str, count: int) -> int:
    """The offset of ``text`` after ``count`` characters that aren't white space."""
    seen = 0
    for offset, character in enumerate(text):
        if seen == count and not character.isspace():
            return offset
        seen += not character.isspace()
    return len(text)
