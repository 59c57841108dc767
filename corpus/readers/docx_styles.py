"""What docx styles say of a paragraph or run: heading level, numbering, hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_NAME = re.compile(
    r"^(?:heading|标题|標題)\s*([1-9])$|^([一二三四五六七八九1-9])\s*级标题$", re.IGNORECASE
)
_TITLE_NAMES = {"title", "标题", "標題"}
_CHINESE = "一二三四五六七八九"
_BODY_LEVEL = 9  # w:outlineLvl 9 means "body text" (ECMA-376 part 1, 17.3.1.20)


def value(element: Any, path: str) -> str | None:
    """The w:val of the element at ``path`` (names joined by /) below ``element``; None without one."""
    found = find(element, path)
    result: str | None = None if found is None else found.get(f"{W}val")
    return result


def find(element: Any, path: str) -> Any:
    return None if element is None else element.find("/".join(W + step for step in path.split("/")))


def switch(element: Any, path: str) -> bool | None:
    """An on/off property: True where it is there and not switched off, None where it isn't there."""
    if find(element, path) is None:
        return None
    return value(element, path) not in {"0", "false", "off", "none"}


class Styles:
    """The styles of one document, looked up along what they are based on."""

    def __init__(self, root: Any) -> None:
        """``root`` is the w:styles element, None where the file has none."""
        found = [] if root is None else root.findall(f"{W}style")
        self._by_id: dict[str, Any] = {style.get(f"{W}styleId"): style for style in found}
        self._default: str | None = next(
            (
                s.get(f"{W}styleId")
                for s in found
                if s.get(f"{W}type") == "paragraph" and s.get(f"{W}default") in {"1", "true"}
            ),
            None,
        )

    def chain(self, style_id: str | None) -> Iterator[Any]:
        """The style and those it is based on, nearest first. A circle is followed once."""
        seen: set[str] = set()
        while style_id and style_id not in seen and style_id in self._by_id:
            seen.add(style_id)
            style = self._by_id[style_id]
            yield style
            style_id = value(style, "basedOn")

    def of_paragraph(self, paragraph: Any) -> Iterator[Any]:
        return self.chain(value(paragraph, "pPr/pStyle") or self._default)

    def heading_level(self, paragraph: Any) -> int:
        """1 to 9, or 0 for body text."""
        for element in (paragraph, *self.of_paragraph(paragraph)):
            outline = value(element, "pPr/outlineLvl")
            if outline is not None and outline.isdigit():
                return int(outline) + 1 if int(outline) < _BODY_LEVEL else 0
            level = _level_of_name((value(element, "name") or "").strip())
            if level:
                return level
        return 0

    def numbering(self, paragraph: Any) -> tuple[str, int | None] | None:
        """The number of the list (w:numId) and the level from 0 where one is given; None without a list."""
        level: str | None = None
        for element in (paragraph, *self.of_paragraph(paragraph)):
            level = level or value(element, "pPr/numPr/ilvl")
            number = value(element, "pPr/numPr/numId")
            if number is not None:
                depth = int(level) if level and level.isdigit() else None
                return None if number == "0" else (number, depth)
        return None

    def style_id(self, paragraph: Any) -> str | None:
        return value(paragraph, "pPr/pStyle") or self._default

    def is_hidden(self, run: Any, paragraph: Any) -> bool:
        direct = switch(run, "rPr/vanish")
        if direct is not None:
            return direct
        for style in (*self.chain(value(run, "rPr/rStyle")), *self.of_paragraph(paragraph)):
            said = switch(style, "rPr/vanish")
            if said is not None:
                return said
        return False


def _level_of_name(name: str) -> int:
    match = _HEADING_NAME.match(name)
    if match:
        digit = match[1] or match[2]
        return int(digit) if digit.isascii() else _CHINESE.index(digit) + 1
    return 1 if name.lower() in _TITLE_NAMES else 0
