"""Former versions of documents: kept when they are replaced, so that what was cited can still be shown.

A version was current from the generation in which it came to the one before it was replaced. Plain functions
on a connection, who calls them holds the transaction; `Versions` is what readers ask.
"""

from __future__ import annotations

import functools
import re
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from corpus.types import ParsedDocument, Passage
from index import catalogue
from index.errors import DocumentNotFoundError, OtherLibraryError, PassageNotFoundError, SnapshotError
from index.store import Store, revision

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_SNAPSHOT = re.compile(r"g(\d{1,15})-([0-9a-f]{8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Version:
    """A document as it was when something was answered. ``replaced_by`` is the id of what stands in its place
    now; None where it is the current version, or what replaced it has been taken out."""

    parsed: ParsedDocument
    is_current: bool
    replaced_by: str | None = None


def keep(connection: sqlite3.Connection, document_ids: Sequence[str], replaced_by: str) -> None:
    """To be called in the transaction that replaces the documents, before they are taken out and before the
    change is marked."""
    last = revision(connection).generation
    for document_id in document_ids:
        parsed = catalogue.parsed_document(connection, document_id)
        if parsed is None:
            continue
        row = {
            "document_id": document_id,
            "first": born(connection, document_id),
            "last": last,
            "replaced_by": replaced_by,
            "content": zlib.compress(_adapter().dump_json(replace(parsed, original=None))),
        }
        cursor = connection.execute(
            "INSERT INTO former (document_id, first, last, replaced_by, content)"
            " VALUES (:document_id, :first, :last, :replaced_by, :content)",
            row,
        )
        connection.executemany(
            "INSERT INTO former_passages VALUES (?, ?)",
            [(passage.id, cursor.lastrowid) for passage in parsed.passages],
        )


def forget(connection: sqlite3.Connection, document_id: str) -> None:
    """A document is taken out for good: its former versions go with it."""
    gone = [document_id]
    while gone:
        one = gone.pop()
        rows = connection.execute(
            "DELETE FROM former WHERE document_id = ? OR replaced_by = ? RETURNING document_id", (one, one)
        ).fetchall()
        gone += [row[0] for row in rows if row[0] != one]


def born(connection: sqlite3.Connection, document_id: str) -> int:
    """The generation in which the stored version came; 0 where there is no such document."""
    row = connection.execute("SELECT generation FROM documents WHERE id = ?", (document_id,)).fetchone()
    return int(row[0]) if row else 0


def stamp(connection: sqlite3.Connection, document_id: str, generation: int) -> None:
    """Note the generation in which a document came."""
    connection.execute("UPDATE documents SET generation = ? WHERE id = ?", (generation, document_id))


class Versions:
    """Documents and passages as they were at a snapshot. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def document(self, document_id: str, snapshot: str) -> Version:
        """Raises SnapshotError, and DocumentNotFoundError where no such version is kept."""
        generation = self._generation(snapshot)
        with self._store.read() as connection:
            if born(connection, document_id) <= generation:
                parsed = catalogue.parsed_document(connection, document_id)
                if parsed is not None:
                    return Version(parsed, is_current=True)
            found = _former(connection, "f.document_id = ?", document_id, generation)
        if found is None:
            raise DocumentNotFoundError(
                f"编号为 {document_id} 的文件在当时（{snapshot}）的版本没有保留：可能已用 jianbao gc 清理，"
                "或文件已被删除。"
            )
        return found

    def passage(self, passage_id: str, snapshot: str) -> tuple[Passage, Version]:
        """With the document it is of. Raises SnapshotError, and PassageNotFoundError where no such version is
        kept."""
        generation = self._generation(snapshot)
        with self._store.read() as connection:
            current = catalogue.passages_by_id(connection, [passage_id]).get(passage_id)
            if current and born(connection, current[1].document_id) <= generation:
                parsed = catalogue.parsed_document(connection, current[1].document_id)
                if parsed is not None:
                    return current[1], Version(parsed, is_current=True)
            condition = "f.number IN (SELECT former FROM former_passages WHERE id = ?)"
            found = _former(connection, condition, passage_id, generation)
        if found is None:
            raise PassageNotFoundError(
                f"编号为 {passage_id} 的段落在当时（{snapshot}）的版本没有保留：可能已用 jianbao gc 清理，"
                "或文件已被删除。"
            )
        return next(one for one in found.parsed.passages if one.id == passage_id), found

    def count(self) -> int:
        """How many former versions are kept."""
        with self._store.read() as connection:
            return int(connection.execute("SELECT count(*) FROM former").fetchone()[0])

    def _generation(self, snapshot: str) -> int:
        match = _SNAPSHOT.fullmatch(snapshot)
        if match is None:
            raise SnapshotError(
                f"快照应写作 g12-1a2b3c4d，实为 {snapshot[:40]!r}。请照回答里的 snapshot 写。"
            )
        library = self._store.library_id[:8]
        if match[2] != library:
            raise OtherLibraryError(
                f"快照 {snapshot} 是另一个资料库的（这个是 {library}）。请到原来的资料库去查。"
            )
        return int(match[1])


def _former(connection: sqlite3.Connection, condition: str, value: str, generation: int) -> Version | None:
    row = connection.execute(
        f"SELECT f.content, f.replaced_by FROM former f WHERE {condition} AND f.first <= ? AND f.last >= ?",
        (value, generation, generation),
    ).fetchone()
    if row is None:
        return None
    parsed: ParsedDocument = _adapter().validate_json(zlib.decompress(row[0]))
    return Version(parsed, is_current=False, replaced_by=_present(connection, row[1]))


def _present(connection: sqlite3.Connection, document_id: str) -> str | None:
    """What stands in the place of a document now, which may have been replaced under other ids since."""
    seen: set[str] = set()
    while document_id not in seen:
        seen.add(document_id)
        if connection.execute("SELECT 1 FROM documents WHERE id = ?", (document_id,)).fetchone():
            return document_id
        row = connection.execute(
            "SELECT replaced_by FROM former WHERE document_id = ? ORDER BY number DESC LIMIT 1",
            (document_id,),
        ).fetchone()
        document_id = row[0] if row else document_id
    return None


@functools.cache
def _adapter() -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # noqa: PLC0415 — only where a version is kept or shown

    return TypeAdapter(ParsedDocument)
