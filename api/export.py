"""Material packs over HTTP."""

from __future__ import annotations

import datetime
from urllib.parse import quote

from fastapi import APIRouter, Response

from api.failures import responses
from api.schemas import ExportIn
from api.wiring import Application
from rag.export.writers import MEDIA_TYPES, file_name, write


def export_router(application: Application) -> APIRouter:
    """``POST /v1/export``."""
    router = APIRouter(prefix="/v1", tags=["导出"], responses=responses(400, 404, 408, 413, 422))
    binary = {"schema": {"type": "string", "format": "binary"}}
    contents = {media_type.split(";")[0]: binary for media_type in MEDIA_TYPES.values()}

    @router.post(
        "/export",
        summary="导出讲话素材：Word、Markdown 或纯文本",
        response_class=Response,
        responses={200: {"description": "素材文件", "content": contents}},
    )
    def export(body: ExportIn) -> Response:
        """给 question，导出与它有关的段落（citations 为 true：只是回答的引文）；给 passage_ids，导出它们。

        每段都是原文，一字不差，附简短出处和 GB/T 7714 的著录。简报里没有的，返回 404 和“简报中未见……”。
        """
        pack = application.packer.pack(body.wanted(), datetime.date.today())
        name = file_name(pack, body.format)
        return Response(
            write(pack, body.format),
            media_type=MEDIA_TYPES[body.format],
            headers={"Content-Disposition": disposition(name, f"material.{body.format}")},
        )

    return router


def disposition(name: str, plain_name: str) -> str:
    """The header that has a browser save the reply as ``name`` (RFC 6266, coded by RFC 8187); clients that
    don't know the coded form take the ASCII ``plain_name``."""
    return f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name, safe='')}"
