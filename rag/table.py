"""Tables of the bulletins, read back out of a document's text: cells under the heads of their columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from corpus.numerals import cn2an
from index import tokenize

_CELL = "\t"
_FIGURE = re.compile(r"[+\-—–]?\d[\d,，.]*\s*[%％‰]?")
_NUMBER = re.compile(r"[+\-]?\d+(?:\.\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_BEFORE = re.compile(r"^(?:19|20)\d\d\s*年?度?\s*")
_ASIDE = re.compile(r"[（(][^）)]*[)）]\s*$")
_RANK = re.compile(r"第\s*(?P<rank>\d+|[一二三四五六七八九十]+)\s*[名位]?")
_RANKS = re.compile(r"[名位]次|排[名位序]")
_TOTAL = re.compile(r"(?:合|总|小)计|平均|总数|全[省市县区]")
_LEAST_HEAD, _LEAST_NAME = 3, 2
_UNIT = re.compile(r"[（(]\s*(?:单位\s*[:：]?)?\s*(?P<unit>[\u4e00-\u9fff%％‰]{1,5})\s*[)）]\s*$")
_UNIT_OF_ALL = re.compile(r"单位\s*[:：]\s*(?P<unit>[\u4e00-\u9fff%％‰]{1,5})")
_SENTENCE = re.compile(r"[。！？；，,;][”’」』）)]*$")
_COUNTED = re.compile(r"(?P<unit>人次|场次|件次|户次|[个名家支场处条件项所座人位户篇期册](?=数))(?:数量?)?$")
_SCALES = frozenset("百千万亿")
_GENERIC = frozenset({"情况", "数量", "总数", "数据", "指标"})
_LONGEST_TITLE, _LONGEST_UNIT = 60, 20


@dataclass(frozen=True, slots=True)
class Row:
    """``text[start:end]`` of the document are its cells, parted by tabs."""

    start: int
    end: int
    cells: tuple[str, ...]

    @property
    def is_total(self) -> bool:
        """Whether it adds others up (合计)."""
        return any(_TOTAL.match(cell) for cell in self.cells[:2])


@dataclass(frozen=True, slots=True)
class Table:
    """``heads`` are the names of the columns; ``rows`` those that have a cell for each. A table whose cells
    say all themselves (得分98分) has no heads and every line is a row; one of bare figures without heads
    that stand above them has no rows: what its figures are of isn't known.
    ``above`` are the lines over it that belong to it, of one cell each: its title, its unit (单位：万元)."""

    above: tuple[Row, ...]
    heads: Row | None
    rows: tuple[Row, ...]
    is_whole: bool = True
    """Whether all the lines under the heads are among ``rows``."""

    def named(self, row: Row, column: int) -> str:
        """The cell under its head, as it is to be read: 志愿服务时长（万小时）31.4."""
        return self.head(column) + row.cells[column]

    def head(self, column: int) -> str:
        """Of the column, as it stands there; empty where there are no heads."""
        return self.heads.cells[column] if self.heads else ""

    def unit(self, column: int) -> str:
        """What the column's figures are counted in, as its head says (活动场次) or a line above the table."""
        own, counted = _UNIT.search(self.head(column)), _COUNTED.search(_ASIDE.sub("", self.head(column)))
        if own:
            return own["unit"] + (counted["unit"] if counted and own["unit"] in _SCALES else "")
        of_all = (_UNIT_OF_ALL.search(row.cells[0]) for row in self.above)
        found = counted or next(filter(None, of_all), None)
        return found["unit"] if found else ""

    def told(self, row: Row, column: int) -> str:
        """The cell as a sentence would tell it, its unit after it: 志愿服务时长31.4万小时."""
        cell = row.cells[column]
        is_bare = bool(_FIGURE.fullmatch(cell.strip())) and not cell.strip().endswith(("%", "％", "‰"))
        unit = self.unit(column) if self.heads and is_bare else ""
        return _UNIT.sub("", self.head(column)) + re.sub("[,，]", "", cell) + unit

    def written_head(self, column: int, question: str) -> str:
        """The part of a head that a (normalised) question writes, where it is three characters or the whole
        head without unit and year, or all its words stand there, general ones aside; else empty."""
        head = _YEAR_BEFORE.sub("", tokenize.normalise(_ASIDE.sub("", self.head(column))).strip())
        match = SequenceMatcher(None, head, question, autojunk=False).find_longest_match()
        if match.size >= _LEAST_HEAD or match.size == len(head) >= _LEAST_NAME:
            return head[match.a : match.a + match.size]
        words = [word for word in tokenize.words(head) if word not in _GENERIC]
        is_said = len(words) > 1 and all(len(word) > 1 and word in question for word in words)
        return "".join(words) if is_said else ""

    def written_heads(self, question: str, years: Collection[str]) -> dict[int, str]:
        """By column, what of its head the question writes, where it does and the head is of its years."""
        columns = range(len(self.heads.cells)) if self.heads else range(0)
        heads = {c: self.written_head(c, question) for c in columns if self.is_of_years(c, years)}
        return {column: head for column, head in heads.items() if head}

    def is_of_years(self, column: int, years: Collection[str]) -> bool:
        """Whether a head names one of the years, or none at all; True where ``years`` is empty."""
        named = set(_YEAR.findall(self.head(column)))
        return not years or not named or not named.isdisjoint(years)

    def rank(self, row: Row) -> int | None:
        """The place that a row says it has: 第3名, or 3 in a column of ranks; None where it says none."""
        column = self.rank_column(row)
        if column is None:
            return None
        match = _RANK.fullmatch(tokenize.normalise(row.cells[column]).strip())
        return int(cn2an(match["rank"], "smart")) if match else int(row.cells[column])

    def rank_column(self, row: Row) -> int | None:
        """Where the row says it."""
        for column, cell in enumerate(row.cells):
            plain = tokenize.normalise(cell).strip()
            if _RANK.fullmatch(plain) or (plain.isdecimal() and _RANKS.search(self.head(column))):
                return column
        return None

    @property
    def over(self) -> tuple[Row, ...]:
        """All that stands above the rows."""
        return (*self.above, *([self.heads] if self.heads else []))

    def named_cells(self, row: Row) -> list[str]:
        """The whole row, each cell under its head, without those that are empty."""
        return [self.named(row, column) for column, cell in enumerate(row.cells) if cell]

    def numbers(self, column: int) -> dict[Row, float]:
        """Those of the single rows that have one there, in the table's order."""
        numbers = {row: number_in(row.cells[column]) for row in self.single_rows}
        return {row: number for row, number in numbers.items() if number is not None}

    @property
    def total_rows(self) -> tuple[Row, ...]:
        """Those that add the others up (合计)."""
        return tuple(row for row in self.rows if row.is_total)

    @property
    def single_rows(self) -> tuple[Row, ...]:
        """Without those that add the others up (合计)."""
        return tuple(row for row in self.rows if not row.is_total)


