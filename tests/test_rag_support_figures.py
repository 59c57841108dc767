"""Whether evidence tells the figure that is asked for, and not one of something else."""

from __future__ import annotations

import pytest
from rag_makers import make_evidence, make_query, make_topic

from rag.expected import expected_answers
from rag.support import find_fault
from rag.thesaurus import Expansion


@pytest.mark.parametrize(
    ("sentence", "refused"),
    [
        ("县里给环卫保洁员配了200只水壶。", False),
        ("县里给图书馆配了200张书桌。", True),
        ("县里给环卫保洁员配了水壶。", True),
    ],
)
def test_a_figure_of_what_is_put_otherwise(sentence: str, refused: bool) -> None:
    """The bulletins never write 扫大街的: a figure beside their word for it counts, one beside none doesn't."""
    sweepers = Expansion("扫大街的", "环卫工人", ("环卫保洁员",), 0.7)
    topic = make_topic({"大街": 1.0}, (sweepers,)).narrowed(lambda terms: terms & {"环卫保洁员"})
    question = "扫大街的领到几只"
    query = make_query(question, question, "figure")
    evidence = [make_evidence(sentence, nearness=0.9)]
    fault = find_fault(query, topic, evidence, evidence, expected_answers(question))
    assert (fault is not None) is refused


@pytest.mark.parametrize(
    ("nearness", "coverage", "refused"), [(0.88, 0.6, False), (0.88, 0.3, True), (0.85, 0.6, True)]
)
def test_a_bare_how_many(nearness: float, coverage: float, refused: bool) -> None:
    """一人多少 names nothing that is counted: what comes very near and shares the question's words answers
    it with its figure, though no word stands beside that; else it is a figure of something else."""
    topic = make_topic({"保险": 1.0}, ())
    text = "给孩子买的保险，一人多少"
    near = make_evidence("保费每年30元，由基金承担。", nearness=nearness, coverage=coverage)
    found = find_fault(
        make_query(text, "给孩子买的保险", "figure"), topic, [near], (), expected_answers(text)
    )
    assert (found is not None) == refused


@pytest.mark.parametrize(("coverage", "refused"), [(0.4, False), (0.3, True)])
def test_an_amount_for_each_period(coverage: float, refused: bool) -> None:
    """保险一年多少钱 is answered by 每人每年80元 of a sentence that shares the question's words."""
    text = "给孩子买的保险一年多少钱"
    near = make_evidence("区里为他们投保，每人每年80元。", nearness=0.87, coverage=coverage)
    topic = make_topic({"保险": 1.0, "孩子": 1.0}, ())
    query = make_query(text, "给孩子买的保险", "figure")
    assert (find_fault(query, topic, [near], (), expected_answers(text)) is not None) == refused


@pytest.mark.parametrize(("article", "refused"), [(0, False), (1, True)])
def test_the_article_goes_on_to_tell_the_figure(article: int, refused: bool) -> None:
    """A sentence far from the question, that tells the figure in its words, counts in the article of the
    nearest one; in another article it may speak of anything."""
    nearest = make_evidence("县里的银发照相馆给老人照相。", nearness=0.94, coverage=1.0)
    counts = make_evidence(
        "全县累计服务老人7000多位。", nearness=0.80, coverage=0.4, start=90, article=article
    )
    text = "银发照相馆服务了多少老人"
    query = make_query(text, "银发照相馆服务了 老人", "figure")
    topic = make_topic({"银发照相馆": 2.0, "老人": 1.0}, ())
    found = find_fault(query, topic, [nearest, counts], (), expected_answers(text))
    assert (found is not None) == refused


@pytest.mark.parametrize(
    ("sentence", "refused"),
    [
        ("旧楼改成“骑士公寓”，38间；“骑士”车队有870人。", True),
        ("旧楼改成“骑士公寓”，现有61人入住；“骑士”车队有870人。", False),
    ],
)
def test_what_is_counted_stands_beside_the_thing_that_is_named(sentence: str, refused: bool) -> None:
    """The named thing stands without a figure of the kind: one of its namesakes is no answer."""
    topic = make_topic({"骑士": 3.0, "公寓": 5.0}, ())
    text = "骑士公寓里现在住进去多少人？"
    found = [
        make_evidence(sentence, nearness=0.85),
        make_evidence("“骑士”车队的人数也从312人增加到870人。", nearness=0.84, start=60),
    ]
    refusal = find_fault(make_query(text, "骑士公寓", "figure"), topic, found, (), expected_answers(text))
    assert (refusal is not None and refusal.check == "other_figures") == refused


@pytest.mark.parametrize(
    ("sentence", "refused"),
    [
        ("志愿队走村入户，劝下转账46起，避免损失213万元。", False),
        ("志愿队走村入户，避免损失213万元，另花了5万元。", True),
    ],
)
def test_the_one_amount_of_money_of_a_sentence_that_is_meant(sentence: str, refused: bool) -> None:
    """保住多少钱 says it in words of its own: where the sentence has half of the question's words and one
    amount, that is the one."""
    question = "上门讲防骗保住多少钱"
    evidence = [make_evidence(sentence, nearness=0.86, coverage=0.5)]
    topic = make_topic({"防骗": 1.0}, ())
    fault = find_fault(
        make_query(question, "上门讲防骗保住", "figure"), topic, evidence, (), expected_answers(question)
    )
    assert (fault is not None) is refused


@pytest.mark.parametrize(("article", "refused"), [(0, False), (1, True)])
def test_a_figure_of_another_article_is_not_of_the_named(article: int, refused: bool) -> None:
    """What is named in quotation marks stands in one article; a figure in another is of something else."""
    question = "“春风”平台注册了多少志愿者"
    named = make_evidence("秋天前上线“春风”平台。", nearness=0.9)
    counted = make_evidence("全市注册志愿者增加到58万人。", nearness=0.85, article=article, start=40)
    topic = make_topic({"平台": 1.0, "注册": 1.0}, ())
    query = make_query(question, "“春风”平台注册志愿者", "figure")
    fault = find_fault(query, topic, [named, counted], (), expected_answers(question))
    assert (fault is not None) is refused


@pytest.mark.parametrize(
    ("coverage", "nearness", "refused"), [(0.0, 0.81, True), (0.2, 0.81, False), (0.0, 0.84, False)]
)
def test_a_figure_that_shares_its_unit_alone(coverage: float, nearness: float, refused: bool) -> None:
    """118万分 is no mark of a test: no sentence shares a word with the question, and none comes very near."""
    question = "丰县的测评得了多少分"
    evidence = [make_evidence("已捐出积分118万分。", "丰县", nearness=nearness, coverage=coverage)]
    topic = make_topic({"测评": 1.0, "排名": 1.0}, ())
    query = make_query(question, "测评得分", "figure", places=("丰县",))
    fault = find_fault(query, topic, evidence, (), expected_answers(question))
    assert (fault is not None) is refused
