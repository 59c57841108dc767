"""Folders of the cache that are made once: whole or not at all, by one process, and known by their hashes.

Where the cache can't be written they are made in a folder of the user's own below the temporary one, which
the next process finds again.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from index.errors import ModelFormatError
from index.fingerprint import file_sha256, remember_sha256, sha256_of, sync, write_synced

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a finished folder says of itself: its fingerprint (SHA-256, hex), that of what it was made of, and
    each file's size in bytes and SHA-256 (hex)."""

    fingerprint: str
    source_sha256: str
    files: dict[str, tuple[int, str]]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a finished folder. Raises OSError, or ModelFormatError where it is bad."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {name: (int(size), str(digest)) for name, (size, digest) in content["files"].items()}
        return Manifest(str(content["fingerprint"]), str(content["source_sha256"]), files)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelFormatError(
            f"{folder / MANIFEST} 应为模型清单，实际无法读取。请删除该文件夹后重试。"
        ) from error


def ensure_made(
    folder: Path,
    fingerprint: str,
    source_sha256: str,
    make: Callable[[Path], None],
    notice: Callable[[str], None],
) -> Path:
    """Make ``folder`` unless it is there as its manifest says, to the byte (hashes are remembered while sizes
    and times of change are the same, see `index.fingerprint`), and return where it is: elsewhere if its
    place can't be written.

    ``make`` fills an empty folder beside it, which is moved to its place once it is on the disk; ``notice``
    is told, in Chinese, where there was one that isn't whole, and of another place. Several processes may ask
    at once: one makes it. Raises OSError, and whatever ``make`` raises.
    """
    if _is_whole(folder, fingerprint):
        return folder
    if not _is_writable(folder.parent):
        instead = _own_temporary_folder() / folder.name
        if _is_whole(instead, fingerprint):
            return instead
        notice(
            f"缓存文件夹 {folder.parent} 不能写入，模型改放在 {instead}。"
            "请设 JIANBAO_CACHE 为能写入的文件夹。"
        )
        folder = instead
    with FileLock(folder.parent / f"{folder.name.partition('-')[0]}.lock"):
        if _is_whole(folder, fingerprint):
            return folder
        if folder.exists():
            notice(f"缓存中的 {folder} 不完整或已损坏，重新准备。")
        _make(folder, fingerprint, source_sha256, make)
    return folder


def _is_writable(cache: Path) -> bool:
    """Tried, since permissions don't tell of read-only file systems. Raises OSError for any other reason, as
    that the disk is full."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=cache):
            return True
    except (PermissionError, NotADirectoryError, FileExistsError):
        return False
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        return False


def _own_temporary_folder() -> Path:
    """One place for all processes of a user, and nobody else's. Raises OSError where it can't be had."""
    user = os.getuid() if hasattr(os, "getuid") else None
    folder = Path(tempfile.gettempdir()) / ("jianbao" if user is None else f"jianbao-{user}")
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    is_own = user is None or (status.st_uid == user and not status.st_mode & 0o077)
    if not (stat.S_ISDIR(status.st_mode) and is_own):
        raise PermissionError(errno.EACCES, "应是只属于当前用户的文件夹，实际不是", str(folder))
    return folder


def _is_whole(folder: Path, fingerprint: str) -> bool:
    try:
        manifest = read_manifest(folder)
        return manifest.fingerprint == fingerprint and all(
            (folder / name).stat().st_size == size and file_sha256(folder / name, folder.parent) == digest
            for name, (size, digest) in manifest.files.items()
        )
    except (OSError, ModelFormatError):
        return False


def _make(folder: Path, fingerprint: str, source_sha256: str, make: Callable[[Path], None]) -> None:
    """The caller holds the lock, so whatever stands at either place is what a killed process left."""
    partial = folder.with_name(folder.name + ".partial")
    for leftover in (partial, folder):
        if leftover.exists():
            shutil.rmtree(leftover)
    partial.mkdir()
    try:
        _fill(partial, fingerprint, source_sha256, make)
    except BaseException:
        # A full disk above all mustn't be left fuller.
        shutil.rmtree(partial, ignore_errors=True)
        raise
    partial.rename(folder)
    sync(folder.parent)
    files = read_manifest(folder).files
    remember_sha256({folder / name: digest for name, (_, digest) in files.items()}, folder.parent)


def _fill(partial: Path, fingerprint: str, source_sha256: str, make: Callable[[Path], None]) -> None:
    make(partial)
    paths = sorted(path for path in partial.rglob("*") if path.is_file())
    for path in paths:
        sync(path)  # libraries wrote them
    files = {path.relative_to(partial).as_posix(): (path.stat().st_size, sha256_of(path)) for path in paths}
    manifest = {"fingerprint": fingerprint, "source_sha256": source_sha256, "files": files}
    write_synced(partial / MANIFEST, json.dumps(manifest, indent=2) + "\n")
    sync(partial)
