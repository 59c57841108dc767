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


def parts_of(text: str, about: Place | None = None) -> list[tuple[str, str | None]]:
    """The parts of a survey's passage, and what each is filed under."""
    parts = WHERE.parts_of_passage(about, "", text, is_survey=True)
    return [(text[start:end], place) for start, end, place in parts]


SURVEY = "二、开门办书屋\n在徐州市，书屋开到了车站。人人说好。沛县也开；丰县另有茶座。"


def test_a_survey_is_cut_where_it_passes_to_another_place() -> None:
    """Each part is about one place; the heading stays with what it heads; an article about a place stays
    whole."""
    assert parts_of(SURVEY, article("各地动态")) == [
        ("二、开门办书屋\n在徐州市，书屋开到了车站。人人说好。", "徐州市"),
        ("沛县也开；", "沛县"),
        ("丰县另有茶座。", "丰县"),
    ]
    for title, place in (("灌南县：办好一件事", "灌南县"), ("南通市：各地齐动手", "南通市")):
        parts = WHERE.parts_of_passage(article(title), "", SURVEY, is_survey=False)
        assert parts == [(0, len(SURVEY), place)]


def test_what_a_prefecture_s_survey_says_of_no_county_is_its_own() -> None:
    """An article that passes from county to county goes back to its prefecture where it names several."""
    text = "沛县的书屋开到车站。睢宁县、丰县也开。铜山区另有茶座。"
    assert parts_of(text, WHERE.of_article("全市书屋", None, "徐州市办书屋。")) == [
        ("沛县的书屋开到车站。", "沛县"),
        ("睢宁县、丰县也开。", "徐州市"),
        ("铜山区另有茶座。", "铜山区"),
    ]


def test_a_heading_and_a_speaker_go_with_their_place() -> None:
    """A short sentence with a mark heads what follows; who speaks is told in brackets."""
    text = "一是改造不实。沛县有两处没有通电。二是服务不暖。丰县的热线打不通。\n骑手小王（睢宁县）：“能歇脚就好。”"
    assert parts_of(text) == [
        ("一是改造不实。沛县有两处没有通电。", "沛县"),
        ("二是服务不暖。丰县的热线打不通。", "丰县"),
        ("骑手小王（睢宁县）：“能歇脚就好。”", "睢宁县"),
    ]


def test_a_table_has_a_row_for_each() -> None:
    """It is filed under none of the places in its rows, but under that of its article or heading."""
    table = "县名\t书屋\n沛县\t12\n丰县\t9"
    for about, heading, place in (
        (None, "", None),
        (None, "睢宁县", "睢宁县"),
        (article("徐州市：书屋"), "", "徐州市"),
    ):
        parts = WHERE.parts_of_passage(about, heading, table, is_survey=True)
        assert parts == [(0, len(table), place)]


@pytest.mark.parametrize(
    ("title", "author", "text", "is_survey"),
    [
        ("各地书屋", None, "沛县的书屋开到车站。丰县、睢宁县、邳州市也开。", True),
        ("各地书屋", None, "沛县的书屋开到车站。丰县也开。睢宁县另有茶座。", True),
        ("书屋开到车站", None, "沛县的书屋开到车站。书屋从丰县借书。", False),
        ("沛县：书屋", None, "沛县的书屋开到车站。丰县也开。睢宁县另有茶座。", False),
        ("书屋", "中共沛县县委书记 王某", "书屋开到车站。丰县也开。睢宁县另有茶座。", False),
        ("大家的书屋", None, "书屋开到车站。", True),
    ],
)
def test_whether_an_article_passes_from_place_to_place(
    title: str, author: str | None, text: str, is_survey: bool
) -> None:
    """Where neither title nor author names its place, three other counties in it tell, or two that sentences
    begin with."""
    place = WHERE.of_article(title, author, text)
    assert WHERE.is_survey(place, title, author, text) is is_survey


def test_a_heading_in_between_goes_with_the_place_below_it() -> None:
    """Not with the place above it."""
    text = "沛县：开到车站。\n各有各的好\n丰县：开到码头。"
    assert parts_of(text, article("各地动态")) == [
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "泰州市泰兴市有一处驿站，老人常来。泰州市出钱补贴，全年办了27场。",
            [("泰州市泰兴市有一处驿站，老人常来。", "泰兴市"), ("泰州市出钱补贴，全年办了27场。", "泰州市")],
        ),
        (
            "泰兴市有一处驿站，老人常来。兴化市也来看过。",
            [("泰兴市有一处驿站，老人常来。", "泰兴市"), ("兴化市也来看过。", "兴化市")],
        ),
        (
            "一是有人管。全市有驿站27处。泰兴市的驿站管饭，兴化市的也来学过。",
            [("一是有人管。全市有驿站27处。泰兴市的驿站管饭，兴化市的也来学过。", "泰州市")],
        ),
    ],
)
def test_an_article_comes_back_from_a_county_to_itself(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    """A prefecture's article: what it says of one of its counties is filed there; what it says of itself, or
    of two counties in one sentence, is its own."""
    about = article("泰州市：驿站里过生日")
    assert WHERE.is_survey(about, "泰州市：驿站里过生日", None, text)
    parts = WHERE.parts_of_passage(about, "", text, is_survey=True)
    assert [(text[start:end], place) for start, end, place in parts] == expected
