"""Which documents of the catalogue a client wants to see."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from api.present import Records, record_out
from api.replies import DocumentsOut
from api.schemas import DocumentsAsked
from index.library import Library
from index.types import DocumentRecord, Filters


def list_documents(library: Library, records: Records, asked: DocumentsAsked, snapshot: str) -> DocumentsOut:
    """Those of the records that meet all that is asked for, in their order, and one page of them."""
    found = list(_meeting(library, records, asked))
    end = len(found) if asked.limit is None else asked.offset + asked.limit
    return DocumentsOut(
        documents=[record_out(record) for record in found[asked.offset : end]],
        total=len(found),
        offset=asked.offset,
        next_offset=end if end < len(found) else None,
        snapshot=snapshot,
    )


def _meeting(library: Library, records: Records, asked: DocumentsAsked) -> Iterator[DocumentRecord]:
    filters = Filters(years=tuple(asked.year), issues=tuple(asked.issue), places=tuple(asked.place))
    wanted = _folded(asked.q)
    titles: dict[str, list[str]] = {}
    if filters != Filters() or wanted:
        for article in library.articles(filters):
            titles.setdefault(article.document_id, []).append(article.title)
    for record in records.values():
        if filters != Filters() and record.id not in titles:
            continue
        if asked.series and record.series not in asked.series:
            continue
        own = (record.id, record.title, record.series, record.issuer, record.source_name)
        if wanted and not any(wanted in _folded(text) for text in (*own, *titles.get(record.id, ())) if text):
            continue
        yield record


def _folded(text: str) -> str:
    """What is compared: widths and capitals don't count."""
    return unicodedata.normalize("NFKC", text).casefold()
