"""What the gazetteer must know, see in text and keep its hands off."""

from __future__ import annotations

import datetime
from collections import Counter
from itertools import pairwise

import pytest

from corpus.place_data import read_common_words, read_places, read_renames, short_form
from corpus.places import Gazetteer, is_county_level, levels_for, load_gazetteer
from corpus.types import Place

JIANGSU = ("江苏省",)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    """One gazetteer for all tests: it never changes."""
    return load_gazetteer()


def path(place: Place | None) -> str | None:
    """The full names from the province down, in one string."""
    return None if place is None else "".join((*place.parents, place.name))


def found(gazetteer: Gazetteer, text: str, *context: str) -> list[tuple[str, list[str | None]]]:
    """Each mention as written, with the paths of its places."""
    return [
        (text[m.start : m.end], [path(p) for p in m.places]) for m in gazetteer.find(text, context=context)
    ]


def test_jiangsu_is_whole(gazetteer: Gazetteer) -> None:
    """江苏 has 13 prefectures and 95 county units: 55 districts, 21 county-level cities, 19 counties."""
    names = "、".join(p.name for p in gazetteer.children("江苏省"))
    assert names == (
        "南京市、无锡市、徐州市、常州市、苏州市、南通市、连云港市、淮安市、盐城市、扬州市、镇江市、泰州市、宿迁市"
    )
    kinds = Counter(p.kind for p in gazetteer.children("江苏省", "county"))
    assert kinds == {"市辖区": 55, "县级市": 21, "县": 19}


def test_codes_levels_and_parents(gazetteer: Gazetteer) -> None:
    """Codes have six digits below the province, and parents run from the top."""
    assert gazetteer.resolve("灌南县") == Place("320724", "灌南县", "county", "县", ("江苏省", "连云港市"))
    assert gazetteer.resolve("南通市") == Place("320600", "南通市", "prefecture", "地级市", ("江苏省",))
    assert gazetteer.resolve("江苏省") == Place("32", "江苏省", "province", "省")


@pytest.mark.parametrize(
    ("name", "level", "parents"),
    [
        ("东莞市", "prefecture", ("广东省",)),
        ("嘉峪关市", "prefecture", ("甘肃省",)),
        ("济源市", "county", ("河南省",)),
        ("浦东新区", "county", ("上海市",)),
        ("六枝特区", "county", ("贵州省", "六盘水市")),
    ],
)
def test_odd_units(gazetteer: Gazetteer, name: str, level: str, parents: tuple[str, ...]) -> None:
    """Units that skip a level, or have nothing below, are where they belong."""
    place = gazetteer.resolve(name)
    assert place is not None
    assert (place.level, place.parents) == (level, parents)


def test_children_of_a_prefecture(gazetteer: Gazetteer) -> None:
    """南通 has four county-level units that 县 asks for and three districts that 区 asks for."""
    below = gazetteer.children("南通")
    assert {p.name for p in below if is_county_level(p)} == {"如东县", "启东市", "如皋市", "海安市"}
    assert {p.name for p in below if p.kind in levels_for("区")} == {"崇川区", "通州区", "海门区"}
    assert gazetteer.children("东莞市") == ()
    assert gazetteer.children("不存在的地方") == ()


@pytest.mark.parametrize(
    ("word", "asked", "not_asked"),
    [
        ("县", {"县", "县级市", "自治县", "旗"}, {"地级市", "市辖区"}),
        ("市", {"地级市", "县级市"}, {"县", "市辖区"}),
        ("区", {"市辖区"}, {"县", "县级市"}),
        ("县市", {"县", "县级市", "地级市"}, {"市辖区", "省"}),
        ("县（市、区）", {"县", "县级市", "市辖区", "地级市"}, {"省"}),
        ("设区市", {"地级市"}, {"县级市"}),
        ("地方", {"县", "地级市", "省", "市辖区"}, set()),
    ],
)
def test_levels_for(word: str, asked: set[str], not_asked: set[str]) -> None:
    """A question's word asks for its kinds and no others."""
    assert asked <= levels_for(word)
    assert not_asked.isdisjoint(levels_for(word))


