"""What a line looks like among its neighbours: title, running text, author, table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.authors import is_author, is_name_below
from corpus.columns import begins_numbered_brief, is_editors_note, is_label
from corpus.headings import find_heading
from corpus.masthead import is_date_line, is_rule
from corpus.normalize import ends_sentence
from corpus.types import Block

LONGEST_TITLE = 70
CLOSERS = "，。、；：！？”’）》】〕」』…"
_LONGEST_TABLE = 400
_OPEN_END = re.compile(r"[“‘《（(][^”’》）)]*$")


class Lines:
    """A view of the blocks between contents list and colophon; a place outside of them is an empty line."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks

    def author_length(self, at: int) -> int:
        """How many blocks from ``at`` on name an author: one, or two with the name below the office."""
        if at >= len(self._blocks):
            return 0
        text = self._blocks[at].text
        if is_author(text):
            return 1
        return 2 if at + 1 < len(self._blocks) and is_name_below(text, self._blocks[at + 1].text) else 0

    def may_be_title(self, at: int) -> bool:
        if at >= len(self._blocks) or self._blocks[at].kind in {"table", "footnote"}:
            return False
        if at + 1 < len(self._blocks) and self._blocks[at + 1].continues:
            return False
        text = self._blocks[at].text.strip()
        plain = len(text) <= LONGEST_TITLE and not ends_sentence(text) and not re.search("[。；;]", text)
        if not plain:
            return False
        other = is_author(text) or is_label(text) or is_editors_note(text) or is_date_line(text)
        marked = find_heading(text) and not begins_numbered_brief(text)
        return not (marked or other or is_rule(text)) and text[0] not in CLOSERS

    def whole(self, at: int) -> str:
        """The text of a block and of those that the reader saw go on it."""
        text = self._blocks[at].text if at < len(self._blocks) else ""
        while at + 1 < len(self._blocks) and self._blocks[at + 1].continues and len(text) < 60:
            at += 1
            text += self._blocks[at].text
        return text

    def is_long(self, at: int) -> bool:
        text = self.whole(at)
        return len(text) >= 60 or (len(text) >= 25 and bool(re.search("[，。；,]", text)))

    def is_text(self, at: int) -> bool:
        """Running text, even in short lines: long, or with a comma inside."""
        text = self.whole(at)
        return self.is_long(at) or (len(text) >= 16 and bool(re.search("[，。；]", text)))

    def is_greeting(self, at: int) -> bool:
        text = self._blocks[at].text.strip() if at < len(self._blocks) else ""
        return bool(re.fullmatch(r"[\w、，]{2,30}[：:]", text))

    def is_note(self, at: int) -> bool:
        return at < len(self._blocks) and is_editors_note(self._blocks[at].text)

    def table_length(self, at: int) -> int:
        """How many blocks from ``at`` on are rows of one table that make one paragraph of readable length."""
        length = size = 0
        while at + length < len(self._blocks) and self._blocks[at + length].kind == "table":
            size += len(self._blocks[at + length].text)
            if length and size > _LONGEST_TABLE:
                break
            length += 1
        return length


def may_head(text: str) -> bool:
    """Whether a short line heads text (守好一方水：岸上有人管); text's own first line fills the width."""
    if not re.search("[，、。；：,;:]", text):
        return True
    return len(text) <= 20 and not re.search("[。；;]|[，、：,:]$", text) and not _OPEN_END.search(text)
