"""Files and folders become documents: order, limits, duplicates, names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bad_files import GOOD, docx

from corpus.errors import FileTooLargeError, UnreadableFileError
from corpus.formats import FileParser
from corpus.load import Loader, count_files
from corpus.names import display_name
from corpus.places import load_gazetteer
from corpus.types import ParsedDocument, SkippedFile


class RecordingParser:
    """Parses in this process and keeps the names it was given."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._parser = FileParser(load_gazetteer())

    def parse(self, data: bytes, name: str) -> ParsedDocument:
        self.names.append(name)
        return self._parser.parse(data, name)


@pytest.fixture
def parser() -> RecordingParser:
    return RecordingParser()


def make_loader(parser: RecordingParser, largest_file: int = 200 * 2**20) -> Loader:
    return Loader(load_gazetteer(), largest_file, parser)


def bulletin(issue: int) -> bytes:
    return GOOD.replace("第3期", f"第{issue}期").encode()


def test_folder_is_read_in_order_of_name_without_hidden_and_lock_files(
    tmp_path: Path, parser: RecordingParser
) -> None:
    """What systems and office programs leave lying about is neither read nor told, nor counted."""
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "__MACOSX").mkdir()
    for number, name in enumerate(["c.txt", "a.txt", "b/d.txt"], start=1):
        (tmp_path / name).write_bytes(bulletin(number))
    for name in [".hidden.txt", "~$c.docx", "Thumbs.db", "desktop.ini", ".git/e.txt", "__MACOSX/c.txt"]:
        (tmp_path / name).write_bytes(bulletin(9))
    found = list(make_loader(parser).load([tmp_path]))
    assert [one.document.source_name for one in found if isinstance(one, ParsedDocument)] == [
        "a.txt",
        "c.txt",
        "b/d.txt",
    ]
    assert len(found) == 3
    assert count_files([tmp_path]) == 3


def test_counted_are_as_many_as_come(tmp_path: Path, parser: RecordingParser) -> None:
    """Files, what is skipped, and paths that don't exist all count, so that a progress bar ends full."""
    (tmp_path / "a.txt").write_bytes(bulletin(1))
    (tmp_path / "b.txt").write_bytes(b"")
    (tmp_path / "c.txt").symlink_to("/nowhere")
    paths = [tmp_path, tmp_path / "a.txt", tmp_path / "none"]
    assert count_files(paths) == len(list(make_loader(parser).load(paths))) == 5


