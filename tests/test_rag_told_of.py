"""What a survey of many places tells of one of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from answerers import answerer_over
from rag_makers import make_passage, make_query

from corpus.places import Gazetteer
from index.types import Filters, Hit
from rag.answer import Answerer
from rag.retrieve import Retrieved
from rag.told_of import moved_inside, told_of, with_later_reports
from rag.types import Evidence, Intent, Question

SURVEY = make_passage(
    "各地都有新招。在徐州市，书屋坐上了大巴。大巴里有灯有座，跑了78所学校。沛县又添了一辆。苏州也有。车上能借书。",
    "徐州市",
)
BULLETIN = """江苏某某建设简报
第3期
某某办公室
2024年5月6日

流动书屋综述

书屋坐上车，书就到了家门口。各地的流动书屋，各有各的路线。

在睢宁县，书屋坐上了大巴。大巴里有灯有座，一年跑了78所学校，借出图书2.1万册。沛县的书车走村口，每月停12个村，老人坐在车边听人读报。

南通市把书屋搬上了渡船，船靠岸就开门，过江的人等船时翻几页书。

徐州市：书屋开进地铁站

徐州市在地铁站里设了读书角，早晚都有人值守，图书每月更换一次。
"""
EARLIER = """江苏某某建设简报
第7期
某某办公室
2023年9月8日

徐州市：书屋修好了门窗

徐州市给书屋换了门窗，添了暖气，冬天也坐得住人，灯也亮了许多。
"""


def _sentences() -> list[Evidence]:
    found, start = [], 0
    while start < len(SURVEY.text):
        end = SURVEY.text.index("。", start) + 1
        found.append(Evidence(SURVEY, start, end, SURVEY.text[start:end], 0.5, 0.5, 0.9))
        start = end
    return found


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["徐州市"], ["各地都有新招。", "在徐州市，书屋坐上了大巴。", "大巴里有灯有座，跑了78所学校。"]),
        (["沛县"], ["沛县又添了一辆。"]),
        (["苏州市"], ["苏州也有。", "车上能借书。"]),
        (["苏州市", "沛县"], ["沛县又添了一辆。", "苏州也有。", "车上能借书。"]),
        (["丰县"], []),
    ],
)
def test_a_sentence_is_of_the_place_named_last(
    gazetteer: Gazetteer, names: list[str], told: list[str]
) -> None:
    """Of the place it names, else of the one its passage is filed under, or named last before it."""
    found = told_of(_sentences(), names, gazetteer, ["江苏省"])
    assert [evidence.text for evidence in found] == told


def test_passages_that_tell_count_as_what_is_asked_about() -> None:
    """Only they, in the order they were found."""
    passages = [make_passage("一句话。", start=number) for number in range(3)]
    hits = [Hit(passage, 1.0, number + 1) for number, passage in enumerate(passages)]
    evidence = [Evidence(passages[2], 2, 6, "一句话。", 0.5, 0.5, 0.9)]
    moved = moved_inside(Retrieved((hits[0],), (hits[1], hits[2])), evidence)
    assert [hit.passage.start for hit in moved.inside] == [2]
    assert [hit.passage.start for hit in moved.outside] == [0, 1]


@pytest.fixture(scope="module")
def answerer(
    tmp_path_factory: pytest.TempPathFactory, bundled_model_cache: Path, gazetteer: Gazetteer
) -> Answerer:
    """Over two bulletins, with the real model."""
    files = {"2023-07.txt": EARLIER, "2024-03.txt": BULLETIN}
    return answerer_over(files, tmp_path_factory.mktemp("survey"), bundled_model_cache, gazetteer)


def test_a_place_without_an_article_is_answered_from_a_survey(answerer: Answerer) -> None:
    """From the sentences about it, though the prefecture above it has an article."""
    answer = answerer.answer(Question("睢宁那个书屋大巴跑了多少所学校"))
    assert answer.status == "answered"
    assert "78所学校" in answer.text
    assert {citation.quote for citation in answer.citations} <= {
        "在睢宁县，书屋坐上了大巴。",
        "大巴里有灯有座，一年跑了78所学校，借出图书2.1万册。",
        "一年跑了78所学校",
    }


def test_what_a_survey_tells_of_others_is_no_answer(answerer: Answerer) -> None:
    """The figure of the county before it isn't given for the next."""
    answer = answerer.answer(Question("沛县的书屋跑了多少所学校"))
    assert "78" not in answer.text


def test_only_the_year_that_is_asked_for_is_told_of(answerer: Answerer) -> None:
    """What a survey of another year tells isn't given."""
    answer = answerer.answer(Question("睢宁2023年那个书屋大巴跑了多少所学校"))
    assert "78" not in answer.text


def test_a_later_review_tells_of_the_year_that_is_asked_for() -> None:
    """Passages of other years' bulletins that say the year, or whose title does, are looked at with the
    year's own; not where bulletins of the year are asked for, nor for lists."""
    titled = make_passage("全省有96人上榜。", title="亮点扫描——2023年工作回眸")
    saying = make_passage("2023年，站点添了三成。", start=20)
    other = make_passage("今年站点又添了三成。", start=40)
    retrieved = Retrieved((), tuple(Hit(p, 1.0, n + 1) for n, p in enumerate((titled, saying, other))))

    def looked_at(text: str, intent: Intent = "figure") -> list[str]:
        query = make_query(text, text, intent=intent, filters=Filters(years=(2023,)))
        return [hit.passage.text for hit in with_later_reports(retrieved, query).inside]

    assert looked_at("2023年有多少人上榜") == [titled.text, saying.text]
    assert looked_at("2023年暑期有多少人上榜") == [titled.text, saying.text]
    assert looked_at("2023年的简报里有多少人上榜") == []
    assert looked_at("2023年哪些地方添了站点", "list") == []


def test_places_of_a_survey_are_compared(answerer: Answerer) -> None:
    """Each with what its part of the survey says, though no article is about it."""
    answer = answerer.answer(Question("睢宁县和沛县的书屋、书车停在哪里，有什么不同"))
    assert answer.status == "answered"
    quotes = " ".join(citation.quote for citation in answer.citations)
    assert "在睢宁县" in quotes
    assert "每月停12个村" in quotes
