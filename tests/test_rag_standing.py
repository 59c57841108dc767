"""Finding which of many terms stand in a text."""

from __future__ import annotations

import pytest

from rag.standing import TermFinder

FINDER = TermFinder(frozenset({"驿站", "小哥驿站", "站长", "aed"}))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("小哥驿站长凳", {(0, "小哥驿站"), (2, "驿站"), (3, "站长")}),
        ("驿站和驿站", {(0, "驿站"), (3, "驿站")}),
        ("配了aed", {(2, "aed")}),
        ("驿", set()),
        ("", set()),
    ],
)
def test_every_term_at_every_place(text: str, found: set[tuple[int, str]]) -> None:
    """Terms that overlap or hold one another are all told, each with where it begins."""
    assert set(FINDER.find(text)) == found


def test_places_go_up() -> None:
    """What is found comes in the order of the text."""
    places = [place for place, _ in FINDER.find("小哥驿站旁的驿站有aed")]
    assert places == sorted(places) == [0, 2, 6, 9]


def test_nothing_to_find() -> None:
    """A finder without terms finds none."""
    assert list(TermFinder(frozenset()).find("驿站")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("晚上给大人上课", {((0, 2, 5, 7), "晚上上课")}),
        ("晚上上课", set()),
        ("晚上给村里大人上课", set()),
        ("晚上，老师上课", set()),
        ("晚上给大人上", set()),
    ],
)
def test_terms_in_two_parts(text: str, found: set[tuple[tuple[int, int, int, int], str]]) -> None:
    """A term may be parted by a few characters, not by punctuation, nor be found whole."""
    assert set(TermFinder(frozenset({"晚上上课", "上课"})).find_parted(text, 3)) == found