def test_same_bytes_are_taken_once_in_a_run(tmp_path: Path, parser: RecordingParser) -> None:
    """A duplicate is told with the name of the file that was taken, and isn't parsed again."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(bulletin(1))
    for name in ("c.txt", "d.txt"):
        (tmp_path / name).write_bytes(b"\0\1\2")
    loader = make_loader(parser)
    first, again, bad, bad_again = loader.load([tmp_path])
    assert isinstance(first, ParsedDocument)
    assert again == SkippedFile(
        str(tmp_path / "b.txt"), "b.txt：与 a.txt 内容相同，只收一份。", duplicate_of="a.txt"
    )
    assert isinstance(bad, SkippedFile)
    assert bad_again == SkippedFile(str(tmp_path / "d.txt"), "d.txt：与 c.txt 内容相同，同样读不了。")
    assert parser.names == ["a.txt", "c.txt"]
    assert isinstance(next(iter(loader.load([tmp_path]))), ParsedDocument)


@pytest.mark.parametrize(
    ("largest", "head", "limit"),
    [
        (200 * 2**20, b"text ", 20 * 2**20),
        (200 * 2**20, b"%PDF-1.7 ", 200 * 2**20),
        (2**30, b"text ", 2**30 // 10),
        (1000, b"text ", 1000),
        (1000, b"%PDF-1.7 ", 1000),
    ],
)
def test_one_setting_limits_all_files_and_text_sooner(
    largest: int, head: bytes, limit: int, tmp_path: Path
) -> None:
    """The limit of text is 20 MiB, a tenth of a setting that is larger, and never above the setting."""

    class Accepting:
        def parse(self, data: bytes, name: str) -> ParsedDocument:
            raise UnreadableFileError("taken")

    loader = Loader(load_gazetteer(), largest, Accepting())
    path = tmp_path / "a.bin"
    path.write_bytes(head)
    if limit <= 20 * 2**20:
        os.truncate(path, limit)
        path.write_bytes(head.ljust(limit))
        assert [one.reason for one in loader.load([path]) if isinstance(one, SkippedFile)] == ["taken"]
    path.write_bytes(head.ljust(4096))
    os.truncate(path, limit + 1)
    assert ["超过上限" in one.reason for one in loader.load([path]) if isinstance(one, SkippedFile)] == [True]
    if limit == 1000:
        with pytest.raises(FileTooLargeError, match=r"^a\.bin：文件有 0\.0 MB，超过上限 0 MB"):
            loader.parse(head.ljust(1001), "a.bin")


def test_misleading_ending_is_read_by_content_and_told(parser: RecordingParser) -> None:
    """A docx called .txt comes in as docx, with a warning; a right ending, or none, has none."""
    pytest.importorskip("corpus.readers.docx")
    loader = make_loader(parser)
    warning = "文件名以 .txt 结尾，内容却是Word（docx），已按内容读取。"
    assert loader.parse(docx(), "a.txt").warnings[0] == warning
    assert not any("结尾" in text for text in loader.parse(docx(), "a.docx").warnings)
    assert not any("结尾" in text for text in loader.parse(docx(), "a").warnings)
    assert loader.parse(GOOD.encode(), "a.pdf").warnings[0].startswith("文件名以 .pdf 结尾，内容却是纯文本")


def test_file_that_changes_while_it_is_read_is_told(
    tmp_path: Path, parser: RecordingParser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that grows between the first look and the last isn't taken in half."""
    path = tmp_path / "a.txt"
    path.write_bytes(bulletin(1))
    real = os.fstat
    looks = 0

    def grow(descriptor: int) -> os.stat_result:
        nonlocal looks
        looks += 1
        result = real(descriptor)
        with path.open("ab") as file:
            file.write(b"more")
        return result

    loader = make_loader(parser)
    monkeypatch.setattr("corpus.load.os.fstat", grow)
    (found,) = loader.load([path])
    monkeypatch.undo()
    assert isinstance(found, SkippedFile)
    assert found.reason == "a.txt：读取时文件正被改动，请等写完后再添加。"
    assert looks == 4


def test_missing_path_is_told(tmp_path: Path, parser: RecordingParser) -> None:
    """A path that isn't there doesn't keep the others from being read."""
    (tmp_path / "a.txt").write_bytes(bulletin(1))
    missing, read = make_loader(parser).load([tmp_path / "none", tmp_path / "a.txt"])
    assert missing == SkippedFile(f"{tmp_path}/none", f"{tmp_path}/none：没有这个文件或文件夹，请核对路径。")
    assert isinstance(read, ParsedDocument)


def test_link_named_by_itself_is_followed(tmp_path: Path, parser: RecordingParser) -> None:
    """Who names a link means what it points to."""
    (tmp_path / "a.txt").write_bytes(bulletin(1))
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    (found,) = make_loader(parser).load([tmp_path / "link.txt"])
    assert isinstance(found, ParsedDocument)


def test_loader_without_more_than_a_gazetteer_reads(tmp_path: Path) -> None:
    """The defaults are enough: a worker of its own, started with the first file."""
    loader = Loader(gazetteer=load_gazetteer())
    assert loader.parse(bulletin(7), "a\n.txt").document.source_name == "a�.txt"
    assert loader.largest_file == 200 * 2**20


@pytest.mark.parametrize(
    ("name", "shown"), [("", "未命名文件"), ("简报/第1期.txt", "简报/第1期.txt"), ("a/\t/b", "a/�/b")]
)
def test_display_name_of_ordinary_and_empty_names(name: str, shown: str) -> None:
    """Ordinary names stay as they are."""
    assert display_name(name) == shown
