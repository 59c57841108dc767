"""Web pages: the main text by trafilatura, navigation and page furniture left out."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from typing import Any

from corpus.errors import UnreadableFileError
from corpus.readers.encoding import decode_text
from corpus.readers.html_visible import (
    is_plain_page,
    link_free_length,
    parse_page,
    visible_blocks,
    without_navigation,
)
from corpus.types import Block, RawDocument

_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_OLD_NAMES = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030"}
_CHINESE_ENCODINGS = {"utf-8", "utf8", "gb18030", "big5", "big5-hkscs"}
_HEAD_BYTES = 4096
_LEAST_SHARE = 0.5
_MAIN_SHARE = 0.9
_SHORTEST_CHUNK = 6
_SHORTEST_TITLE = 4
_FOOTER = re.compile(r"版权所有|ICP备|公网安备|网站标识码|Copyright")
_LONGEST_FOOTER = 100
_CONTAINERS = {"body", "div", "article", "section", "main", "center", "table", "tbody", "tr", "td", "form"}


class HtmlReader:
    """Reads html: main text with headings, list items and table rows (cells joined by tabs).

    A page without navigation is read whole. Where trafilatura finds no main text, or less than half of
    the words that aren't links, all visible text is read and a warning says so.
    """

    def read(self, data: bytes, name: str) -> RawDocument:
        """Raises UnreadableFileError where the encoding is unknown or the page has no text."""
        text, warnings = _decode(data, name)
        title, page, published = parse_page(text, name)
        blocks: list[Block] = []
        if not is_plain_page(page):
            blocks = _main_blocks(page)
            found = sum(len(_squeeze(block.text)) for block in blocks)
            if found < max(1, link_free_length(page) * _LEAST_SHARE):
                blocks = list(visible_blocks(without_navigation(page)))
                warnings.append("网页里分不出正文，读取了全部可见文字，其中可能有导航、页脚等无关内容。")
        blocks = blocks or list(visible_blocks(page))
        if not any(c.isalnum() for block in blocks for c in block.text):
            raise UnreadableFileError(
                f"{name}：网页里没有可读的文字，内容可能由脚本生成。请在浏览器里打开后另存为 PDF 再添加。"
            )
        return RawDocument(tuple(_with_title(blocks, title, page)), "text/html", tuple(warnings), published)


def _decode(data: bytes, name: str) -> tuple[str, list[str]]:
    """The page's text by the encoding it declares where that reads, else as ``decode_text`` finds it."""
    declared = _DECLARED.search(data[:_HEAD_BYTES])
    encoding = declared[1].decode("ascii").lower() if declared else ""
    encoding = _OLD_NAMES.get(encoding, encoding)
    if encoding in _CHINESE_ENCODINGS and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        # A wrong declaration is common; what the bytes are is then found below.
        with contextlib.suppress(UnicodeDecodeError):
            return _XML_DECLARATION.sub("", data.decode(encoding)), []
    try:
        return _XML_DECLARATION.sub("", decode_text(data, name)), []
    except UnreadableFileError:
        if encoding not in _CHINESE_ENCODINGS or not data.strip() or b"\0" in data:
            raise
    text = data.decode(encoding, "replace")
    return text, [f"网页声明的编码是 {encoding}，有 {text.count(chr(0xFFFD))} 处读不出，以“\ufffd”代替。"]


def _main_blocks(page: Any) -> list[Block]:
    """The blocks of the element that holds the main text; none where there is no main text.

    trafilatura tells what the main text is. What it gives back has no place for short lines, and drops
    headings and lists of short pages, so the element that holds its words is read whole.
    """
    from lxml import html  # noqa: PLC0415
    from trafilatura import extract  # noqa: PLC0415

    found = extract(html.tostring(page, encoding="unicode"), include_comments=False, include_tables=True)
    main, weight = _main_element(page, _squeeze(found or ""))
    blocks = [b for b in visible_blocks(without_navigation(main)) if not _is_footer(b)] if weight else []
    # The body itself is the container where article and furniture stand side by side in it.
    whole = main.tag in {"html", "body"}
    return [] if whole and weight < _LEAST_SHARE * sum(len(_squeeze(b.text)) for b in blocks) else blocks


def _is_footer(block: Block) -> bool:
    return len(block.text) <= _LONGEST_FOOTER and bool(_FOOTER.search(block.text))


def _main_element(page: Any, words: str) -> tuple[Any, int]:
    """The smallest container that holds nine tenths of what is found of ``words``, and how many characters
    of them the page holds (0: nothing was found)."""
    weight: Counter[Any] = Counter()
    for element in page.iter():
        for text, holder in ((element.text, element), (element.tail, element.getparent())):
            chunk = _squeeze(text or "")
            if holder is not None and len(chunk) >= _SHORTEST_CHUNK and chunk in words:
                for above in (holder, *holder.iterancestors()):
                    weight[above] += len(chunk)
    at = page
    while True:
        inner = max((e for e in at if e.tag in _CONTAINERS), key=lambda e: weight[e], default=None)
        if inner is None or not weight[page] or weight[inner] < _MAIN_SHARE * weight[page]:
            return at, weight[page]
        at = inner


def _with_title(blocks: list[Block], title: str, page: Any) -> list[Block]:
    """``blocks`` with the page's title as a heading above all, if it stands in the page itself.

    ``title`` is that of the browser's window, which often has the site's name behind it.
    """
    shown = _squeeze(page.text_content())
    first = page.findall(".//h1")
    candidates = [
        *(h.text_content() for h in first if len(first) == 1),
        title,
        *re.split(r"\s*[-_|–—]+\s*", title),
    ]
    wanted = next((c for c in map(_squeeze, candidates) if len(c) >= _SHORTEST_TITLE and c in shown), "")
    if not wanted or any(b.kind == "heading" and _squeeze(b.text) == wanted for b in blocks):
        return blocks
    for position, block in enumerate(blocks):
        if _squeeze(block.text) == wanted:
            return [*blocks[:position], Block(block.text, None, None, "heading", 1), *blocks[position + 1 :]]
    return [Block(wanted, None, None, "heading", 1), *blocks]


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)
