"""Questions answered from the cells of a table."""

from __future__ import annotations

from pathlib import Path

import pytest
from answerers import answerer_over
from rag_makers import GAZETTEER, make_evidence, make_passage, make_query

from corpus.places import Gazetteer
from rag.answer import Answerer
from rag.cell_lists import list_cells
from rag.cells import Reading, read_cells
from rag.expected import expected_answers
from rag.table_source import find_tables
from rag.types import Answer, Intent, Question
from rag.verify import fault

HEADS = "县（市、区）\t特色项目\t开班场次\t学员（万人）\t经费\t好评率"
ROWS = {
    "睢宁县": "睢宁县\t灯下课堂\t412\t3.1\t1,204\t96.2%",
    "沛县": "沛县\t渔鼓小班\t388\t2.4\t867\t97.8%",
    "新沂市": "新沂市\t窑湾学堂\t450\t3.6\t930\t91.5%",
    "合计": "合计\t\t1250\t9.1\t3001\t",
}
TEXT = "\n".join(["表1各地夜校情况（经费单位：千元）", HEADS, *ROWS.values(), "以上为全年数字。"])
ABOVE = TEXT[: TEXT.index("\n睢宁县")]
PASSAGE = make_passage(TEXT, title="夜校年度通报")


def read(question: str, intent: Intent = "figure", *places: str, text: str = TEXT) -> Reading | None:
    query = make_query(question, intent=intent, places=places)
    passage = make_passage(text, title="夜校年度通报")
    reading = read_cells(query, find_tables([passage], lambda _: text), expected_answers(question))
    if reading:
        assert fault(reading.draft, lambda _: text, GAZETTEER) is None
    return reading


def said(reading: Reading | None) -> tuple[str, list[str]]:
    assert reading
    return reading.draft.text, [e.text for e in reading.draft.evidence]


TITLE = "表1各地夜校情况（经费单位：千元）："


@pytest.mark.parametrize(
    ("question", "intent", "places", "cells", "rows"),
    [
        ("睢宁县有多少万人当了学员", "figure", ["睢宁县"], "睢宁县，学员（万人）3.1", ["睢宁县"]),
        ("沛县夜校的好评率是多少", "figure", ["沛县"], "沛县，好评率97.8%", ["沛县"]),
        ("睢宁县开了多少场班", "figure", ["睢宁县"], "睢宁县，开班场次412", ["睢宁县"]),
        ("窑湾学堂的好评率是多少", "figure", [], "新沂市，窑湾学堂，好评率91.5%", ["新沂市"]),
        ("沛县的特色项目叫什么", "fact", ["沛县"], "沛县，特色项目渔鼓小班", ["沛县"]),
        ("全市一共开了多少场班", "figure", [], "合计，开班场次1250", ["合计"]),
        (
            "比较睢宁县和沛县的好评率",
            "compare",
            ["睢宁县", "沛县"],
            "睢宁县，好评率96.2%；沛县，好评率97.8%",
            ["睢宁县", "沛县"],
        ),
    ],
)
def test_the_cell_asked_for_is_read(
    question: str, intent: Intent, places: list[str], cells: str, rows: list[str]
) -> None:
    """Under its head, of the row that the question names by place or by another cell; the heads with the
    title and the row are the quotes."""
    text, quotes = said(read(question, intent, *places))
    assert text == f"{TITLE}{cells}。"
    assert quotes == [ABOVE, *(ROWS[row] for row in rows)]


@pytest.mark.parametrize(
    ("question", "cells"),
    [
        ("哪个县的好评率最高", "好评率最高的是沛县，97.8%"),
        ("好评率最低的是哪里", "好评率最低的是新沂市，91.5%"),
        ("开班场次最多的是哪个县的什么特色项目", "开班场次最多的是新沂市窑湾学堂，450"),
    ],
)
def test_the_greatest_is_told_with_the_whole_table(question: str, cells: str) -> None:
    """The sum of all is not one of them; the quote holds every row that was compared."""
    text, quotes = said(read(question, "fact"))
    assert text == f"{TITLE}{cells}。"
    assert quotes == [ABOVE, "\n".join([HEADS, *ROWS.values()])]


