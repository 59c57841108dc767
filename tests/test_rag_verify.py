"""Drafts that don't hold are left out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rag_makers import make_evidence

from rag.types import DraftSentence, Rejected
from rag.verify import verify

TEXT = "开头。步道全长１２公里，花费1,200.5万元，占98.5%。路灯有300盏。"
TRAIL = make_evidence("步道全长１２公里，花费1,200.5万元，占98.5%。", "丰县", start=3)
LIGHTS = make_evidence("路灯有300盏。", "沛县", start=TEXT.index("路灯"))


def text_of(document_id: str) -> str:
    return {"d": TEXT}[document_id]


@pytest.mark.parametrize(
    "draft",
    [
        DraftSentence(TRAIL.text, (TRAIL,)),
        DraftSentence("步道长12公里，花了1200.5万元，占９８．５%。", (TRAIL,)),
        DraftSentence("步道12公里，路灯300盏。", (TRAIL, LIGHTS), "丰县", "item"),
        DraftSentence("步道沿着河岸。", (TRAIL,)),
        DraftSentence("简报中共找到2个地方：丰县、沛县。", (TRAIL, LIGHTS), kind="lead"),
    ],
)
def test_what_holds_is_kept(draft: DraftSentence) -> None:
    """Figures may be written in another way, or come from any of the quotes."""
    assert verify([draft], text_of) == ([draft], [])


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        (DraftSentence("步道修好了。", ()), "没有引文"),
        (DraftSentence("步道13公里，占98%。", (TRAIL,)), "引文里没有这个数字：13、98%"),
        (DraftSentence("步道12公里，路灯300盏。", (TRAIL,)), "引文里没有这个数字：300"),
        (
            DraftSentence("路灯有300盏。", (replace(LIGHTS, start=LIGHTS.start - 1),)),
            "引文与原文不符：路灯有300盏。",
        ),
        (
            DraftSentence("路灯有300盏。", (replace(LIGHTS, text="路灯有300盞。"),)),
            "引文与原文不符：路灯有300盞。",
        ),
        (
            DraftSentence("简报中共找到3个地方：丰县、沛县。", (TRAIL, LIGHTS), kind="lead"),
            "汇总的地方数与所列不符",
        ),
    ],
)
def test_what_doesn_t_hold_is_left_out(draft: DraftSentence, reason: str) -> None:
    """No quote, a quote that differs by a character, a figure that no quote has, or a wrong sum."""
    assert verify([draft], text_of) == ([], [Rejected(draft.text, reason)])


def test_order_is_kept() -> None:
    """What is left out leaves the rest as it was."""
    good, bad = DraftSentence(LIGHTS.text, (LIGHTS,)), DraftSentence("路灯有400盏。", (LIGHTS,))
    first = DraftSentence(TRAIL.text, (TRAIL,))
    assert verify([first, bad, good], text_of)[0] == [first, good]
