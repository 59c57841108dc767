"""One bulletin in every format: the same articles, places and passages come out."""

from __future__ import annotations

import html
import io
import re
import unicodedata

import pytest
from printed import (
    AFTER_TABLE,
    FIRST,
    SECOND,
    TABLE,
    TITLES,
    as_pdf,
    bulletin_text,
    set_bulletin,
)

from corpus.formats import FileParser
from corpus.places import load_gazetteer
from corpus.types import ParsedDocument

HEAD = ("灌南文明建设简报", "第8期", "灌南县文明办　　　　　　2024年6月18日")


def parse(data: bytes, name: str) -> ParsedDocument:
    return FileParser(load_gazetteer()).parse(data, name)


def as_docx() -> bytes:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_heading(HEAD[0], 0)
    for line in HEAD[1:]:
        document.add_paragraph(line)
    document.add_heading(TITLES[0], 1)
    for text in FIRST:
        document.add_paragraph(text)
    table = document.add_table(rows=0, cols=len(TABLE[0]))
    for row in TABLE:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph(AFTER_TABLE)
    document.add_heading(TITLES[1], 1)
    for text in SECOND:
        document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_html() -> bytes:
    def paragraphs(texts: tuple[str, ...]) -> str:
        return "".join(f"<p>{html.escape(text)}</p>\n" for text in texts)

    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in TABLE)
    body = (
        f"<h1>{HEAD[0]}</h1>\n{paragraphs(HEAD[1:])}<h2>{TITLES[0]}</h2>\n{paragraphs(FIRST)}"
        f"<table>{rows}</table>\n{paragraphs((AFTER_TABLE,))}<h2>{TITLES[1]}</h2>\n{paragraphs(SECOND)}"
    )
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>灌南文明建设简报</title></head>'
        f"<body><article>{body}</article></body></html>"
    ).encode()


def as_markdown() -> bytes:
    rows = [f"| {' | '.join(row)} |" for row in TABLE]
    rows.insert(1, "|" + " --- |" * len(TABLE[0]))
    parts = [f"# {HEAD[0]}", *HEAD[1:], f"## {TITLES[0]}", *FIRST, "\n".join(rows), AFTER_TABLE]
    return "\n\n".join([*parts, f"## {TITLES[1]}", *SECOND]).encode()


def squeezed(text: str) -> str:
    return re.sub(r"[\s|]+", "", unicodedata.normalize("NFKC", text))


def understood(parsed: ParsedDocument) -> list[tuple[str, str | None, list[str]]]:
    """Title, place and squeezed passages of each article."""
    return [
        (
            squeezed(article.title),
            article.place,
            [squeezed(p.text) for p in parsed.passages if p.article == article.ordinal],
        )
        for article in parsed.articles
    ]


@pytest.fixture(scope="module")
def plain() -> ParsedDocument:
    """The bulletin as txt, which the others are held against."""
    return parse(bulletin_text().encode(), "简报.txt")


def test_the_text_is_understood(plain: ParsedDocument) -> None:
    """Two articles with their places; every paragraph and every cell of the table is in a passage."""
    found = understood(plain)
    assert [(title, place) for title, place, _ in found] == [
        (squeezed(TITLES[0]), "灌南县"),
        (squeezed(TITLES[1]), "溧阳市"),
    ]
    whole = "".join(text for _, _, texts in found for text in texts)
    for text in (*FIRST, "".join("".join(row) for row in TABLE), AFTER_TABLE, *SECOND):
        assert squeezed(text) in whole


@pytest.mark.parametrize("ending", ["docx", "pdf", "html", "md"])
def test_every_format_is_understood_alike(plain: ParsedDocument, ending: str) -> None:
    """Masthead, articles, places and passages are those of the txt."""
    if ending == "pdf":
        pytest.importorskip("reportlab")
    make = {"docx": as_docx, "pdf": lambda: as_pdf(set_bulletin()), "html": as_html, "md": as_markdown}
    parsed = parse(make[ending](), f"简报.{ending}")
    assert understood(parsed) == understood(plain)
    mastheads = [(d.id, d.series, d.issue, d.issuer, d.date) for d in (parsed.document, plain.document)]
    assert mastheads[0] == mastheads[1]
