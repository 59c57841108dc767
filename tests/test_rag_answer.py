"""The main path with the real model over the sample corpus."""

from __future__ import annotations

import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from rag_makers import make_evidence, make_holdings, make_passage, make_query, make_record

from corpus.places import Gazetteer
from index.library import Library
from index.types import Filters, Hit
from rag.answer import Answerer
from rag.errors import BadQuestionError
from rag.found import order_passages
from rag.refusal import Refusal
from rag.retrieve import Retrieved
from rag.scope import coverage, missing, within
from rag.thesaurus import load_thesaurus
from rag.types import (
    Answer,
    Correction,
    DraftSentence,
    Finished,
    Question,
    Sentence,
    Turn,
    Understood,
    Written,
)
from rag.wording import Writer, refusal_text

LISTS: dict[str, tuple[set[str], set[str]]] = {
    "哪些地方提到了非遗": ({"淮安市", "沭阳县", "东海县"}, set()),
    "哪些地方建了驿站": ({"灌南县", "溧阳市", "沛县", "东海县", "淮安市"}, set()),
    "哪些地方开展了义诊": ({"丰县", "淮安市", "东海县"}, {"沛县"}),
    "哪些地方提供法律援助": ({"溧阳市", "东海县"}, set()),
    "哪些地方可以用积分换东西": ({"淮安市"}, {"常熟市"}),
    "哪些地方办了市民夜校": ({"沭阳县"}, set()),
    "哪些地方有“长者食堂”？": ({"沛县"}, {"淮安市"}),
    "哪些地方给企业建了信用档案": ({"泰兴市"}, set()),
    "除了东海县，哪些地方开展了义诊": ({"丰县", "淮安市"}, {"沛县"}),
    "最新一期里哪些地方建了驿站？": ({"灌南县", "溧阳市", "沛县", "东海县"}, set()),
}
"""Places whose articles in the sample say so, and those that come close (blood pressure taken for free
isn't quite 义诊, help with meals isn't quite a canteen)."""
FIGURES = [
    ("丰县的银发照相馆给多少对老年夫妻补上了结婚照？", "1100余对", "丰县"),
    ("沭阳县招募了多少名市民夜校合伙人？", "123名", "沭阳县"),
    ("沛县的书香特色银行藏书多少册？", "2万册", "沛县"),
    ("启东老旧小区改造的面积有多大？", "201万平方米", "启东市"),
    ("常熟有多少个家门口的暑托班？", "211个", "常熟市"),
    ("泰兴民企的志愿服务队有多少支？", "68支", "泰兴市"),
    ("沭陽縣招募了多少名市民夜校合夥人？", "123名", "沭阳县"),
    ("沭阳县的市民夜较招募了多少名合伙人？", "123名", "沭阳县"),
    ("沐阳县的市民夜校有多少名合伙人？", "123名", "沭阳县"),
    ("How many partners did the citizen night school recruit?", "123名", "沭阳县"),
    ("沭阳县：市民夜校合伙人，一共是１２３名吗，到底有多少名？", "123名", "沭阳县"),
]
REFUSED = [
    ("响水县有哪些做法？", "响水县"),
    ("2023年第5期讲了什么？", "2023年第5期简报"),
    ("第99期里哪些地方建了驿站？", "第99期简报"),
    ("丰县银发照相馆的经费是多少？", "经费"),
    ("丰县银发照相馆花了多少钱？", "金额"),
    ("灌南县的“银发照相馆”拍了多少张照片？", "“银发照相馆”"),
    ("如何发射火箭卫星？", "火箭卫星"),
    ("国际空间站的轨道高度是多少？", "国际空间站"),
    ("沛县的海水淡化项目怎么做的？", "海水淡化"),
]
COMPARED = "对比灌南县和溧阳市服务新就业群体的做法"
QUOTED = "找一句关于志愿服务的话，可以引用的"


@pytest.fixture(scope="session")
def answerer(library: Library, gazetteer: Gazetteer) -> Answerer:
    return Answerer(library, gazetteer, load_thesaurus())


@pytest.fixture(scope="session")
def ask(answerer: Answerer) -> Callable[[str], Answer]:
    """Answers with one passage wanted; the same question is asked once for all tests."""
    return functools.cache(lambda text: answerer.answer(Question(text, top_k=1)))


