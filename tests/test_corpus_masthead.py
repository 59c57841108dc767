"""Masthead, contents list and colophon are told from text."""

import datetime

import pytest

from corpus.contents import Contents, find_contents
from corpus.entries import read_entry
from corpus.masthead import colophon_start, is_page_number, read_date, read_masthead, read_number
from corpus.normalize import squeeze
from corpus.types import Block, Masthead


def blocks(*lines: str) -> list[Block]:
    return [Block(line) for line in lines]


def test_a_masthead_line_by_line() -> None:
    """Series, issue, issuer and date stand on lines of their own."""
    head = blocks(
        "内部资料 注意保存",
        "甲省精神文明建设简报",
        "第 8 期",
        "甲省文明办",
        "2024 年 3 月 5 日",
        "正文的第一段。",
    )
    assert read_masthead(head) == (
        Masthead("甲省精神文明建设简报", "8", "甲省文明办", datetime.date(2024, 3, 5)),
        5,
    )


def test_issuer_and_date_on_one_line_and_total_issue() -> None:
    """Issuer and date may share a line; a total issue number serves where there is no other."""
    head = blocks(
        "文明创建工作简报",
        "（总第128期）",
        "乙市精神文明建设指导委员会办公室    二〇二二年三月二十三日",
        "标题",
    )
    masthead, taken = read_masthead(head)
    assert masthead == Masthead(
        "文明创建工作简报", "128", "乙市精神文明建设指导委员会办公室", datetime.date(2022, 3, 23)
    )
    assert taken == 3


def test_the_year_s_issue_is_taken_before_the_total() -> None:
    """第5期（总第128期） is issue 5."""
    masthead, _ = read_masthead(blocks("丙县信息", "2023年第5期（总第128期）", "2023年2月1日"))
    assert masthead.issue == "5"


def test_a_digest_says_so() -> None:
    """A line （摘编，非原文） in the head marks the document as a digest."""
    masthead, _ = read_masthead(blocks("丁省文明简报", "第1期", "（摘编，非原文）", "2022年1月1日"))
    assert masthead.digest


def test_text_without_a_head_has_none() -> None:
    """A speech or a single article is not taken for a masthead."""
    assert read_masthead(blocks("在座谈会上的发言", "各位同志，大家好。")) == (Masthead(), 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二〇二二年三月二十三日", datetime.date(2022, 3, 23)),
        ("二○一九年十二月三十一日", datetime.date(2019, 12, 31)),
        ("2025 年 11 月 30 日", datetime.date(2025, 11, 30)),
        ("2025年13月40日", None),
        ("去年冬天", None),
    ],
)
def test_dates(text: str, expected: datetime.date | None) -> None:
    """Dates are read in Arabic and in Chinese numerals; an impossible one is none."""
    assert read_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("008", "8"), ("二十", "20"), ("二〇", "20"), ("一百二十八", "128")]
)
def test_issue_numbers(text: str, expected: str) -> None:
    """Issue numbers become Arabic digits without leading zeros."""
    assert read_number(text) == expected


def test_a_contents_list_names_the_titles_and_ends_before_the_first_article() -> None:
    """Entries with numbers, dots and pages are the titles that stand again below; authors belong to it."""
    body = blocks(
        "【经验交流】",
        "1. 甲县：抓实小切口………… 3",
        "（中共甲县县委宣传部部长 王某）",
        "2. 乙市：办好身边事………… 5",
        "甲县：抓实小切口",
        "甲县这样做。",
        "乙市：办好身边事",
        "乙市那样做。",
    )
    contents = find_contents(body)
    assert contents.length == 4
    assert set(contents.sources) == {squeeze("甲县：抓实小切口"), squeeze("乙市：办好身边事")}


def test_a_title_in_two_lines_is_found_in_the_contents_list() -> None:
    """A title broken in two over the article is still the entry of the list."""
    body = blocks(
        "甲县：三措并举 抓出实效",
        "乙县：办好实事",
        "甲县：三措并举",
        "抓出实效",
        "正文一。",
        "乙县：办好实事",
        "正文二。",
    )
    contents = find_contents(body)
    assert contents.length == 2
    assert squeeze("甲县：三措并举抓出实效") in contents.sources


