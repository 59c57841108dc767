"""Whether evidence supports an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rag_makers import make_evidence, make_query, make_topic

from index.types import Filters
from rag.evidence import untold
from rag.existence import not_spoken_of
from rag.expected import expected_answers
from rag.frames import language_of
from rag.refusal import Refusal
from rag.support import find_fault
from rag.thesaurus import Expansion
from rag.types import Intent, Language

TRAIL = make_topic({"步道": 1.0}, ())
FAR = "读书节在每年的四月里举办一次。"
NEAR = "步道沿着河岸修建，路灯由街道负责。"


def fault(
    text: str,
    nearness: float,
    *,
    sentence: str = FAR,
    places: tuple[str, ...] = (),
    intent: Intent = "fact",
) -> Refusal | None:
    query = replace(make_query(text, "步道", intent, places=places), language=language_of(text))
    return find_fault(query, TRAIL, [make_evidence(sentence, nearness=nearness)], (), expected_answers(text))


def test_no_evidence_at_all() -> None:
    """What was looked for is the topic, or the text where the topic is empty."""
    assert find_fault(make_query("步道怎么修", "步道"), TRAIL, (), (), ()) == Refusal("步道")
    assert find_fault(make_query("步道怎么修", ""), TRAIL, (), (), ()) == Refusal("步道怎么修")


@pytest.mark.parametrize(
    ("text", "nearness", "places", "refused"),
    [
        ("步道怎么修", 0.70, (), True),
        ("步道怎么修", 0.79, (), True),
        ("步道怎么修", 0.85, (), False),
        ("丰县的步道怎么修", 0.79, ("丰县",), True),
        ("丰县的步道怎么修", 0.81, ("丰县",), False),
        ("How is the trail built", 0.70, (), False),
        ("How is the trail built", 0.60, (), True),
    ],
)
def test_nothing_comes_near(text: str, nearness: float, places: tuple[str, ...], refused: bool) -> None:
    """Far from the question and without its words: refused, sooner of a named place, later in English."""
    assert fault(text, nearness, places=places) == (Refusal("步道") if refused else None)


def test_a_far_sentence_with_the_words_is_support() -> None:
    """The topic's own words outweigh distance."""
    assert fault("步道怎么修", 0.60, sentence=NEAR) is None


def test_equally_near_but_for_rounding() -> None:
    """The last digits of vectors, which differ by processor, don't decide: the better sentence counts."""
    for noise in (-1e-7, 1e-7):
        found = [make_evidence(NEAR, nearness=0.60), make_evidence(FAR, nearness=0.60 + noise, start=50)]
        assert find_fault(make_query("步道怎么修", "步道"), TRAIL, found, (), ()) is None


def test_a_named_thing_of_another_place() -> None:
    """What stands in quotation marks and only elsewhere is refused, and it is told where it stands."""
    inside = make_evidence("这里办了读书节，居民都来参加。", "丰县", nearness=0.95)
    elsewhere = make_evidence("“夜光步道”是沛县的招牌。", "沛县", nearness=0.9, article=1)
    query = make_query("丰县的“夜光步道”怎么修", "“夜光步道”", places=("丰县",))
    assert find_fault(query, TRAIL, [inside], [elsewhere], ()) == Refusal("“夜光步道”", elsewhere)
    assert find_fault(query, TRAIL, [inside], [], ()) is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("“夜光步道”两年前修成。", "丰县做法"),
        ("“夜光步到”两年前修成。", "丰县做法"),
        ("两年前修成，一直免费。", "丰县：夜光步道亮起来"),
    ],
)
def test_a_named_thing_of_this_place(text: str, title: str) -> None:
    """It may be misspelt there, or stand only in the title."""
    inside = make_evidence(text, "丰县", nearness=0.95, title=title)
    elsewhere = make_evidence("“夜光步道”是沛县的招牌。", "沛县", article=1)
    query = make_query("丰县的“夜光步道”怎么修", "“夜光步道”", places=("丰县",))
    assert find_fault(query, TRAIL, [inside], [elsewhere], ()) is None


def test_another_name_for_a_long_saying_tells_that_there_is_such_a_thing() -> None:
    """A term of three characters is not enough."""
    long = Expansion("给走路的人修的道", "步道", ("健身步道",), 0.7)
    short = replace(long, found="走的道")
    query = make_query("有没有给走路的人修的道", "给走路的人修的道")
    found = [make_evidence("河边有健身步道。", nearness=0.82, coverage=0.2)]
    assert find_fault(query, make_topic({"走路": 3.0, "道": 2.0, "修": 4.0}, (long,)), found, (), ()) is None
    refusal = find_fault(query, make_topic({"走路": 3.0, "道": 2.0, "修": 4.0}, (short,)), found, (), ())
    assert refusal is not None and refusal.check == "existence"


