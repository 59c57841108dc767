"""Sends requests that mean harm: each must be refused or answered properly, and nothing may be written.

They go over plain sockets, since a well-mannered client would not send half of them.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import socket
import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.hostile_requests import Hostile, requests

_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
_SECONDS = 120.0
_MOST_READ = 2**20


@dataclass(slots=True)
class Damage:
    """``statuses`` by kind (0: the connection was closed without an answer), and answers that should not be:
    of the service's own fault, of a success that nobody was entitled to, or that tell of its inside."""

    statuses: dict[str, Counter[int]]
    wrong: list[str]


def attack(address: str, keys: dict[str, str], count: int) -> Damage:
    """Send ``count`` requests one after the other."""
    damage = Damage({}, [])
    for hostile in requests(count):
        answer = _send(address, hostile, keys.get(hostile.role, ""))
        found = _STATUS.match(answer)
        status = int(found[1]) if found else 0
        damage.statuses.setdefault(hostile.kind, Counter())[status] += 1
        if status >= 500 or b"Traceback" in answer or b".py" in answer or _is_entry(hostile, status):
            damage.wrong.append(f"{hostile.kind}: {hostile.head[:200]!r} → {answer[:300]!r}")
    return damage


def contents(data: Path) -> dict[str, str]:
    """What the data folder holds: every file's hash, and of the library every table's rows."""
    files = {
        path.relative_to(data).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(data.rglob("*"))
        if path.is_file() and not path.name.startswith("library.sqlite3")
    }
    with sqlite3.connect(f"file:{data / 'library.sqlite3'}?mode=ro", uri=True) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = sorted(map(repr, connection.execute(f'SELECT * FROM "{table}"')))
            files[f"table {table}"] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return files


def _is_entry(hostile: Hostile, status: int) -> bool:
    """Whether somebody got in without a key, or a reader wrote."""
    is_stranger = hostile.role == "none" or hostile.kind in {"reader writes", "keys in other places"}
    return 200 <= status < 300 and is_stranger


def _send(address: str, hostile: Hostile, key: str) -> bytes:
    host, port = address.removeprefix("http://").split(":")
    head = hostile.head.replace("{key}", key).replace("{host}", f"{host}:{port}")
    with socket.create_connection((host, int(port)), timeout=_SECONDS) as connection:
        answer = bytearray()
        with contextlib.suppress(OSError):  # refused before all was sent: the answer may be there already
            connection.sendall(head.encode("utf-8", "surrogateescape") + hostile.body)
        with contextlib.suppress(OSError):
            if (
                hostile.kind == "broken HTTP"
            ):  # half of them would be waited for; a whole one would be cut off
                connection.shutdown(socket.SHUT_WR)
            while len(answer) < _MOST_READ and (piece := connection.recv(65536)):
                answer += piece
    return bytes(answer)
