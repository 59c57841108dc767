"""What clients send: the shapes of the HTTP contract, and their limits."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from index.types import Filters
from rag.export.pack import DEFAULT_LIMIT, LONGEST_TITLE, MOST_EXCERPTS
from rag.export.types import Choice, ExportRequest, Format, GroupBy
from rag.types import Question, Role, SaidFilter, Turn

LONGEST_QUESTION = 2_000
LONGEST_TURN = 20_000
MOST_TURNS = 50
MOST_PASSAGES = 100


def _at_most(limit: int) -> AfterValidator:
    """Counts what a text is searched by, so that it can't be longer than the text may be: one character of
    Arabic presentation forms stands for eighteen."""

    def check(text: str) -> str:
        length = len(unicodedata.normalize("NFKC", text))
        if length > limit:
            raise ValueError(f"最多 {limit} 个字，展开后有 {length} 个字")
        return text

    return AfterValidator(check)


_NOT_BLANK = r"\S"
"""Said in the description alone: what is checked is the length without white space at the ends."""

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUESTION, strict=True),
    _at_most(LONGEST_QUESTION),
    Field(json_schema_extra={"pattern": _NOT_BLANK}),
]
Word = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    Field(coerce_numbers_to_str=True),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "pattern": _NOT_BLANK, "maxLength": 100}, {"type": "number"}]}
    ),
]
Count = Annotated[int, Field(strict=True, ge=1, le=MOST_EXCERPTS)]


def _whole(value: object) -> object:
    """8.0 is a whole number in JSON, as 8 is: clients in languages without integers send it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _written_date(value: object) -> object:
    """Only what is written as a date: pydantic would also count seconds from 1970."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        return value
    kind = "date_parsing" if isinstance(value, str) else "date_type"
    raise PydanticCustomError(kind, "not a date")


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Date = Annotated[datetime.date, BeforeValidator(_written_date)]
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
    since: Date | None = None
    until: Date | None = None

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


class DocumentsAsked(_Asked):
    """目录里要看哪些：同一项可写多次，满足任一值即可，各项须同时满足。"""

    year: list[Year] = Field(default=[], max_length=100, description="哪一年的", examples=[[2025]])
    issue: list[Word] = Field(default=[], max_length=100, description="哪一期")
    place: list[Word] = Field(default=[], max_length=100, description="有文章讲到这个地方的")
    series: list[Word] = Field(default=[], max_length=100, description="刊名（全称）")
    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = Field(
        default="", description="编号、标题、刊名、编发单位、文件名或文章标题里有这几个字的"
    )
    offset: Annotated[int, Field(ge=0, le=10**9)] = Field(default=0, description="跳过前面几份")
    limit: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        default=None, description="最多几份；不写则全部"
    )


class TurnIn(_Asked):
    """此前的一轮对话。"""

    role: Role
    content: Annotated[str, StringConstraints(max_length=LONGEST_TURN), _at_most(LONGEST_TURN)]


class QuestionIn(_Asked):
    """一个问题。"""

    question: Text = Field(description="问题", examples=["哪些县做了新就业群体服务"])
    top_k: Annotated[int, Field(strict=True, ge=1, le=MOST_PASSAGES), BeforeValidator(_whole)] = Field(
        default=8, description="要几段原文"
    )
    history: list[TurnIn] = Field(default=[], max_length=MOST_TURNS, description="此前的对话，最早的在前")
    filters: FiltersIn = Field(default_factory=FiltersIn)
    ignore_said: list[SaidFilter] = Field(
        default=[], max_length=5, description="问题里说到、但不要当作筛选条件的项，如 years"
    )
    explain: bool = Field(default=False, strict=True, description="是否说明答案的由来（explanation）")

    def asked(self) -> Question:
        """The same for the package that answers."""
        return Question(
            text=self.question,
            history=tuple(Turn(turn.role, turn.content) for turn in self.history),
            filters=self.filters.filters(),
            top_k=self.top_k,
            explain=self.explain,
            ignore_said=tuple(self.ignore_said),
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
    ignore_said: list[SaidFilter] = Field(default=[], max_length=5, description="同提问时的一项")

    @model_validator(mode="after")
    def _of_a_question(self) -> Self:
        if self.question is None and (self.history or self.ignore_said or self.filters != FiltersIn()):
            raise ValueError("history、filters 和 ignore_said 是问题的，要同 question 一起给")
        return self

    def wanted(self) -> ExportRequest:
        """The same for the package that makes it."""
        question = None
        if self.question is not None:
            question = QuestionIn(
                question=self.question,
                history=self.history,
                filters=self.filters,
                ignore_said=self.ignore_said,
            ).asked()
        return ExportRequest(
            question=question,
            passage_ids=tuple(self.passage_ids),
            citations=self.citations,
            choice=Choice(self.per_place, self.per_city, self.limit, self.newest_first),
            group_by=self.group_by,
            title=self.title,
        )
