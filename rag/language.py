"""Which language a sentence is in, as far as verifying it needs to know."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def is_chinese(text: str) -> bool:
    """Whether ``text`` is mainly Chinese: an APP or a name in it doesn't make it another language. A text of
    figures alone counts as Chinese."""
    return 3 * len(_HAN.findall(text)) >= len(_LATIN.findall(text))
