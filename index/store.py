"""The SQLite file that is the one truth: opening it, transactions, and what it knows of itself.

Durable: WAL with synchronous=FULL, so a commit that returned survives kill -9 and loss of power. One
writer at a time over all threads and processes (BEGIN IMMEDIATE); readers never wait.
"""

from __future__ import annotations

import contextlib
import json
import queue
import secrets
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from index import schema
from index.connection import connect, explained
from index.errors import ModelMismatchError, StoreError
from index.types import ModelIdentity

FILE_NAME = "library.sqlite3"


@dataclass(frozen=True, slots=True)
class Revision:
    """A state of the library: the generation counts its changes from 0, the token marks the history."""

    generation: int
    token: str


@dataclass(frozen=True, slots=True)
class LibraryState:
    """A revision of one library: what a derived index notes that it was built to."""

    library: str
    generation: int
    token: str


class Store:
    """Connections to ``folder/library.sqlite3``, made when needed and lent to one thread at a time.

    ``timeout`` is how many seconds a writer waits for another. Raises StoreError where the folder can't
    be used, the file isn't ours, or a newer program has made it.
    """

    def __init__(self, folder: Path, *, timeout: float = 30.0) -> None:
        self._path = folder / FILE_NAME
        self._timeout = timeout
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._closed = False
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"资料目录 {folder} 无法建立：{error}。请检查路径和权限。") from error
        with self._lend() as connection:
            self._prepare(connection)

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One unmoving view of the library, however many statements are run."""
        with self._lend() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """All that is done inside is kept together, or nothing of it. Raises StoreError where another
        program has been writing for longer than ``timeout``."""
        with self._lend() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @property
    def library_id(self) -> str:
        """32 hexadecimal digits. Looked up each time: a backup of another library may have been put here."""
        with self.read() as connection:
            return library_state(connection).library

    def revision(self) -> Revision:
        """The state now, changes of other processes included."""
        with self.read() as connection:
            return revision(connection)

    def close(self) -> None:
        """Connections still lent are closed when they come back."""
        self._closed = True
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()

    @contextlib.contextmanager
    def _lend(self) -> Iterator[sqlite3.Connection]:
        if self._closed:
            raise StoreError("资料库已经关闭，请重新打开后再用。")
        with explained(self._path, self._timeout):
            try:
                connection = self._idle.get_nowait()
            except queue.Empty:
                connection = connect(self._path, self._timeout)
            try:
                yield connection
            finally:
                if self._closed:
                    connection.close()
                else:
                    self._idle.put(connection)

    def _prepare(self, connection: sqlite3.Connection) -> None:
        try:
            if _is_empty(connection):
                connection.execute("BEGIN IMMEDIATE")
                # Another process may have been first while this one waited.
                if _is_empty(connection):
                    _create(connection)
                connection.execute("COMMIT")
            _require_ours(connection, self._path)
            if _version(connection) < schema.VERSION:
                connection.execute("BEGIN IMMEDIATE")
                _migrate(connection)
                connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            self._closed = True
            raise


def revision(connection: sqlite3.Connection) -> Revision:
    """The state this connection sees."""
    row = connection.execute(
        "SELECT generation, token FROM changes ORDER BY generation DESC LIMIT 1"
    ).fetchone()
    return Revision(row[0], row[1]) if row else Revision(0, "")


def knows(connection: sqlite3.Connection, revision: Revision) -> bool:
    """Whether the library that this connection sees once was in this state."""
    values = (revision.generation, revision.token)
    found = connection.execute("SELECT 1 FROM changes WHERE generation = ? AND token = ?", values).fetchone()
    return revision.generation == 0 or found is not None


def existing_store(folder: Path) -> Store:
    """The store of a library that is there already. Raises StoreError as Store does, and where there is none:
    nothing is made then."""
    if not (folder / FILE_NAME).exists():
        raise StoreError(f"{folder} 里还没有资料库。请先用 jianbao add 收入文件，或检查资料目录的设置。")
    return Store(folder)


def library_state(connection: sqlite3.Connection) -> LibraryState:
    """The library and state this connection sees."""
    now = revision(connection)
    return LibraryState(_meta(connection, "library_id") or "", now.generation, now.token)


def was_in(connection: sqlite3.Connection, state_: LibraryState) -> bool:
    """Whether the library that this connection sees is the one meant, and once was in this state."""
    is_same = state_.library == library_state(connection).library
    return is_same and knows(connection, Revision(state_.generation, state_.token))


def mark_change(connection: sqlite3.Connection, after: int = 0) -> int:
    """Every transaction that changes documents calls this once; returns the new generation, which is above
    all of the library's and above ``after``."""
    cursor = connection.execute(
        "INSERT INTO changes (generation, token)"
        " SELECT max(?, coalesce(max(generation), 0)) + 1, ? FROM changes",
        (after, secrets.token_hex(8)),
    )
    return int(cursor.lastrowid or 0)


def model_identity(connection: sqlite3.Connection) -> ModelIdentity | None:
    """The model whose vectors are stored; None where there is no document."""
    has_documents = connection.execute("SELECT EXISTS (SELECT 1 FROM documents)").fetchone()[0]
    value = _meta(connection, "model") if has_documents else None
    return ModelIdentity(**json.loads(value)) if value else None


def set_model_identity(connection: sqlite3.Connection, identity: ModelIdentity) -> None:
    """To be called in the transaction that stores the first vectors of this model."""
    value = json.dumps(asdict(identity), ensure_ascii=False)
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('model', ?)", (value,))


def require_model(connection: sqlite3.Connection, current: ModelIdentity) -> None:
    """Raises ModelMismatchError where another model than the current one filled the library."""
    stored = model_identity(connection)
    if stored is not None and stored != current:
        raise ModelMismatchError(
            f"资料库是用向量模型 {_described(stored)} 建立的，现在用的是 {_described(current)}，"
            "两者的向量不能比较。请改回原来的模型，或运行 jianbao rebuild 用现在的模型重建。"
        )


def _described(model: ModelIdentity) -> str:
    return (
        f"「{model.name}」（{model.dimension} 维，指纹 {model.fingerprint[:8]}，"
        f"提示语 {model.query_prompt!r} 与 {model.document_prompt!r}）"
    )


def _meta(connection: sqlite3.Connection, key: str) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def _create(connection: sqlite3.Connection) -> None:
    _run(connection, schema.TABLES)
    connection.execute("INSERT INTO meta VALUES ('library_id', ?)", (uuid.uuid4().hex,))
    connection.execute("PRAGMA user_version = 1")
    _migrate(connection)


def _migrate(connection: sqlite3.Connection) -> None:
    """From whatever version it has to the present one."""
    for version in range(_version(connection) + 1, schema.VERSION + 1):
        _run(connection, schema.MIGRATIONS[version])
        connection.execute(f"PRAGMA user_version = {version}")


def _run(connection: sqlite3.Connection, statements: str) -> None:
    # Not executescript: it would commit the transaction it stands in.
    for statement in statements.split(";"):
        if statement.strip():
            connection.execute(statement)


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _require_ours(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection)
    if version > schema.VERSION:
        raise StoreError(
            f"资料库 {path} 的格式版本为 {version}，本程序只认得 {schema.VERSION}。"
            "它是用更新的版本建立的，请升级本程序后再打开。"
        )
    if version < 1:
        raise StoreError(
            f"{path} 不是简报资料库（格式版本 {version}，应为 1 到 {schema.VERSION}）。请换一个资料目录。"
        )