@pytest.mark.parametrize(
    ("text", "told", "lacking"),
    [
        ("苏州工业园区的健身步道", "昆山修了健身步道。", "苏州工业园区"),
        ("苏州工业园区的健身步道", "园区里修了健身步道。", None),
        ("苏州市经济技术开发区的健身步道", "市开发区修了健身步道。", None),
        ("苏州高新区的健身步道", "苏州开发区修了健身步道。", "苏州高新区"),
        ("苏州的工业园区有没有健身步道", "昆山修了健身步道。", None),
    ],
)
def test_a_zone_of_a_place(text: str, told: str, lacking: str | None) -> None:
    """What another place of the city did isn't given for a zone that no passage speaks of."""
    query = replace(make_query(text, "健身步道", places=("苏州市",)), named=("苏州市",))
    found = find_fault(query, TRAIL, [make_evidence(told, "苏州市")], (), ())
    assert (found and found.lacking) == lacking


def test_a_detail_that_no_near_sentence_holds() -> None:
    """The amount asked for is missing; the nearest sentence is told instead."""
    near = make_evidence(NEAR, nearness=0.9)
    money_afar = make_evidence("读书节花费了三万元。", nearness=0.85, coverage=0.2, start=50)
    query = make_query("步道的经费是多少", "步道的经费", "figure")
    expected = expected_answers(query.text)
    assert find_fault(query, TRAIL, [near, money_afar], (), expected) == Refusal("经费", near)


def test_a_detail_that_a_near_sentence_holds() -> None:
    """Any of the near sentences may hold it."""
    near = make_evidence(NEAR, nearness=0.9)
    money = make_evidence("步道花费了三万元。", nearness=0.88, start=50)
    query = make_query("步道的经费是多少", "步道的经费", "figure")
    assert find_fault(query, TRAIL, [near, money], (), expected_answers(query.text)) is None


def test_lists_expect_no_kind_of_thing() -> None:
    """A list is judged place by place."""
    assert fault("哪些县的步道花了多少钱", 0.9, intent="list") is None


def test_whether_something_exists() -> None:
    """A question whether there is any isn't answered by what merely comes near, or merely shares words; by
    both it is, and by what comes very near in other words."""
    assert fault("有没有什么地方修步道", 0.86) == Refusal("步道")
    assert fault("有没有什么地方修步道", 0.86, sentence=NEAR) is None
    assert fault("有没有什么地方修步道", 0.81, sentence=NEAR) == Refusal("步道")
    assert fault("有没有什么地方修步道", 0.87) is None


def test_whether_something_exists_in_a_place() -> None:
    """Of a place that is named, what comes very near says it in other words; what comes near doesn't."""
    query = make_query("丰县修步道有没有限制", "步道限制", places=("丰县",))
    for nearness, refused in ((0.9, False), (0.87, True)):
        found = [make_evidence("沿河走廊不得超过两里。", "丰县", nearness=nearness)]
        assert (find_fault(query, TRAIL, found, found, ()) is not None) is refused


@pytest.mark.parametrize(("nearness", "refused"), [(0.84, True), (0.87, False)])
def test_a_name_without_quotation_marks(nearness: float, refused: bool) -> None:
    """What another place's bulletin puts in quotation marks stands there also when the question has none,
    unless something of the place asked about comes near."""
    inside = make_evidence("河边修了路，居民都来散步。", "丰县", nearness=nearness)
    elsewhere = make_evidence("“夜光步道”是沛县的招牌。", "沛县", nearness=0.82, article=1)
    query = make_query("丰县的夜光步道修了没有", "夜光步道", places=("丰县",))
    found = find_fault(query, make_topic({"河边": 1.0}, ()), [inside], [inside, elsewhere], ())
    assert found == (Refusal("“夜光步道”", elsewhere) if refused else None)


@pytest.mark.parametrize(
    ("sentence", "refused"),
    [("步道由街道派人看管，每天三次。", True), ("步道由无人机看管，每天三次。", False)],
)
def test_whether_it_is_done_by_the_means_asked_about(sentence: str, refused: bool) -> None:
    """有没有用无人机管步道 isn't answered by what never speaks of 无人机."""
    assert (fault("有没有用无人机管步道", 0.9, sentence=sentence) is not None) is refused


@pytest.mark.parametrize(
    ("sentence", "refused"),
    [
        ("队员给老人送餐，每天一趟。", True),
        ("无人驾驶飞机给老人送餐，每天一趟。", False),
    ],
)
def test_a_list_of_what_is_done_by_known_means(sentence: str, refused: bool) -> None:
    """哪个县用无人机送餐 isn't answered by those who carry the meals themselves."""
    drones = Expansion("无人机", "无人机", ("无人驾驶飞机",), 1.0)
    topic = make_topic({"无人机": 5.0, "送餐": 2.0}, (drones,))
    query = make_query("哪个县用无人机给老人送餐？", "用无人机给老人送餐")
    found = [make_evidence(sentence, nearness=0.9)]
    assert (find_fault(query, topic, found, found, ()) is not None) is refused


