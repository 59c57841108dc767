"""Layout goes, words stay."""

import pytest

from corpus.normalize import clean_spaces, ends_sentence, join, squeeze
from corpus.types import Anchor, Block


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第 3 期", "第3期"),
        ("主 动收 集意见, 再答复", "主动收集意见,再答复"),
        ("用 Python 和 open source 工具", "用Python和open source工具"),
        ("发放　头盔 300 个", "发放头盔300个"),
        ("开展“夜间课堂 周末开讲”活动", "开展“夜间课堂 周末开讲”活动"),
        ("开展“99 公益日”活动", "开展“99公益日”活动"),
        ('用"变"促"新"，再把办法 用好', '用"变"促"新"，再把办法用好'),
        ("软\u00ad连字\u200b符", "软连字符"),
    ],
)
def test_spaces_of_layout_go(text: str, expected: str) -> None:
    """Spaces that layout or OCR put between Chinese characters go; a pause inside quotation marks stays."""
    assert clean_spaces(text) == expected


def test_spaces_between_phrases_of_a_title_stay() -> None:
    """A title keeps the pauses between its phrases, and loses the spaces inside them."""
    assert (
        clean_spaces("甲县： 三措并举抓实效 文明新风进万家", phrases=True)
        == "甲县：三措并举抓实效 文明新风进万家"
    )


def test_a_paragraph_cut_by_a_page_end_is_one_piece_with_a_way_back() -> None:
    """Joined text runs on without a gap, and each half keeps its page and line."""
    piece = join([Block("让群众的 健身", 1, 10), Block("步道更多。", 2, 1)])
    assert piece.text == "让群众的健身步道更多。"
    assert piece.anchors == (Anchor(0, 1, 10), Anchor(6, 2, 1))


def test_a_list_dash_before_a_heading_is_layout() -> None:
    """The dash that a converter put before an item is not text."""
    assert join([Block("- 二、整合资源。")]).text == "二、整合资源。"


def test_titles_are_compared_without_layout_and_kind_of_quotes() -> None:
    """A title in the contents list and over the article is the same title however it is spaced or quoted."""
    assert squeeze('甲市: "四个一" 见效') == squeeze("甲市：“四个一”见效")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("好。", True), ("好。”", True), ("如下：", True), ("好，", False), ("市县", False)],
)
def test_where_a_sentence_ends(text: str, expected: bool) -> None:
    """A stop, also before closing marks, ends a sentence; a comma or a word doesn't."""
    assert ends_sentence(text) is expected
