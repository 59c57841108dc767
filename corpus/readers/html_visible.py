"""All that a web page shows, for pages without navigation and those whose main text can't be told."""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Iterable, Iterator
from typing import Any

from corpus.errors import UnreadableFileError
from corpus.readers.html_published import declared_day, told_day
from corpus.types import Block, BlockKind

_UNSEEN = {
    "head", "script", "style", "noscript", "template", "iframe", "object", "svg", "select", "button",
    "textarea", "input", "canvas", "audio", "video", "map",
}  # fmt: skip
_FURNITURE = {"nav", "aside", "footer", "menu", "form"}
_BLOCK = {
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
}  # fmt: skip
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LONGEST_CELL = 300
_MOST_COLUMNS = 64
_FEW_LINKS = 2
_LINK_LIST_SHARE = 0.8


def parse_page(text: str, name: str) -> tuple[str, Any, datetime.date | None]:
    """The window title, the root element with comments, note marks and what isn't shown taken out, and the
    day that the page says it was published.

    Raises UnreadableFileError for a page without content.
    """
    from lxml import etree, html  # noqa: PLC0415

    parser = html.HTMLParser(no_network=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise UnreadableFileError(f"{name}：网页是空的或已损坏，没有可读的文字。") from error
    if any("depth" in entry.message for entry in parser.error_log):
        raise UnreadableFileError(f"{name}：网页的标签嵌套过深，超出解析上限，不像正常的网页，已拒绝。")
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    title = root.findtext("head/title") or ""
    declared = declared_day(root)
    _drop(e for e in root.iter() if _is_unseen(e) or _is_note_mark(e))
    return title.strip(), root, declared or told_day(root)


def is_plain_page(root: Any) -> bool:
    """Whether a page has nothing around its text: no navigation, hardly a link."""
    return len(root.findall(".//a[@href]")) <= _FEW_LINKS and not any(
        e.tag in _FURNITURE for e in root.iter()
    )


def without_navigation(root: Any) -> Any:
    """The page without navigation and without elements that are hardly more than links; all of it where
    nothing else is left."""
    rest = copy.deepcopy(root)
    _drop(e for e in rest.iter() if e.tag in _FURNITURE or _is_link_list(e))
    return rest if rest.text_content().strip() else root


def link_free_length(root: Any) -> int:
    """Characters, without white space, outside links, navigation and lists of links."""
    total = len(re.sub(r"\s", "", root.text_content()))
    outer = [
        e
        for e in root.iter("a", *_FURNITURE)
        if not any(p.tag in {"a", *_FURNITURE} for p in e.iterancestors())
    ]
    return total - sum(len(re.sub(r"\s", "", e.text_content())) for e in outer)


def visible_blocks(root: Any) -> Iterator[Block]:
    """Every line shown, in order: headings with their level, list items, rows of tables that hold data."""
    from lxml import etree  # noqa: PLC0415

    walk = etree.iterwalk(root, events=("start", "end"))
    text = ""
    inside: list[str] = []
    for event, element in walk:
        tag = element.tag
        if tag in _BLOCK:
            yield from _block(text, inside)
            text = ""
        if event == "start":
            if tag == "table" and _holds_data(element):
                yield from _rows(element)
                walk.skip_subtree()
                inside.append(tag)
                continue
            inside.append(tag)
            text += _number(element) + (element.text or "")
        else:
            inside.pop()
            text += element.tail or ""
    yield from _block(text, inside)


def _block(text: str, inside: list[str]) -> Iterator[Block]:
    text = re.sub(r"[ \t\r\n\f\v]+", " ", text).strip()
    if not text:
        return
    kind: BlockKind = "paragraph"
    level = 0
    for tag in reversed(inside):
        if re.fullmatch("h[1-6]", tag):
            kind, level = "heading", int(tag[1])
            break
        if tag == "li":
            kind = "list"
            break
    yield Block(text, None, None, kind, level)


def _number(element: Any) -> str:
    """The number a browser writes before an item of an ordered list."""
    parent = element.getparent()
    if element.tag != "li" or parent is None or parent.tag != "ol":
        return ""
    start = parent.get("start") or "1"
    first = int(start) if re.fullmatch(r"\d{1,6}", start) else 1
    return f"{first + sum(1 for e in element.itersiblings('li', preceding=True))}."


def _rows(table: Any) -> Iterator[Block]:
    """A cell for each column, so that those below one another stand under one head; what a merged cell covers
    beyond its first column and row is empty."""
    covered: dict[int, int] = {}
    """Columns that a cell above still covers, and for how many rows."""
    for row in table.iter("tr"):
        texts: list[str] = []
        below: dict[int, int] = {}
        for cell in row.iter("td", "th"):
            while len(texts) in covered:
                texts.append("")
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            below |= {column: high - 1 for column in range(len(texts), len(texts) + wide) if high > 1}
            texts += [re.sub(r"\s+", " ", cell.text_content()).strip(), *[""] * (wide - 1)]
        while len(texts) in covered:
            texts.append("")
        covered = {column: left - 1 for column, left in covered.items() if left > 1} | below
        if any(texts):
            yield Block("\t".join(texts), None, None, "table")


def _span(cell: Any, name: str) -> int:
    written = cell.get(name) or ""
    return min(max(1, int(written)), _MOST_COLUMNS) if re.fullmatch(r"\d{1,4}", written) else 1


def _holds_data(table: Any) -> bool:
    """Whether a table is one, or only there for the page's layout."""
    rows = [[len(c.text_content()) for c in row.iter("td", "th")] for row in table.iter("tr")]
    wide = any(len(row) > 1 for row in rows)
    return (
        wide
        and table.find(".//table") is None
        and max((max(r, default=0) for r in rows), default=0) <= _LONGEST_CELL
    )


def _drop(elements: Iterable[Any]) -> None:
    for element in list(elements):
        if element.getparent() is not None:
            element.drop_tree()


def _is_link_list(element: Any) -> bool:
    links = (
        element.findall(".//a[@href]")
        if element.tag in {"div", "ul", "ol", "p", "td", "section", "header"}
        else []
    )
    linked = sum(len(link.text_content().strip()) for link in links)
    return len(links) > _FEW_LINKS and linked >= _LINK_LIST_SHARE * len(element.text_content().strip())


def _is_note_mark(element: Any) -> bool:
    return element.tag == "sup" and any((a.get("href") or "").startswith("#") for a in element.iter("a"))


def _is_unseen(element: Any) -> bool:
    return bool(
        element.tag in _UNSEEN
        or element.get("hidden") is not None
        or _HIDING.search(element.get("style") or "")
    )