LAMPS = {"路灯": 3.0, "长椅": 3.0}


@pytest.mark.parametrize(
    ("nearness", "words", "language", "refused"),
    [
        (0.80, LAMPS, "zh-Hans", True),
        (0.82, LAMPS, "zh-Hans", True),
        (0.83, LAMPS, "zh-Hans", False),
        (0.81, {**LAMPS, "凉亭": 3.0, "花坛": 3.0}, "zh-Hans", False),
        (0.80, {"路灯": 3.0}, "zh-Hans", False),
        (0.70, LAMPS, "en", False),
    ],
)
@pytest.mark.parametrize("intent", ["list", "fact"])
def test_what_no_bulletin_speaks_of(
    intent: Intent, nearness: float, words: dict[str, float], language: Language, refused: bool
) -> None:
    """Neither the best sentence nor three places come near enough; of a short question with a word that
    nobody writes more is asked for. What says it in the question's words is near enough."""
    query = replace(make_query("哪些县装了路灯和长椅", "路灯和长椅", intent), language=language)
    places = ("丰县", "沛县", "睢宁县", "邳州市")
    found = [
        make_evidence(NEAR, place, nearness=nearness - 0.05 * (n == 3), article=n)
        for n, place in enumerate(places)
    ]
    topic = make_topic(words, ())
    assert (not_spoken_of(query, topic, found, found) is not None) is refused


def test_lists_within_few_bulletins_are_not_held_to_three_places() -> None:
    """One issue tells of few places; what stands elsewhere in another name of the words is spoken of."""
    query = make_query("哪些县装了路灯和长椅", "路灯和长椅", "list")
    found = [make_evidence(NEAR, "丰县", nearness=0.80)]
    within = replace(query, filters=Filters(issues=("3",)))
    assert not_spoken_of(within, make_topic(LAMPS, ()), found, found) is None
    benches = make_topic(LAMPS, (Expansion("长椅", "座椅", ("河岸",), 1.0),))
    assert not_spoken_of(query, benches, found, found) is None
    assert not_spoken_of(query, make_topic(LAMPS, ()), found, found) is not None


def test_what_is_asked_beside_what_the_bulletins_tell() -> None:
    """The reason isn't told, what the sign says is: that is the answer, and the reason is named as missing."""
    text = "步道为什么不挂牌？门口写什么"
    query, expected = make_query(text, "步道不挂牌门口写"), expected_answers(text)
    found = [make_evidence("步道没有挂牌，门口写着慢行。", nearness=0.9)]
    assert find_fault(query, TRAIL, found, (), expected) is None
    assert untold(query, TRAIL, expected, found) == ("原因",)
    told = [make_evidence("步道怕惹人烦，因此不挂牌。", nearness=0.9)]
    assert untold(query, TRAIL, expected, told) == ()


def test_a_name_that_counts_what_is_then_named() -> None:
    """“三个一” may be told in other words; that another place has one of its own says nothing."""
    inside = make_evidence("步道沿线推行一盏灯、一张椅、一处亭。", "丰县", nearness=0.95)
    elsewhere = make_evidence("沛县的“三个一”是步道的招牌。", "沛县", nearness=0.9, article=1)
    query = make_query("丰县步道的“三个一”是什么", "步道的“三个一”", places=("丰县",))
    assert find_fault(query, TRAIL, [inside], [inside, elsewhere], ()) is None


def test_the_best_sentence_counts_though_others_come_nearer() -> None:
    """Where it shares nearly as much with the question as any other."""
    best = make_evidence("今年共办理事项1.27万件。", nearness=0.84, coverage=0.9, score=1.05)
    nearer = make_evidence("步道办事处替居民跑腿。", nearness=0.89, coverage=1.0, start=50)
    text = "步道办事处今年办了多少件"
    query = make_query(text, "步道办事处今年办了", "figure")
    found = find_fault(query, make_topic({"办事处": 1.0}, ()), [best, nearer], (), expected_answers(text))
    assert found is None or found.check != "kind_missing"


@pytest.mark.parametrize(
    ("sentence", "refused"),
    [("步道共有12条，每条都装了路灯。", True), ("步道共有12条，其中三星的有4条。", False)],
)
def test_how_many_have_a_rank(sentence: str, refused: bool) -> None:
    """The number of all is not that of the ones with three stars."""
    found = fault("三星的步道有几条", 0.95, sentence=sentence, intent="figure")
    assert (found.lacking if found else None) == ("“三星”的数量" if refused else None)
