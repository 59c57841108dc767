"""Reference lines after GB/T 7714."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from rag_makers import make_record

from index.types import DocumentRecord
from rag.reference import in_title_marks, reference, short_reference

DAY = datetime.date(2025, 11, 30)
WHOLE = make_record("d", "20", DAY)


@pytest.mark.parametrize(
    ("record", "page", "line"),
    [
        (WHOLE, None, "江苏省某办公室. 江苏工作简报[Z]. 2025(20)."),
        (WHOLE, 3, "江苏省某办公室. 江苏工作简报[Z]. 2025(20): 3."),
        (replace(WHOLE, digest=True), None, "江苏省某办公室. 江苏工作简报（摘编，非原文）[Z]. 2025(20)."),
        (replace(WHOLE, issue=None), None, "江苏省某办公室. 江苏工作简报[Z]. 2025-11-30."),
        (replace(WHOLE, date=None), None, "江苏省某办公室. 江苏工作简报[Z]. (20)."),
        (replace(WHOLE, issuer=None), None, "江苏工作简报[Z]. 2025(20)."),
        (replace(WHOLE, series=None), None, "江苏省某办公室. 标题d[Z]. 2025(20)."),
        (make_record("d", series=None, issuer=None), None, "标题d[Z]."),
        (make_record("d", series=None, issuer=None), 3, "标题d[Z]."),
    ],
)
def test_reference(record: DocumentRecord, page: int | None, line: str) -> None:
    """What the document says is given in the standard's order; what it doesn't say is left out."""
    assert reference(record, page) == line


@pytest.mark.parametrize(
    ("record", "form"),
    [
        (WHOLE, "《江苏工作简报》2025年第20期"),
        (replace(WHOLE, digest=True), "《江苏工作简报》2025年第20期（摘编）"),
        (replace(WHOLE, issue="第08期"), "《江苏工作简报》2025年第8期"),
        (replace(WHOLE, issue=None), "《江苏工作简报》2025年11月30日"),
        (replace(WHOLE, date=None), "《江苏工作简报》第20期"),
        (replace(WHOLE, issuer=None), "《江苏工作简报》2025年第20期"),
        (replace(WHOLE, series=None), "《标题d》2025年第20期"),
        (make_record("d", series=None, issuer=None), "《标题d》"),
        (make_record("d", series=None, digest=True), "《标题d》（摘编）"),
    ],
)
def test_short_reference(record: DocumentRecord, form: str) -> None:
    """Name, year and issue as they are said aloud; a digest says so, what isn't known is left out."""
    assert short_reference(record) == form


def test_title_marks_are_nested() -> None:
    """Title marks inside a title become the inner ones."""
    assert in_title_marks("学习《纲要》的体会") == "《学习〈纲要〉的体会》"
