"""The library as an external knowledge base of Dify: ``POST /retrieval``.

https://docs.dify.ai/en/guides/knowledge-base/external-knowledge-api
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from api.dify_conditions import (
    DATED,
    FIELDS,
    NUMERIC,
    VALUELESS,
    Condition,
    Conditions,
    Metadata,
    Operator,
    day,
    field_named,
    number,
)
from api.errors import EmptyLibraryError
from api.failures import responses
from api.paths import RETRIEVAL
from api.present import Catalogue, Records
from api.schemas import LONGEST_QUESTION, MOST_PASSAGES
from api.sources import Links
from api.wiring import Application
from index.types import DocumentRecord, Filters, Hit
from rag.reference import reference
from rag.types import Question

_FIRST_DEPTH = 100
_MOST_CONDITIONS = 50

Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Value = Annotated[str, StringConstraints(max_length=1000), Field(coerce_numbers_to_str=True)]


class _Lenient(BaseModel):
    """Newer versions of Dify may send more than is read here."""

    model_config = ConfigDict(extra="ignore")


class RetrievalSettingIn(_Lenient):
    """要多少。"""

    top_k: int = Field(default=8, ge=1, description=f"最多几段；多于 {MOST_PASSAGES} 的按 {MOST_PASSAGES} 算")
    score_threshold: float = Field(default=0.0, ge=0, le=1, description="不要得分低于它的")

    @field_validator("score_threshold", mode="before")
    @classmethod
    def _none_is_zero(cls, value: object) -> object:
        return 0.0 if value is None else value


class ConditionIn(_Lenient):
    """一个条件。name 可以是一项，也可以是几项（满足其一；“不”字的条件须都满足）。"""

    name: Name | Annotated[list[Name], Field(min_length=1, max_length=20)] = Field(
        description="可用的项：" + "、".join(FIELDS)
    )
    comparison_operator: Operator
    value: Value | Annotated[list[Value], Field(max_length=1000)] | None = None

    @model_validator(mode="after")
    def _can_be_compared(self) -> Self:
        names = [self.name] if isinstance(self.name, str) else self.name
        if wrong := [name for name in names if field_named(name) is None]:
            raise ValueError(f"没有元数据 {wrong[0]!r}，可用的有：{'、'.join(FIELDS)}")
        operator = self.comparison_operator
        if operator in VALUELESS:
            return self
        if not self._values():
            raise ValueError(f"条件 {operator} 缺少 value")
        read = number if operator in NUMERIC else day if operator in DATED else str
        if unread := [value for value in self._values() if read(value) is None]:
            wanted = "数字" if operator in NUMERIC else "日期（2025-01-31）或秒数"
            raise ValueError(f"条件 {operator} 的 value 应为{wanted}，实为 {unread[0]!r}")
        return self

    def _values(self) -> tuple[str, ...]:
        if self.value is None:
            return ()
        if isinstance(self.value, list):
            return tuple(self.value)
        if self.comparison_operator in {"in", "not in"}:
            return tuple(part.strip() for part in self.value.replace("，", ",").split(",") if part.strip())
        return (self.value,)

    def condition(self) -> Condition:
        """The same to be tried on passages."""
        names = [self.name] if isinstance(self.name, str) else self.name
        fields = tuple(field for name in names if (field := field_named(name)))
        return Condition(fields, self.comparison_operator, self._values())


class MetadataConditionIn(_Lenient):
    """对元数据的条件。"""

    logical_operator: Literal["and", "or"] = "and"
    conditions: list[ConditionIn] | None = Field(default=None, max_length=_MOST_CONDITIONS)

    def read(self) -> Conditions:
        """The same to be tried on passages."""
        conditions = [condition.condition() for condition in self.conditions or []]
        return Conditions(conditions, any_of=self.logical_operator == "or")


class RetrievalIn(_Lenient):
    """Dify 发来的检索。knowledge_id 可任意填：这里只有一个资料库。"""

    knowledge_id: Annotated[str, StringConstraints(max_length=1000)]
    query: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUESTION)]
    retrieval_setting: RetrievalSettingIn = Field(default_factory=RetrievalSettingIn)
    metadata_condition: MetadataConditionIn | None = None


class RecordOut(BaseModel):
    """一段原文。score 在 0 到 1 之间。"""

    content: str
    score: float
    title: str
    metadata: dict[str, Any]


class RecordsOut(BaseModel):
    """检索到的段落，最切题的在前。"""

    records: list[RecordOut]


class DifyErrorOut(BaseModel):
    """出错：1001 没有密钥，1002 密钥不对或不够，2001 资料库是空的；其余是 HTTP 状态码。"""

    error_code: int
    error_msg: str


_ERRORS = responses(400, 401, 403, 404, 408, 413, 422, 429, 500, 503, model=DifyErrorOut)


def dify_router(application: Application, catalogue: Catalogue) -> APIRouter:
    """``POST /retrieval``."""
    router = APIRouter(tags=["Dify 外部知识库"])

    @router.post(RETRIEVAL, summary="Dify 外部知识库的检索", responses=_ERRORS)
    def retrieve(body: RetrievalIn, request: Request) -> RecordsOut:
        """score 只在同一次检索内可比；score_threshold 之下的不返回。"""
        records = catalogue.records()
        if not records:
            raise EmptyLibraryError("资料库里还没有简报。请先用 jianbao add 或 POST /v1/documents 收入。")
        limit = min(body.retrieval_setting.top_k, MOST_PASSAGES)
        conditions = body.metadata_condition.read() if body.metadata_condition else Conditions()
        links = Links.of(request, application.settings.public_url, application.library.snapshot)
        hits = _search(application, records, body.query, conditions, limit)
        found = [_record(hit, records, links) for hit in hits]
        threshold = body.retrieval_setting.score_threshold
        return RecordsOut(records=[record for record in found if record.score >= threshold])

    return router


def _search(
    application: Application, records: Records, text: str, conditions: Conditions, limit: int
) -> list[Hit]:
    """The best passages that meet the conditions, looked for deeper and deeper until there are enough."""
    filters = Filters()
    if conditions.conditions:
        # An empty filter would ask for nothing, so that no document at all is told apart here.
        ids = [id_ for id_, record in records.items() if conditions.of_document.hold(_of_document(record))]
        if not ids:
            return []
        filters = Filters(document_ids=tuple(ids) if len(ids) < len(records) else ())
    depth = max(_FIRST_DEPTH, limit)
    while True:
        _, hits = application.answerer.search(Question(text, filters=filters, top_k=depth))
        found = [hit for hit in hits if conditions.hold(_metadata(hit, records))]
        if len(found) >= limit or len(hits) < depth:
            return found[:limit]
        depth *= 4


def _of_document(record: DocumentRecord | None) -> Metadata:
    if record is None:
        return {}
    return {
        "document": record.title,
        "series": record.series,
        "issue": record.issue,
        "issuer": record.issuer,
        "year": record.date.year if record.date else None,
        "date": record.date.isoformat() if record.date else None,
    }


def _metadata(hit: Hit, records: Records) -> Metadata:
    passage = hit.passage
    document = _of_document(records.get(passage.document_id))
    return {**document, "title": passage.title, "place": passage.place}


def _record(hit: Hit, records: Records, links: Links) -> RecordOut:
    passage = hit.passage
    record = records.get(passage.document_id)
    metadata = {
        **_metadata(hit, records),
        "document_id": passage.document_id,
        "passage_id": passage.id,
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
        "reference": reference(record, passage.page) if record else None,
        "url": links.passage(passage),
    }
    return RecordOut(
        content=passage.text,
        score=round(min(max(hit.score, 0.0), 1.0), 6),
        title=passage.title,
        metadata={name: value for name, value in metadata.items() if value is not None},
    )
