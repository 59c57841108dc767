"""Answers put on a screen piece by piece."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from rich.console import Console

from api.render import Typewriter, show_text

ROWS = "简报中共找到2个地方：甲县、乙市。[1][2]\n甲县：建成驿站28个，服务快递员1300余人次，办活动“暖新四季送”40余场。[1]\n乙市：办学。[2]"


def screen(width: int) -> Console:
    return Console(
        file=io.StringIO(), width=width, force_terminal=True, color_system=None, markup=False, highlight=False
    )


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def pieces_of(text: str, ends: Sequence[int]) -> list[str]:
    starts = [0, *ends]
    return [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True)]


@pytest.mark.parametrize("width", [20, 33, 60, 200])
def test_pieces_stand_as_the_whole_would(width: int) -> None:
    """Whatever comes first, the screen shows in the end what it would show of the whole text."""
    whole = screen(width)
    show_text(whole, ROWS)
    ends = [place for place in range(1, len(ROWS)) if ROWS[place - 1] in "]。\n"]
    typed = screen(width)
    typewriter = Typewriter(typed)
    for piece in pieces_of(ROWS, ends):
        typewriter.write(piece)
    typewriter.end()
    assert shown(typed) == shown(whole)


def test_a_piece_is_on_the_screen_at_once() -> None:
    """A sentence doesn't wait for the next, or for the end of its line."""
    console = screen(40)
    typewriter = Typewriter(console)
    typewriter.write("甲县建站。[1]")
    assert shown(console) == "甲县建站。[1]"
    typewriter.write("乙县办学。[2]")
    assert shown(console) == "甲县建站。[1]乙县办学。[2]"
