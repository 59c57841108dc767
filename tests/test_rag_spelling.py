"""Slips of the pen are put right by what the bulletins say; what is right stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from misspelt_questions import RIGHT, WRONG_AND_MEANT

import corpus
from corpus.places import load_gazetteer
from index.lexical import LexicalIndex
from index.store import LibraryState
from index.vocabulary import Vocabulary
from rag.spelling import Speller, Spelt, ask_which
from rag.thesaurus import Group, Thesaurus
from rag.types import Correction

PLACES = frozenset(
    [
        "灌南县",
        "丰县",
        "溧阳市",
        "沛县",
        "泰兴市",
        "东海县",
        "淮安市",
        "沭阳县",
        "如东县",
        "泰州市",
        "启东市",
        "常熟市",
    ]
)
Spell = Callable[[str], Spelt]


def make_vocabulary(texts: Sequence[str]) -> Vocabulary:
    index = LexicalIndex(None)
    with index.writing(1) as writer:
        index.update(writer, [], enumerate(texts, 1), LibraryState("library", 1, "token"))
    return index.vocabulary(lambda numbers: [texts[number - 1] for number in numbers])


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(load_gazetteer(), Thesaurus((Group("外卖骑手", lay=("照象的",)),)))


@pytest.fixture(scope="module")
def spell(speller: Speller) -> Spell:
    """Over the sample corpus, a passage for each paragraph."""
    files = sorted((Path(corpus.__file__).parent / "sample").glob("*.txt"))
    texts = [re.sub(r"\n", "", part) for f in files for part in f.read_text("utf-8").split("\n\n")]
    vocabulary = make_vocabulary([text for text in texts if text])
    return lambda text: speller.spell(text, PLACES, vocabulary)


@pytest.mark.parametrize(
    ("written", "read", "corrections"),
    [
        (
            "哪些县做了新就业裙体服务",
            "哪些县做了新就业群体服务",
            [("新就业裙体", "新就业群体")],
        ),
        ("末成年人托管怎么办", "未成年人托管怎么办", [("末成年人托管", "未成年人托管")]),
        ("空中揽线谁来管", "空中缆线谁来管", [("空中揽线", "空中缆线")]),
        ("丰县的银发照像馆", "丰县的银发照相馆", [("银发照像馆", "银发照相馆")]),
        ("残疾入怎么求助", "残疾人怎么求助", [("残疾入", "残疾人")]),
        ("泰兴的成信标杆", "泰兴的诚信标杆", [("成信标杆", "诚信标杆")]),
        ("东海的晶心半品牌", "东海的晶心办品牌", [("晶心半", "晶心办")]),
        ("常熟的暑脱班", "常熟的暑托班", [("暑脱班", "暑托班")]),
    ],
)
def test_words_that_were_misspelt(
    spell: Spell, written: str, read: str, corrections: list[tuple[str, str]]
) -> None:
    """By sound, near sound and shape; what is told is the stretch that makes the meaning plain."""
    assert spell(written) == Spelt(read, tuple(Correction(*pair) for pair in corrections))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("灌男县", "灌南县"),
        ("灌兰县", "灌南县"),
        ("沐阳", "沭阳"),
        ("启动市", "启东市"),
        ("配县", "沛县"),
        ("太州", "泰州"),
        ("泰星市", "泰兴市"),
    ],
)
def test_places_that_were_misspelt(spell: Spell, written: str, read: str) -> None:
    """Full names and short ones, whether or not what is written holds words of its own."""
    assert spell(f"{written}的志愿服务") == Spelt(f"{read}的志愿服务", (Correction(written, read),))


@pytest.mark.parametrize("name", ["怀安县", "台州", "凤县", "河源市", "启动仪式", "常数", "东海岸"])
def test_other_places_and_words_stay(spell: Spell, name: str) -> None:
    """A name that some other place bears, or that is a word, is no slip for a place of the bulletins."""
    assert spell(f"{name}的志愿服务") == Spelt(f"{name}的志愿服务")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("“惠则驿站”有几个", "“惠泽驿站”有几个"),
        ("“书香银航”在哪里", "“书香银行”在哪里"),
        ("“蜗牛将”怎么回事", "“蜗牛奖”怎么回事"),
        ("“智慧长廊”在哪里", "“智慧长廊”在哪里"),
        ("“惠民驿站”有几个", "“惠民驿站”有几个"),
        ("“蜗年”怎么回事", "“蜗年”怎么回事"),
    ],
)
def test_names_in_quotation_marks(spell: Spell, written: str, read: str) -> None:
    """A quoted name is read as one that differs in one character that is alike; others stay as they are."""
    assert spell(written).text == read


def test_several_slips_in_one_question(spell: Spell) -> None:
    """Each is put right and told, in the order of the question."""
    spelt = spell("灌男县的惠择驿站和溧阳的伙伴记划")
    assert spelt.text == "灌南县的惠泽驿站和溧阳的伙伴计划"
    pairs = [("灌男县", "灌南县"), ("惠择驿站", "惠泽驿站"), ("伙伴记划", "伙伴计划")]
    assert spelt.corrections == tuple(Correction(*pair) for pair in pairs)


def test_slips_side_by_side_are_told_as_one(spell: Spell) -> None:
    """Two characters of one name make one correction."""
    assert spell("乡下的银花照像馆").corrections[-1:] == (Correction("照像馆", "照相馆"),)
    assert spell("大家的银法照像馆") == Spelt("大家的银发照相馆", (Correction("银法照像馆", "银发照相馆"),))


@pytest.mark.parametrize(
    "text",
    [
        *RIGHT,
        "健康一诊",
        "三个不相信",
        "二十次共管",
        "e心优+",
        "2025年第20期",
        "How many parking spaces did Qidong add?",
        "？",
    ],
)
def test_what_is_right_stays(spell: Spell, text: str) -> None:
    """Questions without a slip, about what the bulletins say and about what they don't; figures too."""
    assert spell(text) == Spelt(text)


