"""Where text stands on the page, turned into reading order: rows and columns.

Used for pdf and for recognised scans alike. Coordinates are in any one unit (points or pixels), the origin
at the top left. Every measure is taken in ``size``, the width of an ideograph (1 em), or from the page.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from corpus.types import BlockKind

FAR_APART = 1.2
"""Gap in em from which two pieces of text on one row are separate (a full-width space is 1 em)."""

_GUTTER = 1.2
_FEWEST_COLUMN_LINES = 4


@dataclass(frozen=True, slots=True)
class Run:
    """Text that stands together. ``size`` is the width of one ideograph in it; ``column`` counts from 0
    and ``band`` is the part of the page, from the top, that the column belongs to."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    kind: BlockKind = "paragraph"
    band: int = 0
    column: int = 0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was found; ``number`` counts from 1. ``runs`` may come in any order."""

    number: int
    width: float
    height: float
    runs: tuple[Run, ...]


def rows_of(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs grouped by the row they stand on, top to bottom; each row from left to right."""
    rows: list[list[Run]] = []
    tallest: list[Run] = []
    for run in sorted((r for r in runs if r.height > 0), key=lambda r: (r.middle, r.x0)):
        best = max(
            range(max(0, len(rows) - 4), len(rows)), key=lambda i: _likeness(run, tallest[i]), default=-1
        )
        if best >= 0 and _on_one_row(run, tallest[best]):
            rows[best].append(run)
            tallest[best] = max(tallest[best], run, key=lambda r: r.height)
        else:
            rows.append([run])
            tallest.append(run)
    return [sorted(row, key=lambda r: r.x0) for row in sorted(rows, key=lambda row: min(r.top for r in row))]


def _shared_height(run: Run, other: Run) -> float:
    return min(run.bottom, other.bottom) - max(run.top, other.top)


def _on_one_row(run: Run, other: Run) -> bool:
    low, high = sorted((run.height, other.height))
    if low < 0.7 * high:  # a raised or lowered mark
        return _shared_height(run, other) > 0.75 * low
    return abs(run.middle - other.middle) < 0.4 * low


def _likeness(run: Run, other: Run) -> float:
    return _shared_height(run, other) / max(run.height, other.height)


def join_row(row: Sequence[Run]) -> Run:
    """One line from the runs of a row: two spaces where they stand far apart, none where single characters
    are spread evenly over the line (a heading set wide)."""
    text = row[0].text
    gaps = [b.x0 - a.x1 for a, b in itertools.pairwise(row)]
    spread = (
        len(row) >= 4 and all(len(r.text) == 1 for r in row) and max(gaps) - min(gaps) < row[0].size * 0.5
    )
    for run, gap in zip(row[1:], gaps, strict=True):
        size = min(run.size, row[0].size)
        text += "" if spread or gap < 0.3 * size else " " if gap < FAR_APART * size else "  "
        text += run.text
    largest = max(row, key=lambda r: len(r.text))
    top, bottom = min(r.top for r in row), max(r.bottom for r in row)
    return replace(largest, text=text, x0=row[0].x0, x1=max(r.x1 for r in row), top=top, bottom=bottom)


def reading_order(page: Page) -> list[Run]:
    """The lines of a page as they are read: band by band, and in a band column by column."""
    gutter = _find_gutter(page)
    rows = rows_of(page.runs)
    if gutter is None:
        return [join_row(row) for row in rows]
    lines: list[Run] = []
    band: list[list[Run]] = []
    for row in rows:
        if any(r.x0 < gutter < r.x1 for r in row):
            lines += [*_columns(band, gutter, len(lines)), join_row(row)]
            band = []
        else:
            band.append(row)
    return lines + _columns(band, gutter, len(lines))


def _columns(band: Sequence[Sequence[Run]], gutter: float, number: int) -> list[Run]:
    sides: list[list[Run]] = [[], []]
    for row in band:
        for column, side in enumerate(sides):
            part = [r for r in row if (r.x0 >= gutter) == bool(column)]
            if part:
                side.append(replace(join_row(part), band=number + 1, column=column))
    if any(len(side) < 2 for side in sides) or any(_is_narrow(side, gutter) for side in sides):
        return [join_row(row) for row in band]
    return sides[0] + sides[1]


def _is_narrow(side: Sequence[Run], gutter: float) -> bool:
    """Whether lines are no running text but cells, labels or page numbers beside something else."""
    width = max(r.x1 for r in side) - min(r.x0 for r in side)
    return width < 0.4 * gutter or max(len(r.text) for r in side) < 8


def _find_gutter(page: Page) -> float | None:
    """The x of the white strip between two columns of running text; None where the page has one column."""
    runs = [r for r in page.runs if r.kind == "paragraph"]
    if len(runs) < 2 * _FEWEST_COLUMN_LINES:
        return None
    size = statistics.median(r.size for r in runs)
    left, right = min(r.x0 for r in runs), max(r.x1 for r in runs)
    step = size / 5
    places = [left + 0.3 * (right - left) + i * step for i in range(int(0.4 * (right - left) / step) + 1)]
    crossing = [sum(r.x0 < place < r.x1 for r in runs) for place in places]
    widest = _widest(crossing, max(min(crossing), len(runs) // 12))
    if (widest[1] - widest[0]) * step < _GUTTER * size / 2:
        return None
    gutter = places[(widest[0] + widest[1]) // 2]
    before = [r for r in runs if r.x1 <= gutter and r.x1 - r.x0 > 0.5 * (gutter - left)]
    behind = [r for r in runs if r.x0 >= gutter and r.x1 - r.x0 > 0.5 * (right - gutter)]
    enough = min(len(before), len(behind)) >= max(_FEWEST_COLUMN_LINES, min(crossing))
    return gutter if enough else None


def _widest(values: Sequence[int], limit: int) -> tuple[int, int]:
    """Start and end of the longest stretch of ``values`` that are at most ``limit``."""
    best, start = (0, 0), 0
    for position, value in enumerate([*values, limit + 1]):
        if value > limit:
            best = max(best, (start, position), key=lambda span: span[1] - span[0])
            start = position + 1
    return best


def join_lines(above: str, below: str) -> str:
    """Two lines of one paragraph as one: a hyphen that only broke a word goes, Latin words get a space."""
    if re.search(r"[A-Za-z]-$", above) and re.match(r"[a-z]", below):
        return above[:-1] + below
    latin = re.search(r"[A-Za-z0-9,.;:)]$", above) and re.match(r"[A-Za-z0-9(]", below)
    return f"{above} {below}" if latin and not re.search(r"\d$", above) else above + below
