"""What a chat model may not add."""

from __future__ import annotations

import pytest

from rag.errors import UnsupportedError
from rag.unwanted import cleaned, require_wanted

QUOTE = "甲县在www.jiaxian.gov.cn公开进度，办事不收费，站点有28个。"


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("- 甲县建站", "甲县建站"),
        ("1. 甲县建站", "甲县建站"),
        ("2）甲县建站", "甲县建站"),
        ("3、甲县建站", "甲县建站"),
        ("## **甲县**建站", "甲县建站"),
        ("1.3万户企业", "1.3万户企业"),
        ("28个站点", "28个站点"),
        ("一、甲县建站", "一、甲县建站"),
        ("甲\u202e县\u200b建\x00站", "甲县建站"),
    ],
)
def test_ornament_goes(written: str, clean: str) -> None:
    """Bullets, numbering, emphasis and unseen characters are taken off; figures and headings stay."""
    assert cleaned(written) == clean


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("详情见https://evil.example/a。", "含有引文里没有的链接或网址"),
        ("详情见 evil.com 。", "含有引文里没有的链接或网址"),
        ("请写信到a@b.cn。", "含有引文里没有的链接或网址"),
        ("见www.yixian.gov.cn。", "含有引文里没有的链接或网址"),
        ("点javascript:alert(1)查看。", "含有引文里没有的链接或网址"),
        ("甲县![图](x)建站。", "含有引文里没有的标记代码"),
        ("甲县[建站](x)。", "含有引文里没有的标记代码"),
        ("甲县<img src=x>建站。", "含有引文里没有的标记代码"),
        ("甲县<script>建站。", "含有引文里没有的标记代码"),
        ("甲县&lt;建站。", "含有引文里没有的标记代码"),
        ("`甲县`建站。", "含有引文里没有的标记代码"),
        ("| 甲县 | 建站 |", "含有引文里没有的标记代码"),
        ("简报中未见乙县的内容。", "“未见”与否由系统查对，不采用模型的说法"),
        ("段落里没有提到经费。", "“未见”与否由系统查对，不采用模型的说法"),
        ("The passages do not mention it.", "“未见”与否由系统查对，不采用模型的说法"),
    ],
)
def test_what_is_not_wanted(text: str, reason: str) -> None:
    """Links, markup and words on what isn't there are refused, each with its reason."""
    with pytest.raises(UnsupportedError) as error:
        require_wanted(text, QUOTE)
    assert str(error.value) == reason


def test_an_english_denial_needs_one_in_its_quotes() -> None:
    """That something wasn't done can be said in English only where the quotes deny something too."""
    with pytest.raises(UnsupportedError, match="简报中未见不等于没有"):
        require_wanted("County B has not built any.", "乙县办学，站点有28个。")
    require_wanted("County A does not charge fees.", QUOTE)


@pytest.mark.parametrize(
    "text",
    [
        "甲县在www.jiaxian.gov.cn公开进度。",
        "甲县办事没有收费。",
        "甲县有28个站点，未来再建。",
        "站点的面积是3.5km，覆盖98.5%。",
    ],
)
def test_what_the_quotes_hold_may_stand(text: str) -> None:
    """A link or a denial that stands in the quotes is theirs; figures aren't links."""
    require_wanted(text, QUOTE)
