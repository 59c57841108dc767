"""Chinese numerals, by cn2an, which is imported when the first one of several characters is met: it takes a
fifth of a second, and few questions hold one."""

from __future__ import annotations

from typing import Any, Literal

_SINGLE = "零一二三四五六七八九十"


def cn2an(text: str, mode: Literal["strict", "normal", "smart"] = "strict") -> Any:
    """The number (int or float) that ``text`` writes. Raises ValueError where it writes none."""
    if len(text) == 1 and text in _SINGLE:
        return _SINGLE.index(text)
    import cn2an as library  # noqa: PLC0415

    return library.cn2an(text, mode)


def an2cn(number: int, mode: Literal["low", "up", "rmb", "direct"] = "low") -> str:
    """``number`` in Chinese numerals. Raises ValueError where it is too large."""
    import cn2an as library  # noqa: PLC0415

    return str(library.an2cn(number, mode))
