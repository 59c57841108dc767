"""The nouns of the corpus.

Every offset counts Unicode code points of ``Document.text``; spans are half open, ``[start, end)``.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal, Protocol

CONTENT_ID = "doc-"
"""Begins the id of a document that has no masthead to be told by."""
PARSER_VERSION = 6
"""Of the way files are read. Raise it where the same file would now be read otherwise: files that are known
are then read anew."""

BlockKind = Literal["paragraph", "heading", "table", "list", "footnote"]


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text as a reader found it in a file: one paragraph, heading, table or list item.

    ``page`` and ``line`` count from 1; None where the format has no such thing. ``level`` is the depth
    of a heading (1 is the highest), 0 for everything else. ``continues``: the reader saw that this goes
    on a paragraph that the end of the page before cut (its first line isn't indented as others are). The
    cells of a table row are parted by tabs.
    """

    text: str
    page: int | None = None
    line: int | None = None
    kind: BlockKind = "paragraph"
    level: int = 0
    continues: bool = False


@dataclass(frozen=True, slots=True)
class RawDocument:
    """What a reader gives: blocks in reading order, and what a person should know about the reading.
    ``published`` is the day that the file says it was published, outside of its text."""

    blocks: tuple[Block, ...]
    media_type: str
    warnings: tuple[str, ...] = ()
    published: datetime.date | None = None


class Reader(Protocol):
    """Turns the bytes of one format into blocks. Raises UnreadableFileError where it can't."""

    def read(self, data: bytes, name: str) -> RawDocument: ...


@dataclass(frozen=True, slots=True)
class Anchor:
    """``document.text`` from ``offset`` on (to the next anchor) stands on this page and line of the file."""

    offset: int
    page: int | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Masthead:
    """What the head of a bulletin says of itself; None where it doesn't say."""

    series: str | None = None
    issue: str | None = None
    issuer: str | None = None
    date: datetime.date | None = None
    digest: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One file. ``text`` is normalised in its layout only: no character of a word is changed."""

    id: str
    text: str
    sha256: str
    title: str
    source_name: str
    media_type: str
    series: str | None = None
    issue: str | None = None
    issuer: str | None = None
    date: datetime.date | None = None
    digest: bool = False
    anchors: tuple[Anchor, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Article:
    """One report inside a bulletin. ``start`` is where its title begins, ``end`` where its text ends."""

    document_id: str
    ordinal: int
    title: str
    start: int
    end: int
    place: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """What is retrieved: ``document.text[start:end] == text``, always.

    ``ordinal`` counts from 0 through the document; ``article`` is the ordinal of its article.
    ``heading`` is the path of headings above it, highest first.
    """

    id: str
    document_id: str
    article: int
    ordinal: int
    text: str
    start: int
    end: int
    title: str
    place: str | None = None
    heading: tuple[str, ...] = ()
    page: int | None = None

    @property
    def article_key(self) -> tuple[str, int]:
        """Its article among those of all documents."""
        return self.document_id, self.article


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document with all that was understood of it. ``original`` is the file, to be kept with it; None where
    it isn't at hand, as when the document comes out of a library."""

    document: Document
    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    warnings: tuple[str, ...] = ()
    original: bytes | None = field(default=None, repr=False, compare=False)


PlaceLevel = Literal["province", "prefecture", "county"]


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of administration. ``code`` is the code of GB/T 2260 (6 digits, or 2 for a province).

    ``kind`` is the unit's own word (地级市, 县级市, 市辖区, 县 …); ``parents`` are the full names above it,
    highest first. ``shares_name`` tells whether another unit of today bears the same name.
    """

    code: str
    name: str
    level: PlaceLevel
    kind: str
    parents: tuple[str, ...] = ()
    shares_name: bool = False

    @property
    def unique_name(self) -> str:
        """What articles and passages are filed under: the name, behind what it lies in where it is shared
        (徐州市鼓楼区)."""
        return f"{self.parents[-1]}{self.name}" if self.shares_name else self.name


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place named in a text. ``places`` holds more than one where the name is ambiguous and no
    context settles it; it is never empty. ``text[start:end]`` is the name as written."""

    start: int
    end: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that was not read, and why, in words for its owner. ``duplicate_of`` names the file of the
    same bytes that was read instead, where that is the reason."""

    name: str
    reason: str
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file that was not read, since it is known to hold the document ``document_id``."""

    name: str
    document_id: str
