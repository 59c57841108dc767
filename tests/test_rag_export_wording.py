"""What a pack says in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from export_makers import make_excerpt, make_piece

from rag.export.wording import cautions, note, numbered, source_of, title_of


@pytest.mark.parametrize(
    ("digests", "lines"),
    [
        ((False, False), ()),
        ((True, False), ("其中1段出自摘编，文字不是简报原文，公开引用前请核对原件。",)),
        ((True, True), ("所收段落出自摘编，文字不是简报原文，公开引用前请核对原件。",)),
    ],
)
def test_digests_are_told(digests: tuple[bool, ...], lines: tuple[str, ...]) -> None:
    """A digest's sentences aren't the bulletin's, and whoever quotes them is told so."""
    assert cautions(None, [make_piece(digest=digest) for digest in digests]) == lines


@pytest.mark.parametrize(("number", "mark"), [(1, "一、"), (10, "十、"), (12, "十二、"), (20, "二十、")])
def test_headings_are_numbered(number: int, mark: str) -> None:
    """As official documents number their first level."""
    assert numbered(number, "丰县") == f"{mark}丰县"


def test_where_an_excerpt_comes_from() -> None:
    """Place and issue by the quotation; article, issue, day and full reference in the note."""
    excerpt = make_excerpt(4, "一句话。", title="学《手册》", place="徐州市丰县")
    assert source_of(excerpt) == "徐州市丰县，《江苏工作简报》2025年第20期"
    assert note(excerpt) == (
        "《学〈手册〉》，《江苏工作简报》2025年第20期，2025年11月30日。江苏省某办公室. 江苏工作简报[Z]. 2025(20): 4."
    )
    unnumbered = replace(excerpt, short_reference="《江苏工作简报》2025年11月30日", place="")
    assert source_of(unnumbered) == "《江苏工作简报》2025年11月30日"
    assert "2025年11月30日。江苏省" in note(unnumbered)
    assert note(unnumbered).count("2025年11月30日") == 1
    undated = replace(excerpt, short_reference="《江苏工作简报》第20期", date=None)
    assert note(undated).startswith("《学〈手册〉》，《江苏工作简报》第20期。江苏省")


@pytest.mark.parametrize(
    ("question", "title"),
    [
        (None, "简报素材"),
        ("哪些县建了驿站？", "简报素材：哪些县建了驿站"),
        ("问" * 41, "简报素材"),
    ],
)
def test_a_title_is_made(question: str | None, title: str) -> None:
    """From the question, where it is short enough for a title."""
    assert title_of(question) == title
