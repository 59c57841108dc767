"""Asking and searching over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

from fastapi import APIRouter, Response

from api.failures import responses
from api.present import Catalogue, query_out, search_out
from api.replies import QueryOut, SearchOut
from api.schemas import QueryIn, QuestionIn
from api.streaming import AnswerStreams, described, encoded
from api.watch import Watch
from api.wiring import Application
from rag.types import AnswerEvent, Finished, Question


def query_router(
    application: Application, catalogue: Catalogue, watch: Watch, streams: AnswerStreams
) -> APIRouter:
    """``POST /v1/query`` and ``POST /v1/search``. Both compute, so both run in the thread pool."""
    router = APIRouter(prefix="/v1", tags=["提问"], responses=responses(400, 408, 413, 422))

    @router.post(
        "/query",
        summary="提问，得到有据可查的回答",
        response_model=QueryOut,
        response_model_exclude_unset=True,
        responses={200: {"content": {"text/event-stream": described()}}},
    )
    def query(body: QueryIn) -> QueryOut | Response:
        """每一句都带引文，引文与简报原文一字不差；简报里没有的，status 为 no_evidence。

        `"stream": true` 时以 text/event-stream 随写随发：先是 `understood`（问题读成了什么、找到的段落），
        然后逐句 `sentence`（每句都先经过核对），最后是 `answer`（与不用流时的回答相同）或 `error`。
        """
        asked = body.asked()
        if body.stream:
            begin = partial(_watched, application, body.question, asked, watch)
            return streams.open(begin, partial(encoded, records=catalogue.records()))
        answer = application.answerer.answer(asked)
        watch.answered(body.question, answer)
        return query_out(answer, catalogue.records())

    @router.post("/search", summary="只检索段落", response_model_exclude_unset=True)
    def search(body: QuestionIn) -> SearchOut:
        """按相关程度排好的段落，不作回答。"""
        started = time.perf_counter()
        snapshot = application.library.snapshot
        understood, hits = application.answerer.search(body.asked())
        took_ms = 1000 * (time.perf_counter() - started)
        return search_out(
            understood, hits, catalogue.records(), snapshot=snapshot, took_ms={"total": round(took_ms, 1)}
        )

    return router


def _watched(
    application: Application, question: str, asked: Question, watch: Watch, is_stopped: Callable[[], bool]
) -> Iterator[AnswerEvent]:
    """The answer as it comes about; its end is told to ``watch`` as that of any other."""
    for event in application.answerer.stream(asked, is_stopped):
        if isinstance(event, Finished):
            watch.answered(question, event.answer)
        yield event
