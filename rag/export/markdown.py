"""A material pack as Markdown with footnotes ([^1], as GitHub, Pandoc and most editors know them)."""

from __future__ import annotations

import re

from rag.export.types import Excerpt, MaterialPack
from rag.export.wording import (
    OVERVIEW,
    OVERVIEW_COLUMNS,
    note,
    numbered,
    overview_row,
    paragraphs,
    source_of,
    titled,
)

_MARKUP = re.compile(r"[\\`*_\[\]<>~|&$]")
_LINE_MARKUP = re.compile(r"^(?:[#+=-]|(\d{1,9})(?=[.)]))")
_INDENT = re.compile(r"^[ \t]+")


def write_markdown(pack: MaterialPack) -> str:
    """What it shows is the excerpts' text to the character: what Markdown would take for markup is escaped.
    A line break of the text becomes a paragraph."""
    blocks = [f"# {_escape(pack.title)}"]
    blocks.append("\n".join(f"- {name}：{_escape(text)}" for name, text in pack.about))
    blocks += [f"**注意**：{_escape(caution)}" for caution in pack.cautions]
    for number, section in enumerate(pack.sections, 1):
        if section.heading:
            blocks.append(f"## {_escape(numbered(number, section.heading))}")
        for title, excerpt in titled(section):
            blocks += [f"**{_escape(line)}**" for line in (title, *excerpt.headings) if line]
            blocks += [_quote(excerpt), f"——{_escape(source_of(excerpt))}"]
    blocks += [f"## {OVERVIEW}", _table(pack)]
    blocks.append("\n".join(f"[^{e.number}]: {_escape(note(e))}" for e in pack.excerpts))
    return "\n\n".join(blocks) + "\n"


def _quote(excerpt: Excerpt) -> str:
    return "\n>\n".join(f"> {_escape(text)}" for text in paragraphs(excerpt)) + f"[^{excerpt.number}]"


def _table(pack: MaterialPack) -> str:
    rows = [OVERVIEW_COLUMNS, ("---",) * len(OVERVIEW_COLUMNS)]
    rows += [tuple(_escape(cell) for cell in overview_row(excerpt)) for excerpt in pack.excerpts]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _escape(text: str) -> str:
    """For one line of Markdown that shows ``text``."""
    escaped = _MARKUP.sub(r"\\\g<0>", text)
    escaped = _LINE_MARKUP.sub(lambda m: f"{m[1]}\\" if m[1] else f"\\{m[0]}", escaped)
    return _INDENT.sub(lambda m: "".join(f"&#{ord(c)};" for c in m[0]), escaped)
