"""What the layout of plain text tells: paragraphs set to a fixed width, and tables set in columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from corpus.masthead import is_page_number

_GAP = re.compile(r"(?<=\S)(?:[ \u3000]{2,}|\u3000)(?=\S)")
_TALLY = re.compile(r"[\u4e00-\u9fff]{2,8}\d[\d.,]*\D{0,3}")
_FEWEST_CELLS = 3
_LONGEST_CELL = 24
_FULL = 2.0  # em: a line may end this far from the margin only for a mark that mustn't begin the next line
_NARROWEST, _WIDEST = 14.0, 70.0  # em of a set line; wider text is not set to a width
_FEWEST_FULL = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands in the file; ``number`` counts from 1."""

    text: str
    number: int
    page: int


def table_rows(lines: Sequence[Line]) -> dict[int, str]:
    """Rows of tables that spaces set in columns, by their line's number, cells parted by tabs.

    Two lines below each other with the same three or more short cells make a table, or three with two cells
    of which the second begins with a digit (甲县　12); so does a line of tallies (甲县12　乙县18　丙县3). A
    heading spaced out letter by letter stands by itself, and words of one letter are no cells.
    """
    rows: dict[int, str] = {}
    for count, group in groupby(((line, _cells(line.text)) for line in lines), key=lambda pair: len(pair[1])):
        members = list(group)
        counts = count == 2 and len(members) >= 3 and all(cells[1][0].isdigit() for _, cells in members)
        tallies = count >= _FEWEST_CELLS and all(_TALLY.fullmatch(c) for _, cells in members for c in cells)
        if (count >= _FEWEST_CELLS and len(members) >= 2) or counts or tallies:
            rows |= {line.number: "\t".join(cells) for line, cells in members}
    return rows


def _cells(text: str) -> list[str]:
    if "  " not in text and "\u3000" not in text:
        return []
    cells = _GAP.split(text.strip()) if "\t" not in text and len(text) <= 200 else []
    readable = all(len(c) <= _LONGEST_CELL for c in cells) and any(len(c) > 1 for c in cells)
    return [c.strip() for c in cells] if readable else []


def continued_lines(lines: Sequence[Line]) -> set[int]:
    """Numbers of the lines that go on the paragraph before, in text set to a fixed width with indents.

    A paragraph begins with an indent of two characters; a flush line below a full line goes on. Empty where
    the text isn't set so. A paragraph's end on a full line is told from a sentence's end only by this.
    """
    texts = [line for line in lines if line.text.strip()]
    if not any(line.text[0].isspace() for line in texts):
        return set()
    texts = [line for line in texts if not is_page_number(line.text)]
    widths = [_width(line.text.rstrip()) for line in texts]
    indented = [_width(line.text) - _width(line.text.lstrip()) >= 1.5 for line in texts]
    margin = _margin(widths)
    if margin is None:
        return set()
    continued: set[int] = set()
    inside = False
    for position, line in enumerate(texts):
        if indented[position]:
            inside = _width(line.text) - _width(line.text.lstrip()) < 2.6
        elif position and inside and widths[position - 1] >= margin - _FULL:
            continued.add(line.number)
        else:
            inside = False
    return continued if len(continued) >= _FEWEST_FULL else set()


def _margin(widths: Sequence[float]) -> float | None:
    """The width to which lines are set: at least three lines, and one in five, end there, none behind it."""
    if not widths:
        return None
    widest = max(widths)
    full = sum(w >= widest - _FULL for w in widths)
    return widest if _NARROWEST <= widest <= _WIDEST and full >= max(_FEWEST_FULL, len(widths) // 5) else None


def _width(text: str) -> float:
    """The width of a line in em: half an em for what isn't wide (UAX #11), as typewriter fonts set it."""
    wide = {"W", "F", "A"}
    return sum(1.0 if unicodedata.east_asian_width(c) in wide else 0.5 for c in text)
