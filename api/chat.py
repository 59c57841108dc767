"""The service as a model behind OpenAI's chat completions, for clients and chat front ends that speak it."""

from __future__ import annotations

import time
import uuid
from functools import partial

from fastapi import APIRouter, Request, Response

from api.chat_schemas import (
    MODEL,
    ChatIn,
    ChatOut,
    ModelOut,
    ModelsOut,
    OpenAIErrorOut,
)
from api.chat_writing import ChatWriter
from api.errors import UnknownModelError
from api.failures import responses
from api.present import Catalogue
from api.sources import Links
from api.streaming import AnswerStreams
from api.watch import Watch
from api.wiring import Application

# itemSchema is OpenAPI 3.2's, as in api/streaming.py.
_STREAM = {
    "itemSchema": {
        "type": "object",
        "required": ["data"],
        "properties": {
            "data": {"type": "string", "description": "chat.completion.chunk（JSON），最后是 [DONE]"}
        },
    },
    "example": 'data: {"id": "chatcmpl-…", "object": "chat.completion.chunk", "created": 1767225600, '
    '"model": "jianbao", "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, '
    '"finish_reason": null}]}\n\n'
    'data: {…, "choices": [{"index": 0, "delta": {}, "finish_reason": null}], '
    '"event": {"type": "source", …}}\n\n'
    'data: {…, "choices": [{"index": 0, "delta": {"content": "…[1]"}, "finish_reason": null}]}\n\n'
    'data: {…, "choices": [{"index": 0, "delta": {"annotations": […]}, "finish_reason": null}], '
    '"citations": […], "search_results": […], "status": "answered"}\n\n'
    'data: {…, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
    "data: [DONE]\n\n",
}


_ERRORS = responses(400, 401, 403, 404, 408, 413, 422, 429, 500, 503, model=OpenAIErrorOut)
_ERRORS[422]["description"] = "不出现：某一项不合要求时，OpenAI 的接口返回 400"


def chat_router(
    application: Application, catalogue: Catalogue, watch: Watch, streams: AnswerStreams
) -> APIRouter:
    """``POST /v1/chat/completions`` and ``GET /v1/models``."""
    router = APIRouter(prefix="/v1", tags=["对话（OpenAI 接口）"])
    created = int(time.time())

    @router.post(
        "/chat/completions",
        summary="对话：与 OpenAI 的接口相同",
        response_model=ChatOut,
        responses={200: {"content": {"text/event-stream": _STREAM}}, **_ERRORS},
    )
    def complete(body: ChatIn, request: Request) -> ChatOut | Response:
        """正文里的 [n] 是引文标记；每条引文同时见于 annotations、citations、search_results，
        流式返回时还有 Open WebUI 读的 event。不作答的（简报中未见……）status 为 no_evidence。"""
        _require(body.model)
        question = body.asked()
        writer = ChatWriter(
            id=f"chatcmpl-{uuid.uuid4().hex}",
            created=int(time.time()),
            asked=body.characters(),
            library=application.library,
            records=catalogue.records(),
            links=Links.of(request, application.settings.public_url, application.library.snapshot),
            finished=partial(watch.answered, question.text),
        )
        if not body.stream:
            return writer.whole(application.answerer.answer(question))
        begin = partial(application.answerer.stream, question)
        return streams.open(begin, partial(writer.encoded, usage=body.includes_usage))

    @router.get("/models", summary="可用的模型")
    def models() -> ModelsOut:
        """只有一个：这份资料库。"""
        return ModelsOut(data=[ModelOut(created=created)])

    @router.get("/models/{model}", summary="一个模型", responses=_ERRORS)
    def model(model: str) -> ModelOut:
        """是否有这个模型。"""
        _require(model)
        return ModelOut(created=created)

    return router


def _require(model: str) -> None:
    if model != MODEL:
        raise UnknownModelError(f"没有模型 {model[:100]!r}。这里只有一个，名为 {MODEL}，见 GET /v1/models。")
