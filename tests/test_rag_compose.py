"""Answers out of the bulletins' own sentences."""

from __future__ import annotations

from rag_makers import make_evidence, make_passage, make_query

from index.types import Filters
from rag.compose import compose, compose_list
from rag.expected import expected_answers
from rag.judge import Verdict
from rag.types import DraftSentence, Evidence

FACT = make_query("步道怎么修")


def test_nothing_to_say() -> None:
    """Without evidence there is no draft."""
    assert compose(FACT, []) == []
    assert compose_list([]) == []


def test_sentences_that_come_near_the_best_in_the_order_of_the_text() -> None:
    """The best and those with at least 78% of its score, as they stand in the document."""
    best = make_evidence("步道沿河修建。", score=1.0, start=50)
    second = make_evidence("路灯随后装好。", score=0.8, start=10)
    third = make_evidence("居民都来散步。", score=0.7, start=90)
    assert compose(FACT, [best, second, third]) == [
        DraftSentence("路灯随后装好。", (second,)),
        DraftSentence("步道沿河修建。", (best,)),
    ]


def test_three_sentences_at_most() -> None:
    """However many are as good."""
    many = [make_evidence(f"第{n}段修好了。", score=1.0, start=20 * n) for n in range(5)]
    assert [d.text for d in compose(FACT, many)] == ["第0段修好了。", "第1段修好了。", "第2段修好了。"]


def test_a_long_sentence_is_passed_over() -> None:
    """What would make the answer too long gives way to a shorter one after it."""
    best = make_evidence("步道沿着河岸一路修到了村口。", score=1.0)
    long = make_evidence("路" * 224 + "。", score=0.95, start=50)
    short = make_evidence("路灯也在当月随后装好。" * 2, score=0.9, start=300)
    assert [d.text for d in compose(FACT, [best, long, short])] == [best.text, short.text]


def test_each_side_of_a_comparison() -> None:
    """One row per place, in the order the question names them."""
    query = make_query("沛县和丰县的步道有什么区别", intent="compare", places=("沛县", "丰县"))
    feng = make_evidence("丰县的步道沿河。", "丰县", score=1.0)
    pei_later = make_evidence("路灯有两百盏。", "沛县", score=0.6, document_id="e", start=30)
    pei = make_evidence("沛县的步道环湖。", "沛县", score=0.5, document_id="e", start=5)
    assert compose(query, [feng, pei_later, pei]) == [
        DraftSentence("沛县的步道环湖。路灯有两百盏。", (pei, pei_later), "沛县", "item"),
        DraftSentence("丰县的步道沿河。", (feng,), "丰县", "item"),
    ]


def test_a_place_in_two_years_is_two_sides() -> None:
    """A row for each year asked for, oldest first, with the year before it."""
    filters = Filters(years=(2024, 2022))
    query = make_query("丰县两年的步道有什么变化", intent="compare", places=("丰县",), filters=filters)
    later = make_evidence("丰县的步道修到了山上。", "丰县", score=1.0, document_id="b")
    earlier = make_evidence("丰县的步道只沿着河。", "丰县", score=0.4, document_id="a")
    assert compose(query, [later, earlier], years={"a": 2022, "b": 2024}) == [
        DraftSentence(earlier.text, (earlier,), "丰县", "item", "2022年"),
        DraftSentence(later.text, (later,), "丰县", "item", "2024年"),
    ]


def test_a_comparison_without_a_side() -> None:
    """Where no sentence is of the places named, the best are given with theirs."""
    query = make_query("沛县和丰县的步道有什么区别", intent="compare", places=("沛县", "丰县"))
    other = make_evidence("各地的步道都在修。", "溧阳市")
    assert compose(query, [other]) == [DraftSentence("各地的步道都在修。", (other,), "溧阳市")]


