"""Blocks become a document with its articles and passages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import PurePath

from corpus.authors import author_name, signature
from corpus.body import Part
from corpus.columns import is_note_line, without_number
from corpus.pages import page_at
from corpus.places import Gazetteer
from corpus.segments import Placed, segments_of
from corpus.structure import read_structure
from corpus.types import (
    CONTENT_ID,
    Anchor,
    Article,
    Document,
    Masthead,
    ParsedDocument,
    Passage,
    Place,
    RawDocument,
)
from corpus.whereabouts import Whereabouts

_OPENING = 300


@dataclass(slots=True)
class _Draft:
    """An article while it is being read."""

    title: str
    start: int
    source: str = ""
    author: str | None = None
    placed: list[Placed] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.placed[-1].end


def parse_document(
    raw: RawDocument, *, data: bytes, source_name: str, gazetteer: Gazetteer
) -> ParsedDocument:
    """The document that a file holds. Every passage satisfies ``document.text[start:end] == text``.

    What isn't a bulletin becomes a document with one article. ``warnings`` says what a person should
    check: no masthead found, no text outside the masthead.
    """
    masthead, parts = read_structure(raw.blocks)
    masthead = replace(masthead, date=masthead.date or raw.published)
    text, placed = _lay_out(parts)
    drafts = _articles(placed, fallback=PurePath(source_name).stem)
    sha256 = hashlib.sha256(data).hexdigest()
    document = Document(
        id=document_id(masthead, text),
        text=text,
        sha256=sha256,
        title=_document_title(masthead, drafts, source_name),
        source_name=source_name,
        media_type=raw.media_type,
        series=masthead.series,
        issue=masthead.issue,
        issuer=masthead.issuer,
        date=masthead.date,
        digest=masthead.digest,
        anchors=_anchors(placed),
    )
    whereabouts = Whereabouts(gazetteer, [t for t in (masthead.issuer, masthead.series) if t])
    articles, passages = _build(document, drafts, whereabouts)
    unsettled = [warning for a in articles if not a.place and (warning := whereabouts.ambiguous(a.title))]
    return ParsedDocument(
        document,
        tuple(articles),
        tuple(passages),
        (*raw.warnings, *_warnings(masthead, parts, passages), *unsettled),
    )


def document_id(masthead: Masthead, text: str) -> str:
    """Stable and plain ASCII: year, issue and a digest of series where the masthead names them (a corrected
    file keeps its id), else a digest of the text."""
    if masthead.series and masthead.issue and masthead.date:
        key = f"{masthead.series}\n{masthead.digest}".encode()
        return f"{masthead.date.year}-{int(masthead.issue):02d}-{hashlib.sha256(key).hexdigest()[:8]}"
    return f"{CONTENT_ID}{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _lay_out(parts: Sequence[Part]) -> tuple[str, list[Placed]]:
    placed, lines, at = [], [], 0
    for part in parts:
        lines.append(part.piece.text)
        placed.append(Placed(part, at, at + len(part.piece.text)))
        at += len(part.piece.text) + 1
    return "\n".join(lines), placed


def _anchors(placed: Iterable[Placed]) -> tuple[Anchor, ...]:
    return tuple(
        Anchor(item.start + anchor.offset, anchor.page, anchor.line)
        for item in placed
        for anchor in item.part.piece.anchors
    )


def _articles(placed: Iterable[Placed], fallback: str) -> list[_Draft]:
    drafts: list[_Draft] = []
    for item in placed:
        role = item.part.role
        if role == "title" or item.part.opens:
            drafts.append(
                _Draft(
                    item.part.opens or without_number(item.part.piece.text),
                    item.start,
                    item.part.source,
                    placed=[item],
                )
            )
        elif role in {"author", "heading", "body"}:
            if not drafts:
                drafts.append(_Draft(fallback, item.start))
            drafts[-1].placed.append(item)
            if role == "author":
                name = signature(item.part.piece.text) or author_name(item.part.piece.text)
                drafts[-1].author = f"{drafts[-1].author}；{name}" if drafts[-1].author else name
    for draft in drafts:
        draft.author = draft.author or signature(draft.placed[-1].part.piece.text)
    return [d for d in drafts if any(p.part.role != "title" for p in d.placed)]


def _document_title(masthead: Masthead, drafts: Sequence[_Draft], source_name: str) -> str:
    if masthead.series:
        year = f"{masthead.date.year}年" if masthead.date else ""
        issue = f"第{masthead.issue}期" if masthead.issue else ""
        digest = "（摘编）" if masthead.digest else ""
        return f"{masthead.series}{year}{issue}{digest}"
    return drafts[0].title if drafts else PurePath(source_name).stem


def _build(
    document: Document, drafts: Sequence[_Draft], whereabouts: Whereabouts
) -> tuple[list[Article], list[Passage]]:
    articles: list[Article] = []
    passages: list[Passage] = []
    text = document.text
    for ordinal, draft in enumerate(drafts):
        body = [p for p in draft.placed if p.part.role == "body"]
        opening = text[body[0].start : body[0].end][:_OPENING] if body else ""
        place = _place(whereabouts, draft, opening)
        is_survey = whereabouts.is_survey(place, draft.title, draft.author, text[draft.start : draft.end])
        if is_survey and place and place.level == "county":
            place = None  # only the first of those it speaks of
        article = Article(
            document.id,
            ordinal,
            draft.title,
            draft.start,
            draft.end,
            place.unique_name if place else None,
            draft.author,
        )
        articles.append(article)
        for start, end, heading, where in _placed_segments(text, draft, place, whereabouts, is_survey):
            number = len(passages)
            passages.append(
                Passage(
                    id=f"{document.id}-p{number + 1:03d}",
                    document_id=document.id,
                    article=ordinal,
                    ordinal=number,
                    text=text[start:end],
                    start=start,
                    end=end,
                    title=draft.title,
                    place=where,
                    heading=heading,
                    page=page_at(document, start),
                )
            )
    return articles, passages


def _place(whereabouts: Whereabouts, draft: _Draft, opening: str) -> Place | None:
    if is_note_line(draft.title):
        return whereabouts.of_note(opening)
    contributors = "\n".join(name for name in (draft.source, draft.author) if name)
    return whereabouts.of_article(draft.title, contributors or None, opening)


def _placed_segments(
    text: str, draft: _Draft, article: Place | None, whereabouts: Whereabouts, is_survey: bool
) -> Iterator[tuple[int, int, tuple[str, ...], str | None]]:
    """The segments, cut where they pass from one place to another, and each one's place."""
    for start, end, heading in segments_of(text, draft.placed):
        if is_note_line(draft.title):
            yield start, end, heading, article.unique_name if article else None
            continue
        parts = whereabouts.parts_of_passage(
            article, "".join(heading[-1:]), text[start:end], is_survey=is_survey
        )
        yield from ((start + first, start + last, heading, place) for first, last, place in parts)


def _warnings(masthead: Masthead, parts: Sequence[Part], passages: Sequence[Passage]) -> list[str]:
    warnings = []
    if not masthead.series and not masthead.issue:
        warnings.append("没有找到报头（刊名、期号、日期），按普通文章收入。")
    else:
        missing = [
            name
            for name, value in (("刊名", masthead.series), ("期号", masthead.issue), ("日期", masthead.date))
            if not value
        ]
        if missing:
            warnings.append(f"报头里没有找到{'、'.join(missing)}。")
    heads = sum(b.role == "masthead" != a.role for a, b in pairwise(parts))
    if heads:
        warnings.append(f"文件里有{heads + 1}个报头，刊名、期号、日期取第一个；最好一期存一个文件。")
    if not passages:
        warnings.append("报头和目录之外没有正文。")
    return warnings
