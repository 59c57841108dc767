"""Lists out of tables: the places whose figure lies beyond the one that the question names."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from corpus.places import Gazetteer
from corpus.types import Passage
from index import tokenize
from rag.frames import frame_of, joined
from rag.table import Row, Table, number_in, tables_at, years_in
from rag.types import DraftSentence, Evidence, Query
from rag.verify import TextOf

_BEFORE = {
    "不低于": operator.ge,
    "不少于": operator.ge,
    "不小于": operator.ge,
    "至少": operator.ge,
    "达到": operator.ge,
    "不超过": operator.le,
    "不高于": operator.le,
    "不多于": operator.le,
    "超过": operator.gt,
    "高于": operator.gt,
    "大于": operator.gt,
    "多于": operator.gt,
    "突破": operator.gt,
    "低于": operator.lt,
    "少于": operator.lt,
    "小于": operator.lt,
    "不到": operator.lt,
    "不足": operator.lt,
}
_AFTER = {
    "及以上": operator.ge,
    "以上": operator.ge,
    "及以下": operator.le,
    "以下": operator.le,
    "以内": operator.le,
}
_UNITS = "公里|平方米|小时|分钟|人次|场次|[元人场个处分户件名次项家支所座天岁亩篇]"
_BOUND = re.compile(
    rf"(?P<before>{'|'.join(_BEFORE)})?了?(?P<number>\d+(?:\.\d+)?)(?P<unit>%|[万亿]?(?:{_UNITS})?)"
    rf"(?P<after>{'|'.join(_AFTER)})?"
)
_TEN_THOUSAND = 10_000


@dataclass(frozen=True, slots=True)
class _Bound:
    holds: Callable[[float, float], bool]
    number: float
    unit: str

    def is_met(self, figure: float, unit: str) -> bool:
        """``unit`` is that of the column; 万 may stand on one side only."""
        mine, theirs = self.unit.startswith("万"), unit.startswith("万")
        number = self.number * (_TEN_THOUSAND if mine else 1)
        return self.holds(figure * (_TEN_THOUSAND if theirs and (mine or self.unit) else 1), number)


def list_cells(
    query: Query, passages: Sequence[Passage], text_of: TextOf, gazetteer: Gazetteer
) -> list[DraftSentence]:
    """The line that sums up and a row for each place, where a list is asked for by a bound (哪些县的满意率
    超过95%) and a table among ``passages`` has the column and places to its rows; else none."""
    bound = _bound(tokenize.normalise(query.text))
    if query.intent != "list" or query.universe or bound is None:
        return []
    for passage in passages:
        if "\t" in passage.text:
            text = text_of(passage.document_id)
            for table in tables_at(text, passage.start, passage.end):
                if drafts := _drafts(query, passage, text, table, bound, gazetteer):
                    return drafts
    return []


def _bound(asked: str) -> _Bound | None:
    for match in _BOUND.finditer(asked):
        if word := match["before"] or match["after"]:
            holds = (_BEFORE | _AFTER)[word]
            return _Bound(holds, float(match["number"]), match["unit"])
    return None


def _drafts(
    query: Query, passage: Passage, text: str, table: Table, bound: _Bound, gazetteer: Gazetteer
) -> list[DraftSentence]:
    asked, years = tokenize.normalise(query.text), years_in(query.original)
    columns = range(len(table.heads.cells)) if table.heads else range(0)
    heads = {
        c: head for c in columns if table.is_of_years(c, years) and (head := table.written_head(c, asked))
    }
    if not table.heads or not heads:
        return []
    column = max(heads, key=lambda c: len(heads[c]))
    meeting = [
        row
        for row in table.single_rows
        if (figure := number_in(row.cells[column])) is not None and bound.is_met(figure, table.unit(column))
    ]
    around = [passage.title, *(cell for row in table.rows for cell in row.cells[:2])]
    places = [_place(row, gazetteer, around) for row in meeting]
    named = [place for place in places if place]
    if not named or len(named) < len(meeting) or len(set(named)) < len(named):
        return []
    over = Row(table.above[0].start if table.above else table.heads.start, table.heads.end, ())
    rows = []
    for place, row in zip(named, meeting, strict=True):
        own = replace(passage, place=place)
        quotes = tuple(
            Evidence(own, one.start, one.end, text[one.start : one.end], 1.0, 1.0, 1.0) for one in (over, row)
        )
        cell = table.named(row, column) + frame_of(query.language).stop
        rows.append(DraftSentence(cell, quotes, place, "item"))
    frame = frame_of(query.language)
    lead = frame.lead.format(count=len(rows), places=joined(named, frame))
    return [DraftSentence(lead, tuple(row.evidence[-1] for row in rows), kind="lead"), *rows]


def _place(row: Row, gazetteer: Gazetteer, around: Sequence[str]) -> str | None:
    """The place that one of a row's first cells is, by its full name."""
    for cell in row.cells[:2]:
        mentions = gazetteer.find(cell, context=around)
        if (
            len(mentions) == 1
            and len(mentions[0].places) == 1
            and cell[mentions[0].start : mentions[0].end] == cell.strip()
        ):
            return mentions[0].places[0].unique_name
    return None