def test_levels_for_other_words() -> None:
    """A word that asks for no place asks for no kind."""
    assert levels_for("单位") == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "江南通过审议", "迎来大丰收", "房东台阶", "各项城市工作", "多项城市创建", "适应城市发展", "大同小异",
        "东海舰队", "沿南京路前行", "海安镇敬老院", "幸福安康", "和县里同志", "富县强民", "强县富民",
        "孙中山先生", "公安部门", "合作共赢", "无为而治", "建成县级平台", "朝阳产业", "中山装", "和平年代",
        "丰收", "新建文化广场", "长安街", "太平洋", "日照充足", "欢迎来宾", "城区道路", "老城区改造",
    ],
)  # fmt: skip
@pytest.mark.parametrize("context", [(), JIANGSU])
def test_words_are_not_places(gazetteer: Gazetteer, text: str, context: tuple[str, ...]) -> None:
    """Common words and pieces of words name no place, with a province known or not."""
    assert found(gazetteer, text, *context) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("灌南县积极推进", [("灌南县", "江苏省连云港市灌南县")]),
        ("打造泰兴样板", [("泰兴", "江苏省泰州市泰兴市")]),
        ("泰州市民", [("泰州市", "江苏省泰州市")]),
        ("上海安全生产", [("上海", "上海市")]),
        ("上海城市更新", [("上海", "上海市")]),
        ("上海市场", [("上海", "上海市")]),
        ("海安全市推广", [("海安", "江苏省南通市海安市")]),
        ("中共启东市委", [("启东市", "江苏省南通市启东市")]),
        ("淮安等地", [("淮安", "江苏省淮安市")]),
        ("丰县和沛县", [("丰县", "江苏省徐州市丰县"), ("沛县", "江苏省徐州市沛县")]),
        ("丰县城区", [("丰县", "江苏省徐州市丰县")]),
        ("盐城市创建", [("盐城市", "江苏省盐城市")]),
        ("海门市委", [("海门市", "江苏省南通市海门区")]),
        ("在吴江调研", [("吴江", "江苏省苏州市吴江区")]),
        ("东海县的东海农商银行", [("东海县", "江苏省连云港市东海县"), ("东海", "江苏省连云港市东海县")]),
        ("南京鼓楼", [("南京", "江苏省南京市"), ("鼓楼", "江苏省南京市鼓楼区")]),
        ("浙江义乌", [("浙江", "浙江省"), ("义乌", "浙江省金华市义乌市")]),
        ("延边朝鲜族自治州", [("延边朝鲜族自治州", "吉林省延边朝鲜族自治州")]),
    ],
)
@pytest.mark.parametrize("context", [(), JIANGSU])
def test_places_are_found(
    gazetteer: Gazetteer, text: str, expected: list[tuple[str, str]], context: tuple[str, ...]
) -> None:
    """Full names, short forms and former names are found as written, each with its one place."""
    assert found(gazetteer, text, *context) == [(name, [place]) for name, place in expected]


def test_chain_settles_the_district(gazetteer: Gazetteer) -> None:
    """A district named after its city is that city's, whatever the context says."""
    assert found(gazetteer, "北京市朝阳区", "吉林省")[-1] == ("朝阳区", ["北京市朝阳区"])
    assert found(gazetteer, "徐州市深入推进，鼓楼区先行", "江苏省")[-1] == ("鼓楼区", ["江苏省徐州市鼓楼区"])


def test_open_names_keep_every_candidate(gazetteer: Gazetteer) -> None:
    """What nothing settles stays open; a province narrows it, a prefecture settles it."""
    assert found(gazetteer, "鼓楼区")[0][1] == [
        "江苏省南京市鼓楼区", "江苏省徐州市鼓楼区", "福建省福州市鼓楼区", "河南省开封市鼓楼区",
    ]  # fmt: skip
    assert found(gazetteer, "鼓楼区", "江苏省")[0][1] == ["江苏省南京市鼓楼区", "江苏省徐州市鼓楼区"]
    assert found(gazetteer, "鼓楼区", "江苏省", "南京市")[0][1] == ["江苏省南京市鼓楼区"]
    assert found(gazetteer, "海州区", "辽宁省")[0][1] == ["辽宁省阜新市海州区"]
    assert found(gazetteer, "通州", "江苏省")[0][1] == ["江苏省南通市通州区"]


def test_context_may_be_an_issuer(gazetteer: Gazetteer) -> None:
    """The name of an office gives its province as context."""
    assert found(gazetteer, "海州区", "江苏省精神文明建设办公室")[0][1] == ["江苏省连云港市海州区"]


def test_resolve(gazetteer: Gazetteer) -> None:
    """A name resolves to the higher level; a chain to its last; the unknown and the open to None."""
    assert path(gazetteer.resolve("淮安")) == "江苏省淮安市"
    assert path(gazetteer.resolve("江苏省南京市鼓楼区")) == "江苏省南京市鼓楼区"
    assert path(gazetteer.resolve("鼓楼区", ("南京市",))) == "江苏省南京市鼓楼区"
    assert gazetteer.resolve("鼓楼区") is None
    assert path(gazetteer.resolve("徐州市鼓楼区")) == "江苏省徐州市鼓楼区"


def test_unique_names(gazetteer: Gazetteer) -> None:
    """No two places have the same; only where another bears the name does what it lies in stand before it."""
    unique = [place.unique_name for place in gazetteer.places]
    assert len(set(unique)) == len(unique)
    assert [p.unique_name for p in gazetteer.by_name("朝阳区")] == ["北京市朝阳区", "长春市朝阳区"]
    assert [p.unique_name for p in gazetteer.by_name("沛县")] == ["沛县"]
    for name in ("徐州市鼓楼区", "沛县"):
        assert [p.unique_name for p in gazetteer.by_name(name)] == [name]
    assert gazetteer.resolve("没有这个县") is None


def test_by_name(gazetteer: Gazetteer) -> None:
    """A short form gives every level that bears it, a former name the place of today."""
    assert [p.name for p in gazetteer.by_name("淮安")] == ["淮安市", "淮安区"]
    assert [path(p) for p in gazetteer.by_name("港闸区")] == ["江苏省南通市崇川区"]
    assert gazetteer.by_name("丰") == ()