def test_the_greatest_of_an_incomplete_table_is_not_told() -> None:
    """Neither where a row has no figure nor where one can't be read."""
    for broken in (ROWS["沛县"].replace("97.8%", "—"), "沛县\t97.8%"):
        assert read("哪个县的好评率最高", "fact", text=TEXT.replace(ROWS["沛县"], broken)) is None


def test_ranks_are_found() -> None:
    """第2名 by its cell, and by a column of ranks; the whole row is read. A rank counts nobody."""
    plain = "第1名\t丰县\t得分98分\n备注\t略\n第2名\t邳州市\t得分95分"
    assert said(read("得分第二名是谁", "fact", text=plain)) == (
        "第2名，邳州市，得分95分。",
        ["第2名\t邳州市\t得分95分"],
    )
    asked = read("邳州市排第几名", "figure", "邳州市", text=plain)
    assert said(asked)[0] == "邳州市，第2名。"
    both = read("邳州市得分多少分，排第几", "figure", "邳州市", text=plain)
    assert said(both)[0] == "邳州市，第2名，得分95分。"
    assert read("邳州市有几名老师", "figure", "邳州市", text=plain) is None
    headed = "名次\t县\t得分\n1\t丰县\t98\n2\t邳州市\t95"
    assert said(read("排名第一的是哪个县", "fact", text=headed))[0] == "名次1，县丰县，得分98。"


@pytest.mark.parametrize(
    ("question", "intent", "places"),
    [
        ("丰县夜校的好评率是多少", "figure", ["丰县"]),  # no row
        ("睢宁县的夜校请了多少老师", "figure", ["睢宁县"]),  # no column
        ("睢宁县学员占比是多少", "figure", ["睢宁县"]),  # a count is no share
        ("睢宁县的好评率为什么高", "fact", ["睢宁县"]),  # a figure is no reason
        ("关于好评率最高的县有什么话可以引用", "quote", []),
        ("哪个县的校舍最大", "fact", []),
        ("睢宁县特色项目报一个名要交多少", "figure", ["睢宁县"]),
        ("睢宁县的离婚率是多少", "figure", ["睢宁县"]),
        ("睢宁县的好评率提高了多少", "figure", ["睢宁县"]),
        ("睢宁县有多少个老师", "figure", ["睢宁县"]),
        ("沛县去年的好评率是多少", "figure", ["沛县"]),  # the table doesn't say of which year it is
    ],
)
def test_what_a_table_does_not_say_is_not_read_from_it(
    question: str, intent: Intent, places: list[str]
) -> None:
    """Other places, other columns, other kinds of things."""
    assert read(question, intent, *places) is None


def test_figures_without_heads_are_not_told() -> None:
    """Heads of two lines, or of other numbers of cells, can't be matched: what a figure is of isn't known."""
    text = "县\t项目\t投入\n\t\t去年\t今年\n丰县\t麦田学堂\t31\t40"
    assert read("丰县的麦田学堂", "fact", "丰县", text=text) is None
    assert read("丰县投入了多少", "figure", "丰县", text=text) is None


def test_a_year_chooses_among_columns() -> None:
    """2025年投入 is not answered with the column of 2024."""
    text = "县\t2024年投入（万元）\t2025年投入（万元）\n丰县\t31\t40\n沛县\t20\t25"
    assert (
        said(read("丰县2025年投入了多少万元", "figure", "丰县", text=text))[0]
        == "丰县，2025年投入（万元）40。"
    )
    assert (
        said(read("2024年投入最少的是哪个县", "fact", text=text))[0] == "2024年投入（万元）最少的是沛县，20。"
    )


def test_sentences_that_answer_as_well_go_first() -> None:
    """A table is read where no sentence among the best has the figure, or the words of its head."""
    question = "睢宁县有多少万人当了学员"
    reading = read(question, "figure", "睢宁县")
    assert reading
    query, expected = make_query(question, intent="figure", places=("睢宁县",)), expected_answers(question)
    assert not reading.is_better(query, [make_evidence("全县有3.1万人当了夜校学员。")], expected)
    assert reading.is_better(query, [make_evidence("夜校开到了村口。")], expected)
    fact = read("沛县的特色项目叫什么", "fact", "沛县")
    assert fact
    query = make_query("沛县的特色项目", places=("沛县",))
    assert not fact.is_better(query, [make_evidence("沛县的特色项目是渔鼓。")], ())
    assert fact.is_better(query, [make_evidence("沛县办了夜校。")], ())


