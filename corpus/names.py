"""Names of files as they can be shown, stored and printed, whatever bytes a file system holds."""

from __future__ import annotations

import contextlib
import os

_LONGEST = 160
_KEPT_END = 40


def display_name(name: str) -> str:
    """``name`` in printable characters, each part between slashes at most 160 of them, its ending kept.

    A part that isn't UTF-8 is read as GB18030 (archives packed on Chinese Windows unpack to such names);
    control characters, marks of writing direction and what isn't a character become �.
    """
    return "/".join(_display_part(part) for part in name.split("/")) or "未命名文件"


def _display_part(part: str) -> str:
    if any("\ud800" <= c <= "\udfff" for c in part):
        with contextlib.suppress(UnicodeError):  # what it can't be shown by is replaced below
            part = os.fsencode(part).decode("gb18030")
    shown = "".join(c if c.isprintable() or c == "\u3000" else "�" for c in part)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - _KEPT_END - 1]}…{shown[-_KEPT_END:]}"
