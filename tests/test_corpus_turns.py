"""Where a survey passes from one place to the next."""

from __future__ import annotations

import pytest

from corpus.places import load_gazetteer
from corpus.turns import find_turns

GAZETTEER = load_gazetteer()


def told(text: str) -> list[tuple[str, str | None]]:
    """The text from each turn to the next, and the place that it is about."""
    turns = find_turns(text, GAZETTEER, ["江苏省文明办"])
    ends = [*(turn.start for turn in turns), len(text)][1:]
    return [
        (text[turn.start : end], turn.place.name if turn.place else None)
        for turn, end in zip(turns, ends, strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("无锡市修了路。路边有灯。", [("无锡市修了路。路边有灯。", "无锡市")]),
        (
            "在江阴市，码头有书；梁溪区则有茶。",
            [("在江阴市，码头有书；", "江阴市"), ("梁溪区则有茶。", "梁溪区")],
        ),
        (
            "盐城市射阳县修路。如东县也修。",
            [("盐城市射阳县修路。", "射阳县"), ("如东县也修。", "如东县")],
        ),
        (
            "深夜十点，南京市的灯亮着。针对停车难，扬州市划了车位。",
            [("深夜十点，南京市的灯亮着。", "南京市"), ("针对停车难，扬州市划了车位。", "扬州市")],
        ),
        (
            "以老街的灯光改造为抓手，溧阳市换了路灯。",
            [("以老街的灯光改造为抓手，溧阳市换了路灯。", "溧阳市")],
        ),
        ("沛县、睢宁县都修了路。", [("沛县、睢宁县都修了路。", "徐州市")]),
        ("徐州市邳州、新沂等地修了路。", [("徐州市邳州、新沂等地修了路。", "徐州市")]),
        ("徐州、宿迁等地修了路。", [("徐州、宿迁等地修了路。", None)]),
        ("大丰区的人爱鹿，东台市的人爱鸟。", [("大丰区的人爱鹿，东台市的人爱鸟。", "盐城市")]),
        ("泗阳县的画、沭阳县的花进了城。", [("泗阳县的画、沭阳县的花进了城。", "宿迁市")]),
        (
            "沭阳县修路。全市统一了路牌。",
            [("沭阳县修路。", "沭阳县"), ("全市统一了路牌。", "宿迁市")],
        ),
        ("泗阳义工队、沭阳义工队都来修路。", [("泗阳义工队、沭阳义工队都来修路。", "宿迁市")]),
        ("（一）沛县修路。3.丰县种树。", [("（一）沛县修路。", "沛县"), ("3.丰县种树。", "丰县")]),
        ("栖霞区开夜市，南京师范大学的人也来。", [("栖霞区开夜市，南京师范大学的人也来。", "栖霞区")]),
        ("启东市修路。全市统一了路牌。", [("启东市修路。全市统一了路牌。", "启东市")]),
        ("沛县修路。江北新区种树。", [("沛县修路。", "沛县"), ("江北新区种树。", None)]),
        ("如东县经济开发区修路。", [("如东县经济开发区修路。", "如东县")]),
        ("浦东新区修路。", [("浦东新区修路。", "浦东新区")]),
        ("老人说：“好；沛县的路也好。”", []),
        ("大家到沛县看了路。", []),
        ("江苏省修了路。", [("江苏省修了路。", None)]),
    ],
)
def test_a_place_at_the_head_of_a_clause_is_what_follows_is_about(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    """Of several the prefecture that they have in common; 全市 leads from a county back to its prefecture;
    what is quoted or only mentioned is no turn."""
    assert told(text) == expected