def test_only_who_says_which_is_greatest_answers_as_well_as_the_table() -> None:
    """最高 of something else doesn't, nor the head without 最."""
    question = "哪个县的好评率最高"
    reading, query, expected = read(question, "fact"), make_query(question), expected_answers(question)
    assert reading
    assert reading.is_better(
        query, [make_evidence("补助最高50万元。"), make_evidence("好评率97%。")], expected
    )
    assert not reading.is_better(query, [make_evidence("沛县的好评率最高。")], expected)


def listed(question: str, gazetteer: Gazetteer, text: str = TEXT) -> list[tuple[str | None, str]]:
    query = make_query(question, intent="list")
    drafts = list_cells(query, find_tables([make_passage(text)], lambda _: text), gazetteer)
    assert [fault(draft, lambda _: text, gazetteer) for draft in drafts] == [None] * len(drafts)
    return [(draft.place, draft.text) for draft in drafts]


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("哪些县好评率超过96%", ["睢宁县", "沛县"]),
        ("好评率在96.2%以上的有哪些县", ["睢宁县", "沛县"]),
        ("好评率高于96.2%的有哪些县", ["沛县"]),
        ("哪些县学员不到3万人", ["沛县"]),
        ("哪些县学员不少于31000人", ["睢宁县", "新沂市"]),
        ("哪些县开班场次不超过412场", ["睢宁县", "沛县"]),
    ],
)
def test_places_beyond_a_bound_are_listed(question: str, places: list[str], gazetteer: Gazetteer) -> None:
    """All of them and no other, each with its cell; 万 is reckoned with, and the sum of all is no place."""
    lead, *rows = listed(question, gazetteer)
    assert lead == (None, f"简报中共找到{len(places)}个地方：{'、'.join(places)}。")
    assert [place for place, _ in rows] == places


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("好评率排名前两位的是哪些县", ["沛县", "睢宁县"]),
        ("开班场次后两名是哪些县", ["沛县", "睢宁县"]),
        ("开班场次最多的前三季度", []),
    ],
)
def test_the_first_are_listed_by_a_column(question: str, places: list[str], gazetteer: Gazetteer) -> None:
    """Or the last, in that order; 前三季度 are no ranks."""
    assert [place for place, _ in listed(question, gazetteer)[1:]] == places


def test_the_first_are_listed_by_their_ranks(gazetteer: Gazetteer) -> None:
    """Each row is read whole."""
    text = "第1名\t丰县\t得分98分\n第2名\t邳州市\t得分95分\n第3名\t沛县\t得分91分"
    assert listed("督查前两名是哪些县", gazetteer, text)[1:] == [
        ("丰县", "第1名，丰县，得分98分。"),
        ("邳州市", "第2名，邳州市，得分95分。"),
    ]
    assert [place for place, _ in listed("倒数两名是哪些县", gazetteer, text)[1:]] == ["沛县", "邳州市"]


KINDS = """夜校问题整改情况
县（市、区）\t牵头单位\t整改状态\t考核等次
睢宁县\t教育局\t已完成\t优秀
沛县\t文旅局\t未完成\t良好
新沂市\t教育局\t已完成\t良好
丰县\t文旅局\t正在整改\t一般"""


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("夜校问题整改已完成的有哪些县", ["睢宁县", "新沂市"]),
        ("哪些县完成了夜校问题整改", ["睢宁县", "新沂市"]),
        ("夜校问题还没有完成整改的是哪几个县", ["沛县"]),
        ("夜校整改未完成的有哪些县", ["沛县"]),
        ("考核等次评为良好的有哪些县市", ["沛县", "新沂市"]),
        ("哪些县的养老院未完成改造", []),  # of something else
        ("教育局办夜校的有哪些县", []),  # no state
        ("哪些县夜校没有优秀学员", []),
    ],
)
def test_places_of_a_state_are_listed(question: str, places: list[str], gazetteer: Gazetteer) -> None:
    """Those whose cell is the state or class that is named, done and not yet done told apart."""
    assert [place for place, _ in listed(question, gazetteer, KINDS)[1:]] == places


