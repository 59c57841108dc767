"""How an answer came about, as clients get it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from index.types import Leg
from rag.explained import PlaceDecision
from rag.types import Intent


class LegOut(BaseModel):
    """一路检索给的分数（各有各的单位）和名次。"""

    score: float
    rank: int


class CorrectionOut(BaseModel):
    """问题里当作笔误的字词，和按什么理解。"""

    found: str
    read_as: str


class AppliedFilterOut(BaseModel):
    """一个筛选条件，和它的来处：client 是请求里设的，said 是问题里说的。"""

    name: str
    values: list[str]
    source: Literal["client", "said"]


class UsedExpansionOut(BaseModel):
    """同义词表带来的别的说法；strength 越大越可靠。"""

    found: str
    group: str
    terms: list[str]
    strength: float


class ExplainedPassageOut(BaseModel):
    """一段的各路分数和名次，及其中最接近问题的一句。"""

    passage_id: str
    rank: int
    place: str | None
    title: str
    fused: float
    legs: dict[Leg, LegOut]
    inside: bool = Field(description="是否在所问的范围（地方、期号等）内")
    sentence: str | None
    nearness: float | None
    coverage: float | None
    score: float | None


class ExplainedPlaceOut(BaseModel):
    """清单里一个地方的去留和原因。"""

    place: str
    decision: PlaceDecision
    reason: str
    score: float | None
    threshold: float | None
    sentence: str | None
    other_wording: list[str]


class ExplainedRefusalOut(BaseModel):
    """为什么不作答。"""

    check: str
    reason: str
    numbers: dict[str, float]


class ExplanationOut(BaseModel):
    """答案的由来；topic 是主题词和各词的稀有程度。"""

    intent: Intent
    topic: dict[str, float]
    corrections: list[CorrectionOut]
    filters: list[AppliedFilterOut]
    expansions: list[UsedExpansionOut]
    expected: list[str]
    passages: list[ExplainedPassageOut]
    places: list[ExplainedPlaceOut]
    refusal: ExplainedRefusalOut | None
