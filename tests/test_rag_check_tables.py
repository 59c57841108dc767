"""Figures of a draft against the tables of the bulletins."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes import HashEmbedder

from corpus.formats import FileParser
from corpus.places import load_gazetteer
from index.library import open_library
from rag.check import Checker

BULLETIN = """# 江苏某某夜校通报

第5期

2025年12月20日

## 全市夜校办学情况

全市夜校全年开课，灯亮到九点。各地数字见下表，内容由各地报来，按开班先后排列。

| 县（市、区） | 特色项目 | 开班场次 | 学员（万人） | 好评率 |
| --- | --- | --- | --- | --- |
| 睢宁县 | 灯下课堂 | 412 | 3.1 | 96.2% |
| 沛县 | 渔鼓小班 | 388 | 2.4 | 97.8% |
| 合计 | | 800 | 5.5 | |
"""


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checker]:
    with open_library(tmp_path_factory.mktemp("tables"), HashEmbedder()) as library:
        library.add([FileParser(load_gazetteer()).parse(BULLETIN.encode(), "夜校.md")])
        yield Checker(library, load_gazetteer())


@pytest.mark.parametrize(
    ("draft", "figure", "verdict", "found"),
    [
        ("睢宁县夜校学员有3.1万人。", "3.1万人", "consistent", "3.1万人"),
        ("睢宁县夜校的学员31000人。", "31000人", "consistent", "3.1万人"),
        ("沛县夜校的好评率达97.8%。", "97.8%", "consistent", "97.8%"),
        ("睢宁县夜校的好评率达97.8%。", "97.8%", "inconsistent", "96.2%"),  # that is 沛县's
        ("沛县夜校开班场次412场。", "412场", "inconsistent", "388场次"),
        ("渔鼓小班好评率97.8%，在夜校里叫得响。", "97.8%", "consistent", "97.8%"),
        ("全市夜校开班场次合计800场。", "800场", "consistent", "800场次"),
        ("丰县夜校的好评率达97.8%。", "97.8%", "not_found", ""),
    ],
)
def test_a_figure_is_compared_with_its_own_cell(
    checker: Checker, draft: str, figure: str, verdict: str, found: str
) -> None:
    """Of the row that the sentence names and the column that it speaks of, with the unit of the head."""
    findings = [f for f in checker.check(draft).findings if f.kind == "figure"]
    assert [(f.text, f.verdict, f.found) for f in findings] == [(figure, verdict, found)]


def test_the_quote_is_the_row(checker: Checker) -> None:
    """To the character."""
    (finding,) = (f for f in checker.check("沛县夜校的好评率达97.8%。").findings if f.kind == "figure")
    assert finding.citation
    assert finding.citation.quote == "沛县\t渔鼓小班\t388\t2.4\t97.8%"
