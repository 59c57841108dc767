"""What in a sentence can be checked."""

from __future__ import annotations

import pytest

from corpus.places import Gazetteer, load_gazetteer
from rag.claims import ClaimKind, find_claims, find_negations, find_people, is_strong, plain_name


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def claims(text: str, gazetteer: Gazetteer) -> list[tuple[ClaimKind, str]]:
    return [(c.kind, c.text) for c in find_claims(text, gazetteer, ["江苏省"])]


def test_every_sort_in_its_order(gazetteer: Gazetteer) -> None:
    """Date, place, figure, name in marks, title, person, organisation."""
    text = "2025年，灌南县选派238名指导员，办“暖新季”；书记李明推荐《常熟院士》，江苏正昌集团没有参加。"
    assert claims(text, gazetteer) == [
        ("date", "2025年"),
        ("place", "灌南县"),
        ("figure", "238名"),
        ("term", "暖新季"),
        ("name", "李明"),
        ("title", "常熟院士"),
        ("place", "江苏"),
        ("organisation", "正昌集团"),
        ("negation", "没有"),
    ]


def test_claims_stand_where_they_say(gazetteer: Gazetteer) -> None:
    """Offsets count the sentence's characters."""
    text = "沭阳县东园社区的“夜校”有１５２名学员。"
    for claim in find_claims(text, gazetteer):
        assert text[claim.start : claim.end] == claim.text


def test_streets_towns_and_villages(gazetteer: Gazetteer) -> None:
    """Below the county a place is told by its ending; common words with that ending are none."""
    assert claims("沛县大屯街道颐园社区", gazetteer) == [
        ("place", "沛县"),
        ("place", "大屯街道"),
        ("place", "颐园社区"),
    ]
    assert claims("全部行政村、乡镇和农村社区", gazetteer) == []


def test_speech_is_told_from_names(gazetteer: Gazetteer) -> None:
    """A long quotation is a quotation, a short one a name; figures in speech are figures."""
    text = "他说：“我们从98家单位里挑人，一个村一个村地走。”"
    assert [kind for kind, _ in claims(text, gazetteer)] == ["quotation", "figure"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("市委常委、宣传部部长周晓介绍", ["周晓"]),
        ("“中国好人”刘景全也加入了", ["刘景全"]),
        ("刘景全（“中国好人”）、孙绪峰（“江苏好人”）等", ["刘景全", "孙绪峰"]),
        ("宣传部部长周晓在会上作了介绍", ["周晓"]),
        ("宣传部部长周晓东作了介绍", ["周晓东"]),
        ("书记李建国、主任王芳表示", ["李建国", "王芳"]),
        ("主要负责人曾花一整天暗访", []),
        ("宣传部部长带队", []),
    ],
)
def test_people(text: str, names: list[str]) -> None:
    """People are known by office or honour; an adverb that could be a family name is none."""
    assert [claim.text for claim in find_people(text)] == names


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("没有开设会办专窗", [("没有", "开设")]),
        ("尚未在税务等行业设立分中心", [("尚未", "设立")]),
        ("场所不对外开放", [("不", "对外开放")]),
        ("不断提升，不少于6场，不仅方便", []),
        ("开设“办不成事”专窗", []),
    ],
)
def test_negations(text: str, denied: list[tuple[str, str]]) -> None:
    """The cue and what it denies; words that only begin with 不 and names deny nothing."""
    assert [(claim.text, claim.key) for claim in find_negations(text)] == denied


def test_strong_negations() -> None:
    """没有做 denies that it was done; 不收费 tells how."""
    assert [is_strong(claim) for claim in find_negations("没有开设，不收钱")] == [True, False]


def test_plain_name() -> None:
    """Width, case, script, spaces and marks inside don't count."""
    assert plain_name("“Ｅ心優 +”") == plain_name("e心优+")
    assert plain_name("暖‘新’") == "暖新"
