"""The day that a web page says it was published."""

from __future__ import annotations

import datetime
import re
from typing import Any

from corpus.masthead import read_date

_NAMES = {"pubdate", "publishdate", "publish_time", "article:published_time"}
"""Of meta elements; PubDate is that of government websites, article:published_time that of Open Graph."""
_TOLD = re.compile(r"(?:发布|发文|成文|印发)?(?:时间|日期)\s*[：:]\s*(\d{4}\s*[-年./].{4,8})")


def declared_day(page: Any) -> datetime.date | None:
    """By the page's meta elements; None where they tell none."""
    for meta in page.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        if name in _NAMES and (day := read_date(meta.get("content") or "")):
            return day
    return None


def told_day(page: Any) -> datetime.date | None:
    """By the first words 发布时间：2024-11-22 of the page; None where it has none."""
    told = _TOLD.search(page.text_content())
    return read_date(told[1]) if told else None