def test_how_many_slips_are_put_right(spell: Spell) -> None:
    """Of the questions written for this before the rules were, most, and none is read as another one."""
    read = [(spell(written).text, written, meant) for written, meant in WRONG_AND_MEANT]
    misread = [
        (text, meant)
        for text, written, meant in read
        if any(t not in (w, m) for t, w, m in zip(text, written, meant, strict=True))
    ]
    assert misread == []
    assert sum(text == meant for text, _, meant in read) >= 50


def test_terms_of_the_thesaurus_stay(spell: Spell) -> None:
    """What people are known to say is no slip, though it looks like one; in a name it explains nothing."""
    assert spell("银发照象的地方") == Spelt("银发照象的地方")
    assert spell("“银发照象馆”在哪里").text == "“银发照相馆”在哪里"


def test_a_word_of_other_bulletins(speller: Speller) -> None:
    """The same slip is one only where the bulletins hold the word that was meant."""
    slip = "村里的文话礼堂"
    held, other = make_vocabulary(["村里的文化礼堂建好了"]), make_vocabulary(["镇上的戏台建好了"])
    assert speller.spell(slip, frozenset(), held).text == "村里的文化礼堂"
    assert speller.spell(slip, frozenset(), other) == Spelt(slip)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("那些县做了志愿服务", "哪些县做了志愿服务"),
        ("那里有托管？", "哪里有托管？"),
        ("志愿服务在那些地方开展", "志愿服务在哪些地方开展"),
        ("那些被合并的所站怎么处理", "那些被合并的所站怎么处理"),
        ("请介绍那些县", "请介绍那些县"),
        ("那时候的做法", "那时候的做法"),
        ("灌南那个品牌", "灌南那个品牌"),
    ],
)
def test_that_for_which(written: str, read: str) -> None:
    """那些 is read as 哪些 where nothing else in the question asks."""
    changed = written != read
    place = written.index("那")
    told = (Correction(written[place : place + 2], read[place : place + 2]),) if changed else ()
    assert ask_which(Spelt(written)) == Spelt(read, told)