def test_a_document_without_a_contents_list() -> None:
    """Where no line stands again, nothing is taken for a contents list."""
    assert find_contents(blocks("甲县：抓实小切口", "甲县这样做。", "第二段。")) == Contents()


def test_contents_entry_without_number_and_page() -> None:
    """Number before and page behind are not part of the title; a year at its end is."""
    assert read_entry("3、 丙县：守护春天 …… 12").title == squeeze("丙县：守护春天")
    assert read_entry("丙县：迎接2025").title == squeeze("丙县：迎接2025")


def test_the_colophon_is_the_tail() -> None:
    """From 报： on, short lines to the end are the colophon; a paragraph after such a line is text."""
    tail = blocks("正文。", "报：省委宣传部", "省文明委各委员", "发：各县（市、区）", "（共印200份）")
    assert colophon_start(tail) == 1
    assert colophon_start(blocks("正文。", "正文二。")) == 2


def test_an_entry_that_differs_a_little_is_the_title_below() -> None:
    """Where other lines surely are a list, an entry nearly like a title names it; one that names another place
    doesn't."""
    body = blocks(
        "甲县：抓实小切口办好大民生………… 3",
        "乙市：办好身边的小事情………… 5",
        "甲县：抓实小切口 办好大民生实事",
        "甲县这样做。",
        "丙市：办好身边的小事情",
        "丙市那样做。",
    )
    assert set(find_contents(body).sources) == {squeeze("甲县：抓实小切口办好大民生实事")}


def test_a_series_that_only_says_bulletin_is_called_by_its_issuer() -> None:
    """简报 alone is no name; office, or the line above, and the word are."""
    masthead, _ = read_masthead(blocks("甲县文明办", "简　　报", "第3期", "2009年3月1日"))
    assert masthead.series == "甲县文明办简报"
    masthead, _ = read_masthead(blocks("创建文明城市工作", "简　　报", "第3期", "2009年3月1日"))
    assert masthead.series == "创建文明城市工作简报"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("— 3 —", True),
        ("第3页 共8页", True),
        ("－１２－", True),
        ("3/8", True),
        ("2024", False),
        ("一、", False),
    ],
)
def test_page_numbers(text: str, expected: bool) -> None:
    """A bare page number, with or without the count of pages; a year is none."""
    assert is_page_number(text) is expected


def test_a_circular_of_two_offices_counted_by_numbers() -> None:
    """Two offices above the name, 第2号 for the issue."""
    head = blocks("中共乙市委督查室", "乙市人民政府督查室", "督 查 通 报", "第 2 号", "2025年6月30日", "标题")
    assert read_masthead(head) == (
        Masthead("督查通报", "2", "中共乙市委督查室、乙市人民政府督查室", datetime.date(2025, 6, 30)),
        5,
    )


def test_a_kind_in_brackets_under_the_series() -> None:
    """（工作动态） between series and issue says what kind of issue it is."""
    head = blocks("乙市文明工作专报", "（工作动态）", "2025年第37期", "乙市文明办", "2025年8月12日", "标题")
    masthead, taken = read_masthead(head)
    assert (masthead.series, masthead.issue, taken) == ("乙市文明工作专报", "37", 5)


def test_a_list_with_marks_of_which_no_line_stands_again() -> None:
    """An announced list is its marked lines; a lone marked line is none."""
    lines = ["本期要目", "▲ 甲区巧解停车难", "▲ 乙区画出进门地图", "【甲区】停车不再难。甲区有小区214个。"]
    assert find_contents(blocks(*lines), announced=True) == Contents(3, {})
    assert find_contents(blocks(*lines[:2], lines[3]), announced=True) == Contents(0, {})


def test_a_declared_heading_is_no_entry() -> None:
    """The list ends before the heading of the first article, though short lines stand between them."""
    found = [
        *blocks("目录", "育小：甲县、乙市"),
        Block("第一栏", kind="heading", level=1),
        Block("甲县：夜谈室亮灯", kind="heading", level=2),
        *blocks("每周三晚上七点到九点，夜谈室都开着门，家长不用报名，坐下来就能说说自己的难处和打算。"),
        Block("乙市：放学后那两小时", kind="heading", level=2),
    ]
    assert find_contents(found, announced=True).length <= 2
