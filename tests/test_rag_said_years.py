"""Several years and spans of years said in a question."""

from __future__ import annotations

import datetime

import pytest
from rag_makers import CATALOGUE, make_record

from index.types import Filters
from rag.said_filters import SaidFilters, read_filters


def since(year: int, month: int = 1, day: int = 1) -> Filters:
    return Filters(since=datetime.date(year, month, day))


def until(year: int) -> Filters:
    return Filters(until=datetime.date(year, 12, 31))


def between(first: int, last: int) -> Filters:
    return Filters(since=datetime.date(first, 1, 1), until=datetime.date(last, 12, 31))


@pytest.mark.parametrize(
    ("text", "rest", "filters"),
    [
        ("2022年和2025年的步道有什么不同", "步道有什么不同", Filters(years=(2022, 2025))),
        ("2022、2025年的简报里的步道", "步道", Filters(years=(2022, 2025))),
        ("2022年那期和2025年那期写的步道有什么变化", "写的步道有什么变化", Filters(years=(2022, 2025))),
        ("2022年到2025年哪些县建了步道", "哪些县建了步道", between(2022, 2025)),
        ("2025年到2024年的步道", "步道", between(2024, 2025)),
        ("从2024年至2025年，哪些县建了步道", "哪些县建了步道", between(2024, 2025)),
        ("2024-2025年的简报里哪些县建了步道", "哪些县建了步道", between(2024, 2025)),
        ("二〇二四年到二〇二五年的步道", "步道", between(2024, 2025)),
        ("2023年以来，哪些县建了步道", "哪些县建了步道", since(2023)),
        ("自2023年以来的步道", "步道", since(2023)),
        ("2024年起哪些县建了步道", "哪些县建了步道", since(2024)),
        ("只看2024年以后的简报，哪些县建了步道", "哪些县建了步道", since(2024)),
        ("2024年以前哪些县建了步道", "哪些县建了步道", until(2023)),
        ("2024年之前的简报里的步道", "步道", until(2023)),
        ("2024年及以前的步道", "步道", until(2024)),
        ("近两年哪些县建了步道", "哪些县建了步道", since(2023, 12)),
        ("最近一年的步道", "步道", since(2024, 12)),
        ("近3年来哪些县建了步道", "哪些县建了步道", since(2022, 12)),
    ],
)
def test_years_and_spans(text: str, rest: str, filters: Filters) -> None:
    """近两年 counts from the newest bulletin; 以前 leaves the year itself out, 以来 and 及以前 take it in."""
    assert read_filters(text, CATALOGUE) == SaidFilters(rest, filters)


@pytest.mark.parametrize(
    "text",
    [
        "2020年以来建了哪些步道",
        "2030年以前要建哪些步道",
        "2010年到2012年建了哪些步道",
        "2025年前三季度建了哪些步道",
        "近几年建了哪些步道",
        "近年来建了哪些步道",
        "附近一年四季都开的步道",
    ],
)
def test_spans_that_are_part_of_what_is_asked(text: str) -> None:
    """A span without bulletins, one that leaves none out, and one that is none."""
    assert read_filters(text, CATALOGUE) == SaidFilters(text, Filters())


@pytest.mark.parametrize(
    ("text", "unknown", "partly_unknown"),
    [
        ("2010年到2012年的简报里的步道", ("2010年到2012年的简报",), ()),
        ("只看2020年以前的步道", ("2020年以前的简报",), ()),
        ("2020年和2021年的简报里的步道", ("2020年的简报", "2021年的简报"), ()),
        ("2021年和2022年的步道", (), ("2021年的简报",)),
    ],
)
def test_years_that_are_not_held(
    text: str, unknown: tuple[str, ...], partly_unknown: tuple[str, ...]
) -> None:
    """Told where the question speaks of bulletins, or names another year that is held."""
    said = read_filters(text, CATALOGUE)
    assert (said.unknown, said.partly_unknown) == (unknown, partly_unknown)


def test_recent_years_without_dates() -> None:
    """With no date to count from, 近两年 filters nothing; from a leap day it counts to 1 March."""
    text = "近一年的步道"
    assert read_filters(text, [make_record("d")]) == SaidFilters(text, Filters())
    leap = (
        make_record("d", date=datetime.date(2024, 2, 29)),
        make_record("e", date=datetime.date(2020, 1, 1)),
    )
    assert read_filters(text, leap).filters == since(2023, 3)


def test_the_latest_issues() -> None:
    """最近两期 are the two newest bulletins."""
    assert read_filters("最近两期的步道", CATALOGUE) == SaidFilters("步道", Filters(document_ids=("c", "b")))
