"""Rows of a table by the state or the class that a question names: 已完成, 未达标, 优秀."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from index import tokenize
from rag.table import Row, Table

_STATE = re.compile(
    r"(?:已|未|正在|待|尚|不)[\u4e00-\u9fff]{1,6}|完成|启动|达标|合格|优秀|优良|良好|较好|一般|较差|[一二三四五]等|[一二三四]类"
)
_SAID_OF_CLASS = re.compile(r"评为|评定|评上|列为|列入|属于|定为|等次|等级|档次|类别|状态|结果")
_NOT_YET = re.compile(r"(?<!有)(?:还|尚|仍)?(?:没有?|未)")
_ALREADY = re.compile(r"已经")
_DONE = re.compile(r"^已")
_HAS_NUMBER = re.compile(r"\d")
_GENERAL = re.compile(r"目前|还有|没有|已经|评[为定上]|列[为入]|属于|[县市]区|[县区]市|市县|区县|地方|哪里")
_LONGEST = 8


def rows_of_kind(table: Table, question: str, title: str) -> list[Row]:
    """The rows whose cell, in a column that tells rows apart by few short words, is the state or class that
    the (normalised) ``question`` names, where the table with its ``title`` has the question's other words
    as well; else none."""
    asked = _NOT_YET.sub("未", _ALREADY.sub("已", question))
    rows = table.single_rows
    for column in range(1, min((len(row.cells) for row in rows), default=0)):
        cells = [row.cells[column].strip() for row in rows]
        if not _tells_kinds(cells):
            continue
        kinds = tokenize.normalise("\n".join(cells)).split("\n")
        # a table without figures has its heads as its first row
        named = {k for k in kinds if _is_named(k, asked) and (table.heads or k in kinds[1:])}
        kind = max(named, key=len, default="")
        if kind and _is_class(kind, question) and _is_about(table, question, kind, title):
            return [row for row, own in zip(rows, kinds, strict=True) if own == kind]
    return []


def _tells_kinds(cells: Sequence[str]) -> bool:
    """Whether they are few words that several rows share."""
    counted = Counter(cell for cell in cells if cell)
    short = all(len(cell) <= _LONGEST and not _HAS_NUMBER.search(cell) for cell in counted)
    return short and len(counted) > 1 and counted.most_common(1)[0][1] > 1


def _is_named(kind: str, asked: str) -> bool:
    """已完成 is named by 完成 too, and 完成 isn't by 未完成."""
    stem = _DONE.sub("", kind)
    negated = r"(?<![未不])" if not kind.startswith(("未", "不")) else ""
    return len(stem) > 1 and bool(re.search(negated + re.escape(stem), asked))


def _is_class(kind: str, question: str) -> bool:
    return bool(_STATE.fullmatch(kind) or _SAID_OF_CLASS.search(question))


def _is_about(table: Table, question: str, kind: str, title: str) -> bool:
    """Whether the table holds at least half of what the question says beside the kind."""
    words = [
        word for word in tokenize.query_words(question) if len(word) > 1 and not _GENERAL.fullmatch(word)
    ]
    others = [word for word in words if word not in kind and _DONE.sub("", kind) not in word]
    cells = (cell for row in (*table.over, *table.rows) for cell in row.cells)
    text = tokenize.normalise("\n".join([title, *cells]))
    return 2 * sum(word in text for word in others) >= len(others)