def test_places_elsewhere_are_not_listed(gazetteer: Gazetteer) -> None:
    """A table of Xuzhou's counties answers for Xuzhou, not for Nantong."""
    asked = "哪些县好评率超过96%"
    for city, wanted in (("徐州市", ["睢宁县", "沛县"]), ("南通市", [])):
        query = make_query(city + asked, intent="list", places=(city,))
        drafts = list_cells(query, find_tables([PASSAGE], lambda _: TEXT), gazetteer)
        assert [draft.place for draft in drafts[1:]] == wanted


def test_no_list_without_a_column_or_places(gazetteer: Gazetteer) -> None:
    """A bound on something else, none at all, or rows that are no places: the table lists nothing."""
    assert listed("哪些县的教室超过30间", gazetteer) == []
    assert listed("哪些县好评率高", gazetteer) == []
    assert listed("哪些学校好评率超过90%", gazetteer, "学校\t好评率\n第一小学\t95%\n第二小学\t80%") == []


MARKDOWN = """# 江苏某某夜校通报

第5期

2025年12月20日

## 全市夜校办学情况

全市夜校全年开课，灯亮到九点。各地数字见下表，内容由各地报来，按开班先后排列。

| 县（市、区） | 特色项目 | 开班场次 | 学员（万人） | 好评率 |
| --- | --- | --- | --- | --- |
| 睢宁县 | 灯下课堂 | 412 | 3.1 | 96.2% |
| 沛县 | 渔鼓小班 | 388 | 2.4 | 97.8% |
| 新沂市 | 窑湾学堂 | 450 | 3.6 | 91.5% |

## 沛县：夜校进渔村

沛县把夜校办到渔船码头，渔民收网后就来听课，老师坐着船来，一周两晚，从不间断。
"""


@pytest.fixture(scope="module")
def answerer(
    tmp_path_factory: pytest.TempPathFactory, bundled_model_cache: Path, gazetteer: Gazetteer
) -> Answerer:
    """Over one bulletin with a table, with the real model."""
    folder = tmp_path_factory.mktemp("table")
    return answerer_over({"夜校.md": MARKDOWN}, folder, bundled_model_cache, gazetteer)


def answered(answerer: Answerer, question: str) -> Answer:
    answer = answerer.answer(Question(question))
    assert answer.status == "answered"
    assert answer.rejected == ()
    return answer


def test_a_bulletin_with_a_table_is_asked(answerer: Answerer) -> None:
    """A county with an article of its own, one without, the greatest, and a list by a bound; the passage
    with the table comes first."""
    assert "沛县，好评率97.8%。" in (answer := answered(answerer, "沛县夜校的好评率是多少")).text
    assert "\t97.8%" in answer.passages[0].passage.text
    assert [c.quote.split("\t")[0] for c in answer.citations][-1] == "沛县"
    assert "睢宁县，学员（万人）3.1。" in answered(answerer, "睢宁的夜校学员有多少万人").text
    assert "好评率最低的是新沂市，91.5%。" in answered(answerer, "夜校好评率最低的是哪个县").text
    answer = answered(answerer, "哪些县夜校开班场次超过400场")
    assert [(item.place, item.text) for item in answer.items] == [
        ("睢宁县", "开班场次412。"),
        ("新沂市", "开班场次450。"),
    ]


def test_what_an_article_tells_is_not_pushed_aside(answerer: Answerer) -> None:
    """沛县's article answers what it says; the table doesn't stand in for what nobody says."""
    assert "渔船码头" in answered(answerer, "沛县把夜校办到了哪里").text
    assert answerer.answer(Question("沛县的夜校请了多少位老师")).status == "no_evidence"


def test_a_row_is_never_shown_with_tabs(answerer: Answerer) -> None:
    """A thing that only a row names is told with the whole of it, its cells parted as one reads them."""
    answer = answered(answerer, "沛县渔鼓小班")
    assert answer.text == (
        "县（市、区）沛县，特色项目渔鼓小班，开班场次388，学员（万人）2.4，好评率97.8%。[1][2]"
    )
