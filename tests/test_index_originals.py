"""The files as they came: kept with the document, in the same transaction, and gone with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import HashEmbedder, make_parsed

import index.originals
from corpus.types import ParsedDocument
from index import schema
from index.errors import DocumentNotFoundError, OriginalNotKeptError
from index.library import Library, open_library
from index.store import FILE_NAME, Store
from index.types import Original

TEXTS = ["驿站全天免费开放。外卖骑手可以休息。", "驿站配有微波炉。志愿者每周值守。"]


@pytest.fixture
def library(tmp_path: Path, fake_embedder: HashEmbedder) -> Iterator[Library]:
    with open_library(tmp_path, fake_embedder, notice=pytest.fail) as opened:
        yield opened


def filed(document_id: str, data: bytes, texts: list[str] = TEXTS) -> ParsedDocument:
    """A document that came with its file; its sha256 is made from the id, not the bytes."""
    sha256 = document_id.encode().hex().ljust(64, "0")
    return replace(make_parsed(document_id, texts, sha256=sha256, source_name="驿站.txt"), original=data)


def bytes_of(library: Library, document_id: str) -> bytes:
    return b"".join(library.originals.chunks(library.originals.find(document_id)))


def test_a_file_comes_back_to_the_byte(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """What went in comes out in pieces, with its name, kind and size; an empty piece isn't sent."""
    monkeypatch.setattr(index.originals, "_CHUNK", 1000)
    data = bytes(range(256)) * 10
    library.add([filed("a", data)])
    found = library.originals.find("a")
    assert found == Original("a", "驿站.txt", "text/plain", "61".ljust(64, "0"), 2560)
    assert [len(piece) for piece in library.originals.chunks(found)] == [1000, 1000, 560]
    assert bytes_of(library, "a") == data
    assert library.originals.total_size() == 2560


def test_a_file_stays_with_its_document(library: Library) -> None:
    """A rebuild keeps it, a replacement takes its place, a removal takes it out."""
    library.add([filed("a", b"one"), filed("b", b"other", ["读书会每月一次。农家书屋免费开放。"])])
    library.rebuild()
    assert bytes_of(library, "a") == b"one"
    corrected = replace(make_parsed("a", ["驿站迁址。"], sha256="f" * 64), original=b"corrected")
    assert library.add([corrected])[0].status == "replaced"
    assert bytes_of(library, "a") == b"corrected"
    assert library.originals.total_size() == len(b"correctedother")
    found = library.originals.find("a")
    library.remove("a")
    assert library.originals.total_size() == len(b"other")
    with pytest.raises(DocumentNotFoundError, match="没有编号为 a 的文件"):
        library.originals.find("a")
    with pytest.raises(OriginalNotKeptError, match="已被删除"):
        list(library.originals.chunks(found))


def test_another_file_with_the_same_text_is_not_kept(library: Library) -> None:
    """The file of a document is the one that it was read from."""
    library.add([filed("a", b"docx")])
    copy = filed("a", b"pdf")
    other = replace(copy, document=replace(copy.document, sha256="f" * 64))
    assert library.add([other])[0].status == "unchanged"
    assert bytes_of(library, "a") == b"docx"
    assert library.originals.total_size() == len(b"docx")


def test_a_library_of_before_is_brought_up_to_date(tmp_path: Path) -> None:
    """A library of version 1 opens with all it holds. Its documents have no file, which is told; when the
    file comes again it is read, kept, and nothing else changes."""
    parsed = filed("a", b"file")
    with open_library(tmp_path, HashEmbedder()) as opened:
        opened.add([replace(parsed, original=None)])
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    for statement in (
        "DROP TABLE originals",
        "DROP TABLE former_passages",
        "DROP TABLE former",
        "ALTER TABLE documents DROP COLUMN generation",
    ):
        connection.execute(statement)
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    with open_library(tmp_path, HashEmbedder(), notice=pytest.fail) as opened:
        snapshot = opened.snapshot
        assert opened.document("a") == parsed
        with pytest.raises(OriginalNotKeptError, match=r"原文件（驿站\.txt）没有保存"):
            opened.originals.find("a")
        assert opened.has_file(parsed.document.sha256) is None
        assert opened.add([parsed])[0].status == "unchanged"
        assert opened.has_file(parsed.document.sha256) == "a"
        assert bytes_of(opened, "a") == b"file"
        assert opened.snapshot == snapshot


def test_a_new_library_and_a_migrated_one_are_the_same(tmp_path: Path) -> None:
    """Version 1 with all migrations has the tables of a new library, and the newest version."""
    (tmp_path / "old").mkdir()
    connection = sqlite3.connect(tmp_path / "old" / FILE_NAME)
    connection.executescript(schema.TABLES)
    connection.execute("INSERT INTO meta VALUES ('library_id', 'old')")
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    described = []
    for name in ("old", "new"):
        with Store(tmp_path / name).read() as opened:
            tables = opened.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
            described.append((tables, opened.execute("PRAGMA user_version").fetchone()[0]))
    assert described[0] == described[1]
    assert described[0][1] == schema.VERSION