def test_a_list_sums_up_and_tells_near_misses_apart() -> None:
    """The line that sums up counts the sure places and rests on the best sentence of each."""
    feng = make_evidence("丰县的步道沿河。", "丰县")
    more = make_evidence("路灯有两百盏。", "丰县", start=30)
    pei = make_evidence("沛县的步道环湖。", "沛县", article=1)
    near = make_evidence("溧阳市修了公路。", "溧阳市", article=2)
    verdicts = [
        Verdict("丰县", 1.0, (feng, more), True),
        Verdict("沛县", 0.8, (pei,), True),
        Verdict("溧阳市", 0.4, (near, feng), False),
    ]
    assert compose_list(verdicts) == [
        DraftSentence("简报中共找到2个地方：丰县、沛县。", (feng, pei), None, "lead"),
        DraftSentence("丰县的步道沿河。路灯有两百盏。", (feng, more), "丰县", "item"),
        DraftSentence("沛县的步道环湖。", (pei,), "沛县", "item"),
        DraftSentence("溧阳市修了公路。", (near,), "溧阳市", "doubtful", "存疑"),
    ]


def test_a_row_tells_what_came_of_it() -> None:
    """Clauses with a figure of a result, or an honour, are its outcome, as they stand."""
    made = make_evidence("修了步道，惠及居民3万人次，获评“最美步道”。", "丰县")
    _, row = compose_list([Verdict("丰县", 1.0, (made,), True)])
    assert row.outcome == "惠及居民3万人次；获评“最美步道”"


def test_the_frame_is_in_the_asked_language() -> None:
    """The line that sums up and the label are; the quote stays as it is."""
    feng, near = make_evidence("丰县的步道沿河。", "丰县"), make_evidence("溧阳市修了公路。", "溧阳市")
    verdicts = [Verdict("丰县", 1.0, (feng,), True), Verdict("溧阳市", 0.4, (near,), False)]
    english = compose_list(verdicts, "en")
    assert [d.text for d in english[:2]] == ["Places found in the bulletins: 1 (丰县).", "丰县的步道沿河。"]
    assert english[2].label == "Uncertain"
    assert compose_list(verdicts, "zh-Hant")[0].text == "簡報中共找到1個地方：丰县。"


def test_the_figure_comes_first() -> None:
    """The clause with the figure that was asked for stands before the sentence it is cut out of."""
    query = make_query("发放了多少个头盔", intent="figure")
    piece = make_evidence("设置8个上牌点，发放头盔3万多只，居民都说好。")
    expected = expected_answers(query.text)
    assert compose(query, [piece], expected) == [
        DraftSentence("发放头盔3万多只。", (piece,), kind="figure"),
        DraftSentence(piece.text, (piece,)),
    ]


def test_the_sentence_that_counts_what_is_asked() -> None:
    """Another sentence of the article counts what is asked for; the best one's figure is of something else."""
    question = "照相馆服务了多少老人"
    best = make_evidence("照相馆先后给600个家庭照了相，老人都高兴。", score=1.0)
    counts = make_evidence("全县累计服务老人7000多位。", score=0.5, start=60)
    drafts = compose(make_query(question, intent="figure"), [best, counts], expected_answers(question))
    assert (drafts[0].text, drafts[0].evidence) == ("全县累计服务老人7000多位。", (counts,))


def test_a_sentence_that_begins_with_the_figure_stands_alone() -> None:
    """It needs nothing before it."""
    query = make_query("发放了多少个头盔", intent="figure")
    piece = make_evidence("发放头盔3万多只，居民都说好。")
    assert compose(query, [piece], expected_answers(query.text)) == [DraftSentence(piece.text, (piece,))]


def test_quotations_are_passages_of_their_own() -> None:
    """From each passage that comes near the best, its best sentence with those beside it that are as good,
    as one quote; never a headline, five at most."""
    query = make_query("找一段讲步道的原文", intent="quote")
    text = "健身步道沿着河岸一路修到村口。两旁的路灯也在当月随后装好。"
    passage = make_passage(text, "丰县")
    first = Evidence(passage, 0, 15, text[:15], 1.0, 0.5, 0.9)
    second = Evidence(passage, 15, 29, text[15:], 0.9, 0.5, 0.9)
    others = [
        make_evidence(f"第{n}条步道环湖而建，老人孩子都来走一走。", score=0.8, start=100 * n)
        for n in range(1, 6)
    ]
    heading = make_evidence("一、修好步道。", score=0.95, start=900)
    found = compose(query, [first, heading, second, *others])
    assert [d.text for d in found] == [text, *(e.text for e in others[:4])]
    assert {d.kind for d in found} == {"quotation"}
    assert [(e.start, e.end, e.text) for e in found[0].evidence] == [(0, 29, text)]


