"""Questions that ask for what lies beyond a figure: 超过25万小时, 不到30人, 95%以上."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from corpus.numerals import cn2an
from index import tokenize
from rag.quantities import find_quantities

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
    rf"(?P<before>{'|'.join(_BEFORE)})?了?(?P<number>\d+(?:\.\d+)?|[一二两三四五六七八九十百千]+)"
    rf"(?P<unit>%|[万亿]?(?:{_UNITS})?)(?P<after>{'|'.join(_AFTER)})?(?P<noun>[\u4e00-\u9fff]?)"
)
_ENDS = frozenset(["", *"的地县市区有是在"])
"""What may follow 以上 where it bounds a figure: 60岁以上老人 are a kind of people."""
_SCALES = {"万": 10**4, "亿": 10**8}
_ALIKE = (frozenset({"人", "名", "人次", "位"}), frozenset({"场", "场次"}))
_SIGNS = {"share": "%"}
_NO_MEASURE = frozenset("岁天年月日")


@dataclass(frozen=True, slots=True)
class Bound:
    """``number`` (with ``scale``, 万 or 亿, not yet multiplied in) and ``unit`` as the question says them;
    ``is_of_kind`` tells that it rather says what kind of thing is meant (60岁以上老人)."""

    holds: Callable[[float, float], bool]
    number: float
    scale: str
    unit: str
    is_of_kind: bool

    @property
    def is_of_measure(self) -> bool:
        """Whether figures in sentences can be held against it."""
        return bool(self.unit) and not self.is_of_kind

    def is_met_by_cell(self, figure: float, unit: str) -> bool:
        """``figure`` of a column that is counted in ``unit`` (万小时); a bare number is one of the column."""
        if not self.scale and not self.unit:
            return self.holds(figure, self.number)
        return self.holds(figure * _SCALES.get(unit[:1], 1), self.number * _SCALES.get(self.scale, 1))

    def is_met_in(self, text: str) -> bool | None:
        """Whether a figure of this measure in ``text`` may meet it; None where there is none."""
        if not self.unit:
            return None
        wanted = self.number * _SCALES.get(self.scale, 1) / (100 if self.unit == "%" else 1)
        found = [
            q
            for q in find_quantities(text)
            if not q.weak and (q.unit or _SIGNS.get(q.kind, "")) in self._units()
        ]
        return any(self.holds(float(end), wanted) for q in found for end in q.span) if found else None

    def _units(self) -> frozenset[str]:
        return next((alike for alike in _ALIKE if self.unit in alike), frozenset({self.unit}))


def find_bound(question: str) -> Bound | None:
    """The first in a (normalised) question; None where it has none."""
    for match in _BOUND.finditer(question):
        word = match["before"] or match["after"]
        if not word:
            continue
        number = match["number"]
        value = float(number) if number[0].isdigit() else float(cn2an(number, "smart"))
        scale = match["unit"][:1] if match["unit"][:1] in _SCALES else ""
        unit = match["unit"].removeprefix(scale)
        is_of_kind = unit in _NO_MEASURE or not (match["before"] or match["noun"] in _ENDS)
        return Bound((_BEFORE | _AFTER)[word], value, scale, unit, is_of_kind)
    return None


def measured_bound(question: str) -> Bound | None:
    """The bound against which figures in sentences can be held: only what lies within it is asked for. None
    where the question has none."""
    bound = find_bound(tokenize.normalise(question))
    return bound if bound and bound.is_of_measure else None
