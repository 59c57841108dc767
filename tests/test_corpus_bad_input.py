"""Bad files: each is refused or bounded, told in Chinese by its name, and the good file beside it is read."""

from __future__ import annotations

import importlib.util
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_files import BAD_FILES, GOOD, PAGES_WITHOUT_END, BadFile

from corpus.load import Loader
from corpus.places import load_gazetteer
from corpus.types import ParsedDocument, SkippedFile
from corpus.worker import ParsingWorker
from corpus.worker_main import megabytes_begun

MEMORY_LIMIT = 2**30
LONGEST_SECONDS = 25.0


@pytest.fixture(scope="module")
def loader() -> Iterator[Loader]:
    """One worker for all bad files: each must leave it fit for the next."""
    gazetteer = load_gazetteer()
    worker = ParsingWorker(gazetteer, time_limit=20, page_limit=20, memory_limit=MEMORY_LIMIT)
    yield Loader(gazetteer, worker=worker)
    worker.close()


def load(loader: Loader, folder: Path) -> tuple[list[ParsedDocument], list[SkippedFile]]:
    """What was read from ``folder`` and what was skipped, after the good file was found among the read."""
    (folder / "zz-good.txt").write_text(GOOD, encoding="utf-8")
    found = list(loader.load([folder]))
    read = [one for one in found if isinstance(one, ParsedDocument)]
    good = [one for one in read if one.document.source_name == "zz-good.txt"]
    assert good[0].articles[0].title == "灌南县：流动书屋进乡村"
    return [one for one in read if one not in good], [one for one in found if isinstance(one, SkippedFile)]


def check(bad: BadFile, loader: Loader, folder: Path) -> None:
    if importlib.util.find_spec(bad.needs) is None:
        pytest.skip(f"{bad.needs} isn't there")
    data = bad.make()
    (folder / bad.name).write_bytes(data)
    begin = time.monotonic()
    read, skipped = load(loader, folder)
    assert time.monotonic() - begin < LONGEST_SECONDS * megabytes_begun(data)
    if bad.says is None:
        assert skipped == []
        assert bad.says_read in read[0].document.text
    else:
        assert read == []
        assert skipped[0].reason.startswith(f"{bad.name}：")
        assert re.search(bad.says, skipped[0].reason), skipped[0].reason


@pytest.mark.parametrize(
    "bad", [pytest.param(bad, id=bad.id, marks=[pytest.mark.slow] * bad.is_long) for bad in BAD_FILES]
)
def test_bad_file_is_refused_or_bounded_and_the_next_is_read(
    bad: BadFile, loader: Loader, tmp_path: Path
) -> None:
    """A bad file costs at most its limits, and its owner is told why it was refused."""
    check(bad, loader, tmp_path)


def test_pages_declared_without_end_are_bounded_by_the_limit_for_a_whole_file(tmp_path: Path) -> None:
    """Every page is progress of a kind, so that only the limit of a whole file stops a list without end."""
    gazetteer = load_gazetteer()
    check(PAGES_WITHOUT_END, Loader(gazetteer, worker=ParsingWorker(gazetteer, longest=3)), tmp_path)


def test_file_of_500_megabytes_is_refused_by_its_size_without_reading(loader: Loader, tmp_path: Path) -> None:
    """A sparse file is refused at once, text and pdf each by its own limit."""
    for name, head in (("a.txt", GOOD.encode()), ("b.pdf", b"%PDF-1.7\n")):
        with (tmp_path / name).open("wb") as file:
            file.write(head.ljust(4096))
            file.truncate(500 * 2**20)
    begin = time.monotonic()
    _, skipped = load(loader, tmp_path)
    assert time.monotonic() - begin < 5
    assert [s.reason.split("。")[0] for s in skipped] == [
        "a.txt：文件有 500.0 MB，超过上限 20 MB",
        "b.pdf：文件有 500.0 MB，超过上限 200 MB",
    ]


def test_special_files_are_skipped_without_opening(loader: Loader, tmp_path: Path) -> None:
    """A pipe that nobody writes to doesn't hang the run."""
    os.mkfifo(tmp_path / "a.txt")
    _, skipped = load(loader, tmp_path)
    assert [s.reason for s in skipped] == ["a.txt：不是普通文件（管道、设备等），跳过。"]


