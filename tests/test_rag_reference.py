"""Reference lines after GB/T 7714."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from rag_makers import make_record

from index.types import DocumentRecord
from rag.reference import reference

DAY = datetime.date(2025, 11, 30)
WHOLE = make_record("d", "20", DAY)


@pytest.mark.parametrize(
    ("record", "page", "line"),
    [
        (WHOLE, None, "江苏省某办公室. 江苏工作简报[Z]. 2025(20)."),
        (WHOLE, 3, "江苏省某办公室. 江苏工作简报[Z]. 2025(20): 3."),
        (replace(WHOLE, digest=True), None, "江苏省某办公室. 江苏工作简报（摘编，非原文）[Z]. 2025(20)."),
        (replace(WHOLE, issue=None), None, "江苏省某办公室. 江苏工作简报[Z]. 2025."),
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
