"""Drafts that don't hold are left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rag_makers import GAZETTEER, make_evidence

import corpus
from corpus.formats import FileParser
from corpus.sentences import split_sentences
from rag.types import DraftSentence, Evidence
from rag.verify import fault, wording_of

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
    assert fault(draft, text_of, GAZETTEER) is None


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        (DraftSentence("步道修好了。", ()), "没有引文"),
        (
            DraftSentence("步道13公里，占98%。", (TRAIL,)),
            "引文里没有这个数字：98%；数字与引文不符：13公里（引文：１２公里）",
        ),
        (DraftSentence("步道12公里，路灯300盏。", (TRAIL,)), "引文里没有这个数字：300盏"),
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
        (
            DraftSentence("简报中共找到2个地方：丰县、泰兴市。", (TRAIL, LIGHTS), kind="lead"),
            "汇总里有引文没有的地名：泰兴市",
        ),
        (DraftSentence("步道长12公里。", (TRAIL,), "沛县", "item"), "引文说的不是沛县"),
    ],
)
def test_what_doesn_t_hold_is_left_out(draft: DraftSentence, reason: str) -> None:
    """No quote, a quote that differs by a character, a figure that no quote has, or a wrong sum."""
    assert fault(draft, text_of, GAZETTEER) == reason


BULLETIN = """江苏工作简报
第 20 期
江苏省某办公室
2025 年 11 月 30 日
丰县：办好夜校
丰县党校副校长李明说，2024年起办“灯下夜校”，招来一百二十三名教师，七成以上是“五老”人员，分文不收。
书单里有《灯下集》，办班时间压缩三分之一。江苏正昌集团和东园社区捐书近千册。
沛县没有设点，开课40余场。"""
SCHOOL, BOOKS, ELSEWHERE = (
    make_evidence(
        line,
        place,
        document_id="b",
        article=number,
        start=BULLETIN.index(line),
        title="丰县：办好夜校",
    )
    for number, (line, place) in enumerate(
        zip(BULLETIN.split("\n")[-3:], ("丰县", "丰县", "沛县"), strict=True)
    )
)


def reason_of(text: str, *evidence: Evidence) -> str | None:
    return fault(DraftSentence(text, evidence or (SCHOOL, BOOKS)), lambda _: BULLETIN, GAZETTEER)


@pytest.mark.parametrize(
    "text",
    [
        "丰县办起“灯下夜校”，教师有123名。",
        "夜校的教师123位，超70%是“五老”人员。",
        "2024年起，江苏省丰县办夜校。",
        "《江苏工作简报》第20期2025年11月30日介绍了丰县。",
        "副校长李明推荐《灯下集》。",
        "正昌集团捐书近1000册，东园社区也捐了书。",
        "夜校免费，不收费。",
        "办班时间压缩三分之一。",
        "Fengxian's school has 123 teachers [“灯下夜校”].",
        "夜校教師有一百二十三名。",
    ],
)
def test_what_stands_in_the_quotes_may_be_told(text: str) -> None:
    """In other words, other numerals and other writing; masthead and title vouch for day, issue and place."""
    assert reason_of(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("教师有132名。", "数字与引文不符：132名（引文：一百二十三名）"),
        ("教师有123户。", "数字与引文不符：123户（引文：一百二十三名）"),
        ("捐书1000册。", "数字与引文不符：1000册（引文：近千册）"),
        ("2023年起办夜校。", "引文里没有这个日期：2023年"),
        ("2025年起办夜校。", "引文里没有这个日期：2025年"),
        ("泰兴市办起夜校。", "引文里没有这个地名：泰兴市"),
        ("西园社区捐了书。", "引文里没有这个地名：西园社区"),
        ("副校长李鸣这样说。", "引文里没有这个人名：李鸣"),
        ("办起“灯下书屋”。", "引文里没有这个名称：灯下书屋"),
        ("办起“灯下夜”。", "引文里没有这个名称：灯下夜"),
        ("推荐《灯上集》。", "引文里没有这个题名：灯上集"),
        ("江苏正大集团捐了书。", "引文里没有这个机构：正大集团"),
        ("丰县没有开办夜校。", "引文没有这样否定：没有开办"),
        ("办班时间延长三分之一。", "与引文说法相反：延长（引文：压缩）"),
    ],
)
def test_what_doesn_t_stand_in_the_quotes_is_named(text: str, reason: str) -> None:
    """Each figure, date, place, person, organisation, name in marks and denial, and what was turned round."""
    assert reason_of(text) == reason


def test_what_is_true_of_one_place_isn_t_told_of_another() -> None:
    """Each part of a sentence is held against the evidence of the place it speaks of."""
    both = (SCHOOL, BOOKS, ELSEWHERE)
    assert reason_of("丰县有教师123名，沛县开课40余场。", *both) is None
    assert reason_of("沛县有教师123名，丰县开课40余场。", *both) == (
        "引文里没有这个数字：123名；引文里没有这个数字：40余场"
    )


def test_a_denial_of_the_bulletin_may_be_told() -> None:
    """没有 is allowed where the quote has it, and may not be lost."""
    assert reason_of("沛县没有设点。", ELSEWHERE) is None
    assert reason_of("沛县设点，开课40余场。", ELSEWHERE) == "与引文说法相反：设点（引文：没有设点）"


def test_the_bulletin_s_own_words_always_hold() -> None:
    """Each sentence of the sample corpus, and each passage as a whole, with itself as evidence."""
    parser = FileParser(GAZETTEER)
    for path in sorted((Path(corpus.__file__).parent / "sample").glob("*.txt")):
        parsed = parser.parse(path.read_bytes(), path.name)
        for passage in parsed.passages:
            spans = split_sentences(passage.text)
            evidence = [
                Evidence(passage, passage.start + a, passage.start + b, passage.text[a:b], 0.5, 0.5, 0.9)
                for a, b in spans
            ]
            for chosen in [[e] for e in evidence] + [evidence]:
                draft = DraftSentence("".join(e.text for e in chosen), tuple(chosen), passage.place)
                assert fault(draft, lambda _, text=parsed.document.text: text, GAZETTEER) is None, draft.text
                assert wording_of(draft) == "verbatim"


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        (SCHOOL.text, "verbatim"),
        ("书单里有《灯下集》，办班时间压缩三分之一。", "verbatim"),
        ("招来一百二十三名教师；分文不收。", "verbatim"),
        ("招来123名教师。", "rewritten"),
        ("分文不收，招来一百二十三名教师。", "rewritten"),
    ],
)
def test_wording(text: str, wording: str) -> None:
    """The bulletin's own words, whole sentences or clauses parted by ；, are told from other words for them."""
    assert wording_of(DraftSentence(text, (SCHOOL, BOOKS))) == wording
