"""What lies beyond a figure that the question says."""

from __future__ import annotations

import pytest
from rag_makers import make_evidence

from rag.bounds import find_bound, measured_bound
from rag.judge import Verdict, within_bound


@pytest.mark.parametrize(
    ("question", "text", "met"),
    [
        ("服务时长超过5万小时", "累计8.8万小时", True),
        ("服务时长超过五万小时", "累计时长4.1万小时", False),
        ("服务时长超过5万小时", "服务时长超5万小时", True),
        ("服务时长超过5万小时", "累计50000小时", False),
        ("服务时长不少于5万小时", "累计50000小时", True),
        ("活动500场以上的县", "活动860余场次", True),
        ("活动不到500场", "活动860余场次", False),
        ("好评率在95%以上", "办结率98.6%", True),
        ("好评率低于95%", "办结率98.6%", False),
        ("志愿者超过300人", "志愿者426名", True),
        ("服务时长超过5万小时", "请了9位老师", None),
    ],
)
def test_a_figure_of_the_same_measure_is_compared(question: str, text: str, met: bool | None) -> None:
    """With 万 and Chinese numerals, and with 余 and 超; None where no figure is of that measure."""
    bound = find_bound(question)
    assert bound
    assert measured_bound(question)
    assert bound.is_met_in(text) is met


@pytest.mark.parametrize(
    "question", ["哪些地方为60岁以上老人服务", "哪些县有10人以上队伍", "哪些县服务时长长", "哪些县超过去年"]
)
def test_what_is_no_bound(question: str) -> None:
    """60岁以上老人 are a kind of people, and a word alone bounds nothing."""
    assert not measured_bound(question)


def test_places_without_such_a_figure_are_near_misses() -> None:
    """A place counts by any sentence of the passages told of it, which then comes first."""
    article = "开展志愿服务活动。累计8.8万小时。"
    said, figure = (make_evidence(text, "启东市") for text in article.split("。")[:2])
    figure = type(figure)(said.passage, 9, 17, figure.text, 0.1, 0.1, 0.1)
    verdicts = [
        Verdict("启东市", 1.0, (said,), True),
        Verdict("丰县", 0.9, (make_evidence("累计3万小时", "丰县", start=50),), True),
        Verdict("沛县", 0.8, (make_evidence("开展志愿服务", "沛县", start=90),), True),
    ]
    judged = within_bound(verdicts, [said, figure], measured_bound("哪些县服务时长超过5万小时"))
    assert [(v.place, v.sure) for v in judged] == [("启东市", True), ("丰县", False), ("沛县", False)]
    assert [e.text for e in judged[0].evidence] == ["累计8.8万小时", "开展志愿服务活动"]
    assert within_bound(verdicts, [said], measured_bound("哪些县开展了志愿服务")) == verdicts
