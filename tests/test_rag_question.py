"""How a question is understood."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rag_makers import make_holdings

from corpus.places import load_gazetteer
from index.types import Filters
from rag.errors import BadQuestionError
from rag.question import LONGEST_QUESTION, QuestionReader
from rag.spelling import Spelt
from rag.types import Correction, Query, Question, Turn

HOLDINGS = make_holdings(
    ["灌南县", "丰县", "溧阳市", "如东县", "启东市", "淮安市", "涟水县", "泰州市", "泰兴市"]
)


@pytest.fixture(scope="module")
def reader() -> QuestionReader:
    return QuestionReader(load_gazetteer())


def read(reader: QuestionReader, text: str, **options: object) -> Query:
    return reader.read(Question(text, **options), HOLDINGS)  # type: ignore[arg-type]


def test_a_whole_question(reader: QuestionReader) -> None:
    """Filters, place, topic and intent are told apart, and the words as asked are kept."""
    query = read(reader, "２０２５年第２０期里，灌南縣的驛站有多少個？")
    assert query == Query(
        original="２０２５年第２０期里，灌南縣的驛站有多少個？",
        text="灌南县的驿站有多少个？",
        topic="的驿站",
        intent="figure",
        filters=Filters(years=(2025,), issues=("20",)),
        places=("灌南县",),
        language="zh-Hant",
        named=("灌南县",),
    )


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("灌南的驿站", ("灌南县",)),
        ("泰州在做什么", ("泰州市",)),
        ("丰县和溧阳市的驿站", ("丰县", "溧阳市")),
        ("响水县的驿站", ("响水县",)),
        ("江苏省灌南县的驿站", ("灌南县",)),
        ("江苏的驿站", ()),
        ("灌南县、灌南的驿站", ("灌南县",)),
        ("驿站怎么建", ()),
    ],
)
def test_places(reader: QuestionReader, text: str, places: tuple[str, ...]) -> None:
    """Places come by their full names, each once, held or not; a province is none."""
    assert read(reader, text).places == places


def test_a_place_named_with_what_it_lies_in(reader: QuestionReader) -> None:
    """连云港市灌南县 and 连云港灌南 mean 灌南县 alone, not all of 连云港; nothing of the name is left in the
    topic. Named side by side, each counts."""
    holdings = make_holdings(["灌南县", "东海县", "碑林区"])
    for text in ("连云港市灌南县的驿站", "连云港灌南的驿站"):
        query = reader.read(Question(text), holdings)
        assert (query.places, query.topic) == (("灌南县",), "的驿站")
    assert set(reader.read(Question("连云港的驿站"), holdings).places) == {"灌南县", "东海县"}
    assert reader.read(Question("灌南跟碑林的驿站有什么不同"), holdings).places == ("灌南县", "碑林区")


@pytest.mark.parametrize(
    ("text", "places", "intent"),
    [
        ("南通的县有哪些做法", ("如东县", "启东市"), "list"),
        ("南通下辖哪些县市建了驿站", ("如东县", "启东市"), "list"),
        ("淮安市各县区怎么建驿站", ("涟水县",), "list"),
        ("南通市有几个县市建了驿站", ("如东县", "启东市"), "list"),
        ("南通一共有哪几个县建了驿站", ("如东县", "启东市"), "list"),
        ("南通多少个县区建了驿站", ("如东县", "启东市"), "list"),
        ("南京的区怎么建驿站", ("南京市",), "fact"),
    ],
)
def test_what_lies_below_a_place(
    reader: QuestionReader, text: str, places: tuple[str, ...], intent: str
) -> None:
    """The counties of a city are those that the bulletins have; the city itself where they have none."""
    query = read(reader, text)
    assert (query.places, query.intent) == (places, intent)


@pytest.mark.parametrize("text", ["淮安市的市民夜校怎么办", "淮安的市场监管怎么做", "淮安的区域联动怎么做"])
def test_words_that_begin_like_a_kind_of_place(reader: QuestionReader, text: str) -> None:
    """市民, 市场 and 区域 after a city don't ask for what lies below it."""
    assert read(reader, text).places == ("淮安市",)


@pytest.mark.parametrize(
    ("text", "rest", "excluded"),
    [
        ("除了灌南县，哪些地方建了驿站", "哪些地方建了驿站", ("灌南县",)),
        ("除灌南县和溧阳市以外，哪些地方建了驿站", "哪些地方建了驿站", ("灌南县", "溧阳市")),
        ("不包括泰州，哪些市建了驿站", "哪些市建了驿站", ("泰州市", "泰兴市")),
        ("消除了哪些隐患", "消除了哪些隐患", ()),
        ("除了驿站，还建了什么", "除了驿站，还建了什么", ()),
    ],
)
def test_exceptions(reader: QuestionReader, text: str, rest: str, excluded: tuple[str, ...]) -> None:
    """Places ruled out, with those held that lie under them, are no places asked about; what rules out no
    place is left in."""
    query = read(reader, text)
    assert (query.text, query.excluded, query.places) == (rest, excluded, ())


