"""Keys of the HTTP service, in ``keys.json`` of the data folder.

A key is 256 random bits, so nobody can go through the likely ones: the plain SHA-256 that is stored gives as
little away as a slow password hash would, and costs a request microseconds instead of a tenth of a second.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import hmac
import os
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import filelock
from pydantic import TypeAdapter, ValidationError

from api.errors import KeyFileError, KeyNameError, KeyNotFoundError
from corpus.names import display_name

FILE_NAME = "keys.json"
PREFIX = "jb_"
"""Begins every key, so that programs which look for leaked keys can tell ours."""

Role = Literal["reader", "editor"]
"""A reader asks, searches and reads; an editor also uploads, reads again and removes documents."""

_RANDOM_BYTES = 32
_LONGEST_NAME = 100
_Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Key:
    """What is stored of a key: not the key, but its SHA-256 (hex). ``rate_limit`` (requests a minute) and
    ``largest_request`` (bytes) take the place of the service's own limits where they are set."""

    id: str
    name: str
    role: Role
    sha256: str
    created: datetime.datetime
    rate_limit: int | None = None
    largest_request: int | None = None


_KEYS: TypeAdapter[list[Key]] = TypeAdapter(list[Key])


class KeyFile:
    """The keys in a folder. Thread-safe; what another process adds or revokes counts from the next call on.

    A change is a new file put in the place of the old one: kill -9 leaves one or the other, whole. The file
    can be read by its owner alone.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._lock = threading.Lock()
        self._stamp: _Stamp = None
        self._keys: tuple[Key, ...] = ()

    def keys(self) -> tuple[Key, ...]:
        """Oldest first; none where there is no file. Raises KeyFileError."""
        with self._lock:
            stamp = self._read_stamp()
            if stamp != self._stamp:
                self._keys = self._read() if stamp else ()
                self._stamp = stamp
            return self._keys

    def find(self, secret: str) -> Key | None:
        """The key that ``secret`` is, looked for in a time that doesn't depend on it. Raises KeyFileError."""
        digest = _digest(secret)
        found = None
        for key in self.keys():
            if hmac.compare_digest(key.sha256, digest):
                found = key
        return found

    def add(
        self,
        role: Role,
        name: str = "",
        *,
        rate_limit: int | None = None,
        largest_request: int | None = None,
    ) -> tuple[Key, str]:
        """A new key, and the secret that is never told again. Without a name it is named by its id. Raises
        KeyNameError where the name is taken, and KeyFileError."""
        secret = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
        id_ = secrets.token_hex(4)
        name = display_name(name.strip().replace("/", "／"))[:_LONGEST_NAME] if name.strip() else id_
        with self._changing() as keys:
            if any(name in {key.name, key.id} for key in keys):
                raise KeyNameError(
                    f"已有名为“{name}”的密钥。请换一个名字，或先撤销它：jianbao keys revoke {name}"
                )
            now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
            key = Key(id_, name, role, _digest(secret), now, rate_limit, largest_request)
            self._write([*keys, key])
        return key, secret

    def revoke(self, name: str) -> Key:
        """Takes out the key of this id or name. Raises KeyNotFoundError and KeyFileError."""
        with self._changing() as keys:
            found = next((key for key in keys if name in {key.id, key.name}), None)
            if found is None:
                raise KeyNotFoundError(
                    f"没有编号或名字为“{name}”的密钥。请用 jianbao keys list 查看现有的密钥。"
                )
            self._write([key for key in keys if key is not found])
        return found

    @contextlib.contextmanager
    def _changing(self) -> Iterator[tuple[Key, ...]]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with filelock.FileLock(self._path.with_suffix(".lock"), timeout=10, mode=0o600):
                yield self.keys()
        except (OSError, filelock.Timeout) as error:
            raise KeyFileError(f"密钥文件 {self._path} 写不了：{error}。请检查资料目录的权限。") from error

    def _write(self, keys: list[Key]) -> None:
        new = self._path.with_suffix(".new")
        with contextlib.suppress(FileNotFoundError):
            new.unlink()  # left by a run that was killed; it may have another owner's mode
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_KEYS.dump_json(keys, indent=1) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
        if os.name == "posix":  # elsewhere a folder can't be opened
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _read_stamp(self) -> _Stamp:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise KeyFileError(f"密钥文件 {self._path} 读不了：{error.strerror}。请检查权限。") from error
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _read(self) -> tuple[Key, ...]:
        try:
            return tuple(_KEYS.validate_json(self._path.read_bytes()))
        except OSError as error:
            raise KeyFileError(f"密钥文件 {self._path} 读不了：{error.strerror}。请检查权限。") from error
        except ValidationError as error:
            raise KeyFileError(
                f"密钥文件 {self._path} 已损坏，不能用它判断谁可以访问。请从备份恢复，"
                "或删除它后用 jianbao keys add 重新建立密钥。"
            ) from error


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
