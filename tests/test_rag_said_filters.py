"""Filters said in a question."""

from __future__ import annotations

import datetime

import pytest
from rag_makers import CATALOGUE

from index.types import Filters
from rag.said_filters import SaidFilters, merge, read_filters, read_outside, read_series

ISSUE_20 = Filters(years=(2025,), issues=("20",))
OCTOBER_15 = Filters(since=datetime.date(2025, 10, 15), until=datetime.date(2025, 10, 15))


@pytest.mark.parametrize(
    ("text", "rest", "filters"),
    [
        ("2025年第20期里谁建了步道", "谁建了步道", ISSUE_20),
        ("二〇二五年第二十期里谁建了步道", "谁建了步道", ISSUE_20),
        ("2025年度的第20期简报中的步道", "步道", ISSUE_20),
        ("第十六期的步道", "步道", Filters(issues=("16",))),
        ("第1期的步道", "步道", Filters(issues=("1",))),
        ("2025年10月15日那期简报里的步道", "步道", OCTOBER_15),
        ("二〇二五年十月十五日的简报里的步道", "步道", OCTOBER_15),
        (
            "2025年11月的简报里的步道",
            "步道",
            Filters(since=datetime.date(2025, 11, 1), until=datetime.date(2025, 11, 30)),
        ),
        (
            "2025年11月底那一期，建了步道的",
            "建了步道的",
            Filters(since=datetime.date(2025, 11, 1), until=datetime.date(2025, 11, 30)),
        ),
        (
            "2025年11月那本步道专辑都登了谁",
            "都登了谁",
            Filters(since=datetime.date(2025, 11, 1), until=datetime.date(2025, 11, 30)),
        ),
        ("2025年第20期步道专刊登了谁", "登了谁", ISSUE_20),
        ("今年（2025年）第20期有谁", "有谁", ISSUE_20),
        ("2025年哪些县建了步道", "哪些县建了步道", Filters(years=(2025,))),
        ("只看2022年，哪些县建了步道", "哪些县建了步道", Filters(years=(2022,))),
        ("最新一期里的步道", "步道", Filters(document_ids=("c",))),
        ("最近的一期简报里的步道", "步道", Filters(document_ids=("c",))),
    ],
)
def test_what_is_said_becomes_a_filter(text: str, rest: str, filters: Filters) -> None:
    """Issue, date, month, year and the latest issue are read, numerals of both kinds, and taken out."""
    assert read_filters(text, CATALOGUE) == SaidFilters(rest, filters)


@pytest.mark.parametrize(
    ("text", "rest", "filters", "unknown"),
    [
        ("2023年第5期的步道", "步道", Filters(years=(2023,), issues=("5",)), "2023年第5期简报"),
        ("第九十九期的步道", "步道", Filters(issues=("99",)), "第99期简报"),
        ("2022年第20期的步道", "步道", Filters(years=(2022,), issues=("20",)), "2022年第20期简报"),
        ("2021年的简报讲了步道", "讲了步道", Filters(years=(2021,)), "2021年的简报"),
        (
            "2025年10月16日的简报里的步道",
            "步道",
            Filters(since=datetime.date(2025, 10, 16), until=datetime.date(2025, 10, 16)),
            "2025年10月16日的简报",
        ),
        (
            "2024年2月的简报里的步道",
            "步道",
            Filters(since=datetime.date(2024, 2, 1), until=datetime.date(2024, 2, 29)),
            "2024年2月的简报",
        ),
        ("第十十期的步道", "步道", Filters(issues=("十十",)), "第十十期简报"),
    ],
)
def test_what_is_not_held_is_told(text: str, rest: str, filters: Filters, unknown: str) -> None:
    """An issue, day, month or year without a bulletin is named as unknown."""
    assert read_filters(text, CATALOGUE) == SaidFilters(rest, filters, (unknown,))


@pytest.mark.parametrize(
    "text",
    [
        "2025年2月30日的步道",
        "2025年13月的步道",
        "2021年哪些县建了步道",
        "2025年初建了步道",
        "2022年底的目标",
        "2025年目标是什么",
        "步道长20公里",
    ],
)
def test_what_only_looks_like_a_filter_stays(text: str) -> None:
    """A day that doesn't exist, a year that belongs to what is asked, and figures filter nothing."""
    assert read_filters(text, CATALOGUE) == SaidFilters(text, Filters())


def test_latest_of_nothing() -> None:
    """With no bulletin there is no latest one."""
    assert read_filters("最新一期里的步道", ()) == SaidFilters("最新一期里的步道", Filters())


def test_a_question_that_is_only_a_filter_keeps_its_text() -> None:
    """Something is left to ask with."""
    assert read_filters("2025年第20期", CATALOGUE) == SaidFilters("2025年第20期", ISSUE_20)


@pytest.mark.parametrize(
    ("text", "province", "rest", "documents"),
    [
        ("浙江那期简报讲了步道", "浙江", "讲了步道", ("z",)),
        ("江苏的简报里的步道", "江苏", "步道", ("c", "b", "a")),
        ("江苏的步道", "江苏", "江苏的步道", ()),
        ("安徽的简报里的步道", "安徽", "安徽的简报里的步道", ()),
    ],
)
def test_series_of_a_province(text: str, province: str, rest: str, documents: tuple[str, ...]) -> None:
    """A series is chosen by its province where the question speaks of its bulletins."""
    assert read_series(text, CATALOGUE, [province]) == SaidFilters(rest, Filters(document_ids=documents))


def test_one_series_leaves_nothing_to_choose() -> None:
    """Where all bulletins are of one province, naming it filters nothing."""
    said = read_series("江苏的简报里的步道", CATALOGUE[:3], ["江苏"])
    assert said == SaidFilters("江苏的简报里的步道", Filters())


def test_the_client_s_filter_stands() -> None:
    """Where client and question name a field, the client's is kept; other fields add up."""
    client = Filters(years=(2022,), places=("丰县",))
    said = Filters(years=(2025,), issues=("20",), since=datetime.date(2025, 1, 1))
    assert merge(client, said) == Filters(
        years=(2022,), issues=("20",), places=("丰县",), since=datetime.date(2025, 1, 1)
    )


def test_a_month_before_the_series() -> None:
    """2024年5月的浙江简报 says both: the series is taken out, the month is left to be read."""
    said = read_series("2024年5月的浙江简报里登了什么", CATALOGUE, ["浙江"])
    assert said == SaidFilters("2024年5月的简报登了什么", Filters(document_ids=("z",)))
    assert read_filters(said.text, CATALOGUE).filters == Filters(
        since=datetime.date(2024, 5, 1), until=datetime.date(2024, 5, 31)
    )


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("外省有哪些地方做过夜校", "有哪些地方做过夜校"),
        ("有哪些地方跟外省的市县联手", None),
        ("哪两个外省地方的经验", "哪两个地方的经验"),
        ("省外的经验", "经验"),
        ("哪些地方办夜校，外省的也算", None),
        ("在外省打工的人", None),
    ],
)
def test_places_of_other_provinces(text: str, rest: str | None) -> None:
    """外省 before the places or what they did asks for those alone; elsewhere it means something else."""
    assert read_outside(text) == (rest or text, rest is not None)
