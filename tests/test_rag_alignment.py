"""A figure finds the bulletin's figure of the same thing."""

from __future__ import annotations

from rag.alignment import Match, match_figures, read_figures
from rag.quantities import find_quantities

SOURCE = "从98家单位选出238名指导员，办活动800余场；选树文明班组86个，文明职工300余名。"


def matches(text: str, source: str = SOURCE) -> list[tuple[str, str | None, str | None]]:
    def shown(match: Match) -> tuple[str, str | None, str | None]:
        found = match.source.quantity.text if match.source else None
        return match.figure.quantity.text, found, match.agreement

    figures = read_figures(text, find_quantities(text))
    return [shown(m) for m in match_figures(figures, read_figures(source, find_quantities(source)))]


def test_a_true_figure_finds_itself() -> None:
    """However it is written."""
    assert matches("二百三十八名指导员来自九十八家单位") == [
        ("二百三十八名", "238名", "same"),
        ("九十八家", "98家", "same"),
    ]


def test_a_wrong_figure_finds_the_right_one() -> None:
    """By the noun and the words around it."""
    assert matches("选出240名指导员") == [("240名", "238名", None)]
    assert matches("有文明班组68个") == [("68个", "86个", None)]


def test_a_wrong_measure_finds_the_right_one() -> None:
    """The same number of something else."""
    assert matches("办活动800余天") == [("800余天", "800余场", None)]


def test_swapped_figures_are_seen() -> None:
    """Though each stands in the source, neither is of what is said."""
    source = "全市60%以上的GDP、70%以上的就业来自民企。"
    assert matches("贡献70%以上的GDP和60%以上的就业", source) == [
        ("70%以上", "60%以上", None),
        ("60%以上", "70%以上", None),
    ]


def test_another_thing_finds_nothing() -> None:
    """A figure of something that the source doesn't speak of has no counterpart."""
    assert matches("建成公园12座") == [("12座", None, None)]
