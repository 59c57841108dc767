"""What the html reader must give: the page's main text with its structure, nothing of what stands around it."""

from __future__ import annotations

import datetime
import socket

import pytest

from corpus.errors import UnreadableFileError
from corpus.readers.html import HtmlReader
from corpus.types import Block, RawDocument

NAVIGATION = (
    '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/a">要闻</a></li>'
    '<li><a href="/b">政务公开</a></li></ul></div><div class="crumb">当前位置：<a href="/">首页</a></div>'
)
SIDEBAR = (
    '<div class="sidebar"><h3>热门推荐</h3><ul><li><a href="/1">某地春耕忙</a></li><li><a href="/2">某地赏花节</a>'
    "</li></ul></div>"
)
FOOTER = '<div class="footer">版权所有 柳湾文明网 <a href="/m">网站地图</a></div>'
ARTICLE = """
<div class="article"><h1>柳湾县：小院议事聚民心</h1>
<p>　　柳湾县把议事亭建到村口，全县四十个村每月议事两次，
大事小事有人问、有人管，群众的急难愁盼一件件有了着落。</p>
<h2>一、搭台子</h2>
<p>县里拿出专项资金，利用闲置小院建成议事亭，桌椅茶水由村集体经济列支，不向农户收一分钱。</p>
<ul><li>一是选好址</li><li>二是选好人</li></ul>
<ol><li>列出清单</li><li>逐件办理</li></ol>
<table><tr><th>乡镇</th><th>亭数</th></tr><tr><td>东渡镇</td><td>12</td></tr></table>
<h2>二、唱好戏</h2>
<p>议事长由老党员担任<sup><a href="#n1">1</a></sup>，一年议定<b>实事三百件</b>，办结二百八十件。<br>余下的正在办。</p>
</div>"""
EXPECTED = (
    Block("柳湾县：小院议事聚民心", None, None, "heading", 1),
    Block(
        "柳湾县把议事亭建到村口，全县四十个村每月议事两次， "
        "大事小事有人问、有人管，群众的急难愁盼一件件有了着落。"
    ),
    Block("一、搭台子", None, None, "heading", 2),
    Block("县里拿出专项资金，利用闲置小院建成议事亭，桌椅茶水由村集体经济列支，不向农户收一分钱。"),
    Block("一是选好址", None, None, "list"),
    Block("二是选好人", None, None, "list"),
    Block("1.列出清单", None, None, "list"),
    Block("2.逐件办理", None, None, "list"),
    Block("乡镇\t亭数", None, None, "table"),
    Block("东渡镇\t12", None, None, "table"),
    Block("二、唱好戏", None, None, "heading", 2),
    Block("议事长由老党员担任，一年议定实事三百件，办结二百八十件。"),
    Block("余下的正在办。"),
)


def page(body: str, charset: str = "utf-8", title: str = "柳湾县：小院议事聚民心 - 柳湾文明网") -> str:
    return f'<html><head><meta charset="{charset}"><title>{title}</title></head><body>{body}</body></html>'


def read(text: str | bytes) -> RawDocument:
    return HtmlReader().read(text if isinstance(text, bytes) else text.encode(), "网页.html")


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("gb2312", "gbk"), ("gbk", "gb18030"), ("utf-8", "utf-8"), ("utf-8", "gbk"), ("", "gbk")],
)
def test_main_text_of_a_site_page(charset: str, encoding: str) -> None:
    """Navigation, sidebar and footer are gone, structure stays, whatever encoding the page is in or claims."""
    raw = read(page(NAVIGATION + ARTICLE + SIDEBAR + FOOTER, charset).encode(encoding))
    assert raw.blocks == EXPECTED
    assert raw.media_type == "text/html"
    assert raw.warnings == ()


def test_a_plain_page_is_read_whole() -> None:
    """A page with nothing around its text loses no line of it, and hidden text isn't shown."""
    body = "<p>柳湾文明简报</p><p>第3期</p><div style='display:none'>不见</div><script>x()</script>" + ARTICLE
    raw = read(page(body, title="简报"))
    assert raw.blocks == (Block("柳湾文明简报"), Block("第3期"), *EXPECTED)
    assert raw.warnings == ()


def test_a_page_with_only_a_table() -> None:
    """Where no main text is found all visible text is read, links lists left out, and a warning says so."""
    raw = read(page(NAVIGATION + "<table><tr><td>东渡镇</td><td>12</td></tr></table>"))
    assert Block("东渡镇\t12", None, None, "table") in raw.blocks
    assert not any("政务公开" in block.text for block in raw.blocks)
    assert raw.warnings == ("网页里分不出正文，读取了全部可见文字，其中可能有导航、页脚等无关内容。",)


def test_article_and_furniture_side_by_side() -> None:
    """Where the article has no element of its own, what stands beside it in the body is still left out."""
    article = ARTICLE.replace('<div class="article">', "").replace("</div>", "")
    links = "".join(f'<li><a href="/{i}">某地动态之{i}</a></li>' for i in range(3))
    raw = read(page(f"<nav>{NAVIGATION}</nav>{article}<ul>{links}</ul><p>版权所有 柳湾文明网</p>"))
    assert raw.blocks == EXPECTED
    assert raw.warnings == ()


