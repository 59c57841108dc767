"""SHA-256 of large files, remembered by size and time of change so that asking twice is cheap."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

_MEMORY = "hashes.json"
_LOGGER = logging.getLogger(__name__)


def file_sha256(path: Path, cache: Path) -> str:
    """SHA-256 (hex) of ``path``'s bytes.

    The answer is kept in ``cache/hashes.json`` and taken from there while the file's size and time of
    change (ns) are the same; where that can't be written, the next one hashes again. Raises OSError where
    the file can't be read.
    """
    path = path.resolve()
    status = path.stat()
    state = [status.st_size, status.st_mtime_ns]
    memory = _read_memory(cache)
    known = memory.get(str(path))
    if known is not None and known[:2] == state:
        return str(known[2])
    digest = sha256_of(path)
    remember_sha256({path: digest}, cache)
    return digest


def sha256_of(path: Path) -> str:
    """SHA-256 (hex) of the bytes that ``path`` has now. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remember_sha256(digests: Mapping[Path, str], cache: Path) -> None:
    """Keep SHA-256s (hex) that are known to be those of the files as they are now. Raises OSError where
    there is no such file."""
    memory = _read_memory(cache)
    for path, digest in digests.items():
        status = path.stat()
        memory[str(path.resolve())] = [status.st_size, status.st_mtime_ns, digest]
    try:
        _write_memory(cache, memory)
    except OSError as error:
        _LOGGER.info("hashes aren't remembered in %s: %s", cache, error)


def combined_sha256(parts: Iterable[str]) -> str:
    """SHA-256 (hex) of several strings in their order."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def write_synced(path: Path, text: str) -> None:
    """Write UTF-8 text and wait until it is on the disk."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
    sync(path)


def sync(path: Path) -> None:
    """Wait until a file, or what is in a folder, is on the disk (fsync). Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_memory(cache: Path) -> dict[str, list[int | str]]:
    # A memory that can't be read costs only a new hash, so it is started afresh.
    try:
        memory = json.loads((cache / _MEMORY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return (
        {path: entry for path, entry in memory.items() if len(entry) == 3} if isinstance(memory, dict) else {}
    )


def _write_memory(cache: Path, memory: dict[str, list[int | str]]) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_MEMORY, dir=cache)
    os.close(handle)
    try:
        write_synced(Path(name), json.dumps(memory, ensure_ascii=False, indent=1))
        Path(name).replace(cache / _MEMORY)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
