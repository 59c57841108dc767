"""The embedded sample corpus: there, marked as a digest, and true to the figures of its bulletins."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from corpus.load import Loader
from corpus.places import load_gazetteer
from corpus.types import ParsedDocument

NAMES = ("2022-01.txt", "2025-16.txt", "2025-20.txt")
DIGEST_MARK = "（摘编，非原文）"

FIGURES = [
    ("2022-01.txt", "紧扣目标补短板", "头盔有3万多只"),
    ("2022-01.txt", "紧扣目标补短板", "便民上牌点近百个"),
    ("2022-01.txt", "立足新起点", "96个路段"),
    ("2022-01.txt", "立足新起点", "近4000名志愿者"),
    ("2022-01.txt", "立足新起点", "老旧小区整体改造面积201万平方米"),
    ("2022-01.txt", "聚焦主责主业", "211个“家门口的暑托班”"),
    ("2025-16.txt", "淮安市", "每个县区挑4-5家所站"),
    ("2025-16.txt", "沭阳县", '"市民夜校合伙人",共123名'),
    ("2025-16.txt", "沭阳县", "增加到152名"),
    ("2025-16.txt", "如东县", "县级专业志愿服务队27支"),
    ("2025-16.txt", "如东县", "800余失能家庭"),
    ("2025-20.txt", "灌南县", "238名“文明实践指导员”，他们来自98家单位"),
    ("2025-20.txt", "丰县", "受惠老人累计7100余位"),
    ("2025-20.txt", "溧阳市", "加入“伙伴计划”的公益组织现有20家"),
    ("2025-20.txt", "沛县", "不见面办理率为98.5%"),
    ("2025-20.txt", "泰兴市", "活动办了860余场次"),
    ("2025-20.txt", "东海县", "技能得到提升的快递员有1887名"),
]


def sample(name: str) -> str:
    return (resources.files("corpus") / "sample" / name).read_text(encoding="utf-8")


def articles(name: str) -> list[str]:
    """The articles of a file, each from its title on, without white space; contents list left out."""
    parts = [re.sub(r"\s", "", part) for part in sample(name).split("\n◆ ")[1:]]
    return parts[len(parts) // 2 :]


@pytest.mark.parametrize("name", NAMES)
def test_sample_says_near_its_head_that_it_is_a_digest(name: str) -> None:
    """The digest mark stands on a line of its own between series and date."""
    lines = [line for line in sample(name).splitlines() if line]
    assert lines[0] == "江苏精神文明建设简报"
    assert lines[2] == DIGEST_MARK


@pytest.mark.parametrize(
    ("name", "issue", "date"),
    [
        ("2022-01.txt", "1", "2022年1月18日"),
        ("2025-16.txt", "16", "2025年10月15日"),
        ("2025-20.txt", "20", "2025年11月30日"),
    ],
)
def test_sample_masthead_names_issue_and_date(name: str, issue: str, date: str) -> None:
    """The masthead carries the issue number and the date of the bulletin digested."""
    lines = [re.sub(r"\s", "", line) for line in sample(name).splitlines() if line]
    assert lines[1] == f"第{issue}期"
    assert lines[4] == date


@pytest.mark.parametrize(("name", "title", "figure"), FIGURES)
def test_figure_stands_in_the_article_of_its_place(name: str, title: str, figure: str) -> None:
    """A key figure stands, with what it counts, in the article it belongs to and in no other."""
    holders = [article for article in articles(name) if figure in article]
    assert [article.startswith(title) for article in holders] == [True]


@pytest.mark.parametrize("name", NAMES)
def test_contents_list_names_every_article_in_order(name: str) -> None:
    """The contents list and the titles over the articles agree, white space aside."""
    titles = [re.sub(r"\s", "", line) for line in sample(name).splitlines() if line.startswith("◆ ")]
    half = len(titles) // 2
    assert titles[:half] == titles[half:]
    assert half == {"2022-01.txt": 3, "2025-16.txt": 3, "2025-20.txt": 6}[name]


def test_sample_keeps_one_style_of_punctuation_per_file() -> None:
    """2025-16 is punctuated in ASCII like many scans, the others in full width throughout."""
    body = sample("2025-16.txt").replace(DIGEST_MARK, "")
    assert re.findall("[，：；“”（）]", body) == []
    for name in ("2022-01.txt", "2025-20.txt"):
        assert re.findall('[,:;"()]', sample(name)) == []


def test_readme_says_the_sample_is_not_the_original() -> None:
    """The folder's README tells readers that the wording is ours and not to be cited as the bulletin's."""
    readme = sample("README.md")
    assert "不可当作原文引用" in readme
    assert "江苏省精神文明建设办公室" in readme


@pytest.fixture(scope="module")
def parsed() -> dict[str, ParsedDocument]:
    """Every sample file as the loader understands it, by file name."""
    loader = Loader(load_gazetteer())
    return {name: loader.parse(sample(name).encode(), name) for name in NAMES}


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("2022-01.txt", ["泰州市", "启东市", "常熟市"]),
        ("2025-16.txt", ["淮安市", "沭阳县", "如东县"]),
        ("2025-20.txt", ["灌南县", "丰县", "溧阳市", "沛县", "泰兴市", "东海县"]),
    ],
)
def test_sample_parses_into_articles_with_their_places(
    parsed: dict[str, ParsedDocument], name: str, places: list[str]
) -> None:
    """The loader finds every article, its place, and the digest mark, and has nothing to warn of."""
    assert [article.place for article in parsed[name].articles] == places
    assert parsed[name].document.digest
    assert parsed[name].warnings == ()


def test_speeches_of_2022_keep_their_authors(parsed: dict[str, ParsedDocument]) -> None:
    """The author line under each speech is read as its author."""
    authors = [article.author or "" for article in parsed["2022-01.txt"].articles]
    assert [author.split(" ")[-1] for author in authors] == ["高宇彤", "崔晓勇", "周晓"]


@pytest.mark.parametrize(
    ("name", "joined"),
    [
        ("2022-01.txt", "设“骏马奖”和“蜗牛奖”"),
        ("2022-01.txt", "并召开夜点评会"),
        ("2025-16.txt", "非遗市集轮番上演。"),
        ("2025-16.txt", "后来增加到152名"),
        ("2025-16.txt", '文艺送"理"村村行'),
        ("2025-16.txt", "爱心助餐"),
        ("2025-20.txt", "人社和医保业务"),
    ],
)
def test_sentences_cut_by_page_ends_and_stray_spaces_are_made_whole(
    parsed: dict[str, ParsedDocument], name: str, joined: str
) -> None:
    """What a page end or the OCR parted in the file stands whole within one passage."""
    assert sum(joined in passage.text for passage in parsed[name].passages) == 1
