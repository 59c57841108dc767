"""What filters said in a question are read with: numerals, and taking words out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.numerals import cn2an
from index.types import Filters

YEAR = r"(?:19|20)\d{2}|[一二][〇○零九一二三四五六七八]{3}"
MONTH = r"\d{1,2}|[一二三四五六七八九十]{1,2}"
DAY = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
INSIDE = r"(?:里面|里|中|上|内)?的?"
THEME = r"(?:的?[^，。？?、的]{0,8}?(?:专辑|[专特]刊))?"
"""What an issue is called by (第3期移风易俗专刊)."""
JOINT = r"\s*(?:、|，|,|以及|还有|和|与|及|跟|同)\s*"
UP_TO = r"\s*(?:到|至|—+|–|-|~|～)\s*"

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_ONLY = re.compile(r"^(?:就|只|仅)?(?:看|查|限)(?=[^\w]*$)")


@dataclass(frozen=True, slots=True)
class SaidFilters:
    """``text`` is the question without what was taken out; ``unknown`` what it names that isn't there, where
    nothing else that it names is, and ``partly_unknown`` where something is."""

    text: str
    filters: Filters
    unknown: tuple[str, ...] = ()
    partly_unknown: tuple[str, ...] = ()


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """``text`` without the spans (in order, none overlapping); ``text`` itself where nothing is left."""
    rest, last = "", 0
    for start, end in spans:
        rest += text[last:start]
        last = end
    before = _ONLY.sub("", rest) if len(spans) == 1 else rest
    return (before + text[last:]).strip("，,、：: ") or text


def number(text: str) -> int:
    """0 where the numerals make no number (十十)."""
    if text.isdigit() and text.isascii():
        return int(text)
    if not re.search("[十百两]", text):
        return int(text.translate(_DIGITS))
    try:
        return int(cn2an(text.replace("〇", "零"), "smart"))
    except ValueError:
        return 0
