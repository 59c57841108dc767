"""The text of one docx paragraph, as a reader of the printed page sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from corpus.readers.docx_styles import Styles, W, find

_PAGE_FIELD = re.compile(r"^\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)
_SKIPPED = {
    "pPr", "rPr", "sectPr", "sdtPr", "del", "moveFrom", "rt", "instrText", "delText", "delInstrText",
    "fldData", "annotationRef", "footnoteRef", "endnoteRef",
}  # fmt: skip
_PLAIN = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_PRIVATE_USE = range(0xE000, 0xF900)


def local_name(element: Any) -> str:
    """The tag without its namespace; empty for comments and instructions."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def branch(alternatives: Any) -> Any:
    """The one branch of mc:AlternateContent to read: what is said once for new and once for old programs."""
    found = {local_name(child): child for child in reversed(alternatives)}
    return found.get("Choice", found.get("Fallback"))


def is_placeholder(control: Any) -> bool:
    """Whether a content control shows nothing but its prompt (单击此处输入文字)."""
    return find(control, "sdtPr/showingPlcHdr") is not None


def _is_furniture(element: Any, kind: str) -> bool:
    if kind == "fldSimple":
        return bool(_PAGE_FIELD.match(element.get(f"{W}instr") or ""))
    return kind == "sdt" and is_placeholder(element)


@dataclass(slots=True)
class Pages:
    """Counts pages. ``seen``: any page end met; ``rendered``: any that a program laid out."""

    number: int = 1
    seen: bool = False
    rendered: bool = False
    _fresh: bool = False

    def explicit(self, *, unless_fresh: bool = False) -> None:
        """A page end that the writer asked for; ``unless_fresh``: and that an empty page needn't repeat."""
        if unless_fresh and (self._fresh or (self.number == 1 and not self.seen)):
            return
        self.number += 1
        self.seen = self._fresh = True

    def laid_out(self) -> None:
        """A page end noted when the file was last laid out. Word notes it after an asked-for one too."""
        self.number += not self._fresh
        self.seen = self.rendered = True
        self._fresh = False

    def text(self) -> None:
        self._fresh = False


@dataclass(slots=True)
class Line:
    """A paragraph's text; ``boxes`` are its text boxes (elements, or the words of WordArt), ``notes`` the
    kind and id of the notes it refers to."""

    text: str = ""
    page: int = 0
    boxes: list[Any] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def add(self, text: str, pages: Pages) -> None:
        text = text.replace("\u00ad", "")
        if text.strip():
            self.page = self.page or pages.number
            pages.text()
        self.text += text


@dataclass(slots=True)
class _Field:
    code: str = ""
    shown: bool = False


class Runs:
    """Reads paragraphs in order; fields and pages may reach from one into the next."""

    def __init__(self, styles: Styles) -> None:
        self.pages = Pages()
        self.has_revisions = False
        self._styles = styles
        self._fields: list[_Field] = []

    def read(self, paragraph: Any) -> Line:
        line = Line()
        self._walk(paragraph, paragraph, line)
        # A contents list is one field over many paragraphs; a field that never shows is a broken one.
        self._fields = [f for f in self._fields if f.shown]
        line.page = line.page or self.pages.number
        return line

    def _walk(self, element: Any, paragraph: Any, line: Line) -> None:
        for child in element:
            self._step(child, paragraph, line)

    def _step(self, child: Any, paragraph: Any, line: Line) -> None:
        kind = local_name(child)
        if kind in {"del", "ins", "moveFrom", "moveTo"}:
            self.has_revisions = True
        if kind in _SKIPPED:
            if kind == "instrText" and self._fields:
                self._fields[-1].code += child.text or ""
        elif kind == "r":
            self._run(child, paragraph, line)
        elif kind == "AlternateContent":
            chosen = branch(child)
            if chosen is not None:
                self._walk(chosen, paragraph, line)
        elif kind == "txbxContent":
            line.boxes.append(child)
        elif kind == "textpath" and child.get("string"):
            line.boxes.append(child.get("string"))
        elif _is_furniture(child, kind):
            return
        elif not self._character(child, kind, line):
            self._walk(child, paragraph, line)

    def _run(self, run: Any, paragraph: Any, line: Line) -> None:
        if self._styles.is_hidden(run, paragraph):
            for mark in run.iterfind(f"{W}fldChar"):
                self._field_mark(mark)
            return
        marks = [e for e in run if local_name(e) in {"footnoteReference", "endnoteReference"}]
        own_mark = any(e.get(f"{W}customMarkFollows") in {"1", "true", "on"} for e in marks)
        for child in run:
            if not (own_mark and local_name(child) in {"t", "sym"}):
                self._step(child, paragraph, line)

    def _character(self, child: Any, kind: str, line: Line) -> bool:
        """Takes what stands for a character, a break or a mark; False for anything else."""
        if kind == "t":
            self._show(child.text or "", line)
        elif kind in _PLAIN:
            self._show(_PLAIN[kind], line)
        elif kind == "sym":
            code = int(child.get(f"{W}char") or "0", 16)
            self._show("" if not code or code in _PRIVATE_USE else chr(code), line)
        elif kind == "br":
            self._break(child, line)
        elif kind == "lastRenderedPageBreak":
            self.pages.laid_out()
        elif kind == "fldChar":
            self._field_mark(child)
        elif kind in {"footnoteReference", "endnoteReference"}:
            line.notes.append((kind.removesuffix("Reference"), child.get(f"{W}id") or ""))
        else:
            return False
        return True

    def _show(self, text: str, line: Line) -> None:
        if all(f.shown for f in self._fields):
            line.add(text, self.pages)

    def _break(self, mark: Any, line: Line) -> None:
        if mark.get(f"{W}type") == "page":
            self.pages.explicit()
        self._show("\n", line)

    def _field_mark(self, mark: Any) -> None:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].shown = not _PAGE_FIELD.match(self._fields[-1].code)
        elif kind == "end" and self._fields:
            self._fields.pop()
