"""Answers out of tables: the cells that are asked for, of the rows that the question names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from corpus.numerals import cn2an
from index import tokenize
from rag.expected import Expected
from rag.figure import LEAST_FIT, fitting
from rag.frames import Frame, frame_of, joined
from rag.place_names import written_names
from rag.support import best_fit
from rag.table import Row, years_in
from rag.table_source import FoundTable
from rag.types import DraftSentence, Evidence, Query

_MOST_ROWS, _MOST_CELLS = 6, 4
_LEAST_NAME = 2
_OF_WHOLE = 9
_LONGEST_TABLE = 3000
_LOOKED_AT = 3
_OF_HEAD = 3
"""A head that the question writes counts this much for each character, as a noun that is counted does."""
_NO_WORDS = re.compile(r"[\d,.，%％‰+\-—–]+")
_GREATEST = re.compile(r"最(?P<what>[高多大长好强快]|[低少小短差弱慢])")
_LEAST = frozenset("低少小短差弱慢")
_HOW = re.compile(r"为什么|为何|为啥|原因|怎么(?!样)|怎样|如何")
_RANK = re.compile(
    r"第\s*(\d+|[一二三四五六七八九十]+)\s*[名位]|(?:排名?|名列|位列|位居|名次)(?:在|是|为)?第\s*(\d+|[一二三四五六七八九十]+)"
)
_OTHER_YEAR = re.compile(r"去年|上年|前年|上一年|往年")
_RATE = re.compile(r"([\u4e00-\u9fff]{2})率")
_CHANGE = re.compile(r"(提高|增加|增长|上升|下降|减少|降低|提升|缩短|扩大)了?(?:多少|几)")
_ASKS_TOTAL = re.compile(r"一共|总共|合计|总计|全[省市县区]")
_ASKS_RANK = re.compile(r"第几|排几|排多少|[名位]次|排名")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a table says; ``fit`` is how much its heads have in common with the question, as `figure_fit`
    counts it, and ``words`` what a sentence which answers as well would hold, where that is known."""

    draft: DraftSentence
    fit: int
    words: tuple[str, ...] = ()

    def is_better(self, query: Query, evidence: Sequence[Evidence], expected: Sequence[Expected]) -> bool:
        """Than the sentences of ``evidence`` (best first), which answer too."""
        told = [e for e in evidence if "\t" not in e.text]
        if _of_cells(expected) and not _GREATEST.search(query.text):
            return self.fit > best_fit(told, query, expected)
        rivals = (e for e in told[:_LOOKED_AT] if all(word in e.text for word in self.words))
        return bool(self.words) and next(rivals, None) is None


def _of_cells(expected: Sequence[Expected]) -> list[Expected]:
    """What a cell must hold: a name there is in no marks."""
    return [one for one in expected if not one.is_in_marks]


def read_cells(query: Query, tables: Sequence[FoundTable], expected: Sequence[Expected]) -> Reading | None:
    """What the one of ``tables`` that fits the question best says; None where none has a row that the
    question names, or asks for by what is greatest there, and a column that it speaks of.

    The draft cites the heads of the columns with the title above them, and the rows; the whole table where
    it tells which is greatest.
    """
    if query.intent == "quote" or _HOW.search(query.text):
        return None
    readings = (_TableReader(query, expected, found).read() for found in tables)
    return max(filter(None, readings), key=lambda reading: reading.fit, default=None)


