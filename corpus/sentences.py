"""Sentences of Chinese (and mixed) text, as spans."""

from __future__ import annotations

import re

# A full stop, with whatever closes after it. A Latin stop counts only before a space or the end,
# so that 98.5% and 3·15 stay whole.
_END = re.compile(r"(?:[。！？!?…]+|\.(?=\s|$))[”’」』）)\]】》\"']*|\n+")
_CONTINUES = re.compile(r"[，、；：,;:的地得了]")
_OPENERS, _CLOSERS = "（(【[《“「『", "）)】]》”」』"
_LONGEST_ASIDE = 80
_LONGEST_OPEN = 400  # looked through again at every stop inside brackets


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of ``text``, in order, without surrounding white space.

    Everything but white space is covered. A stop inside quotes or brackets doesn't end a sentence where
    the outer sentence goes on after them (“……。”的), and a line break always does.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        is_line_break = match.group().startswith("\n")
        if not is_line_break and (_goes_on(text, end) or _inside_aside(text, start, end)):
            continue
        _append(spans, text, start, end)
        start = end
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        begin = start + piece.index(stripped)
        spans.append((begin, begin + len(stripped)))


def _goes_on(text: str, end: int) -> bool:
    return end < len(text) and text[end - 1] in _CLOSERS + "\"'" and bool(_CONTINUES.match(text, end))


def _inside_aside(text: str, start: int, end: int) -> bool:
    """Whether a bracket opened in this sentence is still open, and closes soon enough to be an aside."""
    depth = 0
    for character in text[max(start, end - _LONGEST_OPEN) : end]:
        if character in _OPENERS:
            depth += 1
        elif character in _CLOSERS:
            depth = max(0, depth - 1)
    if depth == 0:
        return False
    rest = text[end : end + _LONGEST_ASIDE].split("\n", 1)[0]
    return any(character in _CLOSERS for character in rest)
