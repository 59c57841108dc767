"""What clients send: the shapes of the HTTP contract, and their limits."""

from __future__ import annotations

import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from index.types import Filters
from rag.export.pack import DEFAULT_LIMIT, LONGEST_TITLE, MOST_EXCERPTS
from rag.export.types import Choice, ExportRequest, Format, GroupBy
from rag.types import Question, Role, Turn

LONGEST_QUESTION = 2_000
LONGEST_TURN = 20_000
MOST_TURNS = 50
MOST_PASSAGES = 100

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUESTION, strict=True)
]
Word = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    Field(coerce_numbers_to_str=True),
]
Count = Annotated[int, Field(strict=True, ge=1, le=MOST_EXCERPTS)]
Year = Annotated[int, Field(ge=1900, le=2200)]


class _Asked(BaseModel):
    """What clients send: a name that isn't ours is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


class FiltersIn(_Asked):
    """筛选条件：同一项内满足任一值即可，各项须同时满足；日期两端都含。"""

    years: list[Year] = Field(default=[], max_length=100, examples=[[2025]])
    issues: list[Word] = Field(default=[], max_length=100, examples=[["20"]])
    places: list[Word] = Field(default=[], max_length=100, examples=[["灌南县"]])
    document_ids: list[Word] = Field(default=[], max_length=1000)
    since: datetime.date | None = None
    until: datetime.date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since（{self.since}）不能晚于 until（{self.until}）")
        return self

    def filters(self) -> Filters:
        """The same for the index."""
        return Filters(
            years=tuple(self.years),
            issues=tuple(self.issues),
            places=tuple(self.places),
            document_ids=tuple(self.document_ids),
            since=self.since,
            until=self.until,
        )


class TurnIn(_Asked):
    """此前的一轮对话。"""

    role: Role
    content: Annotated[str, StringConstraints(max_length=LONGEST_TURN)]


class QuestionIn(_Asked):
    """一个问题。"""

    question: Text = Field(description="问题", examples=["哪些县做了新就业群体服务"])
    top_k: Annotated[int, Field(strict=True, ge=1, le=MOST_PASSAGES)] = Field(
        default=8, description="要几段原文"
    )
    history: list[TurnIn] = Field(default=[], max_length=MOST_TURNS, description="此前的对话，最早的在前")
    filters: FiltersIn = Field(default_factory=FiltersIn)
    explain: bool = Field(default=False, strict=True, description="是否说明答案的由来（explanation）")

    def asked(self) -> Question:
        """The same for the package that answers."""
        return Question(
            text=self.question,
            history=tuple(Turn(turn.role, turn.content) for turn in self.history),
            filters=self.filters.filters(),
            top_k=self.top_k,
            explain=self.explain,
        )


class QueryIn(QuestionIn):
    """一个要回答的问题。"""

    stream: bool = Field(
        default=False,
        strict=True,
        description="是否随写随发：以 text/event-stream 逐句返回，每句都先经过核对",
    )


class ExportIn(_Asked):
    """要导出什么：question 和 passage_ids 至少给一项。"""

    question: Text | None = Field(
        default=None, description="问题，导出与它有关的段落", examples=["哪些县做了新就业群体服务"]
    )
    passage_ids: list[Word] = Field(
        default=[], max_length=MOST_EXCERPTS, description="选定的段落；给了它，question 只用作标题"
    )
    citations: bool = Field(default=False, strict=True, description="只导出答案的引文（整句），不要整段")
    format: Format = Field(default="docx", description="Word、Markdown 或纯文本")
    group_by: GroupBy = Field(default="place", description="按地方、按篇目分组，或不分")
    per_place: Count | None = Field(default=None, description="每个地方最多几段")
    per_city: Count | None = Field(default=None, description="每个设区市（连同所辖县区）最多几段")
    newest_first: bool = Field(default=False, strict=True, description="先取新的，否则先取最切题的")
    limit: Count | None = Field(
        default=None, description=f"总共最多几段；不给时，问题 {DEFAULT_LIMIT} 段，选定的段落全收"
    )
    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_TITLE)] = Field(
        default="", description="文件的标题，不给则由问题而来"
    )
    history: list[TurnIn] = Field(default=[], max_length=MOST_TURNS, description="此前的对话，最早的在前")
    filters: FiltersIn = Field(default_factory=FiltersIn)

    @model_validator(mode="after")
    def _of_a_question(self) -> Self:
        if self.question is None and (self.history or self.filters != FiltersIn()):
            raise ValueError("history 和 filters 是问题的，要同 question 一起给")
        return self

    def wanted(self) -> ExportRequest:
        """The same for the package that makes it."""
        question = None
        if self.question is not None:
            asked = QuestionIn(question=self.question, history=self.history, filters=self.filters)
            question = asked.asked()
        return ExportRequest(
            question=question,
            passage_ids=tuple(self.passage_ids),
            citations=self.citations,
            choice=Choice(self.per_place, self.per_city, self.limit, self.newest_first),
            group_by=self.group_by,
            title=self.title,
        )
