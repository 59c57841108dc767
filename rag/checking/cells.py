"""Figures of tables, each read under the head of its column, for those who speak of its row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from corpus.place_data import short_form
from corpus.types import Passage
from index import tokenize
from rag.alignment import Figure, read_figures
from rag.checking.draft import Piece
from rag.quantities import find_quantities
from rag.table import Row, Table, tables_at

_LEAST_NAME = 2


def is_in_row(passage: Passage, offset: int) -> bool:
    """Whether an offset of a passage's text lies in a row of a table."""
    start = passage.text.rfind("\n", 0, offset) + 1
    end = passage.text.find("\n", offset)
    return "\t" in passage.text[start : end if end >= 0 else len(passage.text)]


def figures_in_rows(passage: Passage, text: str, piece: Piece) -> list[Figure]:
    """The figures of the passage's rows that the piece names, by place or by another cell, and of those that
    add others up; ``text`` is the document's. A figure's place is that of its cell in the passage."""
    if "\t" not in passage.text:
        return []
    return [
        figure
        for table in tables_at(text, passage.start, passage.end)
        if table.heads
        for row in table.rows
        if passage.start <= row.start < passage.end and _speaks_of(piece, table, row)
        for figure in _figures(passage, table, row)
    ]


def _speaks_of(piece: Piece, table: Table, row: Row) -> bool:
    names = {
        name for place in (*piece.places, *piece.carried) for name in (place, short_form(place) or place)
    }
    asked = tokenize.normalise(piece.text)
    cells = [cell for cell in (tokenize.normalise(c).strip() for c in row.cells) if len(cell) >= _LEAST_NAME]
    written = any(cell in names or (not cell[0].isdigit() and cell in asked) for cell in cells)
    return written or row not in table.single_rows


def _figures(passage: Passage, table: Table, row: Row) -> Iterator[Figure]:
    at = row.start - passage.start
    for column, cell in enumerate(row.cells):
        told = table.told(row, column)
        for figure in read_figures(told, find_quantities(told)):
            yield replace(
                figure, quantity=replace(figure.quantity, start=at, end=at + len(cell)), sentence=row.start
            )
        at += len(cell) + 1
