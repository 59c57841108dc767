"""What stands in the passages."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from index.lexical import LexicalIndex
from index.store import LibraryState
from index.vocabulary import Vocabulary

TEXTS = ["新就业群体的驿站建好了。", "驿站里有新书。就业的群体很多，群体的新驿。", "夜校开课"]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    index = LexicalIndex(None)
    with index.writing(1) as writer:
        index.update(writer, [], enumerate(TEXTS, 1), LibraryState("library", 1, "token"))

    def texts_of(numbers: Sequence[int]) -> list[str]:
        return [TEXTS[number - 1] for number in numbers]

    return index.vocabulary(texts_of)


def test_frequencies(vocabulary: Vocabulary) -> None:
    """Words and pairs are counted by passages, not by how often they stand there."""
    assert [vocabulary.frequency(word) for word in ("驿站", "群体", "夜校", "步道")] == [2, 2, 1, 0]
    assert vocabulary.pair_frequencies(["群体", "业群", "裙体"]) == [2, 1, 0]
    assert vocabulary.pair_frequencies([]) == []


@pytest.mark.parametrize(
    ("stretch", "standing", "is_said"),
    [
        ("新就业群体", 1, True),
        ("群体", 2, True),
        ("的群体的", 1, False),
        ("就业群体", 1, True),
        ("新驿站", 1, False),
        ("新就业裙体", 0, False),
        ("", 0, False),
    ],
)
def test_what_is_said(vocabulary: Vocabulary, stretch: str, standing: int, is_said: bool) -> None:
    """``standing`` asks for all pairs in one passage, ``is_said`` for the stretch word for word."""
    assert vocabulary.standing(stretch) == standing
    assert vocabulary.is_said(stretch) is is_said


def test_stretches(vocabulary: Vocabulary) -> None:
    """To the right first, then to the left, no longer than asked; exactly where it matters."""
    text = "在新就业群体里"
    assert vocabulary.stretch_around(text, 4, 10) == (1, 6)
    assert vocabulary.stretch_around(text, 4, 3) == (3, 6)
    assert vocabulary.stretch_around(text, 0, 10) == (0, 1)
    assert vocabulary.stretch_around("有新驿站", 2, 10) == (0, 4)
    assert vocabulary.stretch_around("有新驿站", 2, 10, exactly=True) == (2, 4)
