"""Keeping a library: backups of it, and what is no longer needed thrown away."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index import schema
from index.connection import connect
from index.errors import BackupError, StoreError
from index.fingerprint import sync
from index.store import FILE_NAME, Store, existing_store, mark_change
from index.types import Progress

_PAGES_AT_ONCE = 2048
"""Of 4 KiB each: between them writers get their turn."""
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Freed:
    """What `collect` threw away: former versions of documents, and bytes of the file on the disk."""

    versions: int
    size: int


def back_up(folder: Path, target: Path, progress: Progress | None = None) -> int:
    """Write the library in ``folder`` to the file ``target`` as it is at one moment, while others read and
    write; returns its size in bytes. ``progress`` counts pages. The file appears under its name only when it
    is whole and on the disk.

    Raises BackupError where there is a file of that name already, or it can't be written; StoreError where
    the library can't be read. Method: SQLite's online backup (https://www.sqlite.org/backup.html).
    """
    if target.exists():
        raise BackupError(f"{target} 已经存在，备份不会覆盖它。请换一个文件名，或先把它移走。")
    partial = target.with_name(target.name + ".partial")
    existing_store(folder).close()  # brings an old one up to date
    try:
        with (
            _removed_on_failure(partial),
            closing(connect(folder / FILE_NAME, _PATIENCE)) as source,
        ):
            with closing(sqlite3.connect(partial)) as copy:
                _copy(source, copy, progress)
                # A single file, without the write-ahead log that would have to be carried along.
                copy.execute("PRAGMA journal_mode = DELETE")
                _require_whole(copy, partial)
            sync(partial)
            os.link(partial, target)  # unlike a rename it never takes the place of another file
            partial.unlink()
            sync(target.parent)
    except FileExistsError as error:
        raise BackupError(f"{target} 已经存在，备份不会覆盖它。请换一个文件名，或先把它移走。") from error
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"备份不能写到 {target}：{error}。请检查路径、权限和磁盘空间。") from error
    return target.stat().st_size


def restore(source: Path, folder: Path, progress: Progress | None = None) -> None:
    """Put a backup in the place of the library in ``folder``, in one transaction: until it is done, and where
    it fails, the library is as it was. A service that is running goes on with the restored one.

    The generation goes on counting from the higher of the two, so that no snapshot is ever named twice.
    Raises BackupError where ``source`` isn't a whole backup, StoreError where the library can't be written.
    """
    with closing(_opened_backup(source)) as backup:
        with closing(Store(folder)) as library:  # makes the folder, and refuses one that isn't ours
            generation = library.revision().generation
        try:
            with tempfile.TemporaryDirectory(dir=folder, prefix="restore-") as stage:
                with closing(sqlite3.connect(Path(stage) / FILE_NAME)) as staged:
                    _copy(backup, staged, None)
                _go_on_from(Path(stage), generation)
                with (
                    closing(sqlite3.connect(Path(stage) / FILE_NAME)) as staged,
                    closing(sqlite3.connect(folder / FILE_NAME, timeout=_PATIENCE)) as live,
                ):
                    _copy(staged, live, progress)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"资料库 {folder / FILE_NAME} 不能恢复：{error}。原来的资料没有变；请检查磁盘空间，"
                "等别的程序写完后再试。"
            ) from error


def _go_on_from(stage: Path, generation: int) -> None:
    """Bring a copy of a backup up to date, and mark that something changed after ``generation``."""
    with closing(Store(stage)) as store, store.write() as connection:
        mark_change(connection, after=generation)


def collect(folder: Path) -> Freed:
    """Throw away former versions of documents, and give the room in the file back to the disk. What was
    answered from them can't be looked up in its old wording any more. Raises StoreError."""
    with closing(existing_store(folder)) as store:
        before = _size(folder)
        with store.write() as connection:
            versions = connection.execute("DELETE FROM former").rowcount
    try:
        with closing(
            sqlite3.connect(folder / FILE_NAME, timeout=_PATIENCE, isolation_level=None)
        ) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise StoreError(
            f"旧版本已删除，但文件 {folder / FILE_NAME} 没能压缩：{error}。请检查磁盘空间后再运行一次。"
        ) from error
    return Freed(versions, max(before - _size(folder), 0))


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, progress: Progress | None) -> None:
    def told(_: int, remaining: int, total: int) -> None:
        if progress:
            progress(total - remaining, total)

    source.backup(target, pages=_PAGES_AT_ONCE, progress=told, sleep=0.02)


def _opened_backup(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise BackupError(f"没有 {path} 这个备份文件。请检查路径。")
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        _require_whole(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _require_whole(connection: sqlite3.Connection, path: Path) -> None:
    try:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        is_ours = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'changes'").fetchone()
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        raise BackupError(f"{path} 不是完好的备份：{error}。请换一份备份。") from error
    if not is_ours or not 1 <= version <= schema.VERSION:
        raise BackupError(
            f"{path} 应为简报资料库的备份（格式版本 1 到 {schema.VERSION}），"
            f"实为格式版本 {version} 的另一种文件，"
            "或更新的版本所写。请换一份备份，或升级本程序。"
        )
    if found != "ok":
        raise BackupError(f"{path} 已损坏：{found}。请换一份备份。")


@contextlib.contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    path.unlink(missing_ok=True)  # what a killed process left
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob(FILE_NAME + "*"))
