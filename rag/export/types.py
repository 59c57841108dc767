"""The nouns of the material pack. Writers know nothing but ``MaterialPack``."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal

from corpus.types import Passage
from index.types import DocumentRecord
from rag.types import Question

GroupBy = Literal["place", "theme", "none"]
"""One section for each place, for each article's title, or a single one without a heading."""

Format = Literal["docx", "md", "txt"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the excerpts found go in: at most ``per_place`` of a place, ``per_city`` of a prefecture-level
    city (with all its counties), ``limit`` in all; None sets no bound. ``newest_first``: the newest are
    taken first, else the best."""

    per_place: int | None = None
    per_city: int | None = None
    limit: int | None = None
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is wanted: the passages of these ids, or else those that speak of the question.

    ``citations``: only the sentences that the question's answer cites (of these passages, where ids are
    given), else whole passages. An empty ``title`` is made from the question.
    """

    question: Question | None = None
    passage_ids: tuple[str, ...] = ()
    citations: bool = False
    choice: Choice = field(default_factory=Choice)
    group_by: GroupBy = "place"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document that may go in: ``passage`` or whole sentences of it, ``[start, end)`` in the
    document's text. ``city``: the prefecture-level city (or municipality) of its place, None if unknown."""

    passage: Passage
    start: int
    end: int
    document: DocumentRecord
    city: str | None = None

    @property
    def text(self) -> str:
        """``document.text[start:end]``."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quotation with where it comes from. ``number`` counts from 1 through the pack and is its note's.

    ``document.text[start:end] == text``. ``headings`` are those above it that it doesn't hold itself,
    highest first; ``place`` is the full name with its city before it (常州市溧阳市), empty if unknown.
    """

    number: int
    text: str
    start: int
    end: int
    passage_id: str
    document_id: str
    title: str
    headings: tuple[str, ...]
    place: str
    date: datetime.date | None
    short_reference: str
    reference: str


@dataclass(frozen=True, slots=True)
class Section:
    """Excerpts under one heading (empty: none)."""

    heading: str
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class MaterialPack:
    """What a writer sets. ``about`` are lines under the title, (name, text); ``cautions`` are what a
    person must know before using the material."""

    title: str
    about: tuple[tuple[str, str], ...]
    cautions: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        """All of them, in the order of their numbers."""
        return tuple(excerpt for section in self.sections for excerpt in section.excerpts)
