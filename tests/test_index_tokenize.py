from __future__ import annotations

import pytest

from index import tokenize


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("灌南縣新就業群體", "灌南县新就业群体"),
        ("ＡＢＣ１２３％", "abc123%"),
        ("著力推進、意味著", "着力推进、意味着"),
        ("著名、顯著、編著、著稱", "著名、显著、编著、著称"),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    """Traditional, wide and upper-case writing becomes plain; 著 becomes 着 where the mainland has it."""
    assert tokenize.normalise(text) == expected


def test_words() -> None:
    """Words come in order, without punctuation, numbers whole."""
    assert tokenize.words("投入12.5万元，建成“e心优+”驿站。") == [
        "投入",
        "12.5",
        "万元",
        "建成",
        "e",
        "心优",
        "驿站",
    ]


def test_words_of_long_names() -> None:
    """A long word gives its parts and itself, so that a part finds it."""
    assert {"灌南", "灌南县"} <= set(tokenize.words("灌南县"))


def test_bigrams() -> None:
    """Pairs overlap inside a run of Chinese; lone characters, latin words and numbers stay whole."""
    assert tokenize.bigrams("新就业，县 e心优+350个 COVID-19") == [
        "新就",
        "就业",
        "县",
        "e",
        "心优",
        "350",
        "个",
        "covid-19",
    ]


def test_query_terms_leave_out_function_words() -> None:
    """Function words of a question neither count as words nor lend characters to bigrams."""
    assert tokenize.query_words("哪些县做了志愿服务") == ["县", "志愿", "服务"]
    assert tokenize.query_bigrams("哪些县做了志愿服务") == ["县", "志愿", "愿服", "服务"]


def test_query_of_function_words_only() -> None:
    """A question of nothing but function words keeps them, rather than asking for nothing."""
    assert tokenize.query_words("怎么") == ["怎么"]
    assert tokenize.query_bigrams("怎么") == ["怎么"]


def test_nothing_to_find() -> None:
    """Punctuation gives no terms."""
    assert tokenize.words("，。！") == []
    assert tokenize.bigrams("，。！") == []
    assert tokenize.query_words("？") == []
    assert tokenize.query_bigrams("？") == []
