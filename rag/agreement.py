"""Whether a figure that somebody writes is what the bulletin says.

The rule: a figure may say less than the bulletin, never more. 超2万 stands by a bulletin's 超2万, 2万余 or
2.1万, 近7万 by its 6.9万, 十几 by its 15. 2万 stands by its 超2万 as well, since at least so many there were;
that a modifier was lost is told apart (``loose``). It doesn't stand by 近2万, which it exceeds; nor does
超2万 by a bare 2万.
"""

from __future__ import annotations

from typing import Literal

from rag.numerals import Bound
from rag.quantities import Quantity
from rag.units import units_agree

Agreement = Literal["same", "rounded", "loose"]
"""Equal, modifier and all; true to it though coarser (近7万 of 6.9万); or without its modifier (2万 of
超2万)."""

_MORE: frozenset[Bound] = frozenset({"over", "least"})
_LESS: frozenset[Bound] = frozenset({"nearly", "below"})


def agreement(written: Quantity, source: Quantity) -> Agreement | None:
    """How ``written`` stands by ``source``; None where it doesn't, by number, kind or measure word."""
    if written.kind != source.kind or not units_agree(written.unit, source.unit):
        return None
    return number_agreement(written, source)


def number_agreement(written: Quantity, source: Quantity) -> Agreement | None:
    """The same for the numbers alone, whatever they count."""
    is_equal = written.low == source.low and written.high == source.high
    if is_equal:
        if _alike(written.bound, source.bound):
            return "same"
        if written.bound in {"exact", "about"} and source.bound in {"over", "least", "about"}:
            return "loose"
        return "loose" if written.bound == "about" else None
    if written.bound == "exact" and written.low == written.high:
        return None
    low, high = written.span
    first, last = source.span
    return "rounded" if low <= first and last <= high and source.bound in _fitting(written.bound) else None


def _alike(written: Bound, source: Bound) -> bool:
    return written == source or {written, source} <= _MORE or {written, source} <= _LESS


def _fitting(written: Bound) -> frozenset[Bound]:
    """Bounds of a source's figure that a figure of this bound may round."""
    if written in _LESS:
        return _LESS | {"exact"}
    if written in _MORE:
        return _MORE | {"exact"}
    return frozenset({"exact", "over", "least", "nearly", "below", "about"})
