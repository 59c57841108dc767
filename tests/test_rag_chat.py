"""What all kinds of chat models share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.chat import without_thinking


@pytest.mark.parametrize("size", [1, 2, 5, 100])
@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("<think>先想一想[1]。</think>答案[1]。", "答案[1]。"),
        ("答<think>甲</think>案<THINK>乙</THINK>。", "答案。"),
        ("<thinking>甲</thinking><reasoning>乙</reasoning>答案", "答案"),
        ("<think>想到一半就断了", ""),
        ("a < b，5<6<7", "a < b，5<6<7"),
        ("<thin>不是</thin>", "<thin>不是</thin>"),
        ("答案<", "答案<"),
        ("", ""),
    ],
)
def test_thinking_is_left_out(reply: str, kept: str, size: int) -> None:
    """What stands in thinking tags never comes through, however the reply is cut; all else does."""
    pieces = [reply[start : start + size] for start in range(0, len(reply), size)]
    assert "".join(without_thinking(pieces)) == kept


def test_thinking_that_the_prompt_opens() -> None:
    """A reply that begins inside thinking starts after its closing tag."""
    assert "".join(without_thinking(["想一", "想</th", "ink>答", "案"], inside=True)) == "答案"


def test_a_lone_closing_tag() -> None:
    """What was held back before a closing tag without an opening one is thinking too."""
    assert "".join(without_thinking(["想一想</think>答案"])) == "答案"


def test_text_comes_as_soon_as_it_can() -> None:
    """Only what may be the beginning of a tag waits for the next piece."""
    told: list[str] = []

    def pieces() -> Iterator[str]:
        for piece in ("一二", "三<", "think>"):
            told.append(f"+{piece}")
            yield piece

    for text in without_thinking(pieces()):
        told.append(text)
    assert told == ["+一二", "一二", "+三<", "三", "+think>"]
