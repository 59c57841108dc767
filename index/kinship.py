"""Which files and documents are known already: the same file, a former version, a reprint in another issue.

Sentences are compared by digests, without white space, width of characters and quotation marks. Plain
functions on a connection; who calls them holds the transaction.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterable

from corpus.types import CONTENT_ID, PARSER_VERSION, ParsedDocument
from index.errors import DocumentNotFoundError
from index.types import Reprint

_LEAST_SHARE = 0.8
"""Of an article's sentences that must stand in the other article, to count as its reprint."""
_LEAST_SENTENCES = 3
"""A shorter article (a notice, a list's head) may be like another by chance."""
_LEAST_KEPT = 0.5
"""Of the longer one's sentences that a file and its former version share."""
_MOST_SHOWN = 5
_LEFT_OUT = re.compile(r"[\s\"'“”‘’「」『』﹁﹂﹃﹄〝〞〟`´]+")


def sentence_digest(sentence: str) -> int:
    """64 bits (signed, as SQLite keeps them) of what a sentence says: BLAKE2b of its NFKC form without white
    space and quotation marks."""
    told = _LEFT_OUT.sub("", unicodedata.normalize("NFKC", sentence))
    return int.from_bytes(hashlib.blake2b(told.encode(), digest_size=8).digest(), "big", signed=True)


def known_file(connection: sqlite3.Connection, sha256: str) -> str | None:
    """Id of the document that the present parser found in this file; None where it must be read."""
    row = connection.execute(
        "SELECT document_id FROM files WHERE sha256 = ? AND parser_version = ?", (sha256, PARSER_VERSION)
    ).fetchone()
    return None if row is None else str(row[0])


def files_of(connection: sqlite3.Connection, document_id: str) -> list[tuple[str, int]]:
    """SHA-256 and parser version of each file that holds the document."""
    return connection.execute(
        "SELECT sha256, parser_version FROM files WHERE document_id = ?", (document_id,)
    ).fetchall()


def remember_files(
    connection: sqlite3.Connection, document_id: str, files: Iterable[tuple[str, int]]
) -> None:
    """The files hold this document, whatever they were found to hold before."""
    connection.executemany(
        "INSERT OR REPLACE INTO files VALUES (?, ?, ?)",
        [(sha256, document_id, version) for sha256, version in files],
    )


def former_versions(
    connection: sqlite3.Connection, parsed: ParsedDocument, sentences: Iterable[str]
) -> list[str]:
    """Ids of stored documents that the given one corrects: without a masthead to tell them by, of the same
    source name and with at least half of the sentences in common."""
    digests = {sentence_digest(sentence) for sentence in sentences}
    rows = connection.execute(
        "SELECT d.id, count(DISTINCT s.digest),"
        " count(DISTINCT CASE WHEN s.digest IN (SELECT value FROM json_each(?)) THEN s.digest END)"
        " FROM documents d JOIN passages p ON p.document_id = d.id JOIN sentences s ON s.passage = p.number"
        " WHERE d.source_name = ? AND d.id <> ? AND substr(d.id, 1, ?) = ? GROUP BY d.id",
        (
            json.dumps(sorted(digests)),
            parsed.document.source_name,
            parsed.document.id,
            len(CONTENT_ID),
            CONTENT_ID,
        ),
    )
    return [id_ for id_, count, shared in rows if shared >= _LEAST_KEPT * max(count, len(digests))]


def reprints(connection: sqlite3.Connection, document_id: str) -> tuple[Reprint, ...]:
    """Articles of a stored document that stand in another document's article, in the document's order; of
    several such articles the one that shares most, then the oldest."""
    rows = connection.execute(
        "WITH own AS (SELECT DISTINCT p.article, s.digest FROM passages p JOIN sentences s"
        " ON s.passage = p.number WHERE p.document_id = :id),"
        " sizes AS (SELECT article, count(*) AS size FROM own GROUP BY article),"
        " shared AS (SELECT own.article, p.document_id AS other, p.article AS original,"
        " count(DISTINCT own.digest) AS size FROM own JOIN sentences s ON s.digest = own.digest"
        " JOIN passages p ON p.number = s.passage WHERE p.document_id <> :id GROUP BY 1, 2, 3)"
        " SELECT shared.article, a.title, d.id, d.title, b.title FROM shared"
        " JOIN sizes ON sizes.article = shared.article"
        " JOIN articles a ON a.document_id = :id AND a.ordinal = shared.article"
        " JOIN documents d ON d.id = shared.other"
        " JOIN articles b ON b.document_id = shared.other AND b.ordinal = shared.original"
        " WHERE sizes.size >= :least AND shared.size >= :share * sizes.size"
        " ORDER BY shared.article, shared.size DESC, d.date IS NULL, d.date, d.id, shared.original",
        {"id": document_id, "least": _LEAST_SENTENCES, "share": _LEAST_SHARE},
    )
    best: dict[int, Reprint] = {}
    for article, title, other, other_title, original in rows:
        best.setdefault(article, Reprint(title, other, other_title, original))
    return tuple(best.values())


def find_id(connection: sqlite3.Connection, name: str) -> str:
    """The document that ``name`` means: by its id, else by its source name (with or without its folders),
    else by how its id begins. Raises DocumentNotFoundError where there is none, or more than one."""
    conditions = (
        ("id = ?", [name]),
        ("source_name = ? OR substr(source_name, -length(?) - 1) = '/' || ?", [name, name, name]),
        ("? <> '' AND substr(id, 1, length(?)) = ?", [name, name, name]),
    )
    for condition, values in conditions:
        rows = connection.execute(f"SELECT id FROM documents WHERE {condition} ORDER BY id", values)
        match [row[0] for row in rows]:
            case [str(found)]:
                return found
            case [_, *_] as several:
                shown = "、".join(several[:_MOST_SHOWN]) + ("……" if len(several) > _MOST_SHOWN else "")
                raise DocumentNotFoundError(f"“{name}”可以指 {len(several)} 份文件：{shown}。请写全编号。")
    raise DocumentNotFoundError(
        f"没有编号为 {name} 的文件，也没有文件叫这个名字。请用 jianbao list 查看现有文件。"
    )
