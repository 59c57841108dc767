"""Lists out of tables: the places whose figure lies beyond the one that the question names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.numerals import cn2an
from corpus.places import Gazetteer
from corpus.types import Passage, Place
from index import tokenize
from rag.bounds import Bound, find_bound
from rag.frames import frame_of, joined
from rag.table import Row, Table, number_in, tables_at, years_in
from rag.types import DraftSentence, Evidence, Query
from rag.verify import TextOf

_TOP = re.compile(
    r"(?P<end>前|后|末|最后|倒数)(?P<count>[两三四五六七八九十]|\d{1,2})(?:[名位]|个?[县市区]|$|(?=[的是有，。?？]))"
)


@dataclass(frozen=True, slots=True)
class _Top:
    """The first so many, or the last."""

    count: int
    is_last: bool


def list_cells(
    query: Query, passages: Sequence[Passage], text_of: TextOf, gazetteer: Gazetteer
) -> list[DraftSentence]:
    """The line that sums up and a row for each place, where places are asked for by a bound (哪些县的满意率
    超过95%) or by their rank (前三名) and a table among ``passages`` has the column and places to its rows;
    else none."""
    asked = tokenize.normalise(query.text)
    bound = find_bound(asked) if query.intent == "list" else None
    top = _top(asked) if query.intent != "quote" else None
    if query.universe or (bound is None and top is None):
        return []
    for passage in passages:
        if "\t" not in passage.text:
            continue
        text = text_of(passage.document_id)
        for table in tables_at(text, passage.start, passage.end):
            heads = _heads(table, asked, years_in(query.original))
            met = _beyond(table, heads, bound) if bound else _first(table, heads, top) if top else []
            if drafts := _drafts(query, passage, text, table, met, gazetteer):
                return drafts
    return []


def _top(asked: str) -> _Top | None:
    match = _TOP.search(asked)
    return _Top(int(cn2an(match["count"], "smart")), match["end"] != "前") if match else None


def _heads(table: Table, asked: str, years: set[str]) -> dict[int, str]:
    """The columns that the question speaks of, and the words of their heads that it writes."""
    columns = range(len(table.heads.cells)) if table.heads else range(0)
    return {
        c: head for c in columns if table.is_of_years(c, years) and (head := table.written_head(c, asked))
    }


def _beyond(table: Table, heads: Mapping[int, str], bound: Bound) -> list[tuple[Row, str]]:
    """The rows whose figure meets the bound, with their cell."""
    if not heads:
        return []
    column = max(heads, key=lambda c: len(heads[c]))
    numbers = ((row, number_in(row.cells[column])) for row in table.single_rows)
    unit = table.unit(column)
    met = [row for row, number in numbers if number is not None and bound.is_met_by_cell(number, unit)]
    return [(row, table.named(row, column)) for row in met]


def _first(table: Table, heads: Mapping[int, str], top: _Top) -> list[tuple[Row, str]]:
    """The rows that are first (or last) by their ranks, else by the figures of the column asked for."""
    ranks = {row: rank for row in table.single_rows if (rank := table.rank(row)) is not None}
    if len(ranks) > 1:
        ordered = sorted(ranks, key=lambda row: ranks[row], reverse=top.is_last)
        return [
            (row, "，".join(table.named(row, c) for c in range(len(row.cells)) if row.cells[c]))
            for row in ordered[: top.count]
        ]
    if not heads or not table.is_whole:
        return []
    column = max(heads, key=lambda c: len(heads[c]))
    numbers = {row: number_in(row.cells[column]) for row in table.single_rows}
    found = {row: number for row, number in numbers.items() if number is not None}
    if len(found) < len(numbers):  # a row without a figure may be among them
        return []
    ordered = sorted(found, key=lambda row: found[row], reverse=not top.is_last)
    return [(row, table.named(row, column)) for row in ordered[: top.count]]


def _drafts(
    query: Query,
    passage: Passage,
    text: str,
    table: Table,
    met: Sequence[tuple[Row, str]],
    gazetteer: Gazetteer,
) -> list[DraftSentence]:
    """Empty where a row is of no place, two are of the same, or one is none that the question asks about."""
    around = [passage.title, *(cell for row in table.rows for cell in row.cells[:2])]
    found = [_place(row, gazetteer, around) for row, _ in met]
    places = [place for place in found if place]
    if not places or len(places) < len(met) or len(set(places)) < len(places):
        return []
    if not all(_is_asked(place, query) for place in places):
        return []
    named = [place.unique_name for place in places]
    frame = frame_of(query.language)
    over = [*table.above, *([table.heads] if table.heads else [])]
    rows = []
    for place, (row, cells) in zip(named, met, strict=True):
        spans = [*([(over[0].start, over[-1].end)] if over else []), (row.start, row.end)]
        own = replace(passage, place=place)
        quotes = tuple(Evidence(own, start, end, text[start:end], 1.0, 1.0, 1.0) for start, end in spans)
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