def is_bare(row: str) -> bool:
    """Whether a row's figures say nothing without the heads above it."""
    return any(_FIGURE.fullmatch(cell.strip()) for cell in row.split(_CELL))


def read_out(text: str) -> str:
    """A text as it is to be read: the cells of a table's row parted by commas, rows by semicolons."""
    return text.replace(_CELL, "，").replace("\n", "；") if _CELL in text else text


def years_in(text: str) -> set[str]:
    """As they are written: 2025."""
    return set(_YEAR.findall(text))


def number_in(cell: str) -> float | None:
    """What a cell begins with; None where that is no number."""
    match = _NUMBER.match(re.sub("[,，]", "", tokenize.normalise(cell)).strip())
    return float(match.group()) if match else None


def tables_at(text: str, start: int, end: int) -> list[Table]:
    """The tables that ``text[start:end]`` has a part in, whole, in their order."""
    start = text.rfind("\n", 0, start) + 1
    while start > 0 and _CELL in text[(above := text.rfind("\n", 0, start - 1) + 1) : start]:
        start = above
    tables: list[Table] = []
    block: list[Row] = []
    before: list[Row] = []
    for row in _lines(text, start):
        if len(row.cells) > 1:
            block.append(row)
            continue
        if block:
            tables.append(_table(before, block))
            block, before = [], []
        before.append(row)
        if row.start >= end:
            break
    return [*tables, _table(before, block)] if block else tables


def _lines(text: str, start: int) -> Iterator[Row]:
    """From two lines above ``start`` on."""
    at = start
    for _ in range(2):
        at = text.rfind("\n", 0, max(0, at - 1)) + 1
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if text[at:end].strip():
            yield Row(at, end, tuple(text[at:end].split(_CELL)))
        at = end + 1


def _table(before: Sequence[Row], lines: Sequence[Row]) -> Table:
    above = _own(before)
    count = next((n for n, row in enumerate(lines) if _has_figures(row, but_years=n == 0)), 0)
    if count == 0 and not any(map(_has_figures, lines[1:])):
        return Table(above, None, tuple(lines))
    first, more = lines[0], [row for row in lines[1:count] if not row.cells[0].strip()]
    over = lines[1 : 1 + len(more)]
    if count == 0 or over != more or any(len(row.cells) != len(first.cells) for row in lines[1:count]):
        # figures from the first line on, or heads of several lines that don't stand above one another
        return Table(above, None, (), is_whole=False)
    others = lines[1 + len(over) :]
    rows = tuple(row for row in others if len(row.cells) == len(first.cells))
    return Table(above, _heads([first, *over]), rows, is_whole=len(rows) == len(others))


def _heads(lines: Sequence[Row]) -> Row:
    """The heads of one or several lines as one row: what a head of the first line covers to its right, and
    has a head below it, is named with it (兑换情况人次, 兑换情况金额)."""
    names = list(lines[0].cells)
    for line in lines[1:]:
        carried = ""
        for column, cell in enumerate(line.cells):
            carried = lines[0].cells[column].strip() or carried
            names[column] = (names[column] or (carried if cell.strip() else "")) + cell
    return Row(lines[0].start, lines[-1].end, tuple(names))


def _own(before: Sequence[Row]) -> tuple[Row, ...]:
    """The title, and the unit where it stands by itself below that; a sentence is neither."""
    before = [_last_sentence(row) for row in before]
    unit = [
        row for row in before[-1:] if _UNIT_OF_ALL.search(row.cells[0]) and len(row.cells[0]) <= _LONGEST_UNIT
    ]
    over = before[: len(before) - len(unit)][-1:]
    title = [r for r in over if r.end - r.start <= _LONGEST_TITLE and not _SENTENCE.search(r.cells[0])]
    return (*title, *unit)


def _last_sentence(line: Row) -> Row:
    """What a line ends with, where that is no whole sentence: 各县得分如下："""
    whole, stop, rest = line.cells[0].rpartition("。")
    return Row(line.start + len(whole) + 1, line.end, (rest,)) if stop and rest.strip() else line


def _has_figures(row: Row, *, but_years: bool = False) -> bool:
    """Whether a cell is nothing but a figure, as no head of a column is, if it isn't a year."""
    cells = [cell.strip() for cell in row.cells]
    return any(_FIGURE.fullmatch(c) and not (but_years and _YEAR.fullmatch(c)) for c in cells)
