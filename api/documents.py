"""Documents over HTTP: the catalogue, their text and files, putting in, reading again, taking out."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated

from fastapi import APIRouter, Depends, File, Header, Query, Response, UploadFile
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse

from api.errors import Failure
from api.etags import NOT_MODIFIED, matches, unchanged
from api.export import disposition
from api.failures import Responses, reply, responses
from api.listing import list_documents
from api.paths import DOCUMENTS
from api.present import Catalogue, add_report
from api.replies import AddReport, DocumentsOut, RemovedOut
from api.schemas import DocumentsAsked
from api.threads import Threads
from api.uploads import Upload, upload_events
from api.version_replies import DocumentOut, PassageWithNeighbours
from api.versions import document_out, passage_out
from api.wiring import Application
from index.types import Original

_EVENTS: Responses = {
    200: {
        "description": "上传的结果；请求头 Accept: text/event-stream 时为进度：file、page、document、skipped "
        "各事件，最后是 report（同 JSON 的结果）或 error",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}
_BYTES: Responses = {
    200: {
        "description": "原文件，一字节不差；Content-Type 是收入时认出的格式",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    }
}


Snapshot = Annotated[
    str,
    Query(
        max_length=40,
        description="回答里的 snapshot：给了就看作答时的版本，被替换了也查得到；不给则看现在的",
        # Only told, not checked: the error of our own says more.
        json_schema_extra={"pattern": "^(g[0-9]{1,15}-[0-9a-f]{8})?$"},
    ),
]


def documents_router(
    application: Application, catalogue: Catalogue, threads: Threads, version: str
) -> APIRouter:
    """``/v1/documents`` and ``/v1/passages``."""
    router = APIRouter(tags=["文件"])
    library = application.library
    fresh = [Depends(unchanged(lambda: library.snapshot, version))]

    @router.get(
        DOCUMENTS,
        summary="目录",
        dependencies=fresh,
        responses=NOT_MODIFIED | responses(422),
    )
    def documents(asked: Annotated[DocumentsAsked, Query()]) -> DocumentsOut:
        """日期新的在前；可按年、期、地方、刊名和字词筛选，可分页。"""
        snapshot = library.snapshot
        return list_documents(library, catalogue.records(), asked, snapshot)

    @router.get(
        DOCUMENTS + "/{document_id}",
        summary="一份文件，连同全文",
        dependencies=fresh,
        responses=NOT_MODIFIED | responses(404, 422),
    )
    def document(document_id: str, snapshot: Snapshot = "") -> DocumentOut:
        """引文的 start 和 end 数的就是这里 text 的字（Unicode 码点）。"""
        return document_out(library, document_id, snapshot)

    @router.get(
        DOCUMENTS + "/{document_id}/file",
        summary="原文件",
        response_class=StreamingResponse,
        responses=_BYTES | NOT_MODIFIED | responses(404, 422),
    )
    def file(document_id: str, if_none_match: Annotated[str, Header()] = "") -> Response:
        """收入时的那个文件。"""
        original = library.originals.find(document_id)
        headers = _file_headers(original)
        if matches(if_none_match, headers["ETag"]):
            return Response(status_code=304, headers={"ETag": headers["ETag"]})
        return StreamingResponse(library.originals.chunks(original), headers=headers)

    @router.get(
        "/v1/passages/{passage_id}",
        summary="一段及其前后",
        dependencies=fresh,
        responses=NOT_MODIFIED | responses(404, 422),
    )
    def passage(
        passage_id: str, around: Annotated[int, Query(ge=0, le=20)] = 1, snapshot: Snapshot = ""
    ) -> PassageWithNeighbours:
        """around 是前后各要几段。"""
        return passage_out(library, passage_id, around, catalogue.records(), snapshot)

    @router.post(
        DOCUMENTS,
        summary="上传一份或多份文件",
        response_model=AddReport,
        responses=_EVENTS | responses(400, 408, 413, 422),
    )
    async def upload(
        files: Annotated[list[UploadFile], File(description="简报文件，可以多个；表单项名为 files")],
        accept: Annotated[str, Header()] = "",
    ) -> AddReport | Response:
        """读不了的文件列在 skipped 里，其余照常收入；一份也没收入时为 422（看进度时为 error 事件）。"""
        if "text/event-stream" in accept.lower():
            # for proxies: nginx would keep the events back until the end
            headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
            events = upload_events(application, catalogue, files, threads)
            return EventSourceResponse(events, headers=headers)
        report = await threads.upload(Upload(application, catalogue, files).run)
        return reply(report) if isinstance(report, Failure) else report

    @router.post(
        DOCUMENTS + "/{document_id}/reread",
        summary="用现在的程序重读一份文件",
        responses=responses(404, 413, 422),
    )
    async def reread(document_id: str) -> AddReport:
        """读的是所存的原文件。读出来与现有的相同为 unchanged，不同为 replaced（编号可能随之改变）；读不了时为
        422，现有的不变。"""
        return await threads.upload(_reread, application, document_id)

    @router.delete(DOCUMENTS + "/{document_id}", summary="删除一份文件", responses=responses(404, 422))
    def remove(document_id: str) -> RemovedOut:
        """文件连同它的段落、向量和所存的原文件一并删除。"""
        library.remove(document_id)
        return RemovedOut(id=document_id, snapshot=library.snapshot)

    return router


def _reread(application: Application, document_id: str) -> AddReport:
    library = application.library
    original = library.originals.find(document_id)
    data = b"".join(library.originals.chunks(original))
    parsed = application.loader.parse(data, original.source_name)
    library.originals.find(document_id)  # it may have been taken out while it was read
    outcomes = library.add([parsed])
    warnings = [(original.source_name, text) for text in parsed.warnings]
    return add_report(outcomes, [], warnings, library.snapshot)


def _file_headers(original: Original) -> dict[str, str]:
    # Always to be saved, never shown in place: a page that somebody uploaded must not run as one of ours.
    name = original.source_name.rpartition("/")[2]
    ending = PurePosixPath(name).suffix
    plain = f"document{ending}" if ending.isascii() and ending[1:].isalnum() else "document"
    return {
        "Content-Type": original.media_type,  # said here, since starlette would claim UTF-8 for any text
        "Content-Length": str(original.size),
        "Content-Disposition": disposition(name, plain),
        "ETag": f'"{original.sha256}"',
        "Cache-Control": "private, no-cache",
    }
