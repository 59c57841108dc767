"""Figures of tables, each read under the head of its column, for those who speak of its row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.types import Passage
from index import tokenize
from rag.alignment import Figure, read_figures
from rag.checking.draft import Piece
from rag.place_names import written_names
from rag.quantities import find_quantities
from rag.table import Row, Table

_LEAST_NAME = 2


def is_in_row(passage: Passage, offset: int) -> bool:
    """Whether an offset of a passage's text lies in a row of a table."""
    start = passage.text.rfind("\n", 0, offset) + 1
    end = passage.text.find("\n", offset)
    return "\t" in passage.text[start : end if end >= 0 else len(passage.text)]


def figures_in_rows(passage: Passage, tables: Sequence[Table], piece: Piece) -> list[Figure]:
    """The figures of the passage's rows that the piece names, by place or by another cell, and of those that
    add others up; ``tables`` are those it has a part in. A figure's place is that of its cell in the
    passage."""
    return [
        figure
        for table in tables
        if table.heads
        for row in table.rows
        if passage.start <= row.start < passage.end and _speaks_of(piece, row)
        for figure in _figures(passage, table, row)
    ]


def _speaks_of(piece: Piece, row: Row) -> bool:
    names = written_names((*piece.places, *piece.carried))
    asked = tokenize.normalise(piece.text)
    cells = [cell for cell in (tokenize.normalise(c).strip() for c in row.cells) if len(cell) >= _LEAST_NAME]
    written = any(cell in names or (not cell[0].isdigit() and cell in asked) for cell in cells)
    return written or row.is_total


def _figures(passage: Passage, table: Table, row: Row) -> Iterator[Figure]:
    at = row.start - passage.start
    for column, cell in enumerate(row.cells):
        told = table.told(row, column)
        for figure in read_figures(told, find_quantities(told)):
            yield replace(
                figure, quantity=replace(figure.quantity, start=at, end=at + len(cell)), sentence=row.start
            )
        at += len(cell) + 1
