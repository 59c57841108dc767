"""What a chat model may not add to an answer: links, markup, and words on what was *not* done."""

from __future__ import annotations

import re
import unicodedata

from rag.errors import UnsupportedError

_ORNAMENT = re.compile(r"^\s*(?:(?:[-*•·▪●○]|#{1,6}|>|\d{1,2}[.)）](?!\d)|\d{1,2}、)\s*)+|\*\*|__")
_LINK = re.compile(
    r"(?:https?|ftp|javascript|data|file|mailto|tel):\S+|\bwww\.\S+|[\w.+-]+@[\w-]+\.[\w.]+"
    r"|(?<![A-Za-z0-9])(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"!\[|\]\(|</?[A-Za-z!][^<]{0,200}|&#?\w{2,8};|`|^\s*\|.*\||\{\{|\$\$|\\[a-zA-Z]+\{")
_NOT_SEEN = re.compile(
    r"(?:简报|段落|资料|原文|文中|材料)[^，。；]{0,8}(?:未见|没有|未(?:曾)?(?:提|写|说|涉))|未(?:提及|提到|见相关)"
    r"|\bnot (?:mention|state|say|specif|found|report)|\bno (?:mention|information|evidence)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(?:not|never|without|no|none|nor)\b|n['’]t\b", re.IGNORECASE)
_NEGATION = re.compile(r"[不没未无免]|分文")
"""Of quotes. Denials in Chinese are compared word for word where all of a sentence is verified."""


def cleaned(text: str) -> str:
    """Without what carries no meaning: bullets, emphasis, and characters that can't be seen (a text can be
    turned round, or another hidden in it, by those)."""
    visible = "".join(
        c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs"}
    )
    return _ORNAMENT.sub("", visible).strip()


def require_wanted(text: str, quotes: str) -> None:
    """Raises UnsupportedError where a sentence says what only the system may say, or has a link or markup
    that its quotes don't hold word for word, or denies what they don't deny."""
    if _NOT_SEEN.search(text) and text not in quotes:
        raise UnsupportedError("“未见”与否由系统查对，不采用模型的说法")
    for pattern, what in ((_LINK, "链接或网址"), (_MARKUP, "标记代码")):
        if any(match.group() not in quotes for match in pattern.finditer(text)):
            raise UnsupportedError(f"含有引文里没有的{what}")
    if _DENIAL.search(text) and not _NEGATION.search(quotes):
        raise UnsupportedError("说没有做，而引文没有这样说：简报中未见不等于没有")
