from __future__ import annotations

from index.matched import matched, query_words


def test_longest_stretch_first() -> None:
    """Words that stand side by side in question and text are named as one, longest first."""
    query = query_words("哪些县做了新就业群体服务", ["快递员", "骑手"])
    text = "为快递员等新就业群体提供暖心服务"
    assert matched(query, text) == ("新就业群体", "快递员", "服务")


def test_single_characters_are_too_little() -> None:
    """县 alone isn't named; a lone latin letter or digit is."""
    assert matched(query_words("县 e"), "县里 e") == ("e",)
    assert matched(query_words("县"), "全县") == ()


def test_traditional_question_is_named_as_asked() -> None:
    """What is shown has the writing of the question, whatever the text's."""
    assert matched(query_words("灌南縣的驛站"), "灌南县建成驿站") == ("灌南縣", "驛站")


def test_brand_with_plus() -> None:
    """The plus sign of a brand stays with it."""
    assert matched(query_words("什么是e心优+"), "打造“e心优+”品牌") == ("e心优+",)
