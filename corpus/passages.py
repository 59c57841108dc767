"""A paragraph is cut into passages: whole enumerated items where they fit, else at sentence ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from corpus.headings import heading_words, item_starts

LONGEST = 420
"""Characters of the longest passage. About 250 are best for the dense leg (DESIGN.md, section 6); an item of
a bulletin runs to 400, and a reader wants it whole."""
SHORTEST = 70


@dataclass(frozen=True, slots=True)
class Segment:
    """A span of a paragraph, and the heading of the item it belongs to, if it is one."""

    start: int
    end: int
    heading: str | None = None


def split_paragraph(text: str, *, longest: int = LONGEST, shortest: int = SHORTEST) -> list[Segment]:
    """Segments that cover ``text``; each begins and ends with a sentence.

    An item (一是…, 二是…) of a paragraph is one segment, or several of about equal length where it is
    longer than ``longest``. A piece shorter than ``shortest`` goes together with its neighbour.
    """
    starts = item_starts(text)
    bounds = sorted({0, *starts, len(text)})
    segments: list[Segment] = []
    for start, end in pairwise(bounds):
        heading = heading_words(text[start:end], 2) if start in starts else None
        segments += [Segment(start + s, start + e, heading) for s, e in _fit(text[start:end], longest)]
    if len(starts) and len(text) <= longest // 2:
        return [Segment(0, len(text))]
    return list(_merge_short(segments, longest, shortest))


def _fit(text: str, longest: int) -> list[tuple[int, int]]:
    """Spans of at most ``longest`` characters (a single sentence may be longer), of about equal length."""
    if len(text) <= longest:
        return [_trim(text, 0, len(text))]
    from corpus.splitter import SentenceSplitter  # noqa: PLC0415 - what only searches needn't import it

    pieces = -(-len(text) // longest)
    size = min(longest, len(text) // pieces + 40)
    splitter = SentenceSplitter(chunk_size=size, chunk_overlap=0, add_start_index=True, strip_whitespace=True)
    documents = splitter.create_documents([text])
    return [(d.metadata["start_index"], d.metadata["start_index"] + len(d.page_content)) for d in documents]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def _merge_short(segments: Iterable[Segment], longest: int, shortest: int) -> Iterable[Segment]:
    pending: Segment | None = None
    for segment in segments:
        if pending is None:
            pending = segment
        elif min(pending.end - pending.start, segment.end - segment.start) < shortest and (
            segment.end - pending.start <= longest
        ):
            pending = Segment(pending.start, segment.end, _shared(pending.heading, segment.heading))
        else:
            yield pending
            pending = segment
    if pending:
        yield pending


def _shared(first: str | None, second: str | None) -> str | None:
    """The heading over two segments together: that of the item, unless they are two items."""
    return first or second if first is None or second is None or first == second else None
