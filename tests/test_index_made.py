"""Folders of the cache: whole or not there, also where it can't be written."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path

import pytest

from index.fingerprint import file_sha256
from index.made import ensure_made


def _write(folder: Path) -> None:
    (folder / "weights.bin").write_bytes(b"one" * 1000)


def _fail(folder: Path) -> None:
    pytest.fail("made again")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def _refuse_writing(*_: object, **__: object) -> None:
    raise OSError(errno.EROFS, "Read-only file system")


def test_cache_that_cannot_be_written_is_replaced(tmp_path: Path, temporary: Path) -> None:
    """The folder is made below the temporary folder, where only its user may look; this is told once, and the
    next process finds it there."""
    (tmp_path / "file").write_text("not a folder")
    folder = tmp_path / "file" / "cache" / "model-1"
    told: list[str] = []
    made = ensure_made(folder, "1", "2", _write, told.append)
    assert made.parent.parent == temporary
    assert made.parent.stat().st_mode & 0o777 == 0o700
    assert (made / "weights.bin").read_bytes() == b"one" * 1000
    assert told == [
        f"缓存文件夹 {folder.parent} 不能写入，模型改放在 {made}。请设 JIANBAO_CACHE 为能写入的文件夹。"
    ]
    assert ensure_made(folder, "1", "2", _fail, pytest.fail) == made


def test_whole_folder_needs_no_writing(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder made beforehand is used where it is on a read-only file system, also when no hashes are
    remembered; a damaged one there isn't trusted."""
    folder = tmp_path / "cache" / "model-1"
    ensure_made(folder, "1", "2", _write, pytest.fail)
    (folder.parent / "hashes.json").unlink()
    for writer in ("mkstemp", "TemporaryFile"):
        monkeypatch.setattr(tempfile, writer, _refuse_writing)
    assert ensure_made(folder, "1", "2", _fail, pytest.fail) == folder
    (folder / "weights.bin").write_bytes(b"two" * 1000)
    assert ensure_made(folder, "1", "2", _write, lambda text: None).parent.parent == temporary


def test_temporary_folder_of_others_is_not_used(tmp_path: Path, temporary: Path) -> None:
    """Where others may write into the folder of that name, or it is a link, nothing is made."""
    (tmp_path / "file").write_text("not a folder")
    folder = tmp_path / "file" / "model-1"
    [own] = [ensure_made(folder, "1", "2", _write, lambda text: None).parent]
    own.chmod(0o777)
    with pytest.raises(PermissionError, match="应是只属于当前用户的文件夹"):
        ensure_made(folder, "1", "2", _write, pytest.fail)
    own.chmod(0o700)
    own.rename(tmp_path / "elsewhere")
    own.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError, match="应是只属于当前用户的文件夹"):
        ensure_made(folder, "1", "2", _write, pytest.fail)


def test_full_disk_is_left_as_it_was(tmp_path: Path, temporary: Path) -> None:
    """What was written before the disk was full is taken away, the error raised, and no other place tried."""

    def fill(folder: Path) -> None:
        _write(folder)
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        ensure_made(tmp_path / "cache" / "model-1", "1", "2", fill, pytest.fail)
    assert [path.name for path in (tmp_path / "cache").iterdir() if path.suffix != ".lock"] == []
    assert list(temporary.iterdir()) == []


def test_hash_needs_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a hash can't be remembered it is still given, and no half-written file stays."""
    (tmp_path / "file").write_bytes(b"abc")
    monkeypatch.setattr("index.fingerprint.write_synced", _refuse_writing)
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert file_sha256(tmp_path / "file", tmp_path / "cache") == expected
    assert list((tmp_path / "cache").iterdir()) == []
