"""Lists out of tables: the places whose figure lies beyond the one that the question names, that are first
or last, or of the state or class that it names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.numerals import cn2an
from corpus.places import Gazetteer
from corpus.types import Place
from index import tokenize
from rag.bounds import Bound, find_bound
from rag.cell_kinds import rows_of_kind
from rag.frames import frame_of, joined
from rag.table import Row, Table, years_in
from rag.table_source import FoundTable
from rag.types import DraftSentence, Query

_TOP = re.compile(
    r"(?P<end>前|后|末|最后|倒数)(?P<count>[两三四五六七八九十]|\d{1,2})(?:[名位]|个?[县市区]|$|(?=[的是有，。?？]))"
)


@dataclass(frozen=True, slots=True)
class _Top:
    """The first so many, or the last."""

    count: int
    is_last: bool


def list_cells(query: Query, tables: Sequence[FoundTable], gazetteer: Gazetteer) -> list[DraftSentence]:
    """The line that sums up and a row for each place, where places are asked for by a bound (哪些县的满意率
    超过95%), by their rank (前三名) or by a state or class (已完成的有哪些县) and one of ``tables`` has the
    column and places to its rows; else none."""
    if query.universe or query.intent == "quote":
        return []
    asked, years = tokenize.normalise(query.text), years_in(query.original)
    bound = find_bound(asked) if query.intent == "list" else None
    top = _top(asked)
    if query.intent != "list" and not top:
        return []
    for found in tables:
        table = found.table
        if bound:
            met = _beyond(table, table.written_heads(asked, years), bound)
        elif top:
            met = _first(table, table.written_heads(asked, years), top)
        else:
            rows = rows_of_kind(table, asked, found.passage.title)
            met = [(row, "，".join(table.named_cells(row))) for row in rows]
        if drafts := _drafts(query, found, met, gazetteer):
            return drafts
    return []


def _top(asked: str) -> _Top | None:
    match = _TOP.search(asked)
    return _Top(int(cn2an(match["count"], "smart")), match["end"] != "前") if match else None


def _beyond(table: Table, heads: Mapping[int, str], bound: Bound) -> list[tuple[Row, str]]:
    """The rows whose figure meets the bound, with their cell."""
    if not heads:
        return []
    column = max(heads, key=lambda c: len(heads[c]))
    unit, numbers = table.unit(column), table.numbers(column)
    return [(row, table.named(row, column)) for row in numbers if bound.is_met_by_cell(numbers[row], unit)]


def _first(table: Table, heads: Mapping[int, str], top: _Top) -> list[tuple[Row, str]]:
    """The rows that are first (or last) by their ranks, else by the figures of the column asked for."""
    ranks = {row: rank for row in table.single_rows if (rank := table.rank(row)) is not None}
    if len(ranks) > 1:
        ordered = sorted(ranks, key=lambda row: ranks[row], reverse=top.is_last)
        return [(row, "，".join(table.named_cells(row))) for row in ordered[: top.count]]
    if not heads or not table.is_whole:
        return []
    column = max(heads, key=lambda c: len(heads[c]))
    found = table.numbers(column)
    if len(found) < len(table.single_rows):  # a row without a figure may be among them
        return []
    ordered = sorted(found, key=lambda row: found[row], reverse=not top.is_last)
    return [(row, table.named(row, column)) for row in ordered[: top.count]]


def _drafts(
    query: Query, table: FoundTable, met: Sequence[tuple[Row, str]], gazetteer: Gazetteer
) -> list[DraftSentence]:
    """Empty where a row is of no place, two are of the same, or one is none that the question asks about."""
    around = [table.passage.title, *(cell for row in table.table.rows for cell in row.cells[:2])]
    found = [_place(row, gazetteer, around) for row, _ in met]
    places = [place for place in found if place]
    if not places or len(places) < len(met) or len(set(places)) < len(places):
        return []
    if not all(_is_asked(place, query) for place in places):
        return []
    named = [place.unique_name for place in places]
    frame = frame_of(query.language)
    rows = []
    for place, (row, cells) in zip(named, met, strict=True):
        own = replace(table, passage=replace(table.passage, place=place))
        quotes = (*own.quote_over(), own.quote(row.start, row.end))
        rows.append(DraftSentence(cells + frame.stop, quotes, place, "item"))
    lead = frame.lead.format(count=len(rows), places=joined(named, frame))
    return [DraftSentence(lead, tuple(row.evidence[-1] for row in rows), kind="lead"), *rows]


def _is_asked(place: Place, query: Query) -> bool:
    """Whether a place is one of those that the question names, or lies in one."""
    wanted = {*query.places, *query.named}
    return not wanted or not wanted.isdisjoint({place.name, place.unique_name, *place.parents})


def _place(row: Row, gazetteer: Gazetteer, around: Sequence[str]) -> Place | None:
    """The place that one of a row's first cells is."""
    for cell in row.cells[:2]:
        for mention in gazetteer.find(cell, context=around):
            if len(mention.places) == 1 and cell[mention.start : mention.end] == cell.strip():
                return mention.places[0]
    return None