def test_near_misses_alone_are_no_list() -> None:
    """A list needs one sure place."""
    near = make_evidence("溧阳市修了公路。", "溧阳市")
    assert compose_list([Verdict("溧阳市", 0.4, (near,), False)]) == []


def test_a_second_question_gets_its_sentence() -> None:
    """Two questions in one: where what is chosen has nothing of the second, a sentence of the article that
    has much of it is added; one that has not stays out."""
    query = make_query("热线叫什么名字，收发了多少封信？", "热线名字收发信", "figure")
    letters = make_evidence("两年收发书信1.3万封。", score=1.0)
    name = make_evidence("妇联开通“家书”热线，名字取得好。", score=0.5, start=40)
    other = make_evidence("司机常年在外。", score=0.6, start=80)
    expected = expected_answers(query.text)
    drafts = compose(query, [letters, other, name], expected)
    assert [draft.text for draft in drafts if draft.kind == "plain"] == [letters.text, name.text]
    drafts = compose(query, [letters, other], expected)
    assert [draft.text for draft in drafts if draft.kind == "plain"] == [letters.text]


def test_what_changed_from_one_year_to_the_next() -> None:
    """One place that is compared with itself has a side for each year of the bulletins that tell of it."""
    query = make_query("步道去年和今年两期的数字对照一下", "步道", "compare", places=("丰县",))
    later = make_evidence("丰县步道增加到九条。", "丰县", document_id="e")
    earlier = make_evidence("丰县修了三条步道。", "丰县", document_id="d", score=0.45)
    found = compose(query, [later, earlier], (), {"d": 2024, "e": 2025})
    assert [(d.text, d.label) for d in found] == [(earlier.text, "2024年"), (later.text, "2025年")]


def quoted(question: str, *evidence: Evidence) -> list[str]:
    return [d.text for d in compose(make_query(question, intent="quote"), evidence)]


def test_sayings_before_figures_where_a_saying_is_asked_for() -> None:
    """A sentence with figures gives way to one that is nearly as good, but not where an instance is asked
    for."""
    told = make_evidence("全县沿着河岸修了30条步道。", score=1.0)
    saying = make_evidence("步道修得再好，没人走就是摆设。", score=0.9, start=50)
    assert quoted("找一句讲步道要人走的话", told, saying) == [saying.text, told.text]
    assert quoted("找一句步道的事例原话", told, saying) == [told.text, saying.text]


def test_the_one_price_in_the_passage_is_told() -> None:
    """It shares too little with the question to be chosen by its words."""
    question = "夜校学一门课多少钱？缺课会怎样？"
    text = "丰县办起青年夜校。每门十二课时，收50元。"
    passage = make_passage(text, "丰县")
    best = Evidence(passage, 0, 9, text[:9], 1.0, 0.5, 0.9)
    price = Evidence(passage, 9, len(text), text[9:], 0.4, 0.0, 0.8)
    query = make_query(question, "夜校学一门课", "figure", places=("丰县",))
    found = compose(query, [best, price], expected_answers(question))
    assert [d.text for d in found] == [best.text, price.text]


def test_somebodys_own_words_first_where_they_are_asked_for() -> None:
    """A sentence in which somebody speaks comes before one that is nearly as good."""
    told = make_evidence("丰县的老匠人都说步道修得好，大家都来走。", score=1.0)
    spoken = make_evidence("他常说：“步道要有人走，才算步道。”", score=0.8, start=50)
    assert quoted("要一句老匠人的话", told, spoken) == [spoken.text, told.text]
    assert quoted("要一句讲步道多重要的话", told, spoken) == [told.text, spoken.text]


def test_each_thing_that_is_compared_is_told_of_each_side() -> None:
    """Though the sentence that tells of the second comes far behind."""
    trails = make_evidence("丰县把步道修到村口，居民常来走。", "丰县", score=1.0)
    lamps = make_evidence("路灯装了三百盏，夜里也亮。", "丰县", score=0.1, start=30)
    other = make_evidence("睢宁县沿河修步道，装路灯。", "睢宁县", score=0.9, start=60)
    query = make_query("丰县和睢宁的步道、路灯有何不同", "步道、路灯", "compare", places=("丰县", "睢宁县"))
    assert [d.text for d in compose(query, [trails, other, lamps])] == [trails.text + lamps.text, other.text]
