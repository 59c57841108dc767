"""The files as they came, kept beside what was read from them: to be given back, and read again by a better
parser."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from corpus.types import ParsedDocument
from index.errors import DocumentNotFoundError, OriginalNotKeptError
from index.store import Store
from index.types import Original

_CHUNK = 4 * 2**20
"""Bytes. Each chunk is a transaction of its own, so that who reads slowly holds up nobody."""


def keep(connection: sqlite3.Connection, parsed: ParsedDocument) -> None:
    """The bytes that came with a document, if any did and a stored document was read from these very bytes
    (another file with the same text isn't kept). To be called once the document is stored."""
    if parsed.original is not None:
        connection.execute(
            "INSERT OR IGNORE INTO originals (sha256, size, data) SELECT :sha256, :size, :data"
            " WHERE EXISTS (SELECT 1 FROM documents WHERE sha256 = :sha256)",
            {"sha256": parsed.document.sha256, "size": len(parsed.original), "data": parsed.original},
        )


def drop_unused(connection: sqlite3.Connection) -> None:
    """To be called in the transaction that takes documents out."""
    connection.execute("DELETE FROM originals WHERE sha256 NOT IN (SELECT sha256 FROM documents)")


class Originals:
    """The files of a library's documents. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, document_id: str) -> Original:
        """Raises DocumentNotFoundError, and OriginalNotKeptError where the document came without its file or
        from a version of this program that kept none."""
        with self._store.read() as connection:
            row = connection.execute(
                "SELECT d.id, d.source_name, d.media_type, d.sha256, o.size FROM documents d"
                " LEFT JOIN originals o ON o.sha256 = d.sha256 WHERE d.id = ?",
                (document_id,),
            ).fetchone()
        if row is None:
            raise DocumentNotFoundError(f"没有编号为 {document_id} 的文件。请用 jianbao list 查看现有文件。")
        if row[4] is None:
            raise OriginalNotKeptError(
                f"{document_id} 的原文件（{row[1]}）没有保存：收入它的版本还不保存原文件。"
                "请把原文件再收入一次。"
            )
        return Original(*row)

    def chunks(self, original: Original) -> Iterator[bytes]:
        """Its bytes in pieces. Raises OriginalNotKeptError where the document has gone meanwhile."""
        for start in range(0, original.size, _CHUNK):
            with self._store.read() as connection:
                row = connection.execute(
                    "SELECT number FROM originals WHERE sha256 = ?", (original.sha256,)
                ).fetchone()
                if row is None:
                    raise OriginalNotKeptError(f"{original.source_name} 已被删除，没有读完。")
                with connection.blobopen("originals", "data", row[0], readonly=True) as blob:
                    blob.seek(start)
                    piece = blob.read(_CHUNK)
            yield piece

    def total_size(self) -> int:
        """Bytes of all of them."""
        with self._store.read() as connection:
            return int(connection.execute("SELECT coalesce(sum(size), 0) FROM originals").fetchone()[0])
