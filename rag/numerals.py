"""A numeral as it is written, Arabic, Chinese or mixed, becomes a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Literal

from corpus.numerals import cn2an

_DIGITS = "零〇一二两三四五六七八九"
_MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)?"
_HAN = rf"[{_DIGITS}十百千万亿]+(?:点[{_DIGITS}]+)?"
NUMBER = (
    rf"(?P<digits>{_ARABIC}|[几数](?=[十百千万亿])|{_HAN})(?P<inside>[余多来几]?)(?P<scale>(?:[十百万亿]|千(?![瓦米克]))*)"
    r"(?P<outside>[余多来几]?)(?P<english>\s?(?:thousand|million|billion)\b)?"
)
"""A pattern (in half width) for one numeral: 60余万, 六十多万, 1.2亿, 几百, 6.9 million."""
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_NEIGHBOURS = re.compile(
    rf"^(?P<lead>.*[十百千])?(?P<a>[{_DIGITS}])(?P<b>[{_DIGITS}])(?P<scale>[十百千万亿]*)$"
)
_VALUES = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
Bound = Literal["exact", "over", "least", "nearly", "below", "about"]
"""What a figure says of the number it names: that one, more than it (超, 余, 多), it or more (以上, 至少), a
little less (近), less (不到, 以内), or about it (约, 左右)."""


@dataclass(frozen=True, slots=True)
class Number:
    """``low`` to ``high``; ``step`` is the size of the last significant digit, ``scale`` what 万 and the like
    multiplied it by. ``bound`` says whether 余 or 多 goes with it."""

    low: Fraction
    high: Fraction
    step: Fraction
    bound: Bound = "exact"
    scale: int = 1

    def scaled(self, factor: Fraction) -> Number:
        return Number(self.low * factor, self.high * factor, self.step * factor, self.bound, self.scale)

    def to(self, last: Number) -> Number:
        """The range from this number to ``last``."""
        return Number(self.low, last.high, min(self.step, last.step), last.bound)


def read_number(match: re.Match[str] | None) -> Number | None:
    """The number that a match of ``NUMBER`` means; None where it means none (一二三)."""
    if match is None:
        return None
    digits, scale = match["digits"], prod(_MAGNITUDES[c] for c in match["scale"])
    if match["english"]:
        scale *= _SCALES[match["english"].strip().lower()]
    inside = match["inside"] or match["outside"]
    bound: Bound = "about" if inside == "来" else "over" if inside else "exact"
    if digits in {"几", "数"}:
        return Number(Fraction(2 * scale), Fraction(10 * scale), Fraction(scale), bound, scale)
    if digits[0].isdecimal():
        low = high = Fraction(digits.replace(",", ""))
    else:
        pair = _han_range(digits)
        if pair is None:
            return None
        low, high = pair
    low, high = low * scale, high * scale
    return Number(low, high, step_of(low), bound, scale)


def step_of(value: Fraction) -> Fraction:
    """The size of the last digit that isn't zero: 1200 → 100, 98.5 → 1/10, 0 → 1."""
    if not value:
        return Fraction(1)
    step = Fraction(1)
    while (value / step).denominator != 1:
        step /= 10
    while (value / (step * 10)).denominator == 1:
        step *= 10
    return step


def _han_range(written: str) -> tuple[Fraction, Fraction] | None:
    neighbours = _NEIGHBOURS.match(written)
    if neighbours and _VALUES[neighbours["b"]] == _VALUES[neighbours["a"]] + 1 and _VALUES[neighbours["a"]]:
        lead, scale = neighbours["lead"] or "", neighbours["scale"]
        ends = [_han_value(f"{lead}{neighbours[name]}{scale}") for name in "ab"]
        return (ends[0], ends[1]) if ends[0] is not None and ends[1] is not None else None
    value = _han_value(written)
    return None if value is None else (value, value)


def _han_value(written: str) -> Fraction | None:
    plain = written.replace("〇", "零")
    if len(plain) > 1 and not any(c in _MAGNITUDES or c == "点" for c in plain):
        return None  # a year or a list of digits
    if plain[0] in "百千万亿":
        plain = "一" + plain
    try:
        return Fraction(str(cn2an(plain, "smart")))
    except ValueError:
        return None
