"""How a brief begins: with what the thing is called, before it says what is done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.place_data import short_form
from corpus.sentences import split_sentences
from rag.types import Evidence

_LONGEST = 45
_NUMBER = re.compile(
    r"\s*(?:[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[.．、]|[)）][.、]?)|[■◆●▪·*-])\s*"
)
_NAME = re.compile(r"[“\"「『]([^”\"」』，。；：！？]{2,14})[”\"」』]")


def with_opening(pieces: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """``pieces`` (sentences, in reading order), before them the opening of the first one's passage where it
    names in quotation marks what none of them does (吴江区设立“小候鸟驿站”。), and the place with it: whoever
    reads of a thing wants to know what it is called."""
    opening = _opening(pieces[0]) if pieces else None
    own = [piece for piece in pieces if piece.passage.id == pieces[0].passage.id]
    if opening is None or any(piece.start < opening.end for piece in own):
        return tuple(pieces)
    told = "".join(piece.text for piece in pieces)
    names = _NAME.findall(opening.text)
    return tuple(pieces) if any(name in told for name in names) else (opening, *pieces)


def _opening(piece: Evidence) -> Evidence | None:
    """The short first sentence of a passage, without its number, where it names its place and a thing."""
    passage = piece.passage
    if not passage.place or "\t" in passage.text:
        return None
    lines = [span for span in split_sentences(passage.text) if passage.text[slice(*span)][-1:] in "。！"]
    start, end = lines[0] if lines else (0, 0)
    number = _NUMBER.match(passage.text, start)
    start = number.end() if number and number.end() < end else start
    text = passage.text[start:end]
    place = short_form(passage.place) or passage.place
    if len(text) > _LONGEST or place not in text or not _NAME.search(text):
        return None
    return replace(piece, start=passage.start + start, end=passage.start + end, text=text)
