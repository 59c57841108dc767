"""Answers out of tables, where they answer better than sentences do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.places import Gazetteer
from corpus.types import Passage
from rag.cell_lists import list_cells
from rag.cells import read_cells
from rag.expected import Expected
from rag.table_source import find_tables
from rag.types import DraftSentence, Evidence, Query
from rag.verify import TextOf

_AHEAD = 0.01


def draft_from_tables(
    query: Query,
    passages: Sequence[Passage],
    expected: Sequence[Expected],
    text_of: TextOf,
    gazetteer: Gazetteer,
    evidence: Sequence[Evidence] | None,
) -> list[DraftSentence]:
    """What the tables among ``passages`` say to the question; empty where that is nothing, or ``evidence``
    (best first; None where it doesn't answer) says it as well. The last quote of a draft is its row."""
    tables = find_tables(passages, text_of)
    if listed := list_cells(query, tables, gazetteer):
        return listed
    reading = read_cells(query, tables, expected)
    if reading and (evidence is None or reading.is_better(query, evidence, expected)):
        return [reading.draft]
    return []


def rows_first(drafts: Sequence[DraftSentence], evidence: Sequence[Evidence]) -> list[Evidence]:
    """The rows that ``drafts`` rest on, scored above all of ``evidence`` (best first), which follows."""
    top = (evidence[0].score if evidence else 1.0) + _AHEAD
    rows = dict.fromkeys(draft.evidence[-1] for draft in drafts)
    return [*(replace(row, score=top) for row in rows), *evidence]
