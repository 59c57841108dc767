"""Reference lines: the full one after GB/T 7714-2015 (rules for bibliographic references), and the short one
that speeches use."""

from __future__ import annotations

from corpus.types import Document
from index.catalogue import issue_key
from index.types import DocumentRecord

_INNER_MARKS = str.maketrans("《》", "〈〉")


def reference(document: DocumentRecord | Document, page: int | None = None) -> str:
    """``issuer. series[Z]. year(issue): page.``: the standard's form for serials (4.3) with the page that is
    cited (8.8.2), and the mark of other documents, Z (appendix B): a bulletin is no journal.

    What the document doesn't say is left out, the issuer too: 8.1.3 allows it for numbered references. A
    digest is marked so. Without an issue the whole date tells it apart, as with newspapers (8.4.3.2). The
    mark of a carrier (Z/OL) belongs to an address and the day it was seen (4.6), which a file doesn't have.
    """
    title = document.series or document.title
    digest = "（摘编，非原文）" if document.digest else ""
    date = document.date
    year = (str(date.year) if document.issue else date.isoformat()) if date else ""
    issue = f"({document.issue})" if document.issue else ""
    when = f" {year}{issue}" if year or issue else ""
    where = f": {page}" if page is not None and when else ""
    issuer = f"{document.issuer}. " if document.issuer else ""
    return f"{issuer}{title}{digest}[Z].{when}{where}." if when else f"{issuer}{title}{digest}[Z]."


def short_reference(document: DocumentRecord | Document) -> str:
    """《江苏工作简报》2025年第20期, to be said or put in brackets; a digest is marked so. Without an issue
    the date stands for it, without either the name alone."""
    digest = "（摘编）" if document.digest else ""
    date = document.date
    if document.issue:
        issue = f"第{issue_key(document.issue) or document.issue}期"
        when = f"{date.year}年{issue}" if date else issue
    else:
        when = f"{date.year}年{date.month}月{date.day}日" if date else ""
    return f"{in_title_marks(document.series or document.title)}{when}{digest}"


def in_title_marks(title: str) -> str:
    """``title`` in 《》; such marks inside it become 〈〉 (GB/T 15834-2011, 4.15)."""
    return f"《{title.translate(_INNER_MARKS)}》"
