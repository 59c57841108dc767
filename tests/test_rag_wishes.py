"""What an answer is wanted for, and how it is to be told, is no part of its topic."""

from __future__ import annotations

import pytest

from rag.wishes import without_background, without_wishes


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("重阳节要用，帮我找照顾老人的做法", "帮我找照顾老人的做法"),
        ("哪些县办了夜校？我要写材料。", "哪些县办了夜校？"),
        ("我们准备开企业座谈会，要例子。哪些地方帮过企业", "哪些地方帮过企业"),
        ("防诈骗宣传哪些地方搞过？公安的同志想参考。", "防诈骗宣传哪些地方搞过？"),
        ("有哪些地方用积分？把县市区列全。", "有哪些地方用积分？"),
        ("哪些县有食堂，一个都不能少，注明出处", "哪些县有食堂，"),
        ("各地做法里沾到非遗的，列县名和项目", "各地做法里沾到非遗的，"),
        ("哪些地方靠攒分，把办法也写上，我要做一张表", "哪些地方靠攒分，"),
        ("那一期写了几个地方？依次列出来。", "那一期写了几个地方？"),
        ("空屋子派上用场的例子，帮我归拢归拢", "空屋子派上用场的例子，"),
        ("雪天清路的事例，能直接放进讲稿里的那种，原文照抄", "雪天清路的事例，"),
        ("家训方面，想搜集素材，有哪些地方", "家训方面，有哪些地方"),
        ("想去考察，哪些地方有好人馆", "哪些地方有好人馆"),
        ("讲信任的话有没有，要一针见血的那种", "讲信任的话有没有，"),
        ("找出有科普活动的地方，讲清用的什么形式", "找出有科普活动的地方，"),
        ("哪里有读书节？别把只办展览的算进来", "哪里有读书节？"),
        ("道德模范座谈会发言，要一句讲好人的话", "要一句讲好人的话"),
    ],
)
def test_wishes_are_left_out(text: str, kept: str) -> None:
    """The occasion, that nothing is to be left out, and what to say of each."""
    assert without_wishes(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "我要写材料。",
        "哪些县开了座谈会",
        "开议事会，解决停车难，哪些县做过",
        "彩礼上限写进村规民约，哪些村这样做",
        "写进村规民约，哪些村这样做",
        "哪些县开座谈会，请企业提意见？",
        "谁写了倡议书，写清了什么规矩？",
        "哪些地方做法务服务，收多少钱？",
    ],
)
def test_what_is_asked_stays(text: str) -> None:
    """Words of wishing within a clause that asks, and a wish that stands alone."""
    assert without_wishes(text) == text


def test_the_background_is_told_apart() -> None:
    """What the asker has already, until when it is due, and thanks; what is asked stays, wishes too."""
    text = "我们要给骑手办实事，苏州的材料已经有了，不算苏州的，哪些地方做过？按县列出来，周五前要交给科长，谢谢！"
    kept = "我们要给骑手办实事，不算苏州的，哪些地方做过？按县列出来，"
    assert without_background(text) == kept
    assert without_wishes(kept) == "我们要给骑手办实事，不算苏州的，哪些地方做过？"
