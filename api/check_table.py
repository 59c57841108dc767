"""What ``jianbao check`` shows of a checked draft."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.check_words import KIND_WORDS, VERDICT_WORDS, summary_line
from api.render import show_text
from rag.checking.types import DraftCheck, Finding, Verdict

_STYLES: dict[Verdict, str] = {"consistent": "green", "inconsistent": "bold red", "not_found": "yellow"}
_HEADINGS = ("句", "判定", "类别", "稿件", "简报", "说明", "引文")
_LONGEST_CELL = 60


def show_check(console: Console, check: DraftCheck) -> None:
    """A table in colours on a screen, else a line of tab-separated columns for each finding, with the quote
    and its reference; then the quotes, and counts."""
    rows = [
        (number, finding)
        for number, sentence in enumerate(check.sentences, 1)
        for finding in sentence.findings
        if finding.kind != "sentence"
    ]
    if not console.is_terminal:
        for number, finding in rows:
            cells = [*_cells(number, finding), *_source(finding)]
            console.file.write("\t".join(" ".join(cell.split()) for cell in cells) + "\n")
        console.file.write(summary_line(check) + "\n")
        return
    table = Table(*_HEADINGS, box=None, header_style="bold", pad_edge=False)
    last = 0
    for number, finding in rows:
        style = _STYLES[finding.verdict]
        cells = [_short(cell) for cell in _cells(number, finding)]
        cells[0] = "" if number == last else cells[0]
        table.add_row(*(Text(cell, style=style if i in {1, 3} else "") for i, cell in enumerate(cells)))
        last = number
    if rows:
        console.print(table)
        console.print()
    _show_quotes(console, check)
    show_text(console, summary_line(check), style="bold")


def _show_quotes(console: Console, check: DraftCheck) -> None:
    cited = {f.citation.marker: f.citation for f in check.findings if f.citation}
    for marker in sorted(cited):
        show_text(console, f"[{marker}] {cited[marker].quote}")
        show_text(console, cited[marker].reference, indent=4, style="dim")
    if cited:
        console.print()


def _cells(number: int, finding: Finding) -> tuple[str, ...]:
    mark = f"[{finding.citation.marker}]" if finding.citation else ""
    words = (VERDICT_WORDS[finding.verdict], KIND_WORDS[finding.kind])
    return (str(number), *words, finding.text, finding.found, finding.note, mark)


def _source(finding: Finding) -> tuple[str, str]:
    return (finding.citation.quote, finding.citation.reference) if finding.citation else ("", "")


def _short(cell: str) -> str:
    return cell if len(cell) <= _LONGEST_CELL else f"{cell[: _LONGEST_CELL - 1]}…"
