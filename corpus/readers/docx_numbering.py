"""The numbers that Word writes before paragraphs (一、 1. （一）): not in the text, but read by all.

Source: ECMA-376 part 1, 17.9 (numbering) and 17.18.59 (ST_NumberFormat).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from corpus.numerals import an2cn
from corpus.readers.docx_styles import W, find, switch, value

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_IDEOGRAPHS = str.maketrans("0123456789", "〇一二三四五六七八九")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_LARGEST = 9999  # no list of a document is longer; a file may say so to make letters of megabytes
_COUNTING = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "ideographLegalTraditional",
}
_ENCLOSED = {
    "decimalEnclosedCircle": (0x2460, 20),
    "decimalEnclosedCircleChinese": (0x2460, 20),
    "decimalEnclosedParen": (0x2474, 20),
    "decimalEnclosedFullstop": (0x2488, 20),
    "ideographEnclosedCircle": (0x3280, 10),
    "ideographParenthesized": (0x3220, 10),
}
_NO_GAP = re.compile(r"[、．.。，：:）)】〕\]\s]$")


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    text: str
    start: int
    restart: int | None
    legal: bool


class Numbering:
    """Counts through one document: ask for every numbered paragraph once, in order."""

    def __init__(self, root: Any) -> None:
        """``root`` is the w:numbering element, None where the file has none."""
        self._lists: dict[str, Any] = {}
        self._abstract: dict[str, Any] = {}
        if root is not None:
            self._lists = {n.get(f"{W}numId"): n for n in root.findall(f"{W}num")}
            self._abstract = {a.get(f"{W}abstractNumId"): a for a in root.findall(f"{W}abstractNum")}
        self._by_style_link = {
            link: key for key, a in self._abstract.items() if (link := value(a, "styleLink")) is not None
        }
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._started: set[tuple[str, int]] = set()

    def level_of_style(self, number: str, style_id: str | None) -> int | None:
        """The level that a list ties to a paragraph style; None where it ties none."""
        for level in self._levels_of(number):
            if style_id is not None and value(level, "pStyle") == style_id:
                return int(level.get(f"{W}ilvl"))
        return None

    def label(self, number: str, depth: int) -> str:
        """The label of the next paragraph at ``depth`` (from 0) of list ``number``; empty for bullets."""
        level = self._level(number, depth)
        if level is None:
            return ""
        counts = self._counts[self._abstract_id(number)]
        self._count(number, depth, level, counts)
        if level.format in {"bullet", "none"}:
            return ""
        label = re.sub(
            r"%([1-9])", lambda m: self._number(number, int(m[1]) - 1, level, counts), level.text
        ).strip()
        return label if not label or _NO_GAP.search(label) else label + " "

    def _count(self, number: str, depth: int, level: _Level, counts: dict[int, int]) -> None:
        override = self._start_override(number, depth)
        if override is not None and (number, depth) not in self._started:
            counts[depth] = override
        else:
            counts[depth] = counts.get(depth, level.start - 1) + 1
        self._started.add((number, depth))
        for deeper in [d for d in counts if d > depth]:
            below = self._level(number, deeper)
            # w:lvlRestart n: level d starts again only after a paragraph of level n or higher; 0: never.
            if below is None or below.restart is None or depth < below.restart:
                del counts[deeper]

    def _number(self, number: str, depth: int, shown: _Level, counts: dict[int, int]) -> str:
        level = self._level(number, depth)
        if level is None:
            return ""
        count = counts.setdefault(depth, level.start)
        return format_number(count, "decimal" if shown.legal else level.format)

    def _abstract_id(self, number: str) -> str:
        key = value(self._lists.get(number), "abstractNumId") or ""
        link = value(self._abstract.get(key), "numStyleLink")
        return self._by_style_link.get(link, key) if link is not None else key

    def _levels_of(self, number: str) -> list[Any]:
        abstract = self._abstract.get(self._abstract_id(number))
        levels = {} if abstract is None else {lvl.get(f"{W}ilvl"): lvl for lvl in abstract.findall(f"{W}lvl")}
        for override in self._overrides(number):
            own = find(override, "lvl")
            if own is not None:
                levels[override.get(f"{W}ilvl")] = own
        return list(levels.values())

    def _overrides(self, number: str) -> list[Any]:
        found = self._lists.get(number)
        return [] if found is None else list(found.findall(f"{W}lvlOverride"))

    def _start_override(self, number: str, depth: int) -> int | None:
        for override in self._overrides(number):
            if override.get(f"{W}ilvl") == str(depth):
                return _integer(value(override, "startOverride"))
        return None

    def _level(self, number: str, depth: int) -> _Level | None:
        for level in self._levels_of(number):
            if level.get(f"{W}ilvl") == str(depth):
                start = _integer(value(level, "start"))
                return _Level(
                    value(level, "numFmt") or "decimal",
                    value(level, "lvlText") or "",
                    1 if start is None else start,
                    _integer(value(level, "lvlRestart")),
                    bool(switch(level, "isLgl")),
                )
        return None


def format_number(count: int, form: str) -> str:
    """``count`` in a format of ST_NumberFormat; formats unknown here, and counts outside one, give digits."""
    if form in _ENCLOSED and 1 <= count <= _ENCLOSED[form][1]:
        return chr(_ENCLOSED[form][0] + count - 1)
    if not 1 <= count <= _LARGEST:
        return str(count)
    if form in _COUNTING or form in {"chineseLegalSimplified", "japaneseLegal"}:
        return _counted(count, form)
    return _plain(count, form)


def _counted(count: int, form: str) -> str:
    legal = form in {"chineseLegalSimplified", "japaneseLegal", "ideographLegalTraditional"}
    return an2cn(count, "up" if legal else "low")


def _plain(count: int, form: str) -> str:
    letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
    written = {
        "ideographTraditional": _STEMS[count - 1 : count],
        "ideographZodiac": _BRANCHES[count - 1 : count],
        "ideographZodiacTraditional": _STEMS[(count - 1) % 10] + _BRANCHES[(count - 1) % 12],
        "ideographDigital": str(count).translate(_IDEOGRAPHS),
        "japaneseDigitalTenThousand": str(count).translate(_IDEOGRAPHS),
        "taiwaneseDigital": str(count).translate(_IDEOGRAPHS),
        "decimalZero": f"{count:02d}",
        "decimalFullWidth": str(count).translate(_FULL_WIDTH),
        "decimalFullWidth2": str(count).translate(_FULL_WIDTH),
        "upperLetter": letter.upper(),
        "lowerLetter": letter,
    }
    if form in {"upperRoman", "lowerRoman"}:
        return _roman(count) if form == "upperRoman" else _roman(count).lower()
    return written.get(form) or str(count)


def _roman(count: int) -> str:
    text = ""
    for size, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        text += letters * (count // size)
        count %= size
    return text


def _integer(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,9}", text) else None
