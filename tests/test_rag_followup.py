"""Follow-up questions made to stand by themselves."""

from __future__ import annotations

import re

import pytest

from rag.followup import stand_alone
from rag.types import Turn

_PLACES = {"泰州市": "泰州市", "泰州": "泰州市", "丰县": "丰县", "沛县": "沛县", "溧阳市": "溧阳市"}


def find_places(text: str) -> list[tuple[int, int, str]]:
    found = re.finditer("|".join(sorted(_PLACES, key=len, reverse=True)), text)
    return [(m.start(), m.end(), _PLACES[m.group()]) for m in found]


def talk(question: str, answer: str = "好的。") -> tuple[Turn, Turn]:
    return Turn("user", question), Turn("assistant", answer)


@pytest.mark.parametrize(
    ("before", "text", "meant"),
    [
        ("丰县怎样办读书节？", "泰州呢？", "泰州市怎样办读书节？"),
        ("丰县怎样办读书节？", "泰州市在这方面呢", "泰州市怎样办读书节？"),
        ("丰县怎样办读书节？", "沛县和泰州同样的事怎么做", "沛县和泰州市怎样办读书节？"),
        ("丰县的读书节来了多少人？", "那泰州的有多少？", "泰州市的读书节来了多少人？"),
        ("丰县的读书节是什么？", "那收费吗？", "丰县的读书节，收费吗？"),
        ("丰县的“飞燕”读书会几点开门？", "它由谁管？", "丰县飞燕，它由谁管？"),
        ("丰县和沛县怎样办读书节？", "来了多少人？", "丰县和沛县，来了多少人？"),
        ("丰县的读书人数是多少？", "哪个县最多？", "读书人数，哪个县最多？"),
        ("丰县和沛县的读书人数各是多少？", "那最少的是哪里？", "读书人数，最少的是哪里？"),
        ("丰县怎样帮老人认字？", "这个项目叫什么？", "丰县帮老人认字，这个项目叫什么？"),
        ("丰县在彩礼上有什么办法？", "泰州呢，定的是多少？", "泰州市在彩礼上，定的是多少？"),
        ("丰县建了几处书房？", "接下来还要加多少？", "丰县建了 书房，接下来还要加多少？"),
        ("怎样办“飞燕”读书会？", "那来了多少人？", "飞燕，来了多少人？"),
    ],
)
def test_what_is_unsaid_comes_from_the_question_before(before: str, text: str, meant: str) -> None:
    """The other place, or the subject, is put in."""
    assert stand_alone(text, talk(before), find_places) == meant


def test_the_place_may_stand_in_the_answer_before() -> None:
    """Where the last question named no place, that of its answer is meant."""
    history = talk("哪里办过读书节？", "丰县办过读书节。[1]")
    assert stand_alone("那收费吗？", history, find_places) == "丰县，收费吗？"


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("丰县怎样办读书节？", "溧阳市怎样修健身步道？"),
        ("怎样办读书节？", "谁来修健身步道？"),
        ("丰县的“飞燕”读书会是什么？", "泰州呢，也有类似给老人晚上认字的地方吗？"),
        ("怎样办读书节？", "健身步道最长的是哪个县？"),
        (
            "丰县怎样办读书节？",
            "健身步道修好以后由哪些部门来管理、经费从哪里出、多久检查一次、坏了谁来修理？",
        ),
    ],
)
def test_a_question_that_stands_by_itself_is_left_alone(before: str, text: str) -> None:
    """What names its own place, has nothing to lean on, or is long and leans on nothing, stays."""
    assert stand_alone(text, talk(before), find_places) == text


def test_without_history() -> None:
    """The first question is what it is."""
    assert stand_alone("泰州呢？", (), find_places) == "泰州呢？"


def test_answers_alone_are_no_history() -> None:
    """A greeting of the assistant gives nothing to lean on."""
    assert stand_alone("那收费吗？", (Turn("assistant", "丰县的事可以问我。"),), find_places) == "那收费吗？"


def test_the_last_question_counts() -> None:
    """Of several earlier questions the last is leant on."""
    history = (*talk("丰县怎样办读书节？"), *talk("沛县怎样修步道？"))
    assert stand_alone("泰州呢？", history, find_places) == "泰州市怎样修步道？"
