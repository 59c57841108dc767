"""Paragraphs are cut where a reader would cut them."""

from corpus.passages import split_paragraph


def texts(paragraph: str, **sizes: int) -> list[str]:
    return [paragraph[s.start : s.end] for s in split_paragraph(paragraph, **sizes)]


def test_items_of_a_paragraph_are_passages() -> None:
    """一是…二是… that count up are cut apart, each with its heading; the lead is its own."""
    lead, one, two = "总的办法有两条。" * 10, "一是先问。" + "问得细。" * 30, "二是再办。" + "办得实。" * 30
    segments = split_paragraph(lead + one + two)
    assert [(s.heading) for s in segments] == [None, "一是先问", "二是再办"]
    assert texts(lead + one + two) == [lead, one, two]


def test_numbers_that_don_t_count_up_are_no_items() -> None:
    """A lone 一是 or a 二是 without 一是 cuts nothing."""
    paragraph = "问题有二。二是没有人管。" + "这样的事不少。" * 20
    assert texts(paragraph) == [paragraph]


def test_a_short_enumeration_stays_whole() -> None:
    """Items that fit together in half a passage are one passage."""
    paragraph = "要求有三：一是快。二是准。三是稳。"
    assert texts(paragraph) == [paragraph]


def test_a_long_paragraph_is_cut_at_sentence_ends_into_even_parts() -> None:
    """No part is longer than allowed, none begins with a stop, and together they are the paragraph."""
    paragraph = "".join(f"这是第{i}句话，说的是第{i}件事情。" for i in range(40))
    parts = texts(paragraph, longest=200, shortest=50)
    assert "".join(parts) == paragraph
    assert max(map(len, parts)) <= 200
    assert min(map(len, parts)) >= 100
    assert all(part.startswith("这是第") and part.endswith("。") for part in parts)


def test_a_headline_of_a_few_words_stays_with_what_it_heads() -> None:
    """A headline sentence is never the end of a part."""
    paragraph = "甲" * 90 + "。搭平台、引资源。" + "乙" * 90 + "。"
    assert texts(paragraph, longest=120, shortest=20)[1].startswith("搭平台、引资源。乙")
