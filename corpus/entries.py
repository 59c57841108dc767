"""A line of a contents list: its title, without the number before it, and without what stands behind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.normalize import squeeze

_LONGEST_ENTRY = 400  # the search for dots and page takes time by the square of the length
_SHORTEST_TITLE = 4
_PAGE = r"(?:[（(]\s*第?\s*\d{1,3}\s*页?\s*[）)]|第\s*\d{1,3}\s*页|\d{1,3}\s*页?)"
_DOT_LEADERS = re.compile(
    rf"(?:[.…·•⋯．]{{2,}}\s*|[_—―─-]{{3,}}\s*|[…⋯]\s*|\s+|[/／]\s*)[（(]?{_PAGE}?[）)]?$|"
    r"\s*(?:[（(]\s*第\s*\d{1,3}\s*页\s*[）)]|第\s*\d{1,3}\s*页|[（(]\s*\d{1,3}\s*[）)]|[Pp]\.?\s?\d{1,3})$"
)
_LEADERS_ONLY = re.compile(r"[.…·•⋯．_—―─\-\s]{3,}$")
_MARK = re.compile(
    r"^(?:[\d一二三四五六七八九十]{1,2}[.、．\s]+|[（(][\d一二三四五六七八九十]{1,2}[）)]\s*|[①-⑳]\s*|"
    r"[●○■□◆◇▪►▶★☆※△▲·•\-*]\s*)"
)
_REGION = r"(?:省|市|县|区|旗|州|盟|镇|乡|街道)"
_OFFICE = r"(?:办|局|部|委|会|厅|中心|妇联|公司|集团)"
_NAME = r"[\u4e00-\u9fff][\u4e00-\u9fff、·]{0,22}"
# 点线后面写什么都是来源；空格或括号里，要像地名、单位名才算
_BEHIND_DOTS = re.compile(
    rf"\s*(?:[.…·•⋯．]{{3,}}|[…⋯]{{2,}}|[_—―─-]{{3,}})\s*[（(]?(?P<source>{_NAME})[）)]?$"
)
_BEHIND = re.compile(
    rf"(?:[\t\u3000 ]+[（(]?|[（(])(?P<source>(?:{_NAME})?[\u4e00-\u9fff](?:{_REGION}|{_OFFICE}))[）)]?$"
)
_BEFORE = re.compile(rf"^(?P<source>[\u4e00-\u9fff]{{1,11}}{_REGION})[:：]")
_COLUMNS = re.compile(r"(?:\t|\s{2,}|\u3000)\s*")


@dataclass(frozen=True, slots=True)
class Entry:
    """``title`` is squeezed; ``source`` says whose report it is where the list does (荷塘县, 荷塘县文明办),
    else it is empty."""

    title: str
    source: str = ""


def read_entry(text: str) -> Entry:
    """What a line of a contents list surely says: no number before, no dots, page or contributor behind."""
    if len(text) > _LONGEST_ENTRY:
        return Entry(squeeze(text))
    return _behind(_bare(text), _BEHIND_DOTS)


def other_readings(text: str) -> list[Entry]:
    """What the line may mean besides: what stands behind a space or in brackets is the contributor, or the
    title stands below without the place before its colon."""
    if len(text) > _LONGEST_ENTRY:
        return []
    first = read_entry(text)
    second = _behind(_bare(text), _BEHIND)
    return [e for e in (second, without_place(first.title), without_place(second.title)) if e and e.source]


def without_place(title: str) -> Entry | None:
    """A title 荷塘县：… as 荷塘县 and the rest; None where it isn't of that form."""
    match = _BEFORE.match(title)
    rest = title[match.end() :] if match else ""
    return Entry(rest, match["source"]) if match and len(rest) >= _SHORTEST_TITLE else None


def columns(text: str) -> list[str]:
    """The entries that stand side by side in one line; empty where a line is one entry."""
    parts = _COLUMNS.split(text.strip()) if len(text) <= _LONGEST_ENTRY else []
    parts = [p for p in parts if not re.fullmatch(rf"[.…·•⋯．\s]*{_PAGE}", p)]
    return parts if len(parts) > 1 else []


def has_page(text: str) -> bool:
    """Whether a line ends in dots, or space, and a page number."""
    return (
        len(text) <= _LONGEST_ENTRY
        and bool(re.search(r"[\d０-９][）)页]?\s*[）)]?$", text))
        and bool(_DOT_LEADERS.search(text))
    )


def has_leaders(text: str) -> bool:
    """Whether a line can only be an entry: a page or a contributor stands behind dots."""
    if len(text) > _LONGEST_ENTRY:
        return False
    return bool(_BEHIND_DOTS.search(text)) or (has_page(text) and bool(re.search(r"[.…·•⋯．]{3,}|\t", text)))


def is_entry(text: str) -> bool:
    """Whether a line looks like an entry: a page stands behind the title, or a contributor behind dots."""
    return has_page(text) or has_leaders(text)


def _bare(text: str) -> str:
    text = _MARK.sub("", text.strip())
    return _LEADERS_ONLY.sub("", _DOT_LEADERS.sub("", text) if has_page(text) else text)


def _behind(text: str, pattern: re.Pattern[str]) -> Entry:
    match = pattern.search(text)
    if match and len(squeeze(text[: match.start()])) >= _SHORTEST_TITLE:
        return Entry(squeeze(text[: match.start()]), squeeze(match["source"]))
    return Entry(squeeze(text))
