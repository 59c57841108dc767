"""Single characters with their boxes become runs of text and table rows.

pdf and recognised scans both come through here. Order in the file means nothing: characters are sorted by
where they stand, since some writers put quotation marks at the end of their line.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from corpus.readers.pdf_layout import FAR_APART, Run, join_lines, join_row, rows_of

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom; the origin at the top left."""

TableCells = Sequence[Sequence[Box | None]]
"""The cells of one table, row by row; None where a cell is merged into another."""

_MAY_SHARE_BOX = "—…⋯─ "  # a font may draw —— as one glyph: two characters on one place
_MARKS = "，。、；：！？（）《》〈〉“”‘’【】〔〕%·…—"
_MARK = re.compile(r"[\d①-⑳\[\]［］〔〕*＊]")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character and its box. A space is a glyph too; its box only has to stand in the right place."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def size(self) -> float:
        """Width of an ideograph: its own for a wide character, else told by the height."""
        return self.x1 - self.x0 if is_wide(self.text) else self.height


def is_wide(text: str) -> bool:
    return text in "“”‘’…—·" or unicodedata.east_asian_width(text) in {"W", "F"}


def read_glyphs(glyphs: Iterable[Glyph], tables: Sequence[TableCells] = ()) -> tuple[Run, ...]:
    """The runs of a page: rows (cells joined by tabs) of what stands in ``tables``, text for the rest."""
    left = list(glyphs)
    runs: list[Run] = []
    for table in tables:
        rows, left = _read_table(table, left)
        runs += rows
    return (*runs, *_runs(left))


