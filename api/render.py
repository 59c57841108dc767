"""What the command line shows. On a screen lines are wrapped by width; into a pipe or file they are plain
and whole, so that other programs can read them."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence

from pydantic import BaseModel
from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table
from rich.text import Text

from api.headings import HEADING_SEPARATOR
from corpus.pages import page_at
from corpus.types import Document, ParsedDocument, Passage
from index.types import DocumentRecord, Hit
from rag.types import Answer, Query

_NEAREST = 3
_UNWRAPPED = 1_000_000
_CLOSING = "，。、；：？！”’》）】…—,.;:?!)]"
_TOKENS = re.compile(r"[A-Za-z0-9_./%+~:@-]+|.", re.DOTALL)


def make_console(*, stderr: bool = False) -> Console:
    """A console that never reads markup in a text, and wraps only on a screen."""
    console = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console = Console(
            stderr=stderr, markup=False, emoji=False, highlight=False, width=_UNWRAPPED, color_system=None
        )
    return console


def show_text(console: Console, text: str, indent: int = 0, style: str = "") -> None:
    """Print text with every line, also the wrapped ones, set in by ``indent`` columns."""
    # Rich drops tabs; they part the cells of a table.
    for line in text.replace("\t", "　").splitlines() or [""]:
        # Not Padding: it would fill each line with spaces up to the width.
        for part in fold(line, max(console.width - indent, 20)):
            console.print(Text(" " * indent) + Text(part, style=style), no_wrap=True, overflow="ignore")


def fold(line: str, width: int) -> list[str]:
    """``line`` in parts of at most ``width`` columns, a Chinese character taking two. Words and figures stay
    whole, and no part begins with a closing mark. (Rich breaks at spaces only, so that a Chinese sentence
    after a space would begin a new line.)"""
    parts, part, used = [], "", 0
    for token in _TOKENS.findall(line):
        for piece in chop_cells(token, width):
            size = cell_len(piece)
            # Two columns are kept free for a closing mark.
            if part and used + size > width - (0 if piece in _CLOSING else 2):
                parts.append(part.rstrip())
                part, used = "", 0
            part, used = part + piece, used + size
    return [*parts, part.rstrip()]


def show_answer(console: Console, answer: Answer) -> None:
    """What was read otherwise than it was written, the answer, its citations, and what was looked through."""
    show_corrections(console, answer.query)
    show_text(console, answer.text)
    show_sources(console, answer)


def show_sources(console: Console, answer: Answer) -> None:
    """What belongs below an answer's text: who wrote it, its citations, and what was looked through."""
    if answer.notices or answer.composer != "none":
        console.print()
    if answer.composer != "none":
        show_text(console, f"由模型 {answer.composer} 作答，每句都经过核对。", style="dim")
    for notice in answer.notices:
        show_text(console, notice, style="yellow")
    places = {hit.passage.id: hit.passage.place for hit in answer.passages}
    if answer.citations:
        console.print()
        show_text(console, "引文", style="bold")
    for citation in answer.citations:
        source = [places.get(citation.passage_id), citation.reference, citation.passage_id]
        show_text(console, f"[{citation.marker}] {citation.quote}")
        show_text(console, "　".join(part for part in source if part), indent=4, style="dim")
    if answer.status == "no_evidence" and answer.passages:
        console.print()
        show_text(console, "最接近的段落（不作为依据）", style="bold")
        show_hits(console, answer.passages[:_NEAREST])
    console.print()
    show_text(console, answer.coverage.note, style="dim")


def show_corrections(console: Console, query: Query) -> None:
    """A line for each slip of the pen that was put right."""
    for correction in query.corrections:
        show_text(console, f"已按“{correction.read_as}”理解“{correction.found}”", style="dim")


