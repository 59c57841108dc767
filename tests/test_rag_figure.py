"""The clause that holds the figure which was asked for."""

from __future__ import annotations

import pytest

from rag.expected import expected_answers
from rag.figure import LEAST_FIT, figure_clauses, figure_fit

SENTENCE = "设了“一件事”窗口，解决难题70余件，把办理时限压缩60%以上，每年服务2万人次，大家都满意。"


@pytest.mark.parametrize(
    ("question", "sentence", "clauses"),
    [
        ("办理时间缩短了多少？", SENTENCE, ("把办理时限压缩60%以上",)),
        ("解决了多少难题？", SENTENCE, ("解决难题70余件",)),
        ("一年服务多少人次？", SENTENCE, ("每年服务2万人次",)),
        ("解决了多少难题，服务了多少人次？", SENTENCE, ("解决难题70余件", "每年服务2万人次")),
        ("学员从多少人涨到多少人？", "课程受欢迎，学员由10名增至152名。", ("学员由10名增至152名",)),
        ("改造了多少面积？", "改造旧房201万平方米，新修路42条。", ("改造旧房201万平方米",)),
        ("河湾镇荷花书院有多少藏书？", "河湾镇建起90平方米的荷花书院，藏书8000册。", ("藏书8000册",)),
        (
            "照相馆服务了多少老人？",
            "为60余岁老人照一张相，2024年服务老人700多位。",
            ("2024年服务老人700多位",),
        ),
        ("行业队有多少支？", "县级队27支，行业队近百支。", ("行业队近百支",)),
        ("设了多少个充电点？", "设置近百个充电便民点，发放头盔3万多只。", ("设置近百个充电便民点",)),
        ("评了几个样板？", "评出三个样板，花了两年。", ("评出三个样板",)),
        ("骑士公寓现在住了多少人？", "现有学童280人；旧楼改成骑士公寓，住了61人。", ("住了61人",)),
        ("骑士公寓现在住进多少人？", "现有学童280人；旧楼改成骑士公寓，38间。", ()),
    ],
)
def test_the_clause_that_speaks_of_what_is_asked(
    question: str, sentence: str, clauses: tuple[str, ...]
) -> None:
    """Of several figures the one that is asked for, in its own clause."""
    assert figure_clauses(sentence, question, expected_answers(question)) == clauses


@pytest.mark.parametrize(
    ("question", "unit_tells"), [("夜里供的粥一年卖了多少份", True), ("夜里供的粥一年来了多少人", False)]
)
def test_the_sentence_around_a_figure_in_a_telling_unit(question: str, unit_tells: bool) -> None:
    """42万份 stands in a clause that shares little with the question; the clauses around it say the rest. A
    number of people may be of anything."""
    sentence = "夜间供应热粥，每份一元，去年供应42万份，附近住有3000人。"
    fit = figure_fit(sentence, question, expected_answers(question))
    assert (fit >= LEAST_FIT) is unit_tells


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("捐了多少头盔？", "种树300棵，修路5公里。"),
        ("一共有多少辆车？", "推行“一件事”办法，大家都满意。"),
        ("步道怎么修的？", SENTENCE),
        ("有多少志愿服务队？", "4.志愿服务。"),
        ("建步道花了多少钱？", "步道为居民节约花费30万元。"),
    ],
)
def test_no_figure_rather_than_one_of_something_else(question: str, sentence: str) -> None:
    """Nothing where no clause has anything to do with the question, or where no figure is asked for."""
    assert figure_clauses(sentence, question, expected_answers(question)) == ()
