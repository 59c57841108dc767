"""A full disk, a read-only one, and two who write at once: a clear word, and nothing lost.

The disks are real ones, mounted in a namespace of their own that ends with its process.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from fakes import HashEmbedder, make_parsed
from processes import environment

from index.errors import StoreError
from index.library import open_library
from index.verify import verify

HERE = Path(__file__).parent


def _can_mount() -> bool:
    if sys.platform != "linux" or not shutil.which("unshare"):
        return False
    command = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


needs_mount = pytest.mark.skipif(
    not _can_mount(), reason="user namespaces that may mount aren't allowed here"
)


def under(mounts: str, program: str, *arguments: Path) -> str:
    """What the Python program prints once the shell commands have mounted; they may use $1, $2, … too."""
    names = [str(argument) for argument in arguments]
    command = ["unshare", "-rm", "sh", "-ec", f'{mounts}\n"$0" -c "$PROGRAM" "$@"', sys.executable, *names]
    env = environment(PROGRAM=program) | {"PYTHONPATH": f"{HERE}:{HERE.parent}"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


FILL_UP = """
import subprocess
import sys
from pathlib import Path
from fakes import HashEmbedder, make_parsed
from index.errors import StoreError
from index.library import open_library
from index.verify import verify
folder = Path(sys.argv[1])
kept = []
with open_library(folder, HashEmbedder(), notice=lambda text: None) as library:
    try:
        for number in range(10_000):
            texts = [f"编号{number}的文件第{part}段。它有两句话。" for part in range(20)]
            library.add([make_parsed(f"d{number}", texts)])
            kept.append(f"d{number}")
    except StoreError as error:
        print(error)
with open_library(folder, HashEmbedder(), notice=lambda text: None) as library:
    stored = [record.id for record in library.documents()]
    assert set(kept) <= set(stored), (kept, stored)
    subprocess.run(["mount", "-o", "remount,size=9m", str(folder)], check=True)
    library.add([make_parsed("last", ["腾出空间后收入的一份。"])])
    assert "腾出空间后" in library.document("last").document.text
print(len(kept), len(stored), [p.text for p in verify(folder).problems])
"""


@needs_mount
def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """What was acknowledged before the disk was full is there and whole; the message says that it is full;
    and with room made, the same library takes more."""
    said, kept = under('mount -t tmpfs -o size=3m tmpfs "$1"', FILL_UP, tmp_path).splitlines()
    assert said == f"{tmp_path} 所在的磁盘已满，这次的改动没有保存，原有内容不变。请腾出空间后重试。"
    acknowledged, stored, problems = kept.split(" ", 2)
    assert 3 <= int(acknowledged) <= int(stored)
    assert problems == "[]"


READ_ONLY = """
import sys
from pathlib import Path
from fakes import HashEmbedder, make_parsed
from index.errors import StoreError
from index.library import open_library
from index.types import SearchRequest
from index.upkeep import back_up
from index.verify import verify
folder, target = map(Path, sys.argv[1:])
with open_library(folder, HashEmbedder(), notice=print) as library:
    print([hit.passage.id for hit in library.search(SearchRequest("快递员服务站", limit=1))])
    try:
        library.add([make_parsed("d2", ["新的一段。"])])
    except StoreError as error:
        print(error)
back_up(folder, target)
print(verify(folder).problems)
"""


@needs_mount
def test_a_read_only_disk_is_read(tmp_path: Path) -> None:
    """Questions and backups work where nothing can be written; changes are refused and say why."""
    folder, target = tmp_path / "data", tmp_path / "backup"
    with open_library(folder, HashEmbedder()) as library:
        library.add([make_parsed("d1", ["快递员服务站开张。", "老人食堂开饭。"])])
    mounts = 'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"'
    assert under(mounts, READ_ONLY, folder, target).splitlines() == [
        "资料目录只读，词语索引改建在内存中（2 段）。",
        "['d1-0']",
        f"{folder} 在只读的文件系统上，只能查询，不能改动。请换到能写入的资料目录。",
        "()",
    ]
    assert target.exists()


@needs_mount
def test_changes_that_would_be_overlooked_are_told(tmp_path: Path) -> None:
    """A library that a killed program left with changes in its log isn't read without them."""
    with open_library(tmp_path, HashEmbedder()) as library:
        library.add([make_parsed("d1", ["快递员服务站开张。"])])
    (tmp_path / "library.sqlite3-wal").write_bytes(b"left by a program that was killed")
    program = (
        "import sys\nfrom pathlib import Path\nfrom index.errors import StoreError\n"
        "from index.store import Store\ntry:\n    Store(Path(sys.argv[1]))\n"
        "except StoreError as error:\n    print(error)\n"
    )
    said = under('mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"', program, tmp_path)
    assert "上次没有正常关闭，有未并入的改动（library.sqlite3-wal）" in said


def test_two_writers_take_turns(tmp_path: Path) -> None:
    """Two that add to one library at once both succeed, and all is there and whole."""
    failures: list[StoreError] = []

    def add(name: str) -> None:
        try:
            with open_library(tmp_path, HashEmbedder(), notice=lambda text: None) as library:
                for number in range(8):
                    library.add([make_parsed(f"{name}{number}", [f"{name}第{number}份的一段话。"])])
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=add, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with open_library(tmp_path, HashEmbedder()) as library:
        expected = {f"{name}{number}" for name in "ab" for number in range(8)}
        assert {record.id for record in library.documents()} == expected
    assert verify(tmp_path).problems == ()


def test_two_open_a_new_library_at_once(tmp_path: Path) -> None:
    """Neither is told that another writes: SQLite fails at once where two put a new file into WAL mode."""
    failures: list[StoreError] = []

    def open_at_once(folder: Path, start: threading.Barrier) -> None:
        start.wait()
        try:
            open_library(folder, HashEmbedder(), notice=lambda text: None).close()
        except StoreError as error:
            failures.append(error)

    for number in range(20):
        start = threading.Barrier(2)
        folder = tmp_path / str(number)
        threads = [threading.Thread(target=open_at_once, args=(folder, start)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
