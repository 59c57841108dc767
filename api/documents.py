"""Documents over HTTP: the catalogue, their text, putting in and taking out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Annotated

from fastapi import APIRouter, File, Query, Response, UploadFile

from api.errors import Failure
from api.failures import reply, responses
from api.present import Catalogue, add_report, document_out, documents_out, passage_out
from api.replies import AddReport, DocumentOut, DocumentsOut, PassageWithNeighbours, RemovedOut
from api.wiring import Application
from corpus.errors import CorpusError
from corpus.types import ParsedDocument, SkippedFile
from index.types import AddOutcome

UPLOAD_PATH = "/v1/documents"
_MOST_REASONS = 10


def documents_router(application: Application, catalogue: Catalogue) -> APIRouter:
    """``/v1/documents`` and ``/v1/passages``."""
    router = APIRouter(tags=["文件"])
    library = application.library

    @router.get(UPLOAD_PATH, summary="目录", responses=responses(503))
    def documents() -> DocumentsOut:
        """全部文件，日期新的在前。"""
        return documents_out(catalogue.records(), library.snapshot)

    @router.get(
        UPLOAD_PATH + "/{document_id}", summary="一份文件，连同全文", responses=responses(404, 422, 503)
    )
    def document(document_id: str) -> DocumentOut:
        """引文的 start 和 end 数的就是这里 text 的字（Unicode 码点）。"""
        return document_out(library, document_id)

    @router.get("/v1/passages/{passage_id}", summary="一段及其前后", responses=responses(404, 422, 503))
    def passage(passage_id: str, around: Annotated[int, Query(ge=0, le=20)] = 1) -> PassageWithNeighbours:
        """around 是前后各要几段。"""
        return passage_out(library, passage_id, around, catalogue.records())

    @router.post(
        UPLOAD_PATH,
        summary="上传一份或多份文件",
        response_model=AddReport,
        responses=responses(400, 413, 422, 503),
    )
    def upload(
        files: Annotated[list[UploadFile], File(description="简报文件，可以多个；表单项名为 files")],
    ) -> AddReport | Response:
        """读不了的文件列在 skipped 里，其余照常收入；一份也没收入时为 422。"""
        read, skipped = _read(application, files, catalogue)
        if not read:
            return reply(_nothing_taken(skipped))
        parsed = [one for one in read if isinstance(one, ParsedDocument)]
        added = iter(library.add(parsed))
        outcomes = [next(added) if isinstance(one, ParsedDocument) else one for one in read]
        warnings = [(one.document.source_name, text) for one in parsed for text in one.warnings]
        return add_report(outcomes, skipped, warnings, library.snapshot)

    @router.delete(UPLOAD_PATH + "/{document_id}", summary="删除一份文件", responses=responses(404, 422, 503))
    def remove(document_id: str) -> RemovedOut:
        """文件连同它的段落和向量一并删除。"""
        library.remove(document_id)
        return RemovedOut(id=document_id, snapshot=library.snapshot)

    return router


def _read(
    application: Application, files: Sequence[UploadFile], catalogue: Catalogue
) -> tuple[list[ParsedDocument | AddOutcome], list[SkippedFile]]:
    """What is in the files, in their order; a file that is known already isn't read again."""
    read: list[ParsedDocument | AddOutcome] = []
    skipped: list[SkippedFile] = []
    largest = application.loader.largest_file
    for file in files:
        # Some browsers send a folder along, and old ones a Windows path.
        name = PurePosixPath((file.filename or "").replace("\\", "/")).name or "未命名文件"
        try:
            # One byte past the limit is enough for the loader to refuse it.
            data = file.file.read(largest + 1)
            known = application.library.has_file(hashlib.sha256(data).hexdigest())
            record = catalogue.records().get(known or "")
            if record:
                read.append(AddOutcome(record.id, name, "unchanged", record.passages))
            else:
                read.append(application.loader.parse(data, name))
        except CorpusError as error:
            skipped.append(SkippedFile(name, str(error)))
    return read, skipped


def _nothing_taken(skipped: Sequence[SkippedFile]) -> Failure:
    reasons = "\n".join(file.reason for file in skipped[:_MOST_REASONS])
    more = f"\n另有 {len(skipped) - _MOST_REASONS} 份。" if len(skipped) > _MOST_REASONS else ""
    return Failure(
        422, "nothing_added", "invalid_request_error", f"没有一份文件能收入：\n{reasons}{more}", "files"
    )
