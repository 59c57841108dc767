"""``jianbao ask --explain``: how an answer came about, for a person to read."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from api.render import show_text
from index.types import Leg
from rag.explained import ExplainedPassage, ExplainedPlace, Explanation

_INTENTS = {"list": "列清单", "figure": "问数字", "quote": "要原文", "compare": "作比较", "fact": "问事实"}
_FILTERS = {
    "years": "年份",
    "issues": "期号",
    "places": "地方",
    "excluded_places": "不算的地方",
    "document_ids": "文件",
    "since": "起始日期",
    "until": "截止日期",
}
_LEGS: dict[Leg, str] = {"dense": "段落向量", "sentence": "最佳句向量", "lexical": "词语", "late": "逐词比对"}
_DECISIONS = {
    "sure": "列入",
    "doubtful": "存疑",
    "below_threshold": "未列入",
    "filtered_out": "不在范围",
    "not_in_corpus": "无此地方",
}


def show_explanation(console: Console, explanation: Explanation) -> None:
    """Everything an Explanation holds, under headings."""
    for heading, lines in _sections(explanation):
        if lines:
            console.print()
            show_text(console, heading, style="bold")
            for line in lines:
                show_text(console, line, indent=2)


def _sections(explanation: Explanation) -> Iterator[tuple[str, list[str]]]:
    refusal = explanation.refusal
    yield "说明：问题的理解", list(_understood(explanation))
    yield "说明：不作答的原因", [f"{refusal.reason}（{refusal.check}）"] if refusal else []
    yield "说明：清单里各地的去留", [line for place in explanation.places for line in _place(place)]
    yield "说明：段落的由来", [line for passage in explanation.passages for line in _passage(passage)]


def _understood(explanation: Explanation) -> Iterator[str]:
    yield f"意图：{_INTENTS[explanation.intent]}"
    for correction in explanation.corrections:
        yield f"已按“{correction.read_as}”理解“{correction.found}”"
    for applied in explanation.filters:
        source = {"client": "另行设定", "said": "问题里说的"}[applied.source]
        yield f"条件：{_FILTERS[applied.name]} {'、'.join(applied.values)}（{source}）"
    if explanation.topic:
        words = (f"{word} {rare:.2f}" for word, rare in explanation.topic.items())
        yield f"主题词（后为稀有程度）：{'、'.join(words)}"
    for used in explanation.expansions:
        yield (
            f"别的说法：{used.found} → {'、'.join(used.terms)}（同义词表“{used.group}”，"
            f"可靠程度 {used.strength:.1f}）"
        )
    if explanation.expected:
        yield f"答案里应有：{'、'.join(explanation.expected)}"


def _place(place: ExplainedPlace) -> Iterator[str]:
    yield f"{_DECISIONS[place.decision]}　{place.place}：{place.reason}"
    if place.sentence:
        yield f"　　{place.sentence}"


def _passage(passage: ExplainedPassage) -> Iterator[str]:
    outside = "" if passage.inside else "（范围之外）"
    yield f"{passage.rank}. {passage.place or ''}《{passage.title}》{passage.passage_id}{outside}"
    legs = (f"{_LEGS[leg]} 第 {said.rank}（{said.score:.3f}）" for leg, said in passage.legs.items())
    yield f"　　融合 {passage.fused:.3f}；{'；'.join(legs)}"
    if passage.sentence is not None:
        yield (
            f"　　最佳句 {passage.score:.3f}，接近度 {passage.nearness:.3f}，"
            f"主题词 {passage.coverage:.2f}：{passage.sentence}"
        )
