"""Several issues said in one question."""

from __future__ import annotations

import datetime

import pytest
from rag_makers import CATALOGUE, make_record

from index.types import Filters
from rag.said_filters import SaidFilters, read_filters

BOTH = Filters(issues=("20", "16"))


@pytest.mark.parametrize(
    ("text", "rest", "filters"),
    [
        ("第20期和第16期哪些县建了步道", "哪些县建了步道", BOTH),
        ("第20、16期的步道", "步道", BOTH),
        ("第20期、第16期的简报里谁建了步道", "谁建了步道", BOTH),
        ("第二十期以及第十六期中的步道", "步道", BOTH),
        ("第20期里的步道与第16期里的夜校", "步道与夜校", BOTH),
        ("第20期讲了步道，第16期呢", "讲了步道，呢", BOTH),
        ("2025年第16、20期的步道", "步道", Filters(years=(2025,), issues=("16", "20"))),
        ("2025年第16期和第20期的步道", "步道", Filters(years=(2025,), issues=("16", "20"))),
        ("2022年第1期和2025年第20期的步道", "步道", Filters(years=(2022, 2025), issues=("1", "20"))),
        ("第16期和2025年第20期的步道", "步道", Filters(issues=("16", "20"))),
        ("第16期到第20期的步道", "步道", Filters(issues=("16", "20"))),
        ("2025年第10至20期的步道", "步道", Filters(years=(2025,), issues=("10", "16", "20"))),
        (
            "2022年第1期到2025年第16期的步道",
            "步道",
            Filters(since=datetime.date(2022, 1, 18), until=datetime.date(2025, 10, 15)),
        ),
    ],
)
def test_all_issues_count(text: str, rest: str, filters: Filters) -> None:
    """Enumerated, joined or apart; a year holds for those after it; of a range only those that are there."""
    said = read_filters(text, CATALOGUE)
    assert (said.text, said.filters, said.unknown) == (rest, filters, ())


def test_no_more_is_let_in_than_was_said() -> None:
    """Where years and issues together would let in 2022年第20期, the documents are named."""
    other = make_record("d", "20", datetime.date(2022, 10, 1))
    said = read_filters("2022年第1期和2025年第20期的步道", (*CATALOGUE, other))
    assert said.filters == Filters(years=(2022, 2025), issues=("1", "20"), document_ids=("c", "a"))


@pytest.mark.parametrize(
    ("text", "unknown", "partly_unknown"),
    [
        ("第20期和第99期的步道", (), ("第99期简报",)),
        ("2025年第20期和第1期的步道", (), ("2025年第1期简报",)),
        ("第98、99期的步道", ("第98期简报", "第99期简报"), ()),
        ("第16期到第20期的步道", (), ()),
        ("第19期到第20期的步道", (), ("第19期简报",)),
    ],
)
def test_what_is_not_held(text: str, unknown: tuple[str, ...], partly_unknown: tuple[str, ...]) -> None:
    """What is said and not there is told apart by whether anything that is said is there."""
    said = read_filters(text, CATALOGUE)
    assert (said.unknown, said.partly_unknown) == (unknown, partly_unknown)


def test_only_issues_leave_something_to_ask_with() -> None:
    """A question that is nothing but issues keeps its text."""
    assert read_filters("第20期和第16期", CATALOGUE) == SaidFilters("第20期和第16期", BOTH)
