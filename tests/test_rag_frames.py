"""The words around the quotes, in the language of the question."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from rag_makers import make_query

from rag.frames import Frame, frame_of, in_language, language_of
from rag.refusal import Refusal
from rag.types import Language
from rag.wording import refusal_text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("哪些县建了步道", "zh-Hans"),
        ("哪些縣建了步道？", "zh-Hans"),
        ("哪些縣開展了義診？", "zh-Hant"),
        ("醫", "zh-Hant"),
        ("How many counties?", "en"),
        ("Feng County 丰县的步道", "zh-Hans"),
    ],
)
def test_the_language_of_a_question(text: str, language: Language) -> None:
    """Told by its characters; one Traditional character in a longer question is a slip."""
    assert language_of(text) == language


def test_every_frame_has_the_same_places_to_fill() -> None:
    """What one language counts or names, the others do too."""
    for name, template in asdict(Frame()).items():
        for language in ("en", "zh-Hant"):
            other = getattr(frame_of(language), name)
            assert _slots(other) == _slots(template), (name, language)


def _slots(template: str) -> set[str]:
    return {piece.split("}")[0] for piece in template.split("{")[1:]}


def test_traditional_words() -> None:
    """Our own words are put in Traditional characters, for others they stay."""
    assert frame_of("zh-Hant").doubtful == "存疑"
    assert in_language("简报中未见", "zh-Hant") == "簡報中未見"
    assert in_language("简报中未见", "zh-Hans") == "简报中未见"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("花了多少经费", "简报中未见经费的内容。"),
        ("花了多少經費？簡報裡有嗎？", "簡報中未見經費的內容。"),
        ("What did it cost?", "Not found in the bulletins (简报中未见): 经费."),
    ],
)
def test_a_refusal_in_the_asked_language(question: str, text: str) -> None:
    """Only ever that it was not found in the bulletins."""
    query = replace(make_query(question), language=language_of(question))
    assert refusal_text(query, Refusal("经费")) == text
