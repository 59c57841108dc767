"""Chinese numerals, by cn2an, which is imported when a rarer one is met: that takes a third of a second, and
most answers hold none."""

from __future__ import annotations

from typing import Any, Literal

_DIGITS = "一二三四五六七八九"
_ROUND = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_COMMON = (
    {"零": 0}
    | {
        f"{tens}{ones}": 10 * ten + one
        for ten, tens in enumerate(("", "十", *(f"{digit}十" for digit in _DIGITS[1:])))
        for one, ones in enumerate(("", *_DIGITS))
        if tens or ones
    }
    | {f"{digit}{unit}": one * size for one, digit in enumerate(_DIGITS, 1) for unit, size in _ROUND.items()}
)
"""Up to 九十九 and round, as the library reads them in each of its modes."""


def cn2an(text: str, mode: Literal["strict", "normal", "smart"] = "strict") -> Any:
    """The number (int or float) that ``text`` writes. Raises ValueError where it writes none."""
    if text in _COMMON:
        return _COMMON[text]
    import cn2an as library  # noqa: PLC0415

    return library.cn2an(text, mode)


def an2cn(number: int, mode: Literal["low", "up", "rmb", "direct"] = "low") -> str:
    """``number`` in Chinese numerals. Raises ValueError where it is too large."""
    import cn2an as library  # noqa: PLC0415

    return str(library.an2cn(number, mode))