def test_merged_cells_leave_their_columns_empty() -> None:
    """Over columns and over rows, so that every figure stays under its head."""
    table = (
        "<table><tr><th rowspan=2>县</th><th colspan=2>兑换</th><th rowspan=2>备注</th></tr>"
        "<tr><th>人次</th><th>金额</th></tr>"
        "<tr><td>沛县</td><td>4</td><td>31</td><td></td></tr>"
        "<tr><td>丰县</td><td colspan='9999999'>未报</td></tr></table>"
    )
    rows = [block.text for block in read(page(NAVIGATION + table)).blocks if block.kind == "table"]
    assert rows == ["县\t兑换\t\t备注", "\t人次\t金额\t", "沛县\t4\t31\t", "丰县\t未报"]


def test_a_layout_table_is_no_table() -> None:
    """A table that only lays out the page gives paragraphs; a table of data inside it gives rows."""
    inner = "<table><tr><td>东渡镇</td><td>12</td></tr></table>"
    raw = read(page(f"<table><tr><td><p>正文一句。</p>{inner}</td><td>供稿：文明办</td></tr></table>"))
    assert raw.blocks == (
        Block("正文一句。"),
        Block("东渡镇\t12", None, None, "table"),
        Block("供稿：文明办"),
    )


def test_the_title_becomes_a_heading() -> None:
    """A title that the page shows as plain text becomes the highest heading; the site's name is left off."""
    body = ARTICLE.replace("<h1>", '<p class="bt">').replace("</h1>", "</p>")
    assert read(page(NAVIGATION + body + SIDEBAR + FOOTER)).blocks[0] == EXPECTED[0]


def test_a_title_that_the_page_does_not_show_is_not_text() -> None:
    """The browser window's title alone adds nothing to the text."""
    raw = read(page("<p>正文一句。</p>", title="另有标题在窗口上"))
    assert raw.blocks == (Block("正文一句。"),)


def test_comments_and_markup_leave_no_trace() -> None:
    """Comments vanish, the words after them stay; nested lists keep their numbers apart."""
    raw = read(page("<p>前<!-- 注 -->后</p><ol start=3><li>甲<ol><li>子</li></ol></li><li>乙</li></ol>"))
    assert [b.text for b in raw.blocks] == ["前后", "3.甲", "1.子", "4.乙"]


def test_xhtml_with_a_declaration() -> None:
    """An XML declaration before the page doesn't stop the reading."""
    assert read('<?xml version="1.0" encoding="utf-8"?>' + page("<p>正文一句。</p>")).blocks == (
        Block("正文一句。"),
    )


def test_a_broken_byte_is_told() -> None:
    """A byte that reads in no encoding costs one character and a warning, not the page."""
    raw = read(page("<p>正文一句。</p>").encode().replace("句".encode(), "句".encode() + b"\xff\xff"))
    assert raw.blocks[0].text.startswith("正文一句")
    assert raw.warnings[0].startswith("网页声明的编码是 utf-8，有 2 处读不出")


@pytest.mark.parametrize("body", ["", "<script>render()</script>", "<p> </p>", "<img src='a.png'>"])
def test_pages_without_text_are_refused(body: str) -> None:
    """A page without words is refused with what to do."""
    with pytest.raises(UnreadableFileError, match=r"网页\.html：网页里没有可读的文字"):
        read(page(body))


def test_an_empty_file_is_refused() -> None:
    """No bytes, no document."""
    with pytest.raises(UnreadableFileError, match=r"网页\.html"):
        read(b"")


def test_deep_nesting_is_refused() -> None:
    """Elements nested ten thousand deep are refused: the parser would drop what is inside without a word."""
    with pytest.raises(UnreadableFileError, match="嵌套过深"):
        read(page("<div>" * 10_000 + "正文一句。" + "</div>" * 10_000))


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading opens no connection, though the page points to pictures, styles and scripts elsewhere."""

    def refuse(*_: object) -> None:
        raise AssertionError("the reader opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    remote = '<link rel="stylesheet" href="http://example.com/a.css"><img src="http://example.com/a.png">'
    assert read(page(NAVIGATION + remote + ARTICLE + SIDEBAR + FOOTER)).blocks == EXPECTED


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("<p>发布时间：2024-11-22 09:16 来源：文明办</p>", datetime.date(2024, 11, 22)),
        ("<p>日期：2024年3月5日</p>", datetime.date(2024, 3, 5)),
        ("<p>去年的活动时间：每周三</p>", None),
        ("", None),
    ],
)
def test_the_day_of_publication(told: str, day: datetime.date | None) -> None:
    """A page tells it above its text, which doesn't hold it."""
    assert read(page(NAVIGATION + told + ARTICLE + SIDEBAR + FOOTER)).published == day


def test_the_day_of_publication_in_the_head() -> None:
    """What the page's meta elements say comes first."""
    head = '<meta name="PubDate" content="2024-11-20 10:00">'
    text = page("<p>发布时间：2024-11-22</p><p>正文一句。</p>").replace("<title>", f"{head}<title>")
    assert read(text).published == datetime.date(2024, 11, 20)