class _TableReader:
    """Reads one table for one question."""

    def __init__(self, query: Query, expected: Sequence[Expected], found: FoundTable) -> None:
        self._query, self._expected = query, _of_cells(expected)
        self._found, self._table = found, found.table
        self._frame: Frame = frame_of(query.language)
        self._asked = tokenize.normalise(query.text)
        self._years = years_in(query.original)
        self._heads = self._table.written_heads(self._asked, self._years)
        self._places = written_names((*query.places, *query.named))

    def read(self) -> Reading | None:
        said = _OTHER_YEAR.search(self._asked)
        if said and not any(said.group() in "".join(row.cells) for row in self._table.over):
            return None
        if named := self._named_rows():
            return None if self._query.intent == "list" else self._cells(named)
        if _ASKS_TOTAL.search(self._asked) and self._table.total_rows:
            return self._cells({row: [_total(row)] for row in self._table.total_rows})
        if match := _RANK.search(self._asked):
            return self._of_rank(int(cn2an(match[1] or match[2], "smart")))
        if match := _GREATEST.search(self._query.text):
            return self._extreme(match["what"])
        return None

    def _cells(self, named: dict[Row, list[str]]) -> Reading | None:
        """The cells asked for of the rows named."""
        chosen = {row: self._columns(row) for row in named}
        told = {row: fits for row, fits in chosen.items() if max(fits.values(), default=0) >= LEAST_FIT}
        if not told:
            return self._things(named)
        if len(told) > _MOST_ROWS:
            return None
        lines = []
        for row, fits in told.items():
            label = self._label(row, named[row])
            columns = [c for c in sorted(fits) if row.cells[c] not in label][:_MOST_CELLS]
            cells = [self._table.named(row, column) for column in columns]
            lines.append(self._frame.comma.join([*label, *cells]))
        heads = [self._written(c) for fits in told.values() for c in fits]
        draft = self._draft("；".join(lines), [self._found.quote(row.start, row.end) for row in told])
        words = tuple(filter(None, [max(heads, key=len)]))
        return Reading(draft, max(f for fits in told.values() for f in fits.values()), words)

    def _things(self, named: dict[Row, list[str]]) -> Reading | None:
        """The whole of the rows with something that the question names beside a place (沛县的渔鼓小班)."""
        things = {row: [c for c in cells if c.strip() not in self._places] for row, cells in named.items()}
        rows = [row for row, cells in things.items() if cells]
        is_bare = not self._table.heads and any(_NO_WORDS.fullmatch(c) for row in rows for c in row.cells)
        if self._expected or not rows or is_bare:
            return None
        return self._whole(rows, max((cell for row in rows for cell in things[row]), key=len))

    def _of_rank(self, rank: int) -> Reading | None:
        """The whole of the rows with the rank asked for."""
        rows = [row for row in self._table.rows if self._table.rank(row) == rank]
        return self._whole(rows, f"第{rank}名") if rows else None

    def _whole(self, rows: Sequence[Row], head: str) -> Reading | None:
        if len(rows) > _MOST_ROWS:
            return None
        lines = [self._frame.comma.join(self._table.named_cells(row)) for row in rows]
        draft = self._draft("；".join(lines), [self._found.quote(row.start, row.end) for row in rows])
        return Reading(draft, _OF_WHOLE, (head,))

    def _label(self, row: Row, named: Sequence[str]) -> list[str]:
        """The cells that tell a row apart: those named, and with heads the first in words."""
        words = (cell for cell in row.cells if cell and not _NO_WORDS.fullmatch(cell.strip()))
        first = next(words, row.cells[0]) if self._table.heads else ""
        return [cell for cell in row.cells if cell and (cell == first or cell in named)]

    def _extreme(self, what: str) -> Reading | None:
        """The row in which the column asked for is greatest, or least."""
        table = self._table
        if not table.is_whole or not table.heads or table.rows[-1].end - table.rows[0].start > _LONGEST_TABLE:
            return None
        longest = max(map(len, self._heads.values()), default=0)
        pick: Callable[[Iterator[float]], float] = min if what in _LEAST else max
        said = []
        for column in (column for column, head in self._heads.items() if len(head) == longest):
            found = table.numbers(column)
            if len(found) < max(2, len(table.single_rows)):  # a row without a figure may be the one
                continue
            bound = pick(iter(found.values()))
            first = [row for row in found if found[row] == bound]
            names, cell = joined(list(map(self._name, first)), self._frame), first[0].cells[column]
            said.append(f"{table.heads.cells[column]}最{what}的是{names}{self._frame.comma}{cell}")
        if not said:
            return None
        whole = self._found.quote(table.heads.start, table.rows[-1].end)
        words = (max(self._heads.values(), key=len), "最")
        return Reading(self._draft("；".join(said), [whole]), _OF_HEAD * longest, words)

    def _draft(self, lines: str, quotes: Sequence[Evidence]) -> DraftSentence:
        title = joined([row.cells[0].rstrip("：: ") for row in self._table.above], self._frame)
        title += self._frame.colon if title else ""
        text = title + lines + self._frame.stop
        return DraftSentence(text, (*self._found.quote_over(), *quotes), kind="figure")

    def _named_rows(self) -> dict[Row, list[str]]:
        """Those with a cell that is a place asked about, else those with one that the question writes out;
        and these cells."""
        wanted = self._places
        named = {
            row: [c for c in row.cells if c.strip() in wanted or self._is_written(c)]
            for row in self._table.rows
        }
        if wanted:
            return {
                row: cells for row, cells in named.items() if not wanted.isdisjoint(c.strip() for c in cells)
            }
        return {row: cells for row, cells in named.items() if cells}

    def _is_written(self, cell: str) -> bool:
        plain = tokenize.normalise(cell).strip()
        return len(plain) >= _LEAST_NAME and not _NO_WORDS.fullmatch(plain) and plain in self._asked

    def _columns(self, row: Row) -> dict[int, int]:
        """The columns asked for, and how well each fits: those whose heads the question writes, or that hold
        what is expected, and that of the rank. Where the question names a year, a head mustn't have only
        others."""
        columns = range(len(row.cells))
        ranks = self._table.rank_column(row)
        told = [self._table.told(row, column) for column in columns]
        chosen = {c: _OF_HEAD * len(head) for c, head in self._heads.items()}
        fits = fitting(told, self._query.text, self._expected)
        chosen |= {c: max(fit, chosen.get(c, 0)) for c, fit in fits.items()}
        chosen = {c: fit for c, fit in chosen.items() if c != ranks and self._is_expected(c, told[c])}
        if ranks is not None and _ASKS_RANK.search(self._asked):  # else 第12名 counts nobody
            chosen[ranks] = _OF_WHOLE
        return {c: fit for c, fit in chosen.items() if self._table.is_of_years(c, self._years)}

    def _is_expected(self, column: int, told: str) -> bool:
        """Whether a cell holds what is asked for. A bare 多少 asks for the head that stands beside it:
        公共礼堂办一场要交多少 doesn't ask for how many there are."""
        if any(word not in told for word in self._must_be_named()):
            return False
        head = re.escape(self._written(column)[-_LEAST_NAME:])
        beside = not head or re.search(f"{head}[^，。]{{0,3}}多少|多少[^，。]{{0,2}}{head}", self._asked)
        return not self._expected or any(
            bool(beside) if one.is_bare else self._holds(one, told) for one in self._expected
        )

    def _must_be_named(self) -> list[str]:
        """Words without which a column is of something else: of which rate (离婚率), that it is a change."""
        return [match[1] for pattern in (_RATE, _CHANGE) if (match := pattern.search(self._asked))]

    @staticmethod
    def _holds(one: Expected, told: str) -> bool:
        """Where what is counted is named, its last two characters, which say what it is, must stand there."""
        return bool(one.pattern.search(told)) and one.noun[-_LEAST_NAME:] in told

    def _written(self, column: int) -> str:
        return self._heads.get(column, "")

    def _name(self, row: Row) -> str:
        """What a row is about: its first cell in words, and the next whose head the question speaks of."""
        heads = self._table.heads.cells if self._table.heads else row.cells
        told = (c for c in range(len(row.cells)) if row.cells[c].strip())
        words = [c for c in told if not _NO_WORDS.fullmatch(row.cells[c].strip())]
        asked = set(tokenize.bigrams(self._asked))
        named = [c for c in words[1:] if asked & set(tokenize.bigrams(heads[c]))]
        return "".join(row.cells[c] for c in [*words[:1], *named[:1]])


def _total(row: Row) -> str:
    return next(cell for cell in row.cells if cell.strip())
