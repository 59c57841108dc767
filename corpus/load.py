"""Files and folders become parsed documents; what can't be read is told, and the rest goes on."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.bulletin import parse_document
from corpus.errors import CorpusError, FileTooLargeError, UnreadableFileError
from corpus.places import Gazetteer
from corpus.readers.markdown import MarkdownReader
from corpus.readers.text import TextReader
from corpus.types import ParsedDocument, Reader, SkippedFile

LARGEST_FILE = 20 * 2**20
"""Bytes. A year of a weekly bulletin is under one megabyte of text."""

_MARKDOWN_ENDINGS = {".md", ".markdown"}
_SIGNATURES = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "docx、ofd 或压缩包"),
    (b"\xd0\xcf\x11\xe0", "旧版 Word（doc、wps）"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"II*\0", "图片"),
    (b"{\\rtf", "RTF"),
)


@dataclass(frozen=True, slots=True)
class Loader:
    """Reads files into parsed documents. ``largest_file`` is in bytes."""

    gazetteer: Gazetteer
    largest_file: int = LARGEST_FILE

    def parse(self, data: bytes, name: str) -> ParsedDocument:
        """The document in ``data``. Raises UnreadableFileError or FileTooLargeError, naming the file."""
        if len(data) > self.largest_file:
            raise _too_large(name, len(data), self.largest_file)
        raw = _reader_for(data, name).read(data, name)
        parsed = parse_document(raw, data=data, source_name=name, gazetteer=self.gazetteer)
        if not parsed.passages:
            raise UnreadableFileError(f"{name}：除报头、目录和报送栏外没有正文，没有可检索的内容。")
        return parsed

    def load(self, paths: Iterable[Path]) -> Iterator[ParsedDocument | SkippedFile]:
        """Every file under ``paths``, in order of name; a file that can't be read is a SkippedFile."""
        for path in paths:
            yield from self._load_path(path)

    def _load_path(self, path: Path) -> Iterator[ParsedDocument | SkippedFile]:
        if not path.exists():
            yield SkippedFile(str(path), "没有这个文件或文件夹，请核对路径。")
            return
        if not path.is_dir():
            yield self._load_file(path, path.name)
            return
        for entry in _walk(path):
            name = entry.relative_to(path).as_posix() if isinstance(entry, Path) else ""
            yield self._load_file(entry, name) if isinstance(entry, Path) else entry

    def _load_file(self, path: Path, name: str) -> ParsedDocument | SkippedFile:
        try:
            if not path.is_file():
                raise UnreadableFileError(f"{name}：不是普通文件，跳过。")
            size = path.stat().st_size
            if size > self.largest_file:
                raise _too_large(name, size, self.largest_file)
            return self.parse(path.read_bytes(), name)
        except CorpusError as error:
            return SkippedFile(str(path), str(error))
        except OSError as error:
            return SkippedFile(str(path), f"{name}：读不了（{error.strerror}）。请检查文件权限。")


def count_files(paths: Iterable[Path]) -> int:
    """How many files ``load`` will come by, for a progress bar."""
    return sum(sum(1 for _ in _walk(p)) if p.is_dir() else 1 for p in paths)


def _walk(folder: Path) -> Iterator[Path | SkippedFile]:
    """Files below a folder in order of name, hidden ones left out; folders that can't be opened are told.
    Links to folders are not followed."""
    errors: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=errors.append):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(files):
            if not name.startswith((".", "~$")):
                yield Path(root) / name
    for error in errors:
        yield SkippedFile(str(error.filename), f"文件夹打不开（{error.strerror}）。请检查权限。")


def _reader_for(data: bytes, name: str) -> Reader:
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise UnreadableFileError(
                f"{name}：这是{kind}文件，目前只收 txt 和 md。请先另存为文字版（UTF-8 或 GB18030）再添加。"
            )
    return MarkdownReader() if Path(name).suffix.lower() in _MARKDOWN_ENDINGS else TextReader()


def _too_large(name: str, size: int, limit: int) -> FileTooLargeError:
    return FileTooLargeError(
        f"{name}：文件有 {size / 2**20:.1f} MB，超过上限 {limit / 2**20:.0f} MB。请拆分后再添加，"
        "或用环境变量 JIANBAO_LARGEST_FILE 提高上限（字节）。"
    )
