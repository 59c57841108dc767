"""The tables among the passages that were found, and quotes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.types import Passage
from rag.table import Table, tables_at
from rag.types import Evidence
from rag.verify import TextOf


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table, the passage by which it was found, and the ``text`` of its document."""

    table: Table
    passage: Passage
    text: str

    def quote(self, start: int, end: int) -> Evidence:
        """``text[start:end]``. What a table says is told apart from sentences, and has no score of theirs."""
        return Evidence(self.passage, start, end, self.text[start:end], 1.0, 1.0, 1.0)

    def quote_over(self) -> list[Evidence]:
        """The lines above the rows in one quote; empty where there are none."""
        over = self.table.over
        return [self.quote(over[0].start, over[-1].end)] if over else []


def find_tables(passages: Sequence[Passage], text_of: TextOf) -> list[FoundTable]:
    """In the passages' order; a table that several passages have a part in, once, by the first of them."""
    found: dict[tuple[str, Table], FoundTable] = {}
    for passage in passages:
        if "\t" in passage.text:
            text = text_of(passage.document_id)
            for table in tables_at(text, passage.start, passage.end):
                found.setdefault((passage.document_id, table), FoundTable(table, passage, text))
    return list(found.values())
