"""What OpenVINO needs of a model, prepared once in the cache."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ExportError, ModelError
from index.feeds import Encoder, feed_ids
from index.fingerprint import combined_sha256, write_synced
from index.made import ensure_made
from index.model import ModelLocation

if TYPE_CHECKING:
    from index.openvino import ov

GRAPH = "model.xml"
TOKENIZER = "tokenizer.json"
PIECES = "pieces.sqlite"
WEIGHTS = "weights.safetensors"
# Part of the folder's fingerprint: raise it whenever what is written changes, lest an old folder pass for a
# new one.
_EXPORT = 2
_EXPORTERS = ("openvino", "torch", "transformers", "sentence-transformers")
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RuntimeFiles:
    """``encoder`` reads or builds the graph and what feeds it; ``tokenizer`` is a tokenizer.json, ``pieces``
    the same for few texts (see `index.pieces`), where its kind has one."""

    encoder: Callable[[ov.Core], Encoder]
    tokenizer: Path
    pieces: Path | None


def ensure_runtime(
    location: ModelLocation, cache: Path, notice: Callable[[str], None] = _LOGGER.warning
) -> RuntimeFiles:
    """What OpenVINO needs of the model, made first where it isn't in ``cache`` (or is damaged, which
    ``notice`` is told): for the bundled model in a second, without torch; for any other by an export that
    takes some tens of seconds.

    The folder is known by the model's fingerprint. Raises ExportError where the model can't be exported,
    which is remembered until one of the libraries that export is another; ModelError where the cache can't
    be written.
    """
    fingerprint = combined_sha256([location.identity.fingerprint, "openvino", str(_EXPORT)])
    folder = cache / f"openvino-{fingerprint[:16]}"

    def make(partial: Path) -> None:
        if location.is_bundled:
            # Not needed once the folder is there.
            from index.bert import write_weights  # noqa: PLC0415
            from index.pieces import write_pieces  # noqa: PLC0415

            write_pieces(location.folder / TOKENIZER, partial / PIECES)
            write_weights(location.folder, partial / WEIGHTS)
        else:
            _export_unless_refused(location, partial, fingerprint, notice)

    try:
        folder = ensure_made(folder, fingerprint, location.identity.fingerprint, make, notice)
    except OSError as error:
        raise ModelError(
            f"无法在 {cache} 准备模型 {location.identity.name}：{error}。请检查磁盘空间与写入权限。"
        ) from error
    if location.is_bundled:
        encoder = _bundled_encoder(location.folder, folder / WEIGHTS)
        return replace(_files(folder, encoder), tokenizer=location.folder / TOKENIZER)
    return exported_files(folder)


def exported_files(folder: Path) -> RuntimeFiles:
    """What `index.export.export_model` wrote."""
    return _files(folder, lambda core: Encoder(core.read_model(folder / GRAPH), feed_ids))


def _files(folder: Path, encoder: Callable[[ov.Core], Encoder]) -> RuntimeFiles:
    pieces = folder / PIECES
    return RuntimeFiles(encoder, folder / TOKENIZER, pieces if pieces.exists() else None)


def _export_unless_refused(
    location: ModelLocation, partial: Path, fingerprint: str, notice: Callable[[str], None]
) -> None:
    versions = [f"{name} {version(name)}" for name in _EXPORTERS]
    refusal = partial.parent / f"refused-{combined_sha256([fingerprint, *versions])[:16]}.json"
    if refusal.exists():
        raise ExportError(str(json.loads(refusal.read_text(encoding="utf-8"))["reason"]))
    notice(f"首次使用模型 {location.identity.name}，正在转换为 OpenVINO 格式（只需一次，约需一分钟）……")
    from index.export import export_model  # noqa: PLC0415 — torch

    try:
        export_model(location, partial)
    except ExportError as error:
        write_synced(refusal, json.dumps({"reason": str(error), "versions": versions}, ensure_ascii=False))
        raise


def _bundled_encoder(folder: Path, weights: Path) -> Callable[[ov.Core], Encoder]:
    def encoder(_: ov.Core) -> Encoder:
        from index.bert import bert_encoder  # noqa: PLC0415 — openvino, not before the first embedding

        return bert_encoder(folder, weights)

    return encoder
