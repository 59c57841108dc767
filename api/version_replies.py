"""Documents and passages with what surrounds them, as ``GET`` on one of them gives it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.replies import PassageOut, RecordOut


class ArticleOut(BaseModel):
    """一期简报里的一篇。"""

    ordinal: int
    title: str
    place: str | None
    author: str | None
    start: int
    end: int


class _Versioned(BaseModel):
    is_current: bool = Field(description="是否现在的版本；false 时是作答时（snapshot）的旧版本")
    replaced_by: str | None = Field(description="现在代替它的文件的编号；没有的为 null")


class DocumentOut(RecordOut, _Versioned):
    """一份文件，连同全文。"""

    text: str
    media_type: str
    articles: list[ArticleOut]
    warnings: list[str]


class PassageWithNeighbours(PassageOut, _Versioned):
    """一段及其前后相邻的段落；文件正被删除时著录为 null。"""

    reference: str | None = Field(description="GB/T 7714-2015 的著录")
    short_reference: str | None = Field(description="讲话稿里用的简短出处")
    before: list[PassageOut]
    after: list[PassageOut]
