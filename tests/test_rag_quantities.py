"""Figures are read as quantities, however they are written; what only looks like one isn't."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rag.quantities import Quantity, find_quantities


def only(text: str) -> Quantity:
    [quantity] = find_quantities(text)
    return quantity


@pytest.mark.parametrize(
    ("text", "low", "unit"),
    [
        ("选派二百三十八名指导员", 238, "名"),
        ("选派２３８名指导员", 238, "名"),
        ("受益6.9万人次", 69000, "人次"),
        ("受益六点九万人次", 69000, "人次"),
        ("受益69,000人次", 69000, "人次"),
        ("投入1.2亿元", 120_000_000, "元"),
        ("投入1,200.5万元", 12_005_000, "元"),
        ("投入一千二百万块钱", 12_000_000, "元"),
        ("惠及1.3万户企业", 13000, "户"),
        ("惠及60万余自然人", 600_000, ""),
        ("新建十五座公园", 15, "座"),
        ("用了一个半小时", Fraction(3, 2), "小时"),
        ("历时两年半", Fraction(5, 2), "年"),
        ("历时半年", Fraction(1, 2), "年"),
        ("面积500平米", 500, "平方米"),
        ("裝機400萬千瓦", 4_000_000, "千瓦"),
        ("helped 1.3 million people", 1_300_000, ""),
    ],
)
def test_number_and_measure(text: str, low: Fraction, unit: str) -> None:
    """Chinese, Arabic, mixed, full-width and Traditional numerals, with the plain name of the measure word."""
    found = only(text)
    assert (found.low, found.high, found.unit, found.kind) == (low, low, unit, "count")
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("占60%", Fraction(3, 5)),
        ("占百分之六十", Fraction(3, 5)),
        ("占六成", Fraction(3, 5)),
        ("占六成五", Fraction(13, 20)),
        ("占百分之九十八点五", Fraction(197, 200)),
        ("占三分之二", Fraction(2, 3)),
        ("占一半", Fraction(1, 2)),
        ("占千分之三", Fraction(3, 1000)),
    ],
)
def test_shares(text: str, share: Fraction) -> None:
    """Percent, 成 and fractions are parts of one."""
    found = only(text)
    assert (found.low, found.kind) == (share, "share")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("每年3—5次", 3, 5),
        ("每年三至五次", 3, 5),
        ("组建8-10个小组", 8, 10),
        ("投入3至5万元", 30000, 50000),
        ("约四五家", 4, 5),
        ("三四十人", 30, 40),
        ("十五六岁", 15, 16),
        ("几十个", 20, 100),
        ("数百名", 200, 1000),
        ("占60%—70%", Fraction(3, 5), Fraction(7, 10)),
        ("占七八成", Fraction(7, 10), Fraction(4, 5)),
    ],
)
def test_ranges(text: str, low: Fraction, high: Fraction) -> None:
    """From the lower to the upper number."""
    assert (only(text).low, only(text).high) == (low, high)


@pytest.mark.parametrize(
    ("text", "written", "bound"),
    [
        ("达2万册", "2万册", "exact"),
        ("藏书超2万册", "超2万册", "over"),
        ("藏书逾两万册", "逾两万册", "over"),
        ("藏书2万余册", "2万余册", "over"),
        ("活动40多场", "40多场", "over"),
        ("上千人", "上千人", "over"),
        ("十几家", "十几家", "over"),
        ("压缩60%以上", "60%以上", "least"),
        ("不少于6场", "不少于6场", "least"),
        ("近百个", "近百个", "nearly"),
        ("将近一千场", "将近一千场", "nearly"),
        ("不到一百人", "不到一百人", "below"),
        ("约30人", "约30人", "about"),
        ("30人左右", "30人左右", "about"),
    ],
)
def test_modifiers(text: str, written: str, bound: str) -> None:
    """What a modifier says of the number is kept, and it belongs to the figure."""
    assert (only(text).text, only(text).bound) == (written, bound)


@pytest.mark.parametrize(
    "text",
    [
        "一是统一思想，二是一体化推进",
        "第一书记、第一责任人",
        "万众一心，千家万户，百姓",
        "三农、五老、一老一小",
        "三心三优工作法",
        "“四个坚持”、“八优八好”、“六点半学堂”和《一封信》",
        "1+N、5G、3·15、80后",
        "2025年11月30日",
        "90年代、上半年",
        "十四五期间",
    ],
)
def test_what_is_no_figure(text: str) -> None:
    """Enumerations, idioms, numbers inside names, dates."""
    assert find_quantities(text) == []


def test_an_article_counts_nothing() -> None:
    """一个 is told apart from 1个."""
    assert [(q.text, q.weak) for q in find_quantities("一个平台，1个平台")] == [
        ("一个", True),
        ("1个", False),
    ]


def test_ordinals_aren_t_counts() -> None:
    """第六届 is the sixth, not six."""
    assert (only("第六届全国文明城市").kind, only("第六届全国文明城市").unit) == ("ordinal", "届")


def test_noun_stops_at_the_next_figure_or_mark() -> None:
    """The noun is what is counted, without 的 and without quotation marks."""
    found = find_quantities("60%以上的GDP和70%以上的就业，三家“示范站”")
    assert [q.noun for q in found] == ["gdp", "就业", "示范站"]


def test_several_in_their_order() -> None:
    """Figures come in the order of the text, none overlapping."""
    text = "从98家单位选出238名，办800余场，受益6.9万人次"
    assert [q.text for q in find_quantities(text)] == ["98家", "238名", "800余场", "6.9万人次"]


def test_the_unit_of_a_column_is_no_quantity() -> None:
    """（万人） and 单位：万元 say what figures are counted in; 万人 in a sentence is a number."""
    assert find_quantities("学员（万人）\t经费（百元）") == []
    assert find_quantities("单位：万元\n县\t经费") == []
    assert [q.text for q in find_quantities("万人长跑，经费（3万元）")] == ["万人", "3万元"]
