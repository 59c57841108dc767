"""What clients get: the shapes of the HTTP contract. Offsets count Unicode code points of the document's
text, half open."""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import BaseModel, Field

from api.explained import CorrectionOut, ExplanationOut, LegOut
from index.types import AddStatus, Leg
from rag.types import Intent, Status, Wording


class FiltersOut(BaseModel):
    """实际用到的筛选条件（含从问题里读出的）；没有的项不出现。"""

    years: list[int] | None = None
    issues: list[str] | None = None
    places: list[str] | None = None
    document_ids: list[str] | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None


class SentenceOut(BaseModel):
    """答案里的一句；citations 是引文的 marker。wording：verbatim 原文，rewritten 改写。"""

    text: str
    start: int
    end: int
    citations: list[int]
    wording: Wording


class AnswerOut(BaseModel):
    """答案全文，引文以 [n] 标出；answer.text[start:end] 即该句。"""

    text: str
    sentences: list[SentenceOut]


class ItemOut(BaseModel):
    """清单类答案的一行：text 是做法，outcome 是其中说成效的分句（可空）；label 说明为何没有算进清单。"""

    place: str
    text: str
    citations: list[int]
    outcome: str = ""
    label: str = ""


class CitationOut(BaseModel):
    """引文：quote 与文件原文 text[start:end] 一字不差。"""

    marker: int
    passage_id: str
    document_id: str
    quote: str
    start: int
    end: int
    page: int | None
    reference: str = Field(description="GB/T 7714-2015 的著录")
    short_reference: str = Field(description="讲话稿里用的简短出处")


class PassageOut(BaseModel):
    """文件里的一段：文件的 text[start:end] 即 text。"""

    id: str
    document_id: str
    text: str
    start: int
    end: int
    title: str
    place: str | None
    heading: str
    article: int
    ordinal: int
    page: int | None
    series: str | None
    issue: str | None
    issuer: str | None
    date: datetime.date | None


class HitOut(PassageOut):
    """检索到的一段。score 在 0 到 1 之间，只在同一次检索内可比。"""

    rank: int
    score: float
    matched: list[str]
    legs: dict[Leg, LegOut]


class CoverageOut(BaseModel):
    """查了多少。"""

    documents: int
    articles: int
    places: list[str]
    note: str


class RejectedOut(BaseModel):
    """拟好而未采用的句子和原因。"""

    text: str
    reason: str


class _Reply(BaseModel):
    id: str
    intent: Intent
    standalone_question: str
    corrections: list[CorrectionOut] = Field(description="问题里当作笔误、已按别的字词理解之处")
    filters: FiltersOut
    passages: list[HitOut]
    snapshot: str
    took_ms: dict[str, float]


class QueryOut(_Reply):
    """答案。status 为 no_evidence 时不作任何断言，passages 仍给出最接近的段落。"""

    status: Status
    answer: AnswerOut
    items: list[ItemOut]
    doubtful: list[ItemOut]
    not_seen: list[str]
    citations: list[CitationOut]
    coverage: CoverageOut
    rejected: list[RejectedOut]
    composer: str = Field(description="由谁作答：none（由原文的句子组成），或对话模型的名字")
    notices: list[str] = Field(description="作答时的情况，如对话模型没有答复")
    explanation: ExplanationOut | None = None


class UnderstoodOut(BaseModel):
    """随写随发时的第一个事件：问题读成了什么，找到了哪些段落。"""

    intent: Intent
    standalone_question: str
    filters: FiltersOut
    corrections: list[CorrectionOut]
    passages: list[HitOut]


class SentenceEventOut(BaseModel):
    """随写随发时的一个事件：text 接在此前的文字之后。sentence 已经过核对，citations 是它的引文；
    sentence 为 null 的（简报中未见……）不作断言。"""

    text: str
    sentence: SentenceOut | None
    citations: list[CitationOut]


class SearchOut(_Reply):
    """只要段落。"""


class RecordOut(BaseModel):
    """目录里的一份文件。"""

    id: str
    title: str
    series: str | None
    issue: str | None
    issuer: str | None
    date: datetime.date | None
    digest: bool = Field(description="是否摘编（非原文）")
    source_name: str
    sha256: str
    article_count: int
    passage_count: int


class DocumentsOut(BaseModel):
    """目录，日期新的在前。total 是符合条件的全部份数；next_offset 是下一页的 offset，没有下一页时为 null。"""

    documents: list[RecordOut]
    total: int
    offset: int
    next_offset: int | None
    snapshot: str


class ReprintOut(BaseModel):
    """转载：title 一篇与先收入的另一份文件里 original_title 一篇相同。"""

    title: str
    document_id: str
    document_title: str
    original_title: str


class AddedOut(BaseModel):
    """收入的一份文件。"""

    id: str
    source_name: str
    status: AddStatus
    passages: int
    reprints: list[ReprintOut]


class SkippedOut(BaseModel):
    """没有收入的文件和原因。"""

    source_name: str
    reason: str


class WarningOut(BaseModel):
    """已收入、但请人核对的地方。"""

    source_name: str
    message: str


class AddReport(BaseModel):
    """上传的结果。"""

    documents: list[AddedOut]
    skipped: list[SkippedOut]
    warnings: list[WarningOut]
    counts: dict[Literal["added", "unchanged", "replaced", "skipped"], int]
    snapshot: str


class UploadFileEvent(BaseModel):
    """进度（事件 file）：开始读第 number 份，共 total 份。"""

    number: int
    total: int
    source_name: str


class UploadPageEvent(BaseModel):
    """进度（事件 page）：慢的文件（扫描件、图片）读完了几页。"""

    source_name: str
    page: int
    pages: int


class RemovedOut(BaseModel):
    """删除的结果。"""

    id: str
    removed: Literal[True] = True
    snapshot: str


class HealthOut(BaseModel):
    """服务在运行。"""

    status: Literal["ok"] = "ok"
    version: str


class ReadyOut(BaseModel):
    """可以回答。"""

    status: Literal["ready"] = "ready"
    documents: int
    snapshot: str
