"""An article's paragraphs become spans of text that are passages, each under its headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.body import Part
from corpus.headings import HeadingPath
from corpus.passages import LONGEST, SHORTEST, split_paragraph

Segment = tuple[int, int, tuple[str, ...]]
"""``document.text[start:end]``, and the headings over it, the highest first."""

_CLOSERS = "，。、；：！？”’）》】〕」』…,;:!?)]"


@dataclass(frozen=True, slots=True)
class Placed:
    """A part and where it stands in the document's text."""

    part: Part
    start: int
    end: int


def segments_of(text: str, placed: Sequence[Placed]) -> list[Segment]:
    """Spans of the document's text and the heading path over each, in order. A span holds nothing that
    isn't the article's text: no label, author or page frame that stands between two paragraphs."""
    path = HeadingPath()
    segments: list[Segment] = []
    above_text: list[Segment] = []  # headings right above the text to come
    last_end = -1
    for item in placed:
        paragraph = text[item.start : item.end]
        if item.start != last_end + 1:
            segments += _sentences(text, above_text)
            above_text = []
        last_end = item.end
        if item.part.role == "heading":
            if item.part.level or path.has_mark(paragraph):
                above = path.enter(paragraph, level=item.part.level)
            else:
                above = path.enter_plain(paragraph)
            above_text.append((item.start, item.end, above))
        elif item.part.role == "body":
            above = () if item.part.opens else path.enter(paragraph)
            for number, segment in enumerate(split_paragraph(paragraph)):
                own = (segment.heading,) if segment.heading and segment.heading not in above else ()
                begin = above_text[0][0] if number == 0 and above_text else item.start + segment.start
                segments.append((begin, item.start + segment.end, above + own))
            above_text = []
    segments += _sentences(text, above_text)
    return [s for s in (_without_closer(text, *s) for s in _merge_short_paragraphs(segments)) if s[0] < s[1]]


def _sentences(text: str, headings: list[Segment]) -> list[Segment]:
    """Of headings without a text below, those that are sentences: the short items of a list."""
    return [(start, end, path[:-1]) for start, end, path in headings if text[end - 1] in "。！？；"]


def _without_closer(
    text: str, start: int, end: int, heading: tuple[str, ...]
) -> tuple[int, int, tuple[str, ...]]:
    """The span without a stray stop or bracket at its head (a broken line's rest)."""
    while start < end and (text[start] in _CLOSERS or text[start].isspace()):
        start += 1
    return start, end, heading


def _merge_short_paragraphs(
    segments: list[Segment],
) -> list[Segment]:
    """A passage too short to be found by itself goes together with the next of the same heading, or with
    its sibling under the same one; the heading they share stands over both."""
    merged: list[Segment] = []
    for start, end, heading in segments:
        if merged:
            first_start, first_end, first_heading = merged[-1]
            shared = tuple(a for a, b in zip(first_heading, heading, strict=False) if a == b)
            is_short = min(first_end - first_start, end - start) < SHORTEST
            is_next = start - first_end <= 1
            if is_next and is_short and end - first_start <= LONGEST and (shared or first_heading == heading):
                merged[-1] = (first_start, end, shared)
                continue
        merged.append((start, end, heading))
    return merged
