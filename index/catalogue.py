"""Documents, articles and passages go into the tables and come out again as the corpus's nouns.

Plain functions on a connection; who calls them holds the transaction.
"""

from __future__ import annotations

import datetime
import itertools
import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.types import Anchor, Article, Document, ParsedDocument, Passage
from index.inputs import EmbeddedDocument
from index.kinship import sentence_digest
from index.types import DocumentRecord, Filters, Vectors

Numbers = NDArray[np.int64]
"""Shape (n,): passage or sentence numbers."""

_ISSUE_WORDING = re.compile(r"[\s第期总号]")
_PASSAGE = (
    'SELECT p.number, p.id, p.document_id, p.article, p.ordinal, p.text, p.start, p."end", p.title, p.place,'
    " p.heading, p.page FROM passages p JOIN documents d ON d.id = p.document_id"
    " LEFT JOIN articles a ON a.document_id = p.document_id AND a.ordinal = p.article"
)
_NEWEST_FIRST = "d.date IS NULL, d.date DESC, d.title, d.id"


def issue_key(issue: str) -> str:
    """What issue numbers are compared by: 第08期, 08 and 8 are one."""
    return _ISSUE_WORDING.sub("", unicodedata.normalize("NFKC", issue)).lstrip("0")


def insert(connection: sqlite3.Connection, embedded: EmbeddedDocument) -> None:
    """All of one document, vectors included."""
    _insert_document(connection, embedded.parsed)
    place = 0
    for passage, spans, vector in zip(
        embedded.parsed.passages, embedded.sentences, embedded.passage_vectors, strict=True
    ):
        own = slice(place, place + len(spans))
        sentences = zip(spans, embedded.sentence_vectors[own], embedded.sentence_tokens[own], strict=True)
        _insert_passage(connection, passage, vector, sentences)
        place += len(spans)


def delete(connection: sqlite3.Connection, document_id: str) -> bool:
    """Take a document out with all that belongs to it. False where there is none of this id."""
    return connection.execute("DELETE FROM documents WHERE id = ?", (document_id,)).rowcount > 0


def same_file(connection: sqlite3.Connection, document: Document) -> list[str]:
    """Ids of stored documents with this id, or made of the very same bytes."""
    rows = connection.execute(
        "SELECT id FROM documents WHERE id = ? OR sha256 = ?", (document.id, document.sha256)
    )
    return [row[0] for row in rows]


def document_ids(connection: sqlite3.Connection) -> list[str]:
    """Newest date first, then by title."""
    return [row[0] for row in connection.execute(f"SELECT d.id FROM documents d ORDER BY {_NEWEST_FIRST}")]


def records(connection: sqlite3.Connection) -> list[DocumentRecord]:
    """Newest date first, then by title; undated ones last."""
    rows = connection.execute(
        "SELECT d.id, d.title, d.series, d.issue, d.issuer, d.date, d.digest, d.source_name, d.sha256,"
        " (SELECT count(*) FROM articles a WHERE a.document_id = d.id),"
        " (SELECT count(*) FROM passages p WHERE p.document_id = d.id)"
        f" FROM documents d ORDER BY {_NEWEST_FIRST}"
    )
    return [_record(row) for row in rows]


def parsed_document(connection: sqlite3.Connection, document_id: str) -> ParsedDocument | None:
    """As it was given to the library; None where there is none of this id."""
    row = connection.execute(
        "SELECT id, text, sha256, title, source_name, media_type, series, issue, issuer, date, digest,"
        " anchors, warnings FROM documents WHERE id = ?",
        (document_id,),
    ).fetchone()
    if row is None:
        return None
    anchors = tuple(Anchor(*anchor) for anchor in json.loads(row[11]))
    values: list[Any] = [*row[:9], _date(row[9]), bool(row[10]), anchors]
    filters = Filters(document_ids=(document_id,))
    found = tuple(passage for _, passage in passages(connection, filters))
    return ParsedDocument(
        Document(*values), tuple(articles(connection, filters)), found, tuple(json.loads(row[12]))
    )


def articles(connection: sqlite3.Connection, filters: Filters) -> list[Article]:
    """Newest document first, in the document's order."""
    where, values = _condition(filters, has_passage=False)
    rows = connection.execute(
        'SELECT a.document_id, a.ordinal, a.title, a.start, a."end", a.place, a.author'
        f" FROM articles a JOIN documents d ON d.id = a.document_id{where}"
        f" ORDER BY {_NEWEST_FIRST}, a.ordinal",
        values,
    )
    return [Article(*row) for row in rows]