@pytest.mark.parametrize(
    ("text", "document_ids"),
    [("浙江那期简报讲了什么做法", ("z",)), ("江苏的简报讲了什么做法", ("c", "b", "a"))],
)
def test_a_series_by_its_province(reader: QuestionReader, text: str, document_ids: tuple[str, ...]) -> None:
    """The gazetteer knows that a province is meant."""
    assert read(reader, text).filters == Filters(document_ids=document_ids)


def test_an_issue_that_is_not_held(reader: QuestionReader) -> None:
    """It is told in words for the user."""
    assert read(reader, "2023年第5期讲了什么做法").unknown == ("2023年第5期简报",)


def test_kinds_that_are_asked_for(reader: QuestionReader) -> None:
    """县 takes in county-level cities, not cities of prefecture level."""
    kinds = read(reader, "哪些县建了驿站").asked_kinds
    assert {"县", "县级市"} <= set(kinds)
    assert "地级市" not in kinds


def test_the_client_s_filters_are_kept(reader: QuestionReader) -> None:
    """What the question says adds to them."""
    query = read(reader, "第20期里的驿站", filters=Filters(years=(2022,)))
    assert query.filters == Filters(years=(2022,), issues=("20",))


def test_the_client_s_places_may_be_named_in_full(reader: QuestionReader) -> None:
    """江苏省连云港市灌南县 is 灌南县; a name nobody knows stays as it is."""
    filters = Filters(places=("江苏省连云港市灌南县", "丰县", "乌有县"))
    settled = reader.settled(Question("驿站", filters=filters), HOLDINGS)
    assert settled.filters.places == ("灌南县", "丰县", "乌有县")


def test_a_follow_up_in_traditional_characters(reader: QuestionReader) -> None:
    """History is made plain like the question before it is leant on."""
    history = (Turn("user", "豐縣怎樣建驛站？"), Turn("assistant", "……"))
    query = read(reader, "溧陽呢？", history=history)
    assert (query.text, query.places) == ("溧阳市怎样建驿站？", ("溧阳市",))


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (Question(""), "question"),
        (Question(" \n\u3000"), "question"),
        (Question("？！……"), "question"),
        (Question("驿" * (LONGEST_QUESTION + 1)), "question"),
        (Question("驿站", top_k=0), "top_k"),
        (Question("驿站", top_k=101), "top_k"),
    ],
)
def test_questions_that_cannot_be_asked(reader: QuestionReader, question: Question, field: str) -> None:
    """The error names the field that is wrong, and so does its message."""
    with pytest.raises(BadQuestionError) as caught:
        reader.read(question, HOLDINGS)
    assert caught.value.field == field
    assert str(caught.value).startswith(field)


@pytest.mark.parametrize(
    "question", [Question("驿" * LONGEST_QUESTION), Question("驿站", top_k=100), Question("a", top_k=1)]
)
def test_limits_themselves_are_allowed(reader: QuestionReader, question: Question) -> None:
    """The longest question, the shortest, and both ends of top_k are asked."""
    assert reader.read(question, HOLDINGS).original == question.text


SLIPS = replace(
    HOLDINGS,
    spell=lambda text: Spelt(
        text.replace("灌男县", "灌南县").replace("译站", "驿站"),
        tuple(Correction(*pair) for pair in (("灌男县", "灌南县"), ("译站", "驿站")) if pair[0] in text),
    ),
)
"""Holdings that put two slips right."""


def test_slips_are_put_right_before_places_are_found(reader: QuestionReader) -> None:
    """The query is that of the question as it was meant, and tells what was read otherwise."""
    query = reader.read(Question("灌男縣的譯站有多少个"), SLIPS)
    assert query == replace(
        reader.read(Question("灌南县的驿站有多少个"), HOLDINGS),
        original="灌男縣的譯站有多少个",
        language="zh-Hant",
        corrections=(Correction("灌男县", "灌南县"), Correction("译站", "驿站")),
    )


