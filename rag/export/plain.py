"""A material pack as plain text, its references as notes at the end."""

from __future__ import annotations

from rag.export.types import Excerpt, MaterialPack
from rag.export.wording import OVERVIEW, note, numbered, overview_row, paragraphs, source_of, titled

_INDENT = "　　"


def write_text(pack: MaterialPack) -> str:
    """Paragraphs parted by empty lines; each line of an excerpt is set in by two characters, and its note's
    number follows it as [1]."""
    head = [f"{name}：{text}" for name, text in pack.about]
    head += [f"注意：{caution}" for caution in pack.cautions]
    blocks = [pack.title, "\n".join(head)]
    for number, section in enumerate(pack.sections, 1):
        if section.heading:
            blocks.append(numbered(number, section.heading))
        for title, excerpt in titled(section):
            blocks += [line for line in (title, *excerpt.headings) if line]
            quote = "\n".join(f"{_INDENT}{text}" for text in paragraphs(excerpt))
            blocks.append(f"{quote}[{excerpt.number}]\n{_INDENT}——{source_of(excerpt)}")
    blocks.append("\n".join(["尾注", *(f"[{e.number}] {note(e)}" for e in pack.excerpts)]))
    overview = [_overview_line(excerpt) for excerpt in pack.excerpts]
    blocks.append("\n".join([OVERVIEW, *overview]))
    return "\n\n".join(blocks) + "\n"


def _overview_line(excerpt: Excerpt) -> str:
    number, *cells = overview_row(excerpt)
    return f"{number}. {'　'.join(cells)}"