def test_renames(gazetteer: Gazetteer) -> None:
    """Renames count from their year, and a name still in use elsewhere changes only in context."""
    assert gazetteer.current_name("海门市") == "海门区"
    assert gazetteer.current_name("海门市", datetime.date(2019, 12, 31)) == "海门市"
    assert gazetteer.current_name("清河区") == "清河区"
    assert gazetteer.current_name("清河区", context=JIANGSU) == "清江浦区"
    assert gazetteer.current_name("灌南县") == "灌南县"
    assert gazetteer.renamed("海门区") == (("海门市", "海门区", 2020),)
    assert ("港闸区", "崇川区", 2020) in gazetteer.renamed("崇川区")
    assert gazetteer.renamed("灌南县") == ()


def test_every_rename_leads_to_one_place_of_today(gazetteer: Gazetteer) -> None:
    """No rename points at a name that doesn't exist or isn't unique in its province."""
    for rename in read_renames():
        heirs = [p for p in gazetteer.by_name(rename.new) if rename.within in p.parents]
        assert len(heirs) == 1, rename


def test_every_common_word_is_a_name() -> None:
    """The list of common words holds no word that isn't a place's name."""
    full, short = read_common_words()
    renames = read_renames()
    names = {p.name for p in read_places()} | {r.old for r in renames}
    assert full <= names
    assert short <= {short_form(name) for name in names}


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("丰县", None),
        ("灌南县", "灌南"),
        ("内蒙古自治区", "内蒙古"),
        ("香港特别行政区", "香港"),
        ("积石山保安族东乡族撒拉族自治县", "积石山"),
        ("伊犁哈萨克自治州", "伊犁"),
        ("管城回族区", "管城"),
        ("神农架林区", "神农架"),
    ],
)
def test_short_forms(name: str, short: str | None) -> None:
    """A short form drops the kind and the peoples, and has two characters at least."""
    assert short_form(name) == short


@pytest.mark.parametrize(
    ("title", "author", "opening", "expected"),
    [
        ("灌南县：以新实践绘就底色", None, "", "江苏省连云港市灌南县"),
        ('淮安市: "四个坚持"提质', None, "", "江苏省淮安市"),
        ("东海：激活新动能", None, "东海县坚持为民。", "江苏省连云港市东海县"),
        ("常熟市董浜镇：文明新风", None, "", "江苏省苏州市常熟市"),
        ("南京市鼓楼区：文明新风", None, "", "江苏省南京市鼓楼区"),
        ("鼓楼区：文明新风", None, "近年来，南京市鼓楼区坚持创新。", "江苏省南京市鼓楼区"),
        ("鼓楼区：文明新风", None, "近年来，全区坚持创新。", None),
        ("紧扣目标补短板", "中共泰州市委宣传部副部长、市文明办主任", "", "江苏省泰州市"),
        ("立足新起点", "中共启东市委常委、宣传部部长", "对标上海，启东市……", "江苏省南通市启东市"),
        ("立足新起点", "南京市鼓楼区委书记", "", "江苏省南京市鼓楼区"),
        ("立足新起点", None, "近年来，昆山市坚持创新。", "江苏省苏州市昆山市"),
        ("立足新起点", None, "作为江苏首批试点，常熟把准定位。", "江苏省苏州市常熟市"),
        ("立足新起点", None, "学习上海经验，太仓市先行先试。", "江苏省苏州市太仓市"),
        ("海门市：文明新风", None, "", "江苏省南通市海门区"),
        ("江苏：文明新风", None, "全省上下同心。", "江苏省"),
        ("省文明办：部署工作", "省文明办", "会议强调创新。", None),
        ("推进会召开", None, "3月，全省推进会在昆山市召开。代表们看了昆山市的书房。", None),
        ("书展开幕", None, "书展在昆山市举办，昆山市的书房全部开放。", "江苏省苏州市昆山市"),
        ("工作要点", None, "在南京、苏州、常州3市开展试点。", None),
    ],
)
def test_about(
    gazetteer: Gazetteer, title: str, author: str | None, opening: str, expected: str | None
) -> None:
    """An article's place comes from its title's head, then its author, then its opening."""
    assert path(gazetteer.about(title, author, opening, JIANGSU)) == expected


def test_spans_are_in_order_and_disjoint(gazetteer: Gazetteer) -> None:
    """Mentions come in order, and none overlaps the next."""
    mentions = gazetteer.find("江苏省南通市如东县与启东市、海门区、南京联动", context=JIANGSU)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    names = [m.places[0].name for m in mentions]
    assert names == ["江苏省", "南通市", "如东县", "启东市", "海门区", "南京市"]


def test_a_megabyte(gazetteer: Gazetteer) -> None:
    """In a text of 1 MB every place is found."""
    text = "近年来，灌南县聚焦群众所盼，推动泰兴、启东等地文明实践走深走实，各项城市工作有序开展。\n" * 8000
    mentions = gazetteer.find(text, context=JIANGSU)
    assert len(text.encode()) > 1_000_000
    assert len(mentions) == 24000
