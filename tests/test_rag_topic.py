"""The words a question is about."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from rag_makers import make_query, make_topic

from rag.thesaurus import Expansion, Group, Thesaurus
from rag.topic import read_topic

THESAURUS = Thesaurus(
    (
        Group("外卖骑手", same=("外卖小哥",), lay=("送外卖的",)),
        Group("快递员", narrower=("驿站快递员", "网点快递员")),
    )
)
RIDER = Expansion("骑手", "外卖骑手", ("外卖小哥", "配送员"), 0.8)
TOPIC = make_topic({"骑手": 3.0, "食堂": 1.0}, (RIDER,))


def rarity_of(words: Sequence[str]) -> dict[str, float]:
    return {word: float(len(word)) for word in words}


def test_content_words_and_their_rarity() -> None:
    """Words that any bulletin holds, and single characters, are left out."""
    topic = read_topic(make_query("怎样开展健身广场建设", "开展健身广场建设"), rarity_of, THESAURUS)
    assert topic.words == {"健身": 2.0, "广场": 2.0}
    assert topic.expansions == ()


def test_a_term_that_the_segmenter_knows_no_word_for() -> None:
    """非遗 is parted into characters; as a term of the thesaurus it is a word of the topic."""
    thesaurus = Thesaurus((Group("非遗", same=("非物质文化遗产",)),))
    topic = read_topic(make_query("非遗的步道", "非遗的步道"), rarity_of, thesaurus)
    assert topic.words == {"步道": 2.0, "非遗": 2.0}


def test_a_term_that_the_segmenter_cuts_across() -> None:
    """份子钱设了 is cut into 份子 and 钱设: of that the term's own word counts, and no 钱设."""
    thesaurus = Thesaurus((Group("随礼", lay=("份子钱",)),))
    topic = read_topic(make_query("份子钱设了上限的地方", "份子钱设了上限的"), rarity_of, thesaurus)
    assert topic.words == {"份子": 2.0, "上限": 2.0}


def test_the_whole_text_stands_in_for_an_empty_topic() -> None:
    """Where taking out the words of asking left no content, the text itself is read."""
    topic = read_topic(make_query("丰县的广场", "情况"), rarity_of, THESAURUS)
    assert topic.words == {"丰县": 2.0, "广场": 2.0}


def test_a_question_of_nothing() -> None:
    """No words are no error, and cover nothing."""
    topic = read_topic(make_query("有什么工作"), rarity_of, THESAURUS)
    assert topic.words == {}
    assert (topic.coverage("工作"), topic.rarest_match("工作"), topic.expansion_match("工作")) == (
        0.0,
        0.0,
        0.0,
    )


def test_traditional_and_wide_characters_are_one_with_plain_ones() -> None:
    """Words are normalised."""
    assert read_topic(make_query("驛站ＡＰＰ"), rarity_of, THESAURUS).words == {"驿站": 2.0, "app": 3.0}


def test_only_trusted_expansions_prove_anything() -> None:
    """Other words for the same and everyday sayings are kept; siblings of a class are not."""
    lay = read_topic(make_query("送外卖的"), rarity_of, THESAURUS)
    assert lay.expansions == (Expansion("送外卖的", "外卖骑手", ("外卖骑手", "外卖小哥"), 0.7),)
    sibling = read_topic(make_query("驿站快递员"), rarity_of, THESAURUS)
    assert sibling.expansions == (Expansion("驿站快递员", "快递员", ("快递员",), 0.8),)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("骑手进了食堂", 1.0),
        ("骑手来了", 0.75),
        ("食堂开了", 0.25),
        ("外卖小哥来了", 0.75 * 0.8 * 0.9),
        ("外卖小哥进了食堂", 0.25 + 0.75 * 0.8 * 0.9),
        ("騎手來了", 0.75),
        ("步道开了", 0.0),
    ],
)
def test_coverage(text: str, share: float) -> None:
    """Words count by rarity; one that is named otherwise counts a little less than its strength."""
    assert TOPIC.coverage(text) == pytest.approx(share)


@pytest.mark.parametrize(
    ("text", "share"), [("骑手进了食堂", 1.0), ("食堂开了", 1 / 3), ("外卖小哥来了", 0.72), ("步道开了", 0.0)]
)
def test_rarest_match(text: str, share: float) -> None:
    """The rarest of the words that stand in the text, over the rarest of all; other names count less."""
    assert TOPIC.rarest_match(text) == pytest.approx(share)


def test_what_the_bulletins_never_write_is_left_out() -> None:
    """Of the other terms only written ones stay, in their order; the term found stays though unwritten."""
    topic = make_topic({"骑手": 3.0}, (RIDER,)).narrowed(lambda terms: terms & {"配送员"})
    assert topic.expansions == (Expansion("骑手", "外卖骑手", ("配送员",), 0.8),)
    assert topic.written == {"配送员"}
    assert (topic.is_written("配送员"), topic.is_written("骑手")) == (True, False)
    assert TOPIC.is_written("骑手")


def test_surest_terms() -> None:
    """Terms of stronger expansions come first, each once, and no more than asked for."""
    lay = Expansion("跑单的", "新就业群体", ("新就业群体", "配送员"), 0.7)
    topic = make_topic({}, (lay, RIDER))
    assert topic.surest_terms(9) == ("外卖小哥", "配送员", "新就业群体")
    assert topic.surest_terms(2) == ("外卖小哥", "配送员")


@pytest.mark.parametrize(
    ("text", "written", "is_so"),
    [
        ("配送员进了长者餐厅", set(), True),
        ("配送员来了", set(), False),
        ("配送员来了", {"食堂"}, True),
        ("配送员来了", {"骑手", "食堂"}, False),
    ],
)
def test_put_otherwise(text: str, written: set[str], is_so: bool) -> None:
    """Every term that the bulletins never write must stand there by another name; with none, it isn't so."""
    canteen = Expansion("食堂", "助餐", ("长者餐厅",), 1.0)
    others = {"外卖小哥", "配送员", "长者餐厅"}
    topic = make_topic({}, (RIDER, canteen)).narrowed(lambda terms: terms & (others | written))
    assert topic.is_put_otherwise(text) is is_so


def test_the_longest_term_put_otherwise() -> None:
    """Of the question's terms that a text has another name for, the longest."""
    saying = Expansion("送外卖的小伙子", "外卖骑手", ("外卖小哥",), 0.7)
    topic = make_topic({"骑手": 3.0}, (RIDER, saying))
    assert topic.longest_put_otherwise("外卖小哥在这里歇脚。") == "送外卖的小伙子"
    assert topic.longest_put_otherwise("配送员在这里歇脚。") == "骑手"
    assert topic.longest_put_otherwise("老人在这里歇脚。") == ""


def test_expansions_in_a_text() -> None:
    """The strength of the term found, and the terms by which the text speaks of the topic."""
    assert TOPIC.expansion_match("配送员和外卖小哥") == 0.8
    assert TOPIC.matched_expansions("配送员和外卖小哥") == ("外卖小哥", "配送员")
    assert TOPIC.expansion_match("食堂开了") == 0.0
    assert TOPIC.matched_expansions("骑手来了") == ()