class Typewriter:
    """Puts a text on a screen piece by piece, in the same lines as ``show_text`` would make of the whole."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._line = ""
        self._parts = [""]

    def write(self, piece: str) -> None:
        """Goes on where the last piece ended."""
        first, *others = piece.replace("\t", "　").split("\n")
        self._extend(first)
        for line in others:
            self.end()
            self._extend(line)

    def end(self) -> None:
        """Ends the line."""
        self._console.print()
        self._line, self._parts = "", [""]

    def _extend(self, text: str) -> None:
        self._line += text
        parts = fold(self._line, max(self._console.width, 20))
        shown, last = self._parts, len(self._parts) - 1
        # What stands there already stays: folding only ever goes on from the last part.
        self._put(parts[last][len(shown[last]) :])
        for part in parts[last + 1 :]:
            self._console.print()
            self._put(part)
        self._parts = parts

    def _put(self, text: str) -> None:
        self._console.print(Text(text), end="", no_wrap=True, overflow="ignore", soft_wrap=True)


def show_hits(console: Console, hits: Sequence[Hit]) -> None:
    """Passages, best first."""
    for hit in hits:
        passage = hit.passage
        where = [passage.title, HEADING_SEPARATOR.join(passage.heading), passage.place or "", passage.id]
        show_text(console, f"{hit.rank}. {'　'.join(part for part in where if part)}", style="bold")
        show_text(console, passage.text, indent=4)
    if not hits:
        show_text(console, "没有找到段落。")


def show_records(console: Console, records: Sequence[DocumentRecord]) -> None:
    """The catalogue: a table on a screen, else a line of tab-separated columns for each document."""
    headings = ("编号", "标题", "日期", "篇", "段", "文件")
    rows = [
        (r.id, r.title, r.date.isoformat() if r.date else "", str(r.articles), str(r.passages), r.source_name)
        for r in records
    ]
    if not console.is_terminal:
        for row in rows:
            # Not through rich, which turns tabs into spaces.
            console.file.write("\t".join(row) + "\n")
        return
    table = Table(*headings, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
    show_text(console, f"共 {len(rows)} 份", style="dim")


def show_document(console: Console, parsed: ParsedDocument) -> None:
    """A document as it was understood: masthead, articles, passages with their headings and pages."""
    document = parsed.document
    pages = max((anchor.page or 0 for anchor in document.anchors), default=0)
    size = f"{len(parsed.articles)} 篇，{len(parsed.passages)} 段" + (f"，{pages} 页" if pages else "")
    facts = (
        ("编号", document.id),
        ("刊名", document.series),
        ("期号", document.issue),
        ("签发", document.issuer),
        ("日期", document.date.isoformat() if document.date else None),
        ("性质", "摘编，非原文" if document.digest else None),
        ("文件", document.source_name),
        ("共", size),
    )
    show_text(console, document.title, style="bold")
    for name, value in facts:
        show_text(console, f"{name}：{value or '（未读出）'}") if value or name != "性质" else None
    for warning in parsed.warnings:
        show_text(console, f"提醒：{warning}", style="yellow")
    for article in parsed.articles:
        console.print()
        show_text(console, f"{article.ordinal + 1}. {article.title}", style="bold")
        show_text(
            console, f"地方：{article.place or '（未读出）'}　作者：{article.author or '（未署）'}", indent=3
        )
        for passage in (one for one in parsed.passages if one.article == article.ordinal):
            facts_of_it = (passage.id, _pages(document, passage), HEADING_SEPARATOR.join(passage.heading))
            show_text(console, "　".join(fact for fact in facts_of_it if fact), indent=3, style="dim")
            show_text(console, passage.text, indent=6)


def _pages(document: Document, passage: Passage) -> str:
    last = page_at(document, passage.end - 1)
    if not passage.page or not last:
        return ""
    return f"第 {passage.page} 页" if last == passage.page else f"第 {passage.page}–{last} 页"


@contextlib.contextmanager
def bars(console: Console) -> Iterator[Progress]:
    """Progress bars on a screen; nothing where there is none."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        yield progress


@contextlib.contextmanager
def counted(console: Console, what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for ``what``; yields what is to be told (done, total), with total 0 where it isn't known."""
    with bars(console) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total or None)


@contextlib.contextmanager
def model_bar(console: Console) -> Iterator[Callable[[float], None]]:
    """A bar for the preparation of the bundled model, shown only if it is prepared; told shares of 1."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    progress = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)

    def show(share: float) -> None:
        if not progress.tasks:
            show_text(console, "首次使用，正在准备内置的向量模型（只需一次）……")
            progress.add_task("向量模型", total=1.0)
            progress.start()
        progress.update(progress.tasks[0].id, completed=share)

    try:
        yield show
    finally:
        progress.stop()


def print_json(model: BaseModel) -> None:
    """A reply as JSON on standard output, as over HTTP."""
    sys.stdout.write(model.model_dump_json(indent=2, exclude_unset=True) + "\n")
