"""How Chinese characters are read, in the Latin letters of Hanyu Pinyin, from pypinyin (MIT)."""

from __future__ import annotations

import functools
import os
import unicodedata
from collections.abc import Mapping

_MOST_READINGS = 3


def syllables(character: str) -> tuple[str, ...]:
    """The readings of a character, at most three, the commonest first: lower case, without tones, ü as v.
    Empty where none is known. The data load at the first call (about 0.05 s)."""
    readings = _readings().get(ord(character))
    return tuple(map(toneless, readings.split(",", _MOST_READINGS)[:_MOST_READINGS])) if readings else ()


@functools.cache
def _readings() -> Mapping[int, str]:
    """By code point, parted by commas."""
    # pypinyin's dictionary of phrases takes 0.1 s to load and isn't needed for single characters.
    before = os.environ.get("PYPINYIN_NO_PHRASES")
    os.environ["PYPINYIN_NO_PHRASES"] = "1"
    try:
        from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 - 0.8 MB of data
    finally:
        if before is None:
            del os.environ["PYPINYIN_NO_PHRASES"]
    return PINYIN_DICT


@functools.cache
def toneless(reading: str) -> str:
    """Letters without the marks of tones; ü as v."""
    plain = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(c for c in plain if not unicodedata.combining(c))