def test_links_out_of_the_folder_and_dead_ones_are_skipped_and_told(loader: Loader, tmp_path: Path) -> None:
    """A link can't bring in what lies outside the folder that was named."""
    folder, outside = tmp_path / "in", tmp_path / "outside.txt"
    folder.mkdir()
    outside.write_text(GOOD.replace("第3期", "第4期"), encoding="utf-8")
    (folder / "a.txt").symlink_to(outside)
    (folder / "b.txt").symlink_to(folder / "nothing")
    (folder / "c.txt").symlink_to(folder / "c.txt")
    (folder / "d").symlink_to(folder, target_is_directory=True)
    read, skipped = load(loader, folder)
    assert read == []
    assert [s.reason.split("，")[0] for s in skipped] == [
        "a.txt：链接指向文件夹之外",
        "b.txt：链接指向的文件不存在",
        "c.txt：链接指向的文件不存在",
        "d：是指向文件夹的链接",
    ]


def test_link_that_stays_in_the_folder_is_read_once(loader: Loader, tmp_path: Path) -> None:
    """A link to a neighbour gives the same bytes, which are taken once."""
    (tmp_path / "zzz-link.txt").symlink_to(tmp_path / "zz-good.txt")
    read, skipped = load(loader, tmp_path)
    assert read == []
    assert skipped[0].reason == "zzz-link.txt：与 zz-good.txt 内容相同，只收一份。"


def test_file_and_folder_without_permission_are_told(
    loader: Loader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What may not be opened is told with the system's reason (opening fails by a fake: root reads all)."""
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "locked").mkdir()
    real_open, real_scan = os.open, os.scandir

    def refuse_open(path: object, *rest: int) -> int:
        if str(path).endswith("a.txt"):
            raise PermissionError(13, "Permission denied", str(path))
        return real_open(path, *rest)  # type: ignore[arg-type]

    def refuse_scan(path: str) -> object:
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return real_scan(path)

    monkeypatch.setattr(os, "open", refuse_open)
    monkeypatch.setattr(os, "scandir", refuse_scan)
    _, skipped = load(loader, tmp_path)
    assert skipped[0].reason == "a.txt：读不了（Permission denied）。请检查文件权限。"
    assert skipped[1].reason.endswith("locked：文件夹打不开（Permission denied）。请检查权限。")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\nb\r.txt", "a�b�.txt"),
        (b"\x1b[31ma\x07.txt", "�[31ma�.txt"),
        (b"--help.txt", "--help.txt"),
        ("简报第3期.txt".encode("gb18030"), "简报第3期.txt"),
        ("\u202etxt.a".encode() + b".txt", "�txt.a.txt"),
        (b"\xff\xff\xff.txt", "���.txt"),
        (b"a" * 251 + b".txt", "a" * 119 + "…" + "a" * 36 + ".txt"),
        ("简报　第 3 期（定稿）'\"$;*.txt".encode(), "简报　第 3 期（定稿）'\"$;*.txt"),
    ],
)
def test_odd_name_is_shown_in_printable_characters(
    name: bytes, shown: str, loader: Loader, tmp_path: Path
) -> None:
    """Whatever bytes a name is made of, the file is read and its name can be printed and stored."""
    path = os.fsencode(tmp_path) + b"/" + name
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
    os.write(descriptor, GOOD.replace("第3期", "第4期").encode())
    os.close(descriptor)
    read, skipped = load(loader, tmp_path)
    assert skipped == []
    assert read[0].document.source_name == shown
    assert shown.encode()


def test_unreadable_file_with_odd_name_is_told_in_printable_characters(
    loader: Loader, tmp_path: Path
) -> None:
    """The report of a refused file can be printed too."""
    (tmp_path / os.fsdecode(b"a\xff\n.txt")).touch()
    _, skipped = load(loader, tmp_path)
    assert skipped[0].name == f"{tmp_path}/a��.txt"
    assert skipped[0].reason == "a��.txt：文件是空的，没有可读的文字。"


def test_path_that_no_file_can_have_is_told(loader: Loader) -> None:
    """A path too long for the system, or with a NUL, is no crash."""
    paths = [Path("x" * 5000), Path("a\0b")]
    found = list(loader.load(paths))
    assert [isinstance(one, SkippedFile) for one in found] == [True, True]