def passages(connection: sqlite3.Connection, filters: Filters) -> Iterator[tuple[int, Passage]]:
    """Passage numbers and passages that meet the filters, newest document first, in its order."""
    where, values = _condition(filters)
    rows = connection.execute(f"{_PASSAGE}{where} ORDER BY {_NEWEST_FIRST}, p.ordinal", values)
    return (_passage(row) for row in rows)


def passages_by_number(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, Passage]:
    """Those of the numbers that exist."""
    rows = connection.execute(
        f"{_PASSAGE} WHERE p.number IN (SELECT value FROM json_each(?))", (json.dumps(numbers),)
    )
    return dict(_passage(row) for row in rows)


def passages_by_id(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, tuple[int, Passage]]:
    """Those of the ids that exist, with their numbers."""
    rows = connection.execute(
        f"{_PASSAGE} WHERE p.id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
    )
    return {passage.id: (number, passage) for number, passage in map(_passage, rows)}


def passage_numbers(connection: sqlite3.Connection, filters: Filters | None = None) -> Numbers:
    """Ascending; all of them without filters."""
    where, values = _condition(filters or Filters())
    joined = (
        " p JOIN documents d ON d.id = p.document_id"
        " LEFT JOIN articles a ON a.document_id = p.document_id AND a.ordinal = p.article"
    )
    rows = connection.execute(f"SELECT p.number FROM passages{joined if where else ' p'}{where}", values)
    return np.sort(np.fromiter((row[0] for row in rows), dtype=np.int64))


def sentence_owners(connection: sqlite3.Connection) -> tuple[Numbers, Numbers]:
    """Sentence numbers, ascending, and the number of each one's passage."""
    rows = connection.execute("SELECT number, passage FROM sentences ORDER BY number").fetchall()
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy()


def vector_numbers(connection: sqlite3.Connection, table: str) -> Numbers:
    """Ascending; ``table`` is passage_vectors or sentence_vectors."""
    # Each passage and sentence has its vector; their own tables are quicker to walk through.
    owner = {"passage_vectors": "passages", "sentence_vectors": "sentences"}[table]
    rows = connection.execute(f"SELECT number FROM {owner}")
    return np.sort(np.fromiter((row[0] for row in rows), dtype=np.int64))


def vectors(
    connection: sqlite3.Connection, table: str, wanted: Numbers, dimension: int
) -> tuple[Numbers, Vectors]:
    """Those of the wanted numbers (ascending) that exist, ascending, and their vectors (n, dimension)."""
    # A stretch of neighbours is read in one go, others are looked up.
    dense = len(wanted) and wanted[-1] - wanted[0] < 2 * len(wanted)
    condition = "BETWEEN ? AND ?" if dense else "IN (SELECT value FROM json_each(?))"
    values = (int(wanted[0]), int(wanted[-1])) if dense else (json.dumps(wanted.tolist()),)
    rows = connection.execute(
        f"SELECT number, vector FROM {table} WHERE number {condition} ORDER BY number", values
    )
    numbers: list[int] = []
    joined = bytearray()
    for number, vector in rows:
        numbers.append(number)
        joined += vector
    found = np.array(numbers, dtype=np.int64)
    matrix = np.frombuffer(joined, dtype=np.float32).reshape(-1, dimension)
    kept = np.isin(found, wanted, assume_unique=True)
    return found[kept], matrix[kept]


def sentences_of(
    connection: sqlite3.Connection, numbers: Sequence[int], dimension: int
) -> dict[int, tuple[list[tuple[int, int]], Vectors, list[bytes]]]:
    """By passage number: spans (document offsets), vectors (sentences, dimension) and packed tokens of the
    passage's sentences, in order. A passage without sentences is left out."""
    rows = connection.execute(
        'SELECT s.passage, s.start, s."end", v.vector, t.tokens FROM sentences s'
        " JOIN sentence_vectors v ON v.number = s.number JOIN sentence_tokens t ON t.number = s.number"
        " WHERE s.passage IN (SELECT value FROM json_each(?)) ORDER BY s.passage, s.ordinal",
        (json.dumps(numbers),),
    )
    found = {}
    for number, group in itertools.groupby(rows, key=lambda row: row[0]):
        own = list(group)
        matrix = np.frombuffer(b"".join(row[3] for row in own), dtype=np.float32).reshape(-1, dimension)
        found[number] = ([(row[1], row[2]) for row in own], matrix, [row[4] for row in own])
    return found