def _runs(glyphs: Sequence[Glyph]) -> list[Run]:
    return [run for row in _rows(glyphs) for run in _split_row(_without_marks(row))]


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs by row, each from left to right, every glyph once (print made bold by printing it twice)."""
    boxes = [Run(g.text, g.x0, g.top, g.x1, g.bottom, g.height) for g in glyphs if g.height > 0]
    rows = []
    for row in rows_of(boxes):
        kept: list[Glyph] = []
        for run in row:
            glyph = Glyph(run.text, run.x0, run.top, run.x1, run.bottom)
            twice = glyph.text not in _MAY_SHARE_BOX and any(
                k.text == glyph.text and abs(k.x0 - glyph.x0) < 0.3 * glyph.size for k in kept[-2:]
            )
            if not twice:
                kept.append(glyph)
        rows.append(kept)
    return rows


def _without_marks(row: Sequence[Glyph]) -> list[Glyph]:
    """A row without the small raised numbers that point to footnotes; exponents (m², 10⁴) stay."""
    letters = [g for g in row if not g.text.isspace()]
    if not letters:
        return []
    height = statistics.median_high(g.height for g in letters)
    bottom = statistics.median_high(g.bottom for g in letters)
    kept: list[Glyph] = []
    for glyph in row:
        small = glyph.height < 0.75 * height and glyph.bottom < bottom - 0.12 * height
        before = kept[-1].text if kept else ""  # at the head of a line it numbers a footnote
        if kept and small and _MARK.match(glyph.text) and not (before.isascii() and before.isalnum()):
            continue
        kept.append(glyph)
    return kept


def _split_row(row: Sequence[Glyph]) -> list[Run]:
    """The runs of one row: a new one begins after a wide gap."""
    parts: list[list[Glyph]] = []
    text: list[str] = []
    space = False
    for glyph in row:
        if glyph.text.isspace():
            space = True
            continue
        before = parts[-1][-1] if parts else None
        gap = glyph.x0 - before.x1 if before else 0.0
        size = max(glyph.height, before.height) if before else 1.0
        if before is None or gap > FAR_APART * size:
            parts.append([])
            text.append("")
        elif (space and gap > 0.1 * size) or gap > _least_space(before, glyph) * size:
            text[-1] += " "
        parts[-1].append(glyph)
        text[-1] += glyph.text
        space = False
    if space and text:
        text[-1] += " "  # a line may have been broken at a space
    return [_run(part, words) for part, words in zip(parts, text, strict=True)]


def _least_space(before: Glyph, glyph: Glyph) -> float:
    """The gap in em that stands for a space; marks have white space of their own in their square."""
    if before.text in _MARKS or glyph.text in _MARKS:
        return FAR_APART
    return 0.18 if before.text.isascii() and glyph.text.isascii() and before.text.isalpha() else 0.45


def _run(glyphs: Sequence[Glyph], text: str) -> Run:
    wide = [g.size for g in glyphs if is_wide(g.text) and g.x1 > g.x0]
    size = statistics.median(wide or [g.height for g in glyphs]) or glyphs[0].height
    top = statistics.median_low(g.top for g in glyphs)
    bottom = statistics.median_high(g.bottom for g in glyphs)
    return Run(text, glyphs[0].x0, top, glyphs[-1].x1, bottom, size)


def _read_table(table: TableCells, glyphs: Sequence[Glyph]) -> tuple[list[Run], list[Glyph]]:
    """The rows of a table as runs, and the glyphs that stand outside it. What looks like a table but holds
    one column, one row or hardly any text (a frame, a line under a heading) is left as it is."""
    texts: list[list[str]] = []
    inside: set[int] = set()
    for cells in table:
        texts.append([])
        for cell in cells:
            members = [g for g in glyphs if cell and _holds(cell, g)]
            inside |= {id(g) for g in members}
            texts[-1].append(_cell_text(members))
    filled = [[text for text in row if text] for row in texts]
    if len(texts) < 2 or max(map(len, filled)) < 2 or sum(map(bool, filled)) < 2:
        return [], list(glyphs)
    runs = []
    for cells, row in zip(table, texts, strict=True):
        boxes = [c for c in cells if c]
        if any(row) and boxes:
            x0, x1 = min(b[0] for b in boxes), max(b[2] for b in boxes)
            top, bottom = min(b[1] for b in boxes), min(b[3] for b in boxes)
            runs.append(Run("\t".join(row), x0, top, x1, bottom, (bottom - top) / 2, kind="table"))
    return runs, [g for g in glyphs if id(g) not in inside]


def _holds(cell: Box, glyph: Glyph) -> bool:
    return cell[0] <= (glyph.x0 + glyph.x1) / 2 <= cell[2] and cell[1] <= glyph.middle <= cell[3]


def _cell_text(glyphs: Sequence[Glyph]) -> str:
    text = ""
    for row in rows_of(_runs(glyphs)):
        text = join_lines(text, join_row(row).text) if text else join_row(row).text
    return text


def mend(text: str) -> str:
    """A character as the page shows it: fonts of pdf files often name the radical (⼀ U+2F00) or the
    compatibility form instead of the ideograph. Nothing for what no font should name."""
    if "\u2e80" <= text <= "\u2fdf" or "\uf900" <= text <= "\ufaff":
        return unicodedata.normalize("NFKC", text)
    if text in "\ufffe\x02":  # how pdfium tells a hyphen at the end of a line
        return "-"
    return "" if unicodedata.category(text) in {"Cc", "Cn", "Cs"} and not text.isspace() else text


def is_garbled(glyphs: Sequence[Glyph]) -> bool:
    """Whether a page's font has no usable mapping to characters, so that only its image can be read."""
    strange = sum(g.text == "\ufffd" or unicodedata.category(g.text[0]) == "Co" for g in glyphs)
    return bool(glyphs) and strange > 0.2 * len(glyphs)


def shift(table: TableCells, dx: float, dy: float) -> TableCells:
    """A table moved by ``dx`` and ``dy``."""
    return [[c and (c[0] + dx, c[1] + dy, c[2] + dx, c[3] + dy) for c in row] for row in table]


def scaled(run: Run, factor: float) -> Run:
    """A run in another unit."""
    return replace(
        run,
        x0=run.x0 * factor,
        top=run.top * factor,
        x1=run.x1 * factor,
        bottom=run.bottom * factor,
        size=run.size * factor,
    )
