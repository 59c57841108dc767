"""What kind of answer a question wants."""

from __future__ import annotations

import pytest

from rag.intent import asked_place_word, find_intent, strip_words_of_asking
from rag.types import Intent


@pytest.mark.parametrize(
    ("text", "places", "intent"),
    [
        ("哪些县建了健身步道", 0, "list"),
        ("有哪几个市办过读书节", 0, "list"),
        ("建了健身步道的县有哪些", 0, "list"),
        ("列出办过读书节的地方", 0, "list"),
        ("请找出办过读书节的地方", 0, "list"),
        ("闲屋子改作书屋的例子，帮我归拢归拢", 0, "list"),
        ("跟外省一起办读书节的有谁", 0, "list"),
        ("读书节那种，江苏哪里办过", 0, "list"),
        ("读书节都登了谁家的经验", 0, "list"),
        ("借书设了上限的都有哪儿？上限多少", 0, "list"),
        ("直播这块有内容的县区？", 0, "list"),
        ("第5期的快讯里，哪两家讲了步道", 0, "list"),
        ("哪两家企业修了步道", 0, "fact"),
        ("健身步道，去年和今年两期的数字对照一下", 1, "compare"),
        ("步道去年修了几条，今年有什么变化", 1, "compare"),
        ("步道今年有什么变化", 1, "fact"),
        ("步道两年里多了多少，花的钱前后对比一下", 1, "compare"),
        ("各地怎样办读书节", 0, "list"),
        ("Which counties built fitness trails?", 0, "list"),
        ("WHAT PLACES hold reading festivals", 0, "list"),
        ("想找办读书节的例子，有哪些？", 0, "list"),
        ("收集一批办读书节的案例", 0, "list"),
        ("闲置房屋用起来，哪里有经验？", 0, "list"),
        ("修步道有什么好办法", 0, "list"),
        ("晚上开放书屋的有哪几家？", 0, "list"),
        ("晚上开放书屋的都有谁，各开到几点", 0, "list"),
        ("晚上开放书屋的有哪里", 0, "list"),
        ("晚上开放书屋的是哪三个地方", 0, "list"),
        ("晚上开放书屋的地方帮我找全", 0, "list"),
        ("县里晚上开放书屋的有哪些？市里的不用报", 0, "list"),
        ("夜校的理事会里有谁", 0, "fact"),
        ("书屋在哪里", 0, "fact"),
        ("办读书节的地方都有谁？", 0, "list"),
        ("想找几个办读书节的例子", 0, "list"),
        ("有哪几家企业参加了读书节", 0, "fact"),
        ("丰县办读书节有什么好做法", 1, "fact"),
        ("健身步道有多长", 0, "figure"),
        ("读书节来了多少人", 0, "figure"),
        ("读书节办了几场", 1, "figure"),
        ("每晚收几块钱", 0, "figure"),
        ("退休老人办读书节的例子，帮我都找出来", 0, "list"),
        ("给居民提供读书场地的有哪些", 0, "list"),
        ("书屋的课程有哪些", 0, "fact"),
        ("满意率是多少", 1, "figure"),
        ("How many volunteers are there?", 0, "figure"),
        ("找一句讲读书的话，可以引用的", 0, "quote"),
        ("给我读书节那段的原文", 1, "quote"),
        ("Quote a sentence about reading", 0, "quote"),
        ("丰县和沛县的读书节有什么区别", 2, "compare"),
        ("丰县和沛县分别怎样办读书节", 2, "compare"),
        ("丰县和沛县各有多少志愿者", 2, "compare"),
        ("丰县和沛县办读书节的路子有什么不一样", 2, "compare"),
        ("丰县跟沛县怎样办读书节", 2, "compare"),
        ("读书节是怎么办起来的", 0, "fact"),
        ("谁来管健身步道", 1, "fact"),
        ("丰县的哪些镇建了健身步道", 1, "fact"),
        ("丰县和沛县一起办了读书节吗", 2, "fact"),
        ("读书节有什么不同", 0, "fact"),
        ("有没有地方办过读书节", 0, "list"),
        ("有没有哪个县建了健身步道", 0, "list"),
        ("有没有市民说到健身步道", 0, "fact"),
        ("How is the trail kept clean?", 0, "fact"),
    ],
)
def test_intent(text: str, places: int, intent: Intent) -> None:
    """The words of asking, with the number of places named, tell the intent."""
    assert find_intent(text, places=places) == intent


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("哪些县建了健身步道", "县"),
        ("哪些县市区建了健身步道", "县市区"),
        ("办读书节的地方有哪些", "地方"),
        ("有没有哪个县市建了健身步道", "县市"),
        ("列出办过读书节的地方", "地方"),
        ("读书节是怎么办的", ""),
    ],
)
def test_asked_place_word(text: str, word: str) -> None:
    """The word for places is given as it is asked; none where the question asks for no places."""
    assert asked_place_word(text) == word


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("请问健身步道怎么建？", "健身步道 建"),
        ("印发的那一期里建步道的", "建步道"),
        ("一份饭补贴多少钱", "一份饭补贴 钱"),
        ("把各地建步道的具体做法都找出来", "建步道的"),
        ("哪些县建了健身步道", "建了健身步道"),
        ("简报里有没有介绍读书节？", "介绍读书节"),
        ("读书节来了多少名志愿者", "读书节来了 志愿者"),
        ("在办读书节这件事上怎么做", "在办读书节"),
        ("南通市下面哪些县办了读书节", "南通市 办了读书节"),
        ("？？", ""),
        ("那次督查，哪个市直单位被点名了", "督查 市直单位被点名"),
        ("哪些县级医院做了导诊", "县级医院 导诊"),
        ("有没有地方说到读书节的", "读书节"),
        ("读书节来了多少家庭", "读书节来了 家庭"),
        ("读书节办了几项活动", "读书节办了 活动"),
        ("表彰大会讲话要说贵在坚持", "贵在坚持"),
        ("步道从简，有哪些地方拿出了实招", "步道从简"),
        ("步道里照顾到了残疾人的有哪些地方", "步道里 残疾人的"),
    ],
)
def test_words_of_asking_are_taken_out(text: str, topic: str) -> None:
    """What is left is what the question is about."""
    assert strip_words_of_asking(text) == topic


@pytest.mark.parametrize(
    "question",
    [
        "讲创建不能松劲，有没有现成的话可以用？",
        "倡议书想用一句山歌词，讲厚养薄葬",
        "好办法要变成制度，哪份简报里有这个意思的话？",
        "志愿者培训，要一句讲按需设队的提法",
        "志愿者大会讲话要说贵在坚持，有没有现成句子？",
        "讲步道要人来走，有没有谁说过类似的话可以直接用？",
        "有没有村民自己说的一句短话？",
        "有没有戏迷讲自己的话可以直接用？",
    ],
)
def test_more_ways_to_ask_for_a_quotation(question: str) -> None:
    """Speechwriters ask for a sentence to say, not for a fact."""
    assert find_intent(question, places=0) == "quote"
