"""Connections to the library's file, and what their failures mean in the user's words."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from index.errors import StoreError

_RETRY_SECONDS = 0.02


def is_read_only(folder: Path) -> bool:
    """Whether it lies on a file system that nobody can write to."""
    if not hasattr(os, "statvfs"):
        return False
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def connect(path: Path, timeout: float) -> sqlite3.Connection:
    """A durable connection, without implicit transactions: WAL, synchronous=FULL, foreign keys.

    On a read-only file system, where nobody can be writing, one that only reads and makes no files beside
    ``path``. Raises sqlite3.Error, and StoreError where such a file system holds changes that a program left
    without having closed the library: reading them would mean writing.
    """
    if not is_read_only(path.parent):
        return _with_settings(
            sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False), timeout
        )
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size:
        raise StoreError(
            f"{path.parent} 在只读的文件系统上，而资料库上次没有正常关闭，有未并入的改动（{wal.name}）。"
            "请在能写入的地方打开一次（如运行 jianbao list），再放到只读处。"
        )
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None, check_same_thread=False
    )


@contextlib.contextmanager
def explained(path: Path, timeout: float) -> Iterator[None]:
    """Raises StoreError, in the user's words, for every sqlite3.Error inside."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            message = f"资料库正由另一个程序写入，等了 {timeout:g} 秒仍未轮到。请稍后再试。"
        elif name.startswith("SQLITE_FULL"):
            message = f"{path.parent} 所在的磁盘已满，这次的改动没有保存，原有内容不变。请腾出空间后重试。"
        elif name.startswith("SQLITE_READONLY") and is_read_only(path.parent):
            message = f"{path.parent} 在只读的文件系统上，只能查询，不能改动。请换到能写入的资料目录。"
        elif name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            message = (
                f"资料库 {path} 打不开或不能写入（{error}）。"
                "请检查目录是否存在，以及当前用户对目录和其中文件有没有写的权限（只查询也需要）。"
            )
        else:
            message = f"资料库 {path} 读写失败：{error}。请检查文件是否完整、磁盘是否已满。"
        raise StoreError(message) from error


def _with_settings(connection: sqlite3.Connection, timeout: float) -> sqlite3.Connection:
    try:
        _keep_log_ahead(connection, timeout)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _keep_log_ahead(connection: sqlite3.Connection, timeout: float) -> None:
    """Put the file into WAL mode. While another connection does so to a new file, SQLite doesn't wait for it,
    as it waits for other locks, but fails at once."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            is_busy = getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")
            if not is_busy or time.monotonic() >= deadline:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return
