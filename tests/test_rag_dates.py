"""Years and days are read and compared."""

from __future__ import annotations

import datetime

import pytest

from rag.dates import find_dates, of_day, stands_in_any


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2025年11月30日印发", (2025, None, 11, 30)),
        ("2025 年 11 月 30 日印发", (2025, None, 11, 30)),
        ("二〇二五年十一月三十日", (2025, None, 11, 30)),
        ("2025-11-30", (2025, None, 11, 30)),
        ("2021年初部署", (2021, None, None, None)),
        ("2021—2025年", (2021, 2025, None, None)),
        ("11月30日", (None, None, 11, 30)),
        ("11月份", (None, None, 11, None)),
    ],
)
def test_find_dates(text: str, parts: tuple[int | None, ...]) -> None:
    """Year, last year, month and day, as far as the text says them."""
    [date] = find_dates(text)
    assert (date.year, date.last_year, date.month, date.day) == parts
    assert text[date.start : date.end] == date.text


@pytest.mark.parametrize("text", ["3个月", "用了2025天", "编号2025", "13月40日"])
def test_what_is_no_date(text: str) -> None:
    """Spans of time, bare numbers, days that no calendar has."""
    assert find_dates(text) == []


@pytest.mark.parametrize(
    ("written", "told", "stands"),
    [
        ("2025年", "2025年11月30日", True),
        ("2025年11月", "2025年11月30日", True),
        ("2025年10月", "2025年11月30日", False),
        ("2022年", "2021—2025年", True),
        ("2025年11月30日", "2025年", False),
        ("11月30日", "2025年11月30日", True),
    ],
)
def test_a_date_stands_in_another(written: str, told: str, stands: bool) -> None:
    """Where the other says all that it says."""
    assert stands_in_any(find_dates(written)[0], find_dates(told)) is stands


def test_of_day() -> None:
    """A day of the calendar is compared as it would be written."""
    assert find_dates("2025年")[0].stands_in(of_day(datetime.date(2025, 11, 30)))
