"""Tables read back out of a document's text."""

from __future__ import annotations

import pytest

from rag.table import is_bare, number_in, read_out, tables_at

TEXT = """各地办了夜校。得分和投入如下：
单位：万元
县（市、区）\t夜校数量（所）\t2024年投入\t2025年投入\t好评率
睢宁县\t1,204\t31.5\t40\t96.2%
沛县\t88\t20\t25.5\t—
合计\t1,292\t51.5\t65.5\t
注：以上数字截至年底。
第1名\t丰县\t得分98分
第2名\t邳州市\t得分95分
"""


def test_a_row_is_read_under_its_heads() -> None:
    """Wherever in a table a passage begins, the heads and the lines above it are found; a cell is told with
    the unit of its head, else with that above the table, and a share with neither."""
    start = TEXT.index("沛县")
    (table,) = tables_at(TEXT, start, start + 5)
    assert table.heads and TEXT[table.heads.start : table.heads.end].startswith("县（市、区）\t夜校数量")
    assert [TEXT[row.start : row.end] for row in table.above] == ["得分和投入如下：", "单位：万元"]
    first = table.rows[0]
    assert TEXT[first.start : first.end] == "睢宁县\t1,204\t31.5\t40\t96.2%"
    told = [table.told(first, column) for column in range(5)]
    assert told == [
        "县（市、区）睢宁县",
        "夜校数量1204所",
        "2024年投入31.5万元",
        "2025年投入40万元",
        "好评率96.2%",
    ]
    assert table.named(first, 1) == "夜校数量（所）1,204"
    assert [row.cells[0] for row in table.single_rows] == ["睢宁县", "沛县"]
    assert table.is_whole


def test_tables_apart_are_two() -> None:
    """A line without cells ends a table; one whose cells say all themselves has no heads."""
    first, second = tables_at(TEXT, 0, len(TEXT))
    assert [row.cells[0] for row in first.rows] == ["睢宁县", "沛县", "合计"]
    assert second.heads is None
    assert [row.cells for row in second.rows] == [
        ("第1名", "丰县", "得分98分"),
        ("第2名", "邳州市", "得分95分"),
    ]
    assert second.above == ()  # a sentence is no title
    assert second.told(second.rows[0], 2) == "得分98分"
    assert second.unit(2) == ""


def test_years_can_be_heads_but_other_figures_are_not() -> None:
    """县\t2023\t2024 heads columns; a row that is short of cells can't be read, and is told of."""
    (table,) = tables_at("乡镇\t2023\t2024\n青石镇\t12\t30\n白桥镇\t9\n", 0, 3)
    assert table.heads and table.heads.cells == ("乡镇", "2023", "2024")
    assert [row.cells for row in table.rows] == [("青石镇", "12", "30")]
    assert not table.is_whole
    (bare,) = tables_at("青石镇\t12\t30\n白桥镇\t9\t8\n", 0, 3)
    assert bare.heads is None


MERGED = (
    "序号\t县\t超市（个）\t兑换情况\t\t备注\n"
    "\t\t\t人次（万）\t金额（万元）\t\n"
    "1\t沛县\t86\t4.2\t31.5\t\n"
    "2\t睢宁县\t112\t6.8\t52\t新增12个\n"
)


def test_heads_of_two_lines_are_read_together() -> None:
    """What covers several columns is said with the head below it; the quote holds both lines."""
    (table,) = tables_at(MERGED, 0, len(MERGED))
    assert table.heads
    assert table.heads.cells == (
        "序号",
        "县",
        "超市（个）",
        "兑换情况人次（万）",
        "兑换情况金额（万元）",
        "备注",
    )
    assert MERGED[table.heads.start : table.heads.end].endswith("金额（万元）\t")
    assert [table.told(row, 4) for row in table.rows] == ["兑换情况金额31.5万元", "兑换情况金额52万元"]


@pytest.mark.parametrize(
    "text",
    [
        MERGED.replace("\t\t\t人次", "人次").replace("）\t\n1", "）\n1"),  # empty cells were dropped
        "1\t沛县\t86\n2\t睢宁县\t112",  # no heads
    ],
)
def test_figures_that_stand_under_no_head_are_of_nothing(text: str) -> None:
    """Better no row than one whose figures are told of the wrong column."""
    (table,) = tables_at(text, 0, len(text))
    assert (table.heads, table.rows, table.is_whole) == (None, (), False)


@pytest.mark.parametrize(
    ("question", "column", "written"),
    [
        ("睢宁县夜校数量是多少", 1, "夜校数量"),
        ("睢宁县有多少夜校", 1, ""),  # two characters of four
        ("2025年投入多少", 3, "投入"),
        ("好评率最高的县", 4, "好评率"),
        ("哪个县的投诉最多", 3, ""),
        ("哪个县得的好评最多", 4, ""),
    ],
)
def test_a_head_that_the_question_writes(question: str, column: int, written: str) -> None:
    """Three characters of it, or the whole head without its year and its unit."""
    assert tables_at(TEXT, 0, len(TEXT))[0].written_head(column, question) == written


@pytest.mark.parametrize(
    ("cell", "number"), [("1,204", 1204), ("96.2%", 96.2), ("－3.5", -3.5), ("—", None), ("未统计", None)]
)
def test_a_number_is_read_from_a_cell(cell: str, number: float | None) -> None:
    """With commas, a share, in full width; nothing where there is none."""
    assert number_in(cell) == number


def test_a_head_is_written_in_parts() -> None:
    """兑换金额 asks for 兑换情况金额; a head that shares but a word isn't meant."""
    (table,) = tables_at(MERGED, 0, len(MERGED))
    assert table.written_head(4, "哪个县兑换金额最高") == "兑换金额"
    assert table.written_head(3, "哪个县兑换金额最高") == ""
    assert [table.unit(column) for column in range(2, 5)] == ["个", "万人次", "万元"]


def test_rows_of_bare_figures_say_nothing_alone() -> None:
    """得分98分 does; 98 needs its head."""
    assert is_bare("丰县\t98")
    assert not is_bare("第1名\t丰县\t得分98分")


def test_rows_are_read_out_with_pauses() -> None:
    """Cells are parted by commas and rows by semicolons; a text without cells stays as it is."""
    assert read_out("丰县\t12\n沛县\t9") == "丰县，12；沛县，9"
    assert read_out("丰县办了。\n沛县也办了。") == "丰县办了。\n沛县也办了。"
