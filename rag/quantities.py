"""Figures of a text as quantities that can be compared, however they are written.

二百三十八名, 238 名 and ２３８位 are one quantity, and so are 6.9万 and 69,000, 六成, 60% and 百分之六十.
Numerals are read by cn2an on spans found here; what only looks like a figure (一是, 统一, 千家万户, 第一书记,
the numbers inside a quoted name) is left alone. Years and days are not quantities: see ``rag.dates``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from corpus.place_finder import word_boundaries
from rag.dates import date_spans
from rag.marks import Span, fold, name_spans, overlaps
from rag.numerals import NUMBER, Bound, Number, read_number
from rag.units import UNIT, Kind, plain_unit

_BEFORE: tuple[tuple[re.Pattern[str], Bound], ...] = (
    (re.compile(r"(?:不少于|不低于|不下于|不下|至少|最少|起码)$"), "least"),
    (re.compile(r"(?:不超过|不多于|不高于|至多|最多|不到|不足|不满|未满|低于|少于)$"), "below"),
    (re.compile(r"(?:超过|超出|超|逾|突破|多于|大于|高于|不止)(?:了|达)?$"), "over"),
    (re.compile(r"(?:将近|接近|临近|近)$"), "nearly"),
    (re.compile(r"(?:大约|约为|约有|约|大概)$"), "about"),
)
_AFTER: tuple[tuple[re.Pattern[str], Bound], ...] = (
    (re.compile(r"及?以上"), "least"),
    (re.compile(r"及?以下|以内|之内"), "below"),
    (re.compile(r"左右|上下"), "about"),
)
_FIGURE = re.compile(rf"(?P<ordinal>第)?(?P<share>[一二三四五六七八九十百千\d]+分之)?{NUMBER}", re.IGNORECASE)
_RANGE = re.compile(rf"(?P<unit>[%‰]?)(?:-|—{{1,2}}|–|~|至|到)(?P<share>百分之)?{NUMBER}", re.IGNORECASE)
_HALF = re.compile(
    r"(?P<share>一半|半数|过半)|半(?=年(?!级)|天|小时|个月|个小时)|翻(?:了)?(?P<times>[一两二三]?)番"
)
_TENTHS = re.compile(r"成(?P<rest>[一二三四五六七八九\d半]?)(?![立为员果效功本熟绩长就交片型群品色分])")
_SERIAL = frozenset("届批期次轮号位名季章节条款个版")
_LATIN_BEFORE = re.compile(r"[a-z_./:·+@#]$|(?<!\d)-$")
_NAME_AFTER = re.compile(r"[a-z·+/:@_]|后(?!续|勤|台|备|来)|\d")
_LATIN_UNITS = re.compile(r"(?:km|m2|kg)(?![a-z])")
_NOUN = re.compile(r"[的之]?[“‘\"《]?((?:(?![和与及、\d])[^\W_]){1,8})")
_PARTS = {"%": 100, "‰": 1000}
_KINDS: dict[str, Kind] = {"倍": "times", "百分点": "points"}
_TIMES = {"": 2, "一": 2, "两": 4, "二": 4, "三": 8}
_BEFORE_UNIT = re.compile(r"[(]$|单位:$")
_UNIT_ALONE = re.compile(r"[百千万亿]+[\u4e00-\u9fff]{0,3}(?:[)\s]|$)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """``text[start:end]`` as written, with modifier and unit. ``low`` to ``high`` is the number it names, 万
    and the like multiplied out (a share as a part of 1); ``step`` the size of its last significant digit.

    ``unit`` is the plain form of its measure word, empty where it has none; ``noun`` what follows it, up to
    eight characters as ``marks.fold`` writes them. ``weak``: an 一个 that counts nothing.
    """

    start: int
    end: int
    text: str
    low: Fraction
    high: Fraction
    step: Fraction
    unit: str
    kind: Kind
    bound: Bound = "exact"
    noun: str = ""
    weak: bool = False

    @property
    def span(self) -> tuple[Fraction, Fraction]:
        """The numbers that it may mean, ends included: 40余 means 40 to 50, 近百 means 85 to 100."""
        around = min(self.step / 2, self.high / 10)
        match self.bound:
            case "over" | "least":
                return self.low, self.high + self.step
            case "nearly":
                return max(self.low - self.step, self.low * Fraction(17, 20)), self.high
            case "below":
                return max(self.low - self.step, self.low * Fraction(4, 5)), self.high
            case "about":
                return self.low - around, self.high + around
        return self.low, self.high


def find_quantities(text: str) -> list[Quantity]:
    """The quantities of ``text``, in order, none overlapping. Offsets are those of ``text``."""
    return _Finder(text).found()


class _Finder:
    def __init__(self, text: str) -> None:
        self._text = text
        self._plain = fold(text)
        self._boundaries = word_boundaries(text)
        self._taken: list[Span] = [*name_spans(text), *date_spans(text)]

    def found(self) -> list[Quantity]:
        found: list[Quantity] = []
        position = 0
        while match := _FIGURE.search(self._plain, position):
            position = match.end()
            if overlaps(*match.span(), self._taken) or self._is_unit(match):
                position = match.start() + 1
            elif (quantity := self._read(match)) is not None:
                found.append(quantity)
                position = quantity.end
        found += [
            half
            for half in self._halves()
            if not any(q.start < half.end and half.start < q.end for q in found)
        ]
        return sorted(found, key=lambda quantity: quantity.start)

    def _is_unit(self, match: re.Match[str]) -> bool:
        """Whether it only says what the figures of a column are counted in: （万人）, 单位：万元."""
        before = self._plain[max(0, match.start() - 3) : match.start()]
        return bool(_BEFORE_UNIT.search(before) and _UNIT_ALONE.match(self._plain, match.start()))

    def _read(self, match: re.Match[str]) -> Quantity | None:
        number = read_number(match)
        is_arabic = match["digits"][0].isdecimal()
        if number is None or (is_arabic and self._is_part_of_name(match)):
            return None
        if match["ordinal"]:
            return self._ordinal(match.start(), match.end(), number)
        if match["share"]:
            return self._share_of(match, number)
        number, end = self._range(number, match.end())
        if tenths := _TENTHS.match(self._plain, end):
            is_word = not is_arabic and end in self._boundaries and tenths.end() not in self._boundaries
            return None if is_word else self._tenths(match.start(), number, tenths)
        return self._count(match, number, end, is_arabic=is_arabic)

    def _count(self, match: re.Match[str], number: Number, end: int, *, is_arabic: bool) -> Quantity | None:
        """A number with a measure word, a sign of percent, or neither."""
        unit, unit_end = self._unit(end, is_arabic=is_arabic)
        if not is_arabic and not self._counts(match, number, unit, unit_end):
            return None
        if unit in _PARTS:
            return self._make(match.start(), unit_end, number.scaled(Fraction(1, _PARTS[unit])), "", "share")
        number, unit, unit_end = self._with_half(number, unit, unit_end)
        unit = plain_unit(unit)
        is_weak = not is_arabic and match.group() == "一"
        return self._make(match.start(), unit_end, number, unit, _KINDS.get(unit, "count"), weak=is_weak)

    def _is_part_of_name(self, match: re.Match[str]) -> bool:
        """5G, 1+N, 3·15, A4, 80后: no figures."""
        after = _NAME_AFTER.match(self._plain, match.end())
        is_unit = _LATIN_UNITS.match(self._plain, match.end())
        before = _LATIN_BEFORE.search(self._plain[max(0, match.start() - 2) : match.start()])
        return bool(before) or bool(after and not is_unit and not match["english"])

    def _ordinal(self, start: int, end: int, number: Number) -> Quantity | None:
        unit = self._plain[end : end + 1]
        if unit not in _SERIAL or (number.low == 1 and unit in "个名位次"):
            return None
        return self._make(start, end + 1, number, unit, "ordinal")

    def _share_of(self, match: re.Match[str], number: Number) -> Quantity | None:
        whole = read_number(_FIGURE.match(match["share"].removesuffix("分之")))
        if whole is None or whole.low < 2:
            return None
        number = number.scaled(1 / whole.low)
        end = match.end()
        if following := _RANGE.match(self._plain, end):
            second = read_number(following)
            if second is not None and second.low / whole.low > number.low:
                number, end = number.to(second.scaled(1 / whole.low)), following.end()
        return self._make(match.start(), end, number, "", "share")

    def _range(self, number: Number, end: int) -> tuple[Number, int]:
        """The number up to the second one of a range (3—5, 3至5万), and where it ends (before a last %)."""
        following = _RANGE.match(self._plain, end)
        second = read_number(following) if following else None
        if following is None or second is None:
            return number, end
        unit_twice = (
            bool(following["unit"])
            and self._plain[following.end() : following.end() + 1] != following["unit"]
        )
        scale = 1 if number.scale > 1 or number.low >= second.low / second.scale else second.scale
        if unit_twice or number.low * scale >= second.low:
            return number, end
        return number.scaled(Fraction(scale)).to(second), following.end()

    def _tenths(self, start: int, number: Number, tenths: re.Match[str]) -> Quantity:
        rest = tenths["rest"]
        extra = {"": 0, "半": 5}.get(
            rest, int(rest) if rest.isdecimal() else "零一二三四五六七八九".find(rest)
        )
        number = number.scaled(Fraction(1, 10))
        if extra:
            number = Number(
                number.low + Fraction(extra, 100), number.high + Fraction(extra, 100), Fraction(1, 100)
            )
        return self._make(start, tenths.end(), number, "", "share")

    def _unit(self, end: int, *, is_arabic: bool) -> tuple[str, int]:
        """The measure word at ``end`` and where it ends; empty where a longer word begins there (5 家庭)."""
        match = UNIT.match(self._plain, end)
        if match is None:
            return "", end
        unit = match.group()
        is_whole = match.end() in self._boundaries or not unit[-1].isalpha() or len(unit) > 1
        is_whole = is_whole or (unit == "个" and self._plain[match.end() : match.end() + 1] in set("半多余"))
        if not is_whole or (unit in "分点" and not is_arabic) or (unit == "点" and is_arabic):
            return "", end
        return unit, match.end()

    def _counts(self, match: re.Match[str], number: Number, unit: str, unit_end: int) -> bool:
        """Whether Chinese numerals are a figure and not a part of a word."""
        written = match["digits"] + match["scale"]
        before = self._plain[: match.start()]
        if (
            before.endswith(("成", "统", "唯", "万", "专", "同", "逐", "之", "单", "合", "归"))
            and len(written) == 1
        ):
            return False
        is_compound = len(written) > 1 and any(c in written for c in "百千万亿")
        is_modified = bool(match["inside"] or match["outside"] or any(p.search(before) for p, _ in _BEFORE))
        is_modified = is_modified or (before.endswith("上") and written[0] in "百千万")
        if not unit:
            return (is_compound or (is_modified and number.high >= 100)) and match.end() in self._boundaries
        starts = match.start() in self._boundaries or is_modified or len(written) > 1
        return starts and (unit_end in self._boundaries or len(unit) > 1 or unit == "个")

    def _with_half(self, number: Number, unit: str, end: int) -> tuple[Number, str, int]:
        """两年半, 一个半小时, 3个多月."""
        rest = self._plain[end:]
        half = Number(number.low + Fraction(1, 2), number.high + Fraction(1, 2), Fraction(1, 2))
        if unit == "个" and (match := re.match(r"(半|多|余)(小时|月|星期|钟头)", rest)):
            more = half if match[1] == "半" else Number(number.low, number.high, number.step, "over")
            return more, f"个{match[2]}", end + match.end()
        if unit in {"年", "天"} and (match := re.match(r"半|多|余", rest)):
            more = half if match[0] == "半" else Number(number.low, number.high, number.step, "over")
            return more, unit, end + 1
        return number, unit, end

    def _halves(self) -> Iterator[Quantity]:
        for match in _HALF.finditer(self._plain):
            start, end = match.span()
            if overlaps(start, end, self._taken):
                continue
            half = Number(Fraction(1, 2), Fraction(1, 2), Fraction(1, 2))
            if match["share"]:
                bound: Bound = "over" if match["share"] == "过半" else "exact"
                yield self._make(start, end, Number(half.low, half.high, Fraction(1, 10), bound), "", "share")
            elif match["times"] is not None:
                times = Fraction(_TIMES[match["times"]])
                yield self._make(start, end, Number(times, times, Fraction(1)), "倍", "times")
            elif self._plain[start - 1 : start] not in {"上", "下", "年", "个", "天"}:
                unit, unit_end = self._unit(end, is_arabic=True)
                yield self._make(start, unit_end, half, plain_unit(unit), "count")

    def _make(
        self, start: int, end: int, number: Number, unit: str, kind: Kind, *, weak: bool = False
    ) -> Quantity:
        bound: Bound = number.bound
        before = self._plain[max(0, start - 4) : start]
        if before.endswith("上") and self._plain[start] in "百千万":
            start, bound = start - 1, "over"
        for pattern, meaning in _BEFORE:
            if match := pattern.search(before):
                start, bound = start - len(match.group()), meaning
                break
        for pattern, meaning in _AFTER:
            if match := pattern.match(self._plain, end):
                end, bound = match.end(), meaning
                break
        noun = _NOUN.match(self._plain, end)
        return Quantity(
            start,
            end,
            self._text[start:end],
            number.low,
            number.high,
            number.step,
            unit,
            kind,
            bound,
            noun[1] if noun else "",
            weak,
        )