def ids_by_issue(library: Library) -> dict[str | None, str]:
    return {record.issue: record.id for record in library.documents()}


@pytest.mark.parametrize("question", [*LISTS, *(q for q, _, _ in FIGURES), COMPARED, QUOTED])
def test_every_word_is_bound_to_a_quote(
    ask: Callable[[str], Answer], library: Library, question: str
) -> None:
    """Quotes and sentences stand at their offsets to the character, markers count from 1 and stand in the
    text, and every sentence has one."""
    answer = ask(question)
    texts = {record.id: library.document(record.id).document.text for record in library.documents()}
    assert (answer.status, answer.rejected) == ("answered", ())
    assert [c.marker for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        assert texts[citation.document_id][citation.start : citation.end] == citation.quote
        passage = library.passage(citation.passage_id)
        assert passage.start <= citation.start < citation.end <= passage.end
    used: set[int] = set()
    for sentence in answer.sentences:
        assert answer.text[sentence.start : sentence.end] == sentence.text
        assert sentence.citations
        assert sentence.text.endswith("".join(f"[{marker}]" for marker in sentence.citations))
        used |= set(sentence.citations)
    assert used == {c.marker for c in answer.citations}


@pytest.mark.parametrize(("question", "places"), LISTS.items())
def test_lists_hold_the_right_places(
    ask: Callable[[str], Answer], question: str, places: tuple[set[str], set[str]]
) -> None:
    """All of them and no other; the first line counts and names them."""
    answer = ask(question)
    assert answer.query.intent == "list"
    certain, close = places
    listed = {item.place for item in answer.items}
    assert certain <= listed <= certain | close
    first = answer.text.split("\n")[0]
    assert first.startswith(f"简报中共找到{len(listed)}个地方：")
    assert all(place in first for place in listed)


def test_the_question_of_the_readme(answerer: Answerer) -> None:
    """Counties with services for new forms of employment: both articles that are about them."""
    answer = answerer.answer(Question("哪些县做了新就业群体服务"))
    assert {"灌南县", "溧阳市"} <= {item.place for item in answer.items}
    quotes = {c.marker: c.quote for c in answer.citations}
    for item in answer.items[:2]:
        assert any("新就业群体" in quotes[marker] for marker in item.citations)


@pytest.mark.parametrize("question", LISTS)
def test_passages_of_a_list(ask: Callable[[str], Answer], question: str) -> None:
    """They are ranked from 1, those of every citation come first, even where fewer were wanted, and near
    misses and rows never share a place."""
    answer = ask(question)
    cited = {c.passage_id for c in answer.citations}
    assert [hit.rank for hit in answer.passages] == list(range(1, len(cited) + 1))
    assert {hit.passage.id for hit in answer.passages} == cited
    assert not {i.place for i in answer.items} & {i.place for i in answer.doubtful}


@pytest.mark.parametrize(("question", "figure", "place"), FIGURES)
def test_figures(
    ask: Callable[[str], Answer], library: Library, question: str, figure: str, place: str
) -> None:
    """The figure stands in the answer and in a quote from the right article, however the question is
    written: Traditional, full width, misspelt, English."""
    answer = ask(question)
    assert answer.query.intent == "figure"
    assert figure in answer.text
    [quote] = [c for c in answer.citations if figure in c.quote]
    assert library.passage(quote.passage_id).place == place


def test_both_sides_of_a_comparison(ask: Callable[[str], Answer]) -> None:
    """A row for either place, in the order of the question, out of its own article."""
    answer = ask(COMPARED)
    assert answer.query.intent == "compare"
    assert [item.place for item in answer.items] == ["灌南县", "溧阳市"]
    assert "网络蓝" in answer.items[0].text
    assert "安全守护赋能计划" in answer.items[1].text


def test_a_quote(ask: Callable[[str], Answer], library: Library) -> None:
    """What is given to be quoted is the bulletin's own words, with place and source to be read after them,
    and the reference line of a digest."""
    answer = ask(QUOTED)
    assert answer.query.intent == "quote"
    places = {c.passage_id: library.passage(c.passage_id).place for c in answer.citations}
    assert [s.text for s in answer.sentences] == [
        f"{c.quote}（{places[c.passage_id]}，{c.short_reference}）[{c.marker}]" for c in answer.citations
    ]
    assert any("志愿" in c.quote for c in answer.citations)
    assert all("江苏精神文明建设简报（摘编，非原文）[Z]. 20" in c.reference for c in answer.citations)


def test_a_follow_up(answerer: Answerer) -> None:
    """The other place is asked the same thing."""
    history = (Turn("user", "沛县的农商银行做了什么？"), Turn("assistant", "沛县农商银行建了书香银行。[1]"))
    answer = answerer.answer(Question("那灌南县呢？", history=history))
    assert answer.query.text == "灌南县的农商银行做了什么？"
    assert "惠泽驿站" in answer.text


def test_a_follow_up_about_a_thing(answerer: Answerer) -> None:
    """The place and the thing of the last question are meant."""
    history = (Turn("user", "丰县的银发照相馆是什么？"), Turn("assistant", "给老人拍照的项目。[1]"))
    answer = answerer.answer(Question("那收费吗？", history=history))
    assert answer.query.text == "丰县的银发照相馆，收费吗？"
    assert "银发照相馆" in answer.text


def test_an_english_question(answerer: Answerer) -> None:
    """It is answered out of the Chinese text."""
    answer = answerer.answer(Question("What does the silver-hair photo studio do for the elderly?"))
    assert "银发照相馆" in answer.text


@pytest.mark.parametrize(("question", "lacking"), REFUSED)
def test_refusals(answerer: Answerer, question: str, lacking: str) -> None:
    """No sentence claims anything; the text says what was not found in the bulletins, never that it was
    not done, and the nearest passages are given all the same."""
    answer = answerer.answer(Question(question, top_k=3))
    assert (answer.status, answer.sentences, answer.citations, answer.items) == ("no_evidence", (), (), ())
    assert answer.text.startswith("简报")
    assert "未见" in answer.text
    assert lacking in answer.text
    assert not any(words in answer.text for words in ("没有做", "未开展", "没有开展", "未做"))
    assert [hit.rank for hit in answer.passages] == [1, 2, 3]


def test_a_refusal_tells_where_a_named_thing_does_stand(answerer: Answerer) -> None:
    """The other place and its article are named."""
    answer = answerer.answer(Question("灌南县的“银发照相馆”拍了多少张照片？"))
    assert "见于丰县的报道《丰县：打造“银发照相馆”特色品牌" in answer.text


@pytest.mark.parametrize(
    ("filters", "note", "issues"),
    [
        (Filters(), "已查 3 期 12 篇", {"1", "16", "20"}),
        (Filters(years=(2025,)), "已查 2 期 9 篇", {"16", "20"}),
        (Filters(issues=("16",)), "已查 1 期 3 篇", {"16"}),
        (Filters(since=date(2025, 10, 16)), "已查 1 期 6 篇", {"20"}),
        (Filters(until=date(2025, 10, 15)), "已查 2 期 6 篇", {"1", "16"}),
        (Filters(places=("淮安市", "启东市")), "已查 2 期 2 篇", {"1", "16"}),
        (Filters(years=(2025,), places=("淮安市", "启东市")), "已查 1 期 1 篇", {"16"}),
    ],
)
def test_the_client_s_filters(
    answerer: Answerer, library: Library, filters: Filters, note: str, issues: set[str | None]
) -> None:
    """They bound what is looked through, answered from, and shown."""
    answer = answerer.answer(Question("志愿服务是怎么做的？", filters=filters, top_k=100))
    by_id = {id_: issue for issue, id_ in ids_by_issue(library).items()}
    assert answer.coverage.note == note
    assert {by_id[hit.passage.document_id] for hit in answer.passages} == issues
    assert {by_id[c.document_id] for c in answer.citations} <= issues
    if filters.places:
        assert {hit.passage.place for hit in answer.passages} <= set(filters.places)
        assert set(answer.coverage.places) <= set(filters.places)


def test_the_client_s_documents(answerer: Answerer, library: Library) -> None:
    """A list over one document has only its places, and so has a search."""
    id_ = ids_by_issue(library)["16"]
    question = Question("哪些地方提到了非遗", filters=Filters(document_ids=(id_,)), top_k=50)
    answer = answerer.answer(question)
    assert {item.place for item in answer.items} == {"淮安市", "沭阳县"}
    assert {hit.passage.document_id for hit in answer.passages} == {id_}
    assert {hit.passage.document_id for hit in answerer.search(question)[1]} == {id_}


def test_a_place_outside_the_client_s_places(answerer: Answerer) -> None:
    """The client's filter isn't lifted by the question."""
    question = Question("丰县的银发照相馆收费吗？", filters=Filters(places=("沛县",)))
    answer = answerer.answer(question)
    assert answer.status == "no_evidence"
    assert {hit.passage.place for hit in answer.passages} == {"沛县"}


def test_coverage(answerer: Answerer) -> None:
    """What was looked through is told in numbers, places and words, for refusals as well."""
    answer = answerer.answer(Question("2022年的简报里哪些城市治理农贸市场？"))
    assert answer.coverage.documents == 1
    assert answer.coverage.articles == 3
    assert answer.coverage.places == ("泰州市", "启东市", "常熟市")
    refused = answerer.answer(Question("响水县有哪些做法？"))
    assert (refused.coverage.documents, refused.coverage.articles) == (3, 12)


def test_search(answerer: Answerer) -> None:
    """The best passages, as many as wanted, ranked from 1, and the query as it was understood."""
    query, hits = answerer.search(Question("丰縣的銀髮照相館", top_k=5))
    assert (query.text, query.places) == ("丰县的银发照相馆", ("丰县",))
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert hits[0].passage.place == "丰县"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (Question(""), "question"),
        (Question("？？"), "question"),
        (Question("驿站" * 1001), "question"),
        (Question("驿站", top_k=0), "top_k"),
        (Question("驿站", top_k=101), "top_k"),
    ],
)
def test_bad_questions(answerer: Answerer, question: Question, field: str) -> None:
    """Both ways in refuse them and name the field."""
    for ask in (answerer.answer, answerer.search):
        with pytest.raises(BadQuestionError) as caught:
            ask(question)
        assert caught.value.field == field


