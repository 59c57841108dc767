"""Spans of a text that rules look at first: names in quotation marks, titles in book marks; and one width of
characters without moving any offset."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from corpus.normalize import simplified

_QUOTED = re.compile(
    r"“(?P<a>[^“”\n]{1,60})”|‘(?P<b>[^‘’\n]{1,60})’|\"(?P<c>[^\"\n]{1,60})\"|「(?P<d>[^「」\n]{1,60})」|『(?P<e>[^『』\n]{1,60})』"
)
_TITLED = re.compile(r"《(?P<title>[^《》\n]{1,80})》")
_CLAUSE_MARK = re.compile(r"[，。；！？,;!?]")
_LONGEST_NAME = 20
Span = tuple[int, int]


def fold(text: str) -> str:
    """``text`` in half width, lower-case Simplified characters, of the same length: for rules and comparing,
    never to be shown."""
    return simplified("".join(_folded(character) for character in text))


@cache
def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).lower()
    return plain if len(plain) == 1 else character


def quoted_spans(text: str) -> list[Span]:
    """What stands between quotation marks (the marks left out), in order. Marks inside others are found where
    they are of another sort."""
    found: list[Span] = []
    for match in _QUOTED.finditer(text):
        inner = match.span(match.lastgroup or 0)
        found.append(inner)
        found += [(inner[0] + start, inner[0] + end) for start, end in quoted_spans(text[slice(*inner)])]
    return found


def title_spans(text: str) -> list[Span]:
    """What stands in 《》, in order."""
    return [match.span("title") for match in _TITLED.finditer(text)]


def name_spans(text: str) -> list[Span]:
    """Quoted spans that are names (short, without a clause mark) rather than speech, and titles."""
    names = [
        (start, end)
        for start, end in quoted_spans(text)
        if end - start <= _LONGEST_NAME and not _CLAUSE_MARK.search(text[start:end])
    ]
    return sorted([*names, *title_spans(text)])


def overlaps(start: int, end: int, spans: list[Span]) -> bool:
    """Whether ``[start, end)`` shares a character with one of ``spans``."""
    return any(start < last and first < end for first, last in spans)
