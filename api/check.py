"""The draft check over HTTP."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from api.check_replies import CheckOut, DraftIn, check_out
from api.draft_file import DOCX, DraftFile, read_draft_file
from api.export import disposition
from api.failures import responses
from api.marked_docx import marked_docx
from api.paths import CHECK
from api.threads import Threads
from api.wiring import Application

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": DraftIn.model_json_schema()},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "docx、txt、md 等"}
                    },
                }
            },
        },
    }
}


def check_router(application: Application, threads: Threads) -> APIRouter:
    """``POST /v1/check``: JSON with the text, or a form with the file."""
    router = APIRouter(tags=["核稿"], responses=responses(400, 408, 413, 422))

    @router.post(
        CHECK,
        summary="核稿：稿件里的数字、日期、地名、人名、名称，逐一与简报对照",
        response_model=CheckOut,
        responses={200: {"content": {DOCX: {"schema": {"type": "string", "format": "binary"}}}}},
        openapi_extra=_BODY,
    )
    async def check(
        request: Request,
        form: Annotated[
            Literal["json", "docx"], Query(alias="format", description="json，或带批注和底色的 docx")
        ] = "json",
    ) -> CheckOut | Response:
        """不一致的，稿中和简报的写法都列出；未见只说简报没有讲到，不说它错。稿件不会存下来。"""
        sent = await _sent(request)
        return await threads.upload(_checked, application, sent, form)

    return router


def _checked(application: Application, sent: DraftIn | tuple[bytes, str], form: str) -> CheckOut | Response:
    if isinstance(sent, DraftIn):
        draft = DraftFile("", sent.text)
    else:
        draft = read_draft_file(application.loader, *sent)
    found = application.checker.check(draft.text)
    if form == "json":
        return check_out(found, draft.name or None, draft.warnings)
    name = f"{PurePosixPath(draft.name or '稿件').stem}（核稿）.docx"
    return Response(
        marked_docx(found, draft.docx),
        media_type=DOCX,
        headers={"Content-Disposition": disposition(name, "checked.docx")},
    )


async def _sent(request: Request) -> DraftIn | tuple[bytes, str]:
    """The text, or the bytes and name of the file. Raises RequestValidationError."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        try:
            return DraftIn.model_validate_json(await request.body())
        except ValidationError as error:
            raise RequestValidationError([_located(one) for one in error.errors()]) from error
    async with request.form(max_files=1, max_fields=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise RequestValidationError(
                [{"type": "missing", "loc": ("body", "file"), "msg": "", "input": None}]
            )
        name = PurePosixPath((file.filename or "").replace("\\", "/")).name or "未命名文件"
        return await file.read(), name


def _located(error: Any) -> dict[str, Any]:
    return {**error, "loc": ("body", *error["loc"])}