def test_a_slip_in_the_question_before(reader: QuestionReader) -> None:
    """What a follow-up takes from it is put right, and told; what it doesn't take isn't."""
    history = (Turn("user", "灌男县怎样建驿站？"), Turn("assistant", "……"))
    query = reader.read(Question("有多少个？", history), SLIPS)
    assert query.places == ("灌南县",)
    assert query.corrections == (Correction("灌男县", "灌南县"),)
    other = reader.read(Question("溧阳呢？", history), SLIPS)
    assert (other.text, other.corrections) == ("溧阳市怎样建驿站？", ())


def test_that_for_which(reader: QuestionReader) -> None:
    """那些县 asks, where nothing was said before that it could point to."""
    assert read(reader, "那些县建了驿站").intent == "list"
    history = (Turn("user", "丰县和灌南县怎样建驿站？"), Turn("assistant", "……"))
    assert read(reader, "那些县建了驿站", history=history).corrections == ()


@pytest.mark.parametrize(
    ("text", "places", "topic"),
    [
        ("What did Guannan County do for couriers?", ("灌南县",), "What did do for couriers"),
        ("how many has liyang built", ("溧阳市",), "how many has built"),
        ("Feng County's stations and Kunshan", ("丰县", "昆山市"), "stations and"),
        ("Which counties built stations?", (), "Which counties built stations"),
    ],
)
def test_places_in_latin_letters(
    reader: QuestionReader, text: str, places: tuple[str, ...], topic: str
) -> None:
    """They are places of the query like any other, held or not."""
    query = read(reader, text)
    assert (query.places, query.topic) == (places, topic)


def test_issues_that_are_held_and_not(reader: QuestionReader) -> None:
    """One that isn't there is told, and the others are looked through."""
    query = read(reader, "第20期和第99期的驿站")
    assert (query.unknown, query.partly_unknown) == ((), ("第99期简报",))
    assert query.filters == Filters(issues=("20", "99"))


SHARED = make_holdings(["南京市鼓楼区", "徐州市鼓楼区", "南京市", "沛县"])


@pytest.mark.parametrize(
    ("text", "places", "intent"),
    [
        ("徐州鼓楼区的驿站怎么建", ("徐州市鼓楼区",), "fact"),
        ("南京市鼓楼区的驿站怎么建", ("南京市鼓楼区",), "fact"),
        ("鼓楼区的驿站怎么建", ("南京市鼓楼区", "徐州市鼓楼区"), "fact"),
        ("鼓楼区的驿站有几个", ("南京市鼓楼区", "徐州市鼓楼区"), "figure"),
        ("南京鼓楼区和徐州鼓楼区的驿站", ("南京市鼓楼区", "徐州市鼓楼区"), "compare"),
    ],
)
def test_a_name_that_places_share(
    reader: QuestionReader, text: str, places: tuple[str, ...], intent: str
) -> None:
    """Its city tells which is meant; without that, both are, and they are one side."""
    query = reader.read(Question(text), SHARED)
    assert (query.places, query.intent) == (places, intent)


@pytest.mark.parametrize(
    ("asked", "settled"),
    [
        ("鼓楼区", ("南京市鼓楼区", "徐州市鼓楼区")),
        ("徐州市鼓楼区", ("徐州市鼓楼区",)),
        ("江苏省南京市鼓楼区", ("南京市鼓楼区",)),
        ("徐州市沛县", ("沛县",)),
        ("开封市鼓楼区", ("开封市鼓楼区",)),
        ("桃花源", ("桃花源",)),
    ],
)
def test_filters_of_a_name_that_places_share(
    reader: QuestionReader, asked: str, settled: tuple[str, ...]
) -> None:
    """A filter means each place of its name that is held; what isn't held stays, to be told."""
    question = reader.settled(Question("驿站", filters=Filters(places=(asked,))), SHARED)
    assert question.filters.places == settled


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("只要江苏的：哪些地方建了驿站", "江苏"),
        ("江苏有哪些县建了驿站", "江苏"),
        ("江苏省内哪些县建了驿站", "江苏"),
        ("哪些地方和江苏大学合作", ""),
        ("江苏的和浙江的哪些地方建了驿站", ""),
        ("江苏的驿站怎么建", ""),
    ],
)
def test_the_province_of_a_list(reader: QuestionReader, text: str, province: str) -> None:
    """A list may be of one province; a name that begins with one, or two of them, says nothing of it."""
    assert read(reader, text).province == province


def test_a_place_that_only_passages_name(reader: QuestionReader) -> None:
    """The library may know it by its full name alone, as one word."""
    holdings = replace(HOLDINGS, speaks_of=lambda word: word == "沛县")
    query = reader.read(Question("沛县的驿站有几个"), holdings)
    assert (query.places, query.named) == ((), ("沛县",))
