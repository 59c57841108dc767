"""What places articles and passages are about."""

from __future__ import annotations

import pytest

from corpus.places import load_gazetteer
from corpus.types import Place
from corpus.whereabouts import Whereabouts

WHERE = Whereabouts(load_gazetteer(), ["江苏省文明办"])


def article(title: str) -> Place | None:
    return WHERE.of_article(title, None, "")


@pytest.mark.parametrize(
    ("title", "heading", "text", "expected"),
    [
        ("南通市：各地齐动手", "", "如东县把课堂搬到田头。", "如东县"),
        ("南通市：各地齐动手", "", "一是海安市先行一步，建起二十个站点。", "海安市"),
        ("南通市：各地齐动手", "（一）启东", "这里的渔港办起了夜校。", "启东市"),
        ("南通市：各地齐动手", "", "全市统一了标准，后来如东县照着做了。", "南通市"),
        ("南通市：各地齐动手", "", "沛县的同志来看过。", "南通市"),
        ("灌南县：办好一件事", "", "沭阳县的做法也很好。", "灌南县"),
        ("各地动态", "", "沛县：开了三场座谈会。", "沛县"),
        ("各地动态", "", "大家都说这样的会开得值。", None),
        ("各地动态", "", "在徐州市，书屋开到了车站。沛县也来学。", "徐州市"),
        ("各地动态", "", "徐州、宿迁等地都修了书屋。", None),
        ("各地动态", "", "在徐州市召开的书屋会上，各地谈了做法。", None),
        ("各地动态", "", "盐城市射阳县把书屋开到了车站。", "射阳县"),
        ("各地动态", "", "一、开门办书屋\n各地都有好办法。\n沛县：书屋开到车站。", "沛县"),
        ("各地动态", "", "一、开门办书屋\n南通市海门区：书屋开到车站。", "海门区"),
        ("徐州市鼓楼区：书屋开到车站", "", "书屋里有灯有座。", "徐州市鼓楼区"),
        ("徐州市：各地齐动手", "", "鼓楼区把书屋开到车站。", "徐州市鼓楼区"),
        ("各地动态", "", "一、开门办书屋\n沛县：开到车站。\n丰县：开到码头。", None),
        ("各地动态", "", "一、开门办书屋\n沛县的书屋开到车站，人人说好：真方便。", None),
    ],
)
def test_the_place_of_a_passage(title: str, heading: str, text: str, expected: str | None) -> None:
    """Below an article about a prefecture, or about no place, a passage is about the county at its head; of
    no place's article, also about the prefecture there, or the one place whose paragraph follows an
    introduction."""
    assert WHERE.of_passage(article(title), heading, text) == expected


SURVEY = "二、开门办书屋\n在徐州市，书屋开到了车站。人人说好。沛县也开；丰县另有茶座。"


def test_a_survey_is_cut_where_it_passes_to_another_place() -> None:
    """Each part is about one place; the heading stays with what it heads; an article about a place stays
    whole."""
    parts = WHERE.parts_of_passage(article("各地动态"), "", SURVEY)
    assert [(SURVEY[start:end], place) for start, end, place in parts] == [
        ("二、开门办书屋\n在徐州市，书屋开到了车站。人人说好。", "徐州市"),
        ("沛县也开；", "沛县"),
        ("丰县另有茶座。", "丰县"),
    ]
    assert WHERE.parts_of_passage(article("灌南县：办好一件事"), "", SURVEY) == [(0, len(SURVEY), "灌南县")]
    assert WHERE.parts_of_passage(article("南通市：各地齐动手"), "", SURVEY) == [(0, len(SURVEY), "南通市")]


def test_a_heading_in_between_goes_with_the_place_below_it() -> None:
    """Not with the place above it."""
    text = "沛县：开到车站。\n各有各的好\n丰县：开到码头。"
    parts = WHERE.parts_of_passage(article("各地动态"), "", text)
    assert [(text[start:end], place) for start, end, place in parts] == [
        ("沛县：开到车站。", "沛县"),
        ("各有各的好\n丰县：开到码头。", "丰县"),
    ]


def test_an_ambiguous_place_is_told() -> None:
    """A district of several cities with nothing to settle it gives a warning that names them."""
    warning = Whereabouts(load_gazetteer(), []).ambiguous("鼓楼区：楼道里的新风")
    assert warning is not None
    assert "鼓楼区" in warning
    assert "南京市鼓楼区" in warning
    assert "徐州市鼓楼区" in warning
    assert WHERE.ambiguous("沛县：楼道里的新风") is None
