"""Readings of characters."""

from __future__ import annotations

import os

import pytest

from index.pinyin import syllables


@pytest.mark.parametrize(
    ("character", "readings"),
    [("群", ("qun",)), ("行", ("xing", "hang", "heng")), ("绿", ("lv", "lu")), ("沭", ("shu",)), ("A", ())],
)
def test_syllables(character: str, readings: tuple[str, ...]) -> None:
    """Without tones, the commonest first, three at most; ü is v; what is no Chinese character has none."""
    assert syllables(character) == readings


def test_the_environment_is_left_as_it_was() -> None:
    """What pypinyin is told through it is taken back."""
    before = dict(os.environ)
    syllables("群")
    assert dict(os.environ) == before
