"""A checked draft as a Word document: each claim in its colour, with a comment that says what was found.

A draft that came as docx keeps its own looks; any other becomes a plain document, a paragraph for each line.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence

import docx
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from api.check_words import finding_line, summary_line
from api.docx_spans import Spans
from rag.checking.types import DraftCheck, Finding, Verdict

_COLOURS: dict[Verdict, WD_COLOR_INDEX] = {
    "consistent": WD_COLOR_INDEX.BRIGHT_GREEN,
    "not_found": WD_COLOR_INDEX.YELLOW,
    "inconsistent": WD_COLOR_INDEX.RED,
}
_GRAVER: tuple[Verdict, ...] = ("consistent", "not_found", "inconsistent")
_AUTHOR, _INITIALS = "简报核稿", "核"
_LEGEND = "绿色：与简报一致；黄色：简报中未见，请自行核实；红色：与简报不一致；灰色：没有可核对的内容。"
_LARGEST_UNPACKED = 200 * 2**20
_FONT = "宋体"


def marked_docx(check: DraftCheck, original: bytes | None = None) -> bytes:
    """The docx. ``original`` is the draft's own file; where it can't be opened again, a plain one is made."""
    document = (_opened(original) if original else None) or _plain(check.text)
    paragraphs = [Paragraph(p, document) for p in document.element.body.iter(qn("w:p"))]
    spans = Spans(paragraphs, check.text, [(s.start, s.end) for s in check.sentences])
    comments = list(_comments(check))
    for start, end, _ in comments:
        spans.cut(start, end)
    for finding in sorted(check.findings, key=lambda f: _GRAVER.index(f.verdict)):
        spans.cut(finding.start, finding.end)
    spans.split()
    for finding in sorted(check.findings, key=lambda f: _GRAVER.index(f.verdict)):
        colour = WD_COLOR_INDEX.GRAY_25 if finding.kind == "sentence" else _COLOURS[finding.verdict]
        for run in spans.runs(finding.start, finding.end):
            run.font.highlight_color = colour
    _comment(document, spans, comments, check)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _comments(check: DraftCheck) -> Iterator[tuple[int, int, str]]:
    """(start, end, text) of each comment: one for each finding that isn't consistent, and one for all of a
    sentence that are."""
    for sentence in check.sentences:
        consistent = [f for f in sentence.findings if f.verdict == "consistent"]
        if consistent:
            lines = [finding_line(f) for f in consistent]
            yield consistent[0].start, consistent[0].end, "\n".join([*lines, *_quotes(consistent)])
        for finding in sentence.findings:
            if finding.verdict != "consistent" and finding.kind != "sentence":
                yield finding.start, finding.end, "\n".join([finding_line(finding), *_quotes([finding])])


def _quotes(findings: Sequence[Finding]) -> list[str]:
    cited = dict.fromkeys(f.citation for f in findings if f.citation)
    return [f"原文：{citation.quote}\n出处：{citation.reference}" for citation in cited]


def _comment(
    document: Document, spans: Spans, comments: Sequence[tuple[int, int, str]], check: DraftCheck
) -> None:
    unplaced = []
    first = next(spans.all_runs(), None)
    by_place = defaultdict(list)
    for start, end, text in comments:
        by_place[start, end].append(text)
    for (start, end), texts in by_place.items():
        runs = spans.runs(start, end)
        if runs:
            _add(document, runs, "\n".join(texts))
        else:
            unplaced += texts
    lines = [summary_line(check), _LEGEND, *unplaced]
    if first is not None:
        _add(document, [first], "\n".join(lines))


def _add(document: Document, runs: Sequence[Run], text: str) -> None:
    document.add_comment([runs[0], runs[-1]], text=text, author=_AUTHOR, initials=_INITIALS)


def _opened(original: bytes) -> Document | None:
    """The draft's own document; None where python-docx can't open it, or it would unpack to too much. The
    file was read before, in a process with limits (see ``corpus.worker``)."""
    try:
        with zipfile.ZipFile(io.BytesIO(original)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _LARGEST_UNPACKED:
                return None
        return docx.Document(io.BytesIO(original))
    except Exception:  # python-docx lets errors of lxml, zipfile and its own through
        return None


def _plain(text: str) -> Document:
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    for line in text.split("\n"):
        document.add_paragraph(_printable(line))
    return document


def _printable(line: str) -> str:
    """Without what XML can't hold."""
    return "".join(c if c.isprintable() or c in "\t\u3000" else "�" for c in line)
