from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from index.errors import StoreError
from index.store import FILE_NAME, Revision, Store, knows, mark_change


def change(store: Store) -> None:
    with store.write() as connection:
        mark_change(connection)


def test_durable_settings(tmp_path: Path) -> None:
    """WAL, synchronous FULL (2) and foreign keys hold on every connection."""
    with Store(tmp_path).read() as connection:
        settings = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]


def test_revision_counts_changes(tmp_path: Path) -> None:
    """Each change makes a new revision, seen by others who have the folder open; past ones stay known."""
    store, other = Store(tmp_path), Store(tmp_path)
    assert other.revision() == Revision(0, "")
    change(store)
    first = other.revision()
    change(store)
    assert (first.generation, other.revision().generation) == (1, 2)
    with other.read() as connection:
        assert knows(connection, first)
        assert not knows(connection, Revision(1, "of another history"))
    assert store.library_id == other.library_id


def test_failed_write_leaves_nothing(tmp_path: Path) -> None:
    """An error inside a transaction undoes all of it."""
    store = Store(tmp_path)

    def fail() -> None:
        with store.write() as connection:
            mark_change(connection)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.revision() == Revision(0, "")


def test_reading_view_stands_still(tmp_path: Path) -> None:
    """A reader doesn't see what is committed while it reads."""
    store = Store(tmp_path)
    with store.read() as connection:
        count = "SELECT count(*) FROM changes"
        assert connection.execute(count).fetchone()[0] == 0
        change(store)
        assert connection.execute(count).fetchone()[0] == 0
    assert store.revision().generation == 1


def test_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    """Who waits too long for another writer gets a message that says so; opening and reading don't wait."""
    store = Store(tmp_path)
    with store.write():
        other = Store(tmp_path, timeout=0.05)
        assert other.revision() == Revision(0, "")
        with pytest.raises(StoreError, match="另一个程序写入"):
            change(other)


def test_newer_schema_is_refused(tmp_path: Path) -> None:
    """A library of a newer program isn't touched, and the message says to upgrade."""
    Store(tmp_path).close()
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match=r"99.*升级"):
        Store(tmp_path)


def test_foreign_files_are_refused(tmp_path: Path) -> None:
    """Neither another program's database nor a file of anything else is taken for a library."""
    (tmp_path / "other").mkdir()
    connection = sqlite3.connect(tmp_path / "other" / FILE_NAME)
    connection.execute("CREATE TABLE notes (text)")
    connection.close()
    with pytest.raises(StoreError, match="不是简报资料库"):
        Store(tmp_path / "other")
    (tmp_path / FILE_NAME).write_text("no database " * 100)
    with pytest.raises(StoreError, match="读写失败"):
        Store(tmp_path)
    with pytest.raises(StoreError, match="无法建立"):
        Store(tmp_path / FILE_NAME)


def test_closed_store(tmp_path: Path) -> None:
    """A closed store says so."""
    store = Store(tmp_path)
    store.close()
    with pytest.raises(StoreError, match="已经关闭"):
        store.revision()
