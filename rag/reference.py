"""Reference lines after GB/T 7714-2015 (rules for bibliographic references)."""

from __future__ import annotations

from index.types import DocumentRecord


def reference(document: DocumentRecord, page: int | None = None) -> str:
    """``issuer. series[Z]. year(issue): page.``; [Z] is the standard's mark for other documents. What the
    document doesn't say is left out, and a digest is marked so."""
    title = document.series or document.title
    digest = "（摘编，非原文）" if document.digest else ""
    year = str(document.date.year) if document.date else ""
    issue = f"({document.issue})" if document.issue else ""
    when = f" {year}{issue}" if year or issue else ""
    where = f": {page}" if page is not None and when else ""
    issuer = f"{document.issuer}. " if document.issuer else ""
    return f"{issuer}{title}{digest}[Z].{when}{where}." if when else f"{issuer}{title}{digest}[Z]."
