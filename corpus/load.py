"""Files and folders become parsed documents; what can't be read is told, and the rest goes on."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from corpus.errors import CorpusError, FileTooLargeError, UnreadableFileError
from corpus.names import display_name
from corpus.places import Gazetteer
from corpus.pool import Parser, ParsingPool
from corpus.sniff import is_plain
from corpus.types import KnownFile, ParsedDocument, SkippedFile
from corpus.worker import ParsingWorker

LARGEST_FILE = 200 * 2**20
"""Bytes. A hundred pages scanned at 300 dpi."""
_LARGEST_PLAIN = 20 * 2**20
"""Bytes of txt, md or html. A year of a weekly bulletin is under one megabyte of text."""
_HEAD = 4096
_OTHERS = {"thumbs.db", "desktop.ini"}


Known = Callable[[str], str | None]
Loaded = ParsedDocument | SkippedFile | KnownFile


class Loader:
    """Reads files into parsed documents, in a child process with limits unless ``worker`` says otherwise.

    ``largest_file`` is in bytes. Text, Markdown and HTML stop at 20 MiB, or a tenth of ``largest_file``
    where that is more.
    """

    def __init__(
        self, gazetteer: Gazetteer, largest_file: int = LARGEST_FILE, worker: Parser | None = None
    ) -> None:
        self.gazetteer = gazetteer
        self.largest_file = largest_file
        self._worker = worker or ParsingPool(lambda: ParsingWorker(gazetteer))

    def parse(self, data: bytes, name: str) -> ParsedDocument:
        """The document in ``data``, which goes along as its original. Raises UnreadableFileError
        (ParsingLimitError where a limit of time or memory was passed) or FileTooLargeError, naming the file.
        """
        name = display_name(name)
        self._check_size(len(data), data[:_HEAD], name)
        return replace(self._worker.parse(data, name), original=data)

    def close(self) -> None:
        """End the processes that read, also in the middle of a file."""
        if close := getattr(self._worker, "close", None):
            close()

    def load(self, paths: Iterable[Path], known: Known | None = None) -> Iterator[Loaded]:
        """Every file under ``paths``, in order of name; a file that can't be read is a SkippedFile, and so
        is one with the same bytes as an earlier one. ``known`` tells by the SHA-256 of a file's bytes which
        document it holds; a file it knows isn't parsed."""
        seen: dict[str, tuple[str, str | None]] = {}
        for path in paths:
            for entry, name in _entries(path):
                yield entry if isinstance(entry, SkippedFile) else self._load_file(entry, name, seen, known)

    def _load_file(
        self, path: Path, name: str, seen: dict[str, tuple[str, str | None]], known: Known | None
    ) -> Loaded:
        """``seen``: the files of this run by hash, each with its name and why it was refused, if it was."""
        shown = display_name(str(path))
        try:
            data = self._read(path, name)
        except CorpusError as error:
            return SkippedFile(shown, str(error))
        except OSError as error:
            return SkippedFile(shown, f"{name}：读不了（{error.strerror}）。请检查文件权限。")
        key = hashlib.sha256(data).hexdigest()
        if key in seen:
            first, refused = seen[key]
            reason = f"{name}：与 {first} 内容相同" + ("，同样读不了。" if refused else "，只收一份。")
            return SkippedFile(shown, reason, None if refused else first)
        if known and (document_id := known(key)) is not None:
            seen[key] = name, None
            return KnownFile(name, document_id)
        try:
            parsed = self.parse(data, name)
        except CorpusError as error:
            seen[key] = name, str(error)
            return SkippedFile(shown, str(error))
        seen[key] = name, None
        return parsed

    def _read(self, path: Path, name: str) -> bytes:
        """Raises UnreadableFileError, FileTooLargeError and OSError."""
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe or a device may hang
            raise UnreadableFileError(f"{name}：不是普通文件（管道、设备等），跳过。")
        for _ in range(2):
            # the file may have become a pipe since
            descriptor = os.open(
                path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
            )
            with os.fdopen(descriptor, "rb") as file:
                before = os.fstat(descriptor)
                head = file.read(_HEAD)
                self._check_size(before.st_size, head, name)
                data = head + file.read(before.st_size + 1)
                after = os.fstat(descriptor)
            if len(data) == after.st_size and before.st_mtime_ns == after.st_mtime_ns:
                return data
        raise UnreadableFileError(f"{name}：读取时文件正被改动，请等写完后再添加。")

    def _check_size(self, size: int, head: bytes, name: str) -> None:
        limit = self.largest_file
        if is_plain(head):
            limit = min(limit, max(_LARGEST_PLAIN, limit // 10))
        if size > limit:
            raise FileTooLargeError(
                f"{name}：文件有 {size / 2**20:.1f} MB，超过上限 {limit / 2**20:.0f} MB。请拆分后再添加，"
                "或用环境变量 JIANBAO_LARGEST_FILE 提高上限（字节；纯文本和网页以它的十分之一为限，"
                "但不少于 20 MB）。"
            )


def count_files(paths: Iterable[Path]) -> int:
    """How many files ``load`` will come by, for a progress bar."""
    return sum(sum(1 for _ in _entries(path)) for path in paths)


def _entries(path: Path) -> Iterator[tuple[Path | SkippedFile, str]]:
    """The files at ``path`` with the name to show of each, and what can't be taken from it."""
    shown = display_name(str(path))
    try:
        if not path.exists():
            yield SkippedFile(shown, f"{shown}：没有这个文件或文件夹，请核对路径。"), shown
        elif path.is_dir():
            yield from _walk(path)
        else:
            yield path, display_name(path.name)
    except OSError as error:
        yield SkippedFile(shown, f"{shown}：打不开（{error.strerror}）。请核对路径和权限。"), shown


def _walk(folder: Path) -> Iterator[tuple[Path | SkippedFile, str]]:
    """Files below a folder in order of name, without hidden ones and what office programs and systems
    leave lying about. Links out of the folder, links to folders and folders that can't be opened are told."""
    errors: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=errors.append):
        linked = [f for f in folders if Path(root, f).is_symlink()]
        folders[:] = sorted(f for f in folders if not f.startswith((".", "__MACOSX")) and f not in linked)
        for name in sorted(files + linked):
            if not name.startswith((".", "~$")) and name.lower() not in _OTHERS:
                path = Path(root, name)
                reason = _why_not_followed(path, folder) if path.is_symlink() else None
                shown = display_name(path.relative_to(folder).as_posix())
                yield (SkippedFile(display_name(str(path)), f"{shown}：{reason}") if reason else path), shown
    for error in errors:
        shown = display_name(str(error.filename))
        yield SkippedFile(shown, f"{shown}：文件夹打不开（{error.strerror}）。请检查权限。"), shown


def _why_not_followed(link: Path, folder: Path) -> str | None:
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: links that go round in a circle
        return "链接指向的文件不存在，跳过。"
    if not target.is_relative_to(folder.resolve()):
        return "链接指向文件夹之外，跳过。要收入它，请直接给出原文件的路径。"
    return "是指向文件夹的链接，跳过；原文件夹照常读取。" if target.is_dir() else None