def packed_tokens(connection: sqlite3.Connection, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
    """(passage number, packed tokens) of each sentence of these passages, in no promised order."""
    return connection.execute(
        "SELECT s.passage, t.tokens FROM sentences s JOIN sentence_tokens t ON t.number = s.number"
        " WHERE s.passage IN (SELECT value FROM json_each(?))",
        (json.dumps(numbers),),
    ).fetchall()


def _insert_document(connection: sqlite3.Connection, parsed: ParsedDocument) -> None:
    document = parsed.document
    values = asdict(document) | {
        "issue_key": None if document.issue is None else issue_key(document.issue),
        "date": document.date.isoformat() if document.date else None,
        "anchors": json.dumps([(a.offset, a.page, a.line) for a in document.anchors], separators=(",", ":")),
        "warnings": json.dumps(parsed.warnings, ensure_ascii=False),
    }
    _insert_row(connection, "documents", values)
    for article in parsed.articles:
        _insert_row(connection, "articles", asdict(article))


def _insert_passage(
    connection: sqlite3.Connection,
    passage: Passage,
    vector: NDArray[np.float32],
    sentences: Iterable[tuple[tuple[int, int], NDArray[np.float32], bytes]],
) -> None:
    """``sentences``: span, vector and packed token vectors of each."""
    row = asdict(passage) | {"heading": json.dumps(passage.heading, ensure_ascii=False)}
    number = _insert_row(connection, "passages", row)
    _insert_row(connection, "passage_vectors", {"number": number, "vector": vector.tobytes()})
    for ordinal, ((start, end), sentence_vector, tokens) in enumerate(sentences):
        row = {"passage": number, "ordinal": ordinal, "start": start, "end": end}
        text = passage.text[start - passage.start : end - passage.start]
        sentence = _insert_row(connection, "sentences", {**row, "digest": sentence_digest(text)})
        _insert_row(connection, "sentence_vectors", {"number": sentence, "vector": sentence_vector.tobytes()})
        _insert_row(connection, "sentence_tokens", {"number": sentence, "tokens": tokens})


def _insert_row(connection: sqlite3.Connection, table: str, values: dict[str, object]) -> int:
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f":{name}" for name in values)
    cursor = connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)
    return int(cursor.lastrowid or 0)


def _condition(filters: Filters, *, has_passage: bool = True) -> tuple[str, list[str]]:
    # An article is also about the places of its passages; a passage is about its own and its article's.
    own_place = "p.place" if has_passage else None
    within = "IN (SELECT value FROM json_each(?))"
    parts: list[tuple[str, list[str]]] = []
    if filters.years:
        parts.append((f"CAST(substr(d.date, 1, 4) AS INTEGER) {within}", [json.dumps(filters.years)]))
    if filters.issues:
        parts.append((f"d.issue_key {within}", [json.dumps([issue_key(issue) for issue in filters.issues])]))
    if filters.places:
        places = json.dumps(filters.places)
        own = (
            f"{own_place} {within}"
            if own_place
            else f"EXISTS (SELECT 1 FROM passages p WHERE p.document_id = a.document_id"
            f" AND p.article = a.ordinal AND p.place {within})"
        )
        parts.append((f"(a.place {within} OR {own})", [places, places]))
    if filters.document_ids:
        parts.append((f"d.id {within}", [json.dumps(filters.document_ids)]))
    if filters.since:
        parts.append(("d.date >= ?", [filters.since.isoformat()]))
    if filters.until:
        parts.append(("d.date <= ?", [filters.until.isoformat()]))
    if not parts:
        return "", []
    return " WHERE " + " AND ".join(part for part, _ in parts), [
        value for _, values in parts for value in values
    ]


def _passage(row: Sequence[Any]) -> tuple[int, Passage]:
    values: list[Any] = [*row[1:10], tuple(json.loads(row[10])), row[11]]
    return row[0], Passage(*values)


def _record(row: Sequence[Any]) -> DocumentRecord:
    values: list[Any] = [*row[:5], _date(row[5]), bool(row[6]), *row[7:]]
    return DocumentRecord(*values)


def _date(value: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if value else None
