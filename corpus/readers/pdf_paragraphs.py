"""Lines of pages become paragraphs, by their geometry; what only the page needs is left out."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.headings import find_heading
from corpus.masthead import is_page_number
from corpus.normalize import ends_sentence
from corpus.readers.pdf_layout import Page, Run, join_lines, reading_order
from corpus.types import Block, BlockKind

_EDGE = 0.13  # running heads and page numbers stand in this share of the page's height, top and bottom
_LONGEST_RUNNING = 50
_SHORT = 2.2  # em: a line may end this far from the margin only for a mark that mustn't begin the next line
_LEADER = re.compile(r"[.…·⋯．]{3,}\s*[（(]?\d{1,3}[）)]?\s*$")
_IN_BRACKETS = re.compile(
    r"^\s*[（(][^（）()]*[）)]\s*$"
)  # an author under a title, a note: a line of its own
_NAMES_PLACE = re.compile(r"^[\u4e00-\u9fff]{2,10}[省市县区旗州盟镇]\s*[：:]")
_PAGE_OF = re.compile(
    r"^[-—–\s]*(?:第\s*\d{1,4}\s*页|共\s*\d{1,4}\s*页|\d{1,4}\s*[/／]\s*\d{1,4})(?:[\s,，、/／]*共?\s*\d{1,4}\s*页)?[-—–\s]*$"
)
_PAGE_AND_COUNT = re.compile(r"第\s*\d{1,4}\s*页\s*[,，、/／]?\s*共\s*\d{1,4}\s*页")
_BARE_NUMBER = re.compile(r"^[-—–·•.\s]*\d{1,4}[-—–·•.\s]*$")
_FOOTNOTE = re.compile(r"^(?:\d{1,2}|[①-⑳]|\[\d{1,2}\]|［\d{1,2}］|〔\d{1,2}〕|[*＊])")


@dataclass(frozen=True, slots=True)
class _Margins:
    left: float
    right: float


_PageMargins = dict[tuple[int, int], _Margins]
"""By band and column."""


def read_layout(pages: Sequence[Page]) -> tuple[Block, ...]:
    """The text of ``pages`` in reading order: one block per paragraph and page, one per table row, footnotes
    after the paragraph they interrupt; running heads and page numbers are left out."""
    ordered = _drop_running([(page, reading_order(page)) for page in pages])
    every_line = [line for _, lines in ordered for line in lines if line.kind == "paragraph"]
    if not every_line:
        return tuple(
            Block(line.text, page.number, None, line.kind) for page, lines in ordered for line in lines
        )
    pitch = _usual_pitch([lines for _, lines in ordered])
    body = statistics.median(line.size for line in every_line for _ in range(max(1, len(line.text) // 8)))
    blocks: list[Block] = []
    pending: list[Block] = []
    found = [lines for _, lines in ordered]
    paragraphs = _Paragraphs(body, pitch, _uses_indents(found, body), _uses_gaps(found, pitch))
    last: tuple[Sequence[Run], Run] | None = None
    for page, lines in ordered:
        found_blocks = paragraphs.of_page(page, lines)
        text = lines[: paragraphs.footnote_start(page, lines)]
        if text and last and paragraphs.crosses(*last, text):
            found_blocks[0] = replace(found_blocks[0], continues=True)
        last = (text, text[-1]) if text else last
        for block in found_blocks:
            if block.kind == "footnote":
                pending.append(block)
                continue
            if pending and not block.continues and (not blocks or ends_sentence(blocks[-1].text)):
                blocks += pending
                pending = []
            blocks.append(block)
    return tuple(blocks + pending)


def _drop_running(pages: Sequence[tuple[Page, list[Run]]]) -> list[tuple[Page, list[Run]]]:
    """Pages without page numbers and without the lines that come again at the same height of other pages."""
    edges = [_edge_lines(page, lines) for page, lines in pages]
    places: dict[str, list[tuple[Page, Run]]] = {}
    for (page, _), edge in zip(pages, edges, strict=True):
        for line in edge:
            places.setdefault(_without_numbers(line.text), []).append((page, line))
    often = 2 if len(pages) < 5 else 3
    kept = []
    for (page, lines), edge in zip(pages, edges, strict=True):
        gone = set()
        for line in edge:
            others = places[_without_numbers(line.text)]
            seen = {other.number for other, run in others if _is_same_place(page, line, other, run)}
            if _is_number(line.text) or len(seen) >= often:
                gone.add(id(line))
        kept.append((page, [line for line in lines if id(line) not in gone]))
    return kept


def _edge_lines(page: Page, lines: Sequence[Run]) -> list[Run]:
    """The lines in the outer strips of a page that may be a running head, a running foot or a page number."""
    return [
        line
        for line in lines
        if (
            line.bottom < page.height * _EDGE
            or line.top > page.height * (1 - _EDGE)
            or _is_outer(line, lines)
        )
        and line.kind == "paragraph"
        and len(line.text) <= _LONGEST_RUNNING
        and (_is_number(line.text) or not ends_sentence(line.text))
    ]


def _is_same_place(page: Page, line: Run, other_page: Page, other: Run) -> bool:
    """Whether two lines stand at the same height of their pages, in the same size."""
    higher = abs(line.middle / page.height - other.middle / other_page.height)
    larger = abs(line.size / page.width - other.size / other_page.width) / (line.size / page.width)
    return higher < 0.025 and larger < 0.15


def _without_numbers(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", text))


def _is_outer(run: Run, lines: Sequence[Run]) -> bool:
    return _is_number(run.text) and run.bottom >= max(r.bottom for r in lines)


def _is_number(text: str) -> bool:
    return bool(
        _PAGE_OF.match(text)
        or _PAGE_AND_COUNT.search(text)
        or _BARE_NUMBER.match(text)
        or is_page_number(text)
    )


def _usual_pitch(pages: Sequence[Sequence[Run]]) -> float:
    """The usual distance from one line to the next, in em."""
    pitches = [
        (below.middle - above.middle) / above.size
        for lines in pages
        for above, below in itertools.pairwise(lines)
        if below.middle > above.middle and above.kind == below.kind == "paragraph" and len(above.text) > 12
    ]
    return statistics.median_low(pitches) if pitches else 1.5


def _uses_gaps(pages: Sequence[Sequence[Run]], pitch: float) -> bool:
    """Whether paragraphs stand apart from each other."""
    wide = sum(
        1.3 * pitch < (below.middle - above.middle) / above.size < 3 * pitch
        for lines in pages
        for above, below in itertools.pairwise(lines)
        if ends_sentence(above.text) and abs(above.size - below.size) < 0.2 * above.size
    )
    return wide >= 3


def _uses_indents(pages: Sequence[Sequence[Run]], body: float) -> bool:
    """Whether paragraphs begin with an indent, as is the rule in Chinese print."""
    indented = flush = 0
    for lines in pages:
        margins = _margins(lines)
        for line in lines:
            space = margins[line.band, line.column]
            if line.kind != "paragraph" or line.x1 < space.right - _SHORT * body:
                continue
            indent = (line.x0 - space.left) / body
            indented += 1.2 < indent < 3.2
            flush += indent < 0.6
    return indented >= 2 and flush >= 2


def _margins(lines: Sequence[Run]) -> _PageMargins:
    """Left and right edge of the text, for each band and column of a page. One line in twelve may stand out
    on either side: a mark in the margin, a stop that hangs over."""
    places: dict[tuple[int, int], list[Run]] = {}
    for line in lines:
        places.setdefault((line.band, line.column), []).append(line)
    margins = {}
    for place, members in places.items():
        text = [r for r in members if r.kind == "paragraph"] or members
        out = len(text) // 12
        margins[place] = _Margins(sorted(r.x0 for r in text)[out], sorted(r.x1 for r in text)[-1 - out])
    return margins


@dataclass(frozen=True, slots=True)
class _Paragraphs:
    """Puts lines together into paragraphs. ``body`` is the usual size, ``pitch`` the usual line distance in
    em. ``indented`` and ``spaced`` tell how the file parts its paragraphs; where by neither, a full line that
    ends a sentence ends a paragraph if the next one begins like a heading."""

    body: float
    pitch: float
    indented: bool
    spaced: bool

    def of_page(self, page: Page, lines: Sequence[Run]) -> list[Block]:
        margins = _margins(lines)
        blocks: list[Block] = []
        notes = self.footnote_start(page, lines)
        previous: Run | None = None
        for position, line in enumerate(lines):
            kind: BlockKind = "footnote" if position >= notes and line.kind == "paragraph" else line.kind
            if previous is not None and self._same_block(blocks[-1], kind, previous, line, margins):
                blocks[-1] = replace(blocks[-1], text=join_lines(blocks[-1].text, line.text))
            else:
                blocks.append(Block(line.text, page.number, None, kind))
            previous = line
        # the empty cells of a row stay: figures stand under their heads by them
        return [
            block if block.kind == "table" else replace(block, text=_without_mark(block).strip())
            for block in blocks
        ]

    def _same_block(
        self, block: Block, kind: BlockKind, line: Run, following: Run, margins: _PageMargins
    ) -> bool:
        if block.kind != kind or kind == "table":
            return False
        if kind == "footnote":
            return not _FOOTNOTE.match(following.text)
        return self._goes_on(line, following, margins)

    def footnote_start(self, page: Page, lines: Sequence[Run]) -> int:
        """Where the small print at the foot of the page begins: its first line bears a mark."""
        start = len(lines)
        while start and lines[start - 1].size < self.body * 0.92 and lines[start - 1].top > page.height * 0.5:
            start -= 1
        marked = [i for i in range(start, len(lines)) if _FOOTNOTE.match(lines[i].text)]
        return marked[0] if marked else len(lines)

    def crosses(self, above: Sequence[Run], line: Run, below: Sequence[Run]) -> bool:
        """Whether the first line of ``below`` goes on the paragraph whose ``line`` is the last of the page
        before, ``above``: that one is full, this one is flush where paragraphs are indented."""
        following = below[0]
        if not self.indented or {line.kind, following.kind} != {"paragraph"} or len(above) < 2:
            return False
        space = _margins(above)[line.band, line.column]
        next_space = _margins(below)[following.band, following.column]
        runs_full = line.x1 > space.right - _SHORT * line.size and not stands_alone(line.text)
        is_flush = following.x0 - next_space.left < 0.8 * following.size
        has_body_size = max(abs(r.size - self.body) for r in (line, following)) < 0.1 * self.body
        return runs_full and is_flush and has_body_size and len(below) > 1 and not _is_centred(line, space)

    def _goes_on(self, line: Run, following: Run, margins: _PageMargins) -> bool:
        """Whether ``following`` is the next line of the same paragraph as ``line``."""
        space, next_space = margins[line.band, line.column], margins[following.band, following.column]
        if line.band != following.band or abs(line.size - following.size) > 0.2 * self.body:
            return False
        if stands_alone(line.text) or line.x1 < space.right - _SHORT * line.size:
            return False
        if line.column == following.column:
            if (following.middle - line.middle) / line.size > self.pitch * 1.3:
                return False
            if _is_wrapped_title(line, following, space):
                return True
            if _is_centred(line, space):
                return False
        flush = following.x0 - next_space.left < 0.8 * following.size
        outdented = line.column != following.column or following.x0 < line.x0 + 0.8 * line.size
        unmarked = not (self.indented or self.spaced)
        begins = unmarked and ends_sentence(line.text) and find_heading(following.text) is not None
        return flush and outdented and not begins


def _without_mark(block: Block) -> str:
    return _FOOTNOTE.sub("", block.text) if block.kind == "footnote" else block.text


def stands_alone(text: str) -> bool:
    """Whether a line is complete by its looks: an entry of a contents list, far-apart pieces (issuer and
    date), an author in brackets."""
    return bool(_LEADER.search(text) or "  " in text or _IN_BRACKETS.match(text))


def _is_centred(line: Run, space: _Margins) -> bool:
    left, right = line.x0 - space.left, space.right - line.x1
    return left > 0.75 * line.size and abs(left - right) < 0.5 * line.size


def _is_wrapped_title(line: Run, following: Run, space: _Margins) -> bool:
    """Whether a line fills the width and the next, of the same size, stands in its middle."""
    left, right = following.x0 - space.left, space.right - following.x1
    fills = line.x0 - space.left + space.right - line.x1 < 1.4 * line.size
    same = abs(line.size - following.size) < 0.1 * line.size
    return (
        same
        and fills
        and not _NAMES_PLACE.match(following.text)
        and min(left, right) > _SHORT * line.size
        and abs(left - right) < 1.5 * line.size
    )
