"""A file's blocks are parted into masthead, contents list, body and colophon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.body import Body, Part
from corpus.columns import is_editors_note
from corpus.contents import Contents, find_contents, is_contents_head
from corpus.masthead import colophon_start, is_page_head, is_page_number, read_masthead
from corpus.normalize import ends_sentence, join, squeeze
from corpus.types import Block, Masthead

_NOTES_ABOVE = 4
_LONGEST_PREFACE = 8


def read_structure(blocks: Sequence[Block]) -> tuple[Masthead, list[Part]]:
    """The masthead, and every block in reading order as parts with roles; nothing is left out but bare
    page numbers, and page heads that repeat the series. Where a file holds several bulletins, or one twice,
    the first masthead counts."""
    blocks = [b for b in blocks if b.kind == "table" or not is_page_number(b.text)]
    first, parts = Masthead(), list[Part]()
    for number, bulletin in enumerate(_bulletins(blocks)):
        masthead, of_bulletin = _read_bulletin(bulletin)
        first = masthead if number == 0 else first
        parts += of_bulletin
    return first, parts


def _bulletins(blocks: Sequence[Block]) -> list[Sequence[Block]]:
    """The blocks of each bulletin of a file: a masthead of the same series begins the next one."""
    masthead, taken = read_masthead(blocks)
    if masthead.series is None:
        return [blocks]
    series = squeeze(masthead.series)
    starts = [0]
    for position in range(max(1, taken), len(blocks)):
        text = blocks[position].text
        if len(text) > 2 * len(series) + 20 or squeeze(text)[:4] not in series:
            continue
        again, length = read_masthead(blocks[position:])
        if length >= 2 and again.series == masthead.series and (again.issue or again.date):
            starts.append(_with_notes_above(blocks, position, starts[-1] + taken))
    return [blocks[start:end] for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True)]


def _contents_below_text(blocks: Sequence[Block], head: int) -> tuple[int, Contents]:
    """Where a contents list begins that no line announces and an editor's note stands before, and that list;
    ``head`` and an empty list where there is none."""
    texts = blocks[head : head + _LONGEST_PREFACE]
    above = (is_editors_note(b.text) or ends_sentence(b.text) for b in texts)
    preface = head + next((i for i, is_text in enumerate(above) if not is_text), 0)
    contents = find_contents(blocks[preface:]) if preface > head else Contents()
    return (preface, contents) if len(contents.sources) > 1 else (head, Contents())


def _with_notes_above(blocks: Sequence[Block], start: int, lowest: int) -> int:
    """Where a masthead begins whose series stands at ``start``: the notes above it (内部资料) are its own."""
    for begin in range(max(lowest, start - _NOTES_ABOVE), start):
        if read_masthead([*blocks[begin:start], blocks[start]])[1] == start - begin + 1:
            return begin
    return start


def _read_bulletin(blocks: Sequence[Block]) -> tuple[Masthead, list[Part]]:
    masthead, head = read_masthead(blocks)
    if masthead.series:
        blocks = [*blocks[:head], *(b for b in blocks[head:] if not is_page_head(b.text, masthead.series))]
    announced = [i for i, b in enumerate(blocks[: head + 12]) if is_contents_head(b.text)]
    preface = announced[0] if announced and announced[0] > head else head
    contents = find_contents(blocks[preface:], announced=bool(announced))
    if not contents.sources and not announced:
        preface, contents = _contents_below_text(blocks, head)
    body_start = preface + contents.length
    tail = max(body_start, colophon_start(blocks))
    before = Body(blocks[head:preface], {})
    after = Body(blocks[body_start:tail], contents.sources, contents.has_briefs)
    parts = [Part("masthead", join([b], phrases=True)) for b in blocks[:head]]
    parts += before.parts()
    parts += [Part("contents", join([b], phrases=True)) for b in blocks[preface:body_start]]
    parts += after.parts()
    parts += [Part("colophon", join([b])) for b in blocks[tail:]]
    return replace(masthead, date=masthead.date or before.date or after.date), parts
