"""Documents and passages with their surroundings, as they are or as they were when something was answered."""

from __future__ import annotations

from api.present import Records, passage_fields
from api.replies import PassageOut
from api.version_replies import ArticleOut, DocumentOut, PassageWithNeighbours
from corpus.types import Document
from index.former import Version
from index.library import Library
from index.types import DocumentRecord
from rag.reference import reference, short_reference


def document_out(library: Library, document_id: str, snapshot: str = "") -> DocumentOut:
    """A document with its text and articles; as it was at ``snapshot``, if one is given. Raises
    DocumentNotFoundError and SnapshotError."""
    if snapshot:
        return _document(library.versions.document(document_id, snapshot))
    return _document(Version(library.document(document_id), is_current=True))


def passage_out(
    library: Library, passage_id: str, around: int, records: Records, snapshot: str = ""
) -> PassageWithNeighbours:
    """A passage with up to ``around`` before and after; as it was at ``snapshot``, if one is given. Raises
    PassageNotFoundError and SnapshotError."""
    if snapshot:
        passage, version = library.versions.passage(passage_id, snapshot)
        beside = [other for other in version.parsed.passages if other.id != passage.id]
        near = [other for other in beside if abs(other.ordinal - passage.ordinal) <= around]
        document: Document | DocumentRecord | None = version.parsed.document
    else:
        passage = library.passage(passage_id)
        near = library.neighbours(passage_id, around)
        version = None
        document = records.get(passage.document_id)
    neighbours = [PassageOut(**passage_fields(one, document)) for one in near]
    return PassageWithNeighbours(
        **passage_fields(passage, document),
        reference=reference(document, passage.page) if document else None,
        short_reference=short_reference(document) if document else None,
        before=[one for one in neighbours if one.ordinal < passage.ordinal],
        after=[one for one in neighbours if one.ordinal > passage.ordinal],
        is_current=version is None or version.is_current,
        replaced_by=version.replaced_by if version else None,
    )


def _document(version: Version) -> DocumentOut:
    parsed = version.parsed
    document = parsed.document
    return DocumentOut(
        id=document.id,
        title=document.title,
        series=document.series,
        issue=document.issue,
        issuer=document.issuer,
        date=document.date,
        digest=document.digest,
        source_name=document.source_name,
        sha256=document.sha256,
        media_type=document.media_type,
        text=document.text,
        articles=[
            ArticleOut(**{name: getattr(article, name) for name in ArticleOut.model_fields})
            for article in parsed.articles
        ],
        article_count=len(parsed.articles),
        passage_count=len(parsed.passages),
        warnings=list(parsed.warnings),
        is_current=version.is_current,
        replaced_by=version.replaced_by,
    )