def test_threads_share_an_answerer(answerer: Answerer, ask: Callable[[str], Answer]) -> None:
    """Eight at once get what each would get alone."""
    texts = [*list(LISTS)[:3], *(f[0] for f in FIGURES[:3]), QUOTED, COMPARED]
    questions = [Question(text, top_k=1) for text in texts]
    alone = [untimed(ask(text)) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = [untimed(answer) for answer in pool.map(answerer.answer, questions)]
    assert together == alone


def untimed(answer: Answer) -> Answer:
    return replace(answer, took_ms={})


def test_markers_are_shared_and_offsets_exact() -> None:
    """A sentence that two drafts rest on has one citation; rows begin lines of their own."""
    trail = make_evidence("丰县的步道沿河。", "丰县", start=10)
    lights = make_evidence("沛县的路灯亮了。", "沛县", start=30)
    drafts = [
        DraftSentence("简报中共找到1个地方：丰县。", (trail,), None, "lead"),
        DraftSentence("丰县的步道沿河。", (trail,), "丰县", "item"),
        DraftSentence("沛县的路灯亮了。", (lights,), "沛县", "doubtful", "存疑"),
    ]
    writer = Writer({"d": make_record("d", "20", date(2025, 11, 30))})
    pieces = [writer.write(draft) for draft in drafts]
    sentences, citations = writer.sentences, writer.citations
    assert "".join(piece.text for piece in pieces) == writer.text
    assert [piece.citations for piece in pieces] == [citations[:1], citations[:1], citations[1:]]
    assert (
        writer.text
        == "简报中共找到1个地方：丰县。[1]\n丰县：丰县的步道沿河。[1]\n存疑，沛县：沛县的路灯亮了。[2]"
    )
    assert sentences[1] == Sentence("丰县：丰县的步道沿河。[1]", 18, 32, (1,), "verbatim")
    assert [(c.marker, c.quote, c.start, c.end) for c in citations] == [
        (1, "丰县的步道沿河。", 10, 18),
        (2, "沛县的路灯亮了。", 30, 38),
    ]
    assert citations[0].reference == "江苏省某办公室. 江苏工作简报[Z]. 2025(20)."


def test_plain_sentences_follow_each_other() -> None:
    """Outside lists there are no lines."""
    pair = [make_evidence("步道沿河。", start=0), make_evidence("路灯亮了。", start=5)]
    drafts = [DraftSentence(e.text, (e,)) for e in pair]
    writer = Writer({"d": make_record("d")})
    assert [writer.write(draft).text for draft in drafts] == ["步道沿河。[1]", "路灯亮了。[2]"]
    assert [(s.start, s.end) for s in writer.sentences] == [(0, 8), (8, 16)]


@pytest.mark.parametrize("text", ["哪些地方开展了义诊", "哪些县没有开展义诊", "丰县银发照相馆的经费是多少？"])
def test_an_answer_comes_piece_by_piece(answerer: Answerer, text: str) -> None:
    """The pieces make up the very answer that ``answer`` gives: first what was understood, every sentence
    once and with its citations, then the whole."""
    first, *pieces, last = answerer.stream(Question(text))
    assert isinstance(first, Understood) and isinstance(last, Finished)
    whole = answerer.answer(Question(text))
    assert untimed(last.answer) == untimed(whole)
    assert first.query == whole.query
    written = [piece for piece in pieces if isinstance(piece, Written)]
    assert "".join(piece.text for piece in written) == whole.text
    assert tuple(p.sentence for p in written if p.sentence) == whole.sentences
    for piece in written:
        assert tuple(c.marker for c in piece.citations) == (
            piece.sentence.citations if piece.sentence else ()
        )


@pytest.mark.parametrize(
    ("places", "refusal", "text"),
    [
        ((), Refusal("步道"), "简报中未见步道的内容。"),
        (("丰县",), Refusal("步道"), "简报中未见丰县“步道”的内容。"),
        (("丰县",), Refusal("丰县"), "简报中未见丰县的内容。"),
        ((), None, "简报中未见步道怎么修的内容。"),
        (
            ("丰县",),
            Refusal("经费", make_evidence("步道修好了。", "丰县", title="丰县修步道")),
            "简报提到了相关内容（丰县《丰县修步道》），但未见经费。",
        ),
        (
            ("丰县",),
            Refusal("“夜光步道”", make_evidence("夜光步道亮了。", "沛县", title="沛县修步道")),
            "简报中未见丰县“夜光步道”的内容；“夜光步道”见于沛县的报道《沛县修步道》。",
        ),
    ],
)
def test_words_of_refusal(places: tuple[str, ...], refusal: Refusal | None, text: str) -> None:
    """What was looked for, of where, and what is said instead."""
    assert refusal_text(make_query("步道怎么修", places=places), refusal) == text


def test_a_refusal_tells_what_was_read_otherwise() -> None:
    """Every slip of the pen that was put right, in the language of the question."""
    corrections = (Correction("裙体", "群体"), Correction("配县", "沛县"))
    query = replace(make_query("群体怎么做"), corrections=corrections)
    read = "（已按“群体”理解“裙体”。）（已按“沛县”理解“配县”。）"
    assert refusal_text(query, Refusal("经费")) == f"简报中未见经费的内容。{read}"
    english = refusal_text(replace(query, corrections=corrections[:1], language="en"), Refusal("经费"))
    assert english.endswith(": 经费. (“裙体” was read as “群体”.)")


def test_what_is_missing() -> None:
    """Unknown issues, and places where none of those named is held."""
    holdings = make_holdings(["丰县"])
    assert missing(make_query("步道", places=("响水县",)), holdings) == ("响水县",)
    assert missing(make_query("步道", places=("响水县", "丰县")), holdings) == ()
    unknown = replace(make_query("步道"), unknown=("2023年第5期简报",))
    assert missing(unknown, holdings) == ("2023年第5期简报",)


def test_order_of_passages() -> None:
    """Cited ones first, in the order of their citations, then by best sentence, then what is outside."""
    hits = [Hit(make_passage("步道修好了。", start=start), 0.9 - start / 100, 1) for start in range(4)]
    retrieved = Retrieved(tuple(hits[:3]), (hits[3],))
    best = make_evidence("步道修好了。", start=1, score=0.9)
    order = order_passages(retrieved, [best], [hits[2].passage.id], 4)
    assert [(h.passage.start, h.rank) for h in order] == [(2, 1), (1, 2), (0, 3), (3, 4)]
    every = [hit.passage.id for hit in hits]
    assert [h.passage.start for h in order_passages(retrieved, [best], every, 1)] == [0, 1, 2, 3]


def test_coverage_without_dates() -> None:
    """A document without a date meets no filter of time."""
    holdings = make_holdings(["丰县", "沛县"])
    undated = replace(holdings, documents=(replace(holdings.documents[0], date=None),))
    asked = make_query("步道", filters=Filters(since=date(2020, 1, 1)))
    assert coverage(asked, undated).note == "已查 0 期 0 篇"
    assert coverage(make_query("步道"), undated).note == "已查 1 期 2 篇"


def test_only_what_the_client_rules_out_is_hidden() -> None:
    """Hits inside the scope stay; outside it the client's filters decide."""
    inside = Hit(make_passage("步道", "丰县", document_id="c"), 1.0, 1)
    other = Hit(make_passage("步道", "沛县", document_id="b"), 0.5, 2)
    both = Retrieved((inside,), (other,))
    holdings = make_holdings(["丰县", "沛县"])
    assert within(both, Filters(), holdings) == both
    assert within(both, Filters(issues=("16",)), holdings) == both
    assert within(both, Filters(issues=("20",)), holdings).outside == ()
    assert within(both, Filters(places=("丰县",)), holdings).outside == ()


def test_which_places_did_not(answerer: Answerer) -> None:
    """Those that did are listed with their sentences; of the others it is only said that nothing was found."""
    answer = answerer.answer(Question("哪些地方没有开展过义诊？"))
    did = {item.place for item in (*answer.items, *answer.doubtful)}
    assert {"丰县", "东海县", "淮安市"} <= did
    assert did.isdisjoint(answer.not_seen)
    assert "启东市" in answer.not_seen
    assert "简报中未见" in answer.text
    assert all(sentence.citations for sentence in answer.sentences)


def test_a_prefecture_is_told_apart_where_counties_are_asked(answerer: Answerer) -> None:
    """哪些县 lists counties and county-level cities; a prefecture that fits too stands apart, and says so."""
    answer = answerer.answer(Question("哪些县开展过义诊？"))
    assert {"丰县", "东海县"} <= {item.place for item in answer.items}
    assert "淮安市" in {item.place for item in answer.doubtful}
    assert "另有地级市，淮安市：" in answer.text
    assert (
        answer.coverage.note
        == f"已查 3 期 12 篇，符合 {len(answer.items)} 地，另列 {len(answer.doubtful)} 地"
    )


def test_an_issue_is_the_same_however_it_is_written(answerer: Answerer) -> None:
    """A client's 第16期 or 016 looks through the same bulletin as 16, and coverage counts it."""
    plain = answerer.answer(Question("市民夜校开了多少课程", filters=Filters(issues=("16",))))
    for written in ("第16期", "016"):
        other = answerer.answer(Question("市民夜校开了多少课程", filters=Filters(issues=(written,))))
        assert (other.text, other.coverage) == (plain.text, plain.coverage)


def test_a_slip_of_the_pen(ask: Callable[[str], Answer]) -> None:
    """The answer is that of the question as it was meant, and says what was read otherwise."""
    answer, meant = ask("哪些县做了新就业裙体服务"), ask("哪些县做了新就业群体服务")
    assert (answer.text, answer.items) == (meant.text, meant.items)
    assert answer.query.corrections == (Correction("新就业裙体", "新就业群体"),)
    assert meant.query.corrections == ()


def test_an_issue_that_is_not_there_beside_one_that_is(answerer: Answerer) -> None:
    """It is told after the answer, which rests on the other."""
    answer = answerer.answer(Question("第20期和第99期里，灌南县的惠泽驿站有多少个"))
    assert answer.status == "answered"
    assert answer.text.endswith("\n资料库里没有第99期简报。")
    assert {citation.document_id[:7] for citation in answer.citations} == {"2025-20"}


def test_two_issues(answerer: Answerer) -> None:
    """Both are looked through, and nothing else."""
    answer = answerer.answer(Question("第1期和第16期介绍了哪些地方"))
    assert answer.coverage.documents == 2
    assert {item.place for item in answer.items} == {
        *("泰州市", "启东市", "常熟市"),
        *("淮安市", "沭阳县", "如东县"),
    }


def test_a_place_in_latin_letters(answerer: Answerer) -> None:
    """An English question about a county is answered from the articles about it."""
    answer = answerer.answer(Question("How many parking spaces did Qidong City add?"))
    assert answer.query.places == ("启东市",)
    assert {hit.passage.place for hit in answer.passages[:3]} == {"启东市"}
    assert "6200" in answer.text
