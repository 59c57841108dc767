"""The nouns of the inner packages become the shapes of the contract."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from api.explained import CorrectionOut, ExplanationOut, LegOut
from api.headings import HEADING_SEPARATOR
from api.replies import (
    AddedOut,
    AddReport,
    AnswerOut,
    CitationOut,
    CoverageOut,
    FiltersOut,
    HitOut,
    ItemOut,
    QueryOut,
    RecordOut,
    RejectedOut,
    ReprintOut,
    SearchOut,
    SentenceOut,
    SkippedOut,
    WarningOut,
)
from corpus.types import Document, Passage, SkippedFile
from index.library import Library
from index.types import AddOutcome, DocumentRecord, Filters, Hit
from rag.types import Answer, Query

Records = Mapping[str, DocumentRecord]


class Catalogue:
    """The library's records by id, read anew only after a change. Threads may share it."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._snapshot: str | None = None
        self._records: Records = {}

    def records(self) -> Records:
        """Every document's record by its id, newest first."""
        with self._lock:
            snapshot = self._library.snapshot
            if snapshot != self._snapshot:
                self._records = {record.id: record for record in self._library.documents()}
                self._snapshot = snapshot
            return self._records


def query_out(answer: Answer, records: Records) -> QueryOut:
    """An answer as ``POST /v1/query`` gives it; ``explanation`` only where it was asked for."""
    explained = answer.explanation
    extra = {"explanation": ExplanationOut(**_rounded(asdict(explained)))} if explained else {}
    return QueryOut(
        **extra,
        id=uuid.uuid4().hex,
        status=answer.status,
        intent=answer.query.intent,
        standalone_question=answer.query.text,
        corrections=corrections_out(answer.query),
        filters=filters_out(answer.query.filters),
        answer=AnswerOut(
            text=answer.text, sentences=[SentenceOut(**asdict(sentence)) for sentence in answer.sentences]
        ),
        items=[ItemOut(**asdict(item)) for item in answer.items],
        doubtful=[ItemOut(**asdict(item)) for item in answer.doubtful],
        not_seen=list(answer.not_seen),
        citations=[CitationOut(**asdict(citation)) for citation in answer.citations],
        passages=hits_out(answer.passages, records),
        coverage=CoverageOut(**asdict(answer.coverage)),
        rejected=[RejectedOut(**asdict(rejected)) for rejected in answer.rejected],
        composer=answer.composer,
        notices=list(answer.notices),
        snapshot=answer.snapshot,
        took_ms=answer.took_ms,
    )


def search_out(
    query: Query, hits: Sequence[Hit], records: Records, *, snapshot: str, took_ms: Mapping[str, float]
) -> SearchOut:
    """Passages as ``POST /v1/search`` gives them."""
    return SearchOut(
        id=uuid.uuid4().hex,
        intent=query.intent,
        standalone_question=query.text,
        corrections=corrections_out(query),
        filters=filters_out(query.filters),
        passages=hits_out(hits, records),
        snapshot=snapshot,
        took_ms=dict(took_ms),
    )


def corrections_out(query: Query) -> list[CorrectionOut]:
    """Slips of the pen that were put right, in the order of the question."""
    return [CorrectionOut(**asdict(correction)) for correction in query.corrections]


def filters_out(filters: Filters) -> FiltersOut:
    """Only what is filled: the rest counts as unset, and isn't sent."""
    return FiltersOut(**{name: value for name, value in asdict(filters).items() if value})


def hits_out(hits: Sequence[Hit], records: Records) -> list[HitOut]:
    """Hits in their order."""
    return [
        HitOut(
            **passage_fields(hit.passage, records.get(hit.passage.document_id)),
            rank=hit.rank,
            score=round(hit.score, 6),
            matched=list(hit.matched),
            legs={leg: LegOut(score=round(said.score, 6), rank=said.rank) for leg, said in hit.legs.items()},
        )
        for hit in hits
    ]


def record_out(record: DocumentRecord) -> RecordOut:
    """A line of the catalogue."""
    fields = asdict(record)
    counts = {"article_count": fields.pop("articles"), "passage_count": fields.pop("passages")}
    return RecordOut(**fields, **counts)


def added_out(outcome: AddOutcome) -> AddedOut:
    """What became of one document of an upload."""
    return AddedOut(
        id=outcome.document_id,
        source_name=outcome.source_name,
        status=outcome.status,
        passages=outcome.passages,
        reprints=[ReprintOut(**asdict(reprint)) for reprint in outcome.reprints],
    )


def add_report(
    outcomes: Sequence[AddOutcome],
    skipped: Sequence[SkippedFile],
    warnings: Sequence[tuple[str, str]],
    snapshot: str,
) -> AddReport:
    """What became of an upload; ``warnings`` are (source name, message)."""
    statuses = [outcome.status for outcome in outcomes]
    return AddReport(
        documents=[added_out(outcome) for outcome in outcomes],
        skipped=[SkippedOut(source_name=file.name, reason=file.reason) for file in skipped],
        warnings=[WarningOut(source_name=name, message=message) for name, message in warnings],
        counts={
            "added": statuses.count("added"),
            "unchanged": statuses.count("unchanged"),
            "replaced": statuses.count("replaced"),
            "skipped": len(skipped),
        },
        snapshot=snapshot,
    )


def _rounded(value: Any) -> Any:
    """Figures at six digits, however deep they lie."""
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(each) for each in value]
    return round(value, 6) if isinstance(value, float) else value


def passage_fields(passage: Passage, record: DocumentRecord | Document | None) -> dict[str, Any]:
    """What is told of a passage and its document, which has no record any more where it was taken out since
    it was searched."""
    return {
        "id": passage.id,
        "document_id": passage.document_id,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "title": passage.title,
        "place": passage.place,
        "heading": HEADING_SEPARATOR.join(passage.heading),
        "article": passage.article,
        "ordinal": passage.ordinal,
        "page": passage.page,
        "series": record.series if record else None,
        "issue": record.issue if record else None,
        "issuer": record.issuer if record else None,
        "date": record.date if record else None,
    }
