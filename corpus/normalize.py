"""Layout out, words untouched: white space, page joins, list dashes; with a map back to the file.

Only the layout of the file goes: no character of a word, no punctuation mark is ever changed, so that a
quote from ``Document.text`` is the bulletin's own wording.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

from corpus.types import Anchor, Block

_IDEOGRAPH = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WIDE = _IDEOGRAPH + r"\u3000-\u303f\uff00-\uffef“”‘’—…·•"
_SPACE = r"[ \t\u00a0\u2000-\u200b\u3000\ufeff]"
_RUN = re.compile(rf"{_SPACE}+")
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_QUOTED = re.compile(r"“[^“”]*”|《[^《》]*》|「[^「」]*」|\"[^\"]*\"")
_LONGEST_QUOTED = 60
_LONGEST_END = 40  # stops and what closes after them; the search takes time by the square of their number
_PHRASES = re.compile(rf"[\w·—“”‘’+%{_IDEOGRAPH}]{{3,}}(?:{_SPACE}+[\w·—“”‘’+%{_IDEOGRAPH}]{{3,}})+")
_WIDE_OR_MARK = re.compile(rf"[{_WIDE}]|[,;:!?)(\"'\]\[]")
_LIST_DASH = re.compile(rf"^[-*+•·●○■◆▪►]{_SPACE}+")
_SENTENCE_END = re.compile(r"[。！？!?：:；;…]+[”’」』）)\]】》\"']*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """Cleaned text and, for each block it was made from, where that block's text begins in it."""

    text: str
    anchors: tuple[Anchor, ...]


def squeeze(text: str) -> str:
    """``text`` without white space and with one width of characters and one form of quotes: for comparing
    titles."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", re.sub(r"\s+", "", text)))
    return text.translate(str.maketrans("，：；（）“”‘’！？\"'", ",:;()\"\"''!?\"'"))


def simplified(text: str) -> str:
    """``text`` in Simplified characters, of the same length: what the rules look at, never what is kept."""
    converted: str = _converter().convert(text)
    return converted if len(converted) == len(text) else text


@cache
def _converter() -> Any:
    import opencc  # noqa: PLC0415 - its dictionaries load here, not at import

    return opencc.OpenCC("t2s")


def join(blocks: Sequence[Block], *, phrases: bool = False) -> Piece:
    """One piece from blocks that belong together (a paragraph cut by page ends, a title in two lines).

    ``phrases``: spaces between phrases are kept all through (titles), else only inside quotation marks.
    """
    if blocks and blocks[0].kind == "table":
        return _join_rows(blocks)
    raw, begins = "", []
    for position, block in enumerate(blocks):
        text = block.text if position else _LIST_DASH.sub("", block.text)
        if raw and (phrases or _needs_space(raw, text)):
            raw += " "
        begins.append(len(raw))
        raw += text
    kept = kept_characters(raw, phrases=phrases)
    text = "".join(" " if raw[i].isspace() else raw[i] for i in kept)
    anchors, at = [], 0
    for block, begin in zip(blocks, begins, strict=True):
        while at < len(kept) and kept[at] < begin:
            at += 1
        anchors.append(Anchor(at, block.page, block.line))
    return Piece(text, tuple(anchors))


def _join_rows(rows: Sequence[Block]) -> Piece:
    """Rows of a table, a line each, cells parted by tabs."""
    lines = ["\t".join(clean_spaces(cell, phrases=True) for cell in row.text.split("\t")) for row in rows]
    offsets = [0, *accumulate(len(line) + 1 for line in lines[:-1])]
    anchors = (Anchor(at, row.page, row.line) for at, row in zip(offsets, rows, strict=True))
    return Piece("\n".join(lines), tuple(anchors))


def clean_spaces(text: str, *, phrases: bool = False) -> str:
    """``text`` without the spaces that only layout or OCR put there."""
    return "".join(" " if text[i].isspace() else text[i] for i in kept_characters(text, phrases=phrases))


def kept_characters(text: str, *, phrases: bool = False) -> list[int]:
    """The positions of ``text`` that stay.

    A run of spaces goes where either side is Chinese or punctuation; between Latin words one space stays.
    A space that parts two phrases of three characters or more stays in a title, or inside quotation
    marks: there it is a pause that the bulletin means.
    """
    if not _RUN.search(text) and not _INVISIBLE.search(text):
        return list(range(len(text)))
    keep = set(range(len(text)))
    keep -= {m.start() for m in _INVISIBLE.finditer(text)}
    pauses = _pauses(text, phrases=phrases)
    for run in _RUN.finditer(text):
        keep -= set(range(run.start(), run.end()))
        before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
        layout = not before or not after or _WIDE_OR_MARK.match(before) or _WIDE_OR_MARK.match(after)
        if not layout or run.start() in pauses:
            keep.add(run.start())
    return sorted(keep)


def _pauses(text: str, *, phrases: bool) -> set[int]:
    quoted = (
        (m.start() + 1, m.end() - 1) for m in _QUOTED.finditer(text) if len(m.group()) <= _LONGEST_QUOTED
    )
    spans = [(0, len(text))] if phrases else list(quoted)
    pauses: set[int] = set()
    for start, end in spans:
        for phrase in _PHRASES.finditer(text, start, end):
            pauses |= {run.start() for run in _RUN.finditer(text, phrase.start(), phrase.end())}
    return pauses


def _needs_space(before: str, after: str) -> bool:
    return bool(re.search(r"[A-Za-z,.;]$", before[-1:])) and bool(re.match(r"[A-Za-z]", after))


def ends_sentence(text: str) -> bool:
    """Whether ``text`` ends where a sentence, or a line that introduces a list, may end."""
    return bool(_SENTENCE_END.search(text.rstrip()[-_LONGEST_END:]))
