"""The shapes of OpenAI's chat completions, as far as clients send and read them.

https://platform.openai.com/docs/api-reference/chat; ``citations`` and ``search_results`` after
https://docs.perplexity.ai; ``event`` after Open WebUI's events.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from api.schemas import LONGEST_QUESTION, LONGEST_TURN, MOST_PASSAGES, MOST_TURNS, FiltersIn
from rag.errors import BadQuestionError
from rag.types import Question, Turn

MODEL = "jianbao"

_MOST_MESSAGES = 1_000


class _Lenient(BaseModel):
    """Clients send many parameters meant for language models: what isn't read here is passed over."""

    model_config = ConfigDict(extra="ignore")


class PartIn(_Lenient):
    """消息内容的一部分；只读 type 为 text 的。"""

    type: Annotated[str, StringConstraints(max_length=100)]
    text: str | None = None


class MessageIn(_Lenient):
    """一条消息。system、developer、tool、function 的不读。"""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[PartIn] | None = None

    def text(self) -> str:
        """Its text parts, one after the other."""
        if self.content is None or isinstance(self.content, str):
            return (self.content or "").strip()
        return "\n".join(part.text for part in self.content if part.type == "text" and part.text).strip()


class StreamOptionsIn(_Lenient):
    """流式返回的选项。"""

    include_usage: StrictBool = Field(default=False, description="最后多发一块，给出字数")


class ChatIn(_Lenient):
    """最后一条 user 消息是问题，此前的 user、assistant 消息是上文（最近 50 条，用来理解追问）。
    filters、top_k 与 /v1/query 的相同；OpenAI 的其他参数（temperature、max_tokens 等）收下，但不起作用。"""

    model: Annotated[str, StringConstraints(max_length=200)] = Field(
        default=MODEL, description="见 GET /v1/models"
    )
    messages: list[MessageIn] = Field(
        min_length=1,
        max_length=_MOST_MESSAGES,
        examples=[[{"role": "user", "content": "哪些县做了新就业群体服务"}]],
    )
    stream: bool | None = Field(default=None, description="是否逐句返回（server-sent events）")
    stream_options: StreamOptionsIn | None = None
    filters: FiltersIn = Field(default_factory=FiltersIn, description="筛选条件（OpenAI 没有这一项）")
    top_k: Annotated[int, Field(ge=1, le=MOST_PASSAGES)] = Field(
        default=8, description="检索几段（OpenAI 没有这一项）"
    )

    @property
    def includes_usage(self) -> bool:
        """Whether a stream is to end with the counts."""
        return bool(self.stream_options and self.stream_options.include_usage)

    def asked(self) -> Question:
        """The question of the conversation. Raises BadQuestionError where there is none or it is too long."""
        places = [place for place, message in enumerate(self.messages) if message.role == "user"]
        if not places:
            raise BadQuestionError("messages", "messages：没有 role 为 user 的消息，无从知道问的是什么。")
        last = places[-1]
        text, field = self.messages[last].text(), f"messages[{last}].content"
        if not text:
            raise BadQuestionError(field, f"{field}：问题不能为空，且只读文字（type 为 text 的部分）。")
        if len(text) > LONGEST_QUESTION:
            message = f"{field}：问题最多 {LONGEST_QUESTION} 个字，实有 {len(text)} 个字。"
            raise BadQuestionError(field, message)
        earlier = [
            Turn("user" if message.role == "user" else "assistant", message.text()[:LONGEST_TURN])
            for message in self.messages[:last]
            if message.role in {"user", "assistant"} and message.text()
        ]
        return Question(text, tuple(earlier[-MOST_TURNS:]), self.filters.filters(), self.top_k)

    def characters(self) -> int:
        """Of all messages."""
        return sum(len(message.text()) for message in self.messages)


class UsageOut(BaseModel):
    """字数（Unicode 码点），不是模型的 token：这里不按 token 计费。"""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class UrlCitationOut(BaseModel):
    """content[start_index:end_index] 是引文标记 [n]，按 Unicode 码点计，左闭右开。"""

    url: str
    title: str
    start_index: int
    end_index: int


class AnnotationOut(BaseModel):
    """OpenAI 的引文标注。"""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitationOut


class SearchResultOut(BaseModel):
    """第 n 条是标记 [n] 的引文：snippet 与文件原文 text[start:end] 一字不差。"""

    title: str
    url: str
    date: str | None
    snippet: str
    marker: int
    passage_id: str
    document_id: str
    start: int
    end: int
    reference: str
    short_reference: str


class ChatMessageOut(BaseModel):
    """回答。"""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[AnnotationOut]


class ChoiceOut(BaseModel):
    """唯一的一个回答。"""

    index: int = 0
    message: ChatMessageOut
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class ChatOut(BaseModel):
    """回答。citations（网址）和 search_results 的第 n 条是标记 [n] 的引文。"""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[ChoiceOut]
    usage: UsageOut
    citations: list[str]
    search_results: list[SearchResultOut]
    status: Literal["answered", "no_evidence"] = Field(description="no_evidence：简报中未见，没有作断言")
    notices: list[str] = Field(description="作答时的情况，如对话模型没有答复，改由原文的句子作答")


class DeltaOut(BaseModel):
    """这一块新增的内容。"""

    role: Literal["assistant"] | None = None
    content: str | None = None
    annotations: list[AnnotationOut] | None = None


class ChunkChoiceOut(BaseModel):
    """唯一的一个回答的一块。"""

    index: int = 0
    delta: DeltaOut
    logprobs: None = None
    finish_reason: Literal["stop"] | None = None


class ChunkOut(BaseModel):
    """流里的一块。event 是 Open WebUI 读的来源，一条引文一个，在用到它的那句之前；
    annotations、citations、search_results 在最后一句之后。"""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str = MODEL
    choices: list[ChunkChoiceOut]
    usage: UsageOut | None = None
    event: dict[str, Any] | None = None
    citations: list[str] | None = None
    search_results: list[SearchResultOut] | None = None
    status: Literal["answered", "no_evidence"] | None = None
    notices: list[str] | None = None


class ModelOut(BaseModel):
    """一个模型。"""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int
    owned_by: str = "jianbao"


class ModelsOut(BaseModel):
    """可用的模型：只有一个，即这份资料库。"""

    object: Literal["list"] = "list"
    data: list[ModelOut]


class OpenAIErrorBody(BaseModel):
    """出错的说明；param 是不合要求的那一项。"""

    message: str
    type: str
    param: str | None
    code: str


class OpenAIErrorOut(BaseModel):
    """出错时的样子，与 OpenAI 的相同。"""

    error: OpenAIErrorBody
