"""Finds the embedding model and says who it is, without loading its weights."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.bundled import MODEL_NAME, ensure_bundled_model
from index.errors import ModelError, ModelFormatError, ModelNotFoundError
from index.fingerprint import combined_sha256, file_sha256
from index.made import read_manifest
from index.types import ModelIdentity

BUNDLED = "bundled"
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
_E5_NAME = re.compile(r"(?:^|[-_/])e5(?![a-z0-9])(?!.*instruct)", re.IGNORECASE)
_E5_PROMPTS = ("query: ", "passage: ")
_TOKENIZER_FILES = ("tokenizer.json", "*.model", "vocab.txt", "vocab.json", "merges.txt")
_WEIGHTS = "*.safetensors"
_OLD_WEIGHTS = "pytorch_model*.bin"
_OTHER_RUNTIMES = ["onnx/*", "openvino/*"]
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ModelLocation:
    """A sentence-transformers (or transformers) folder and the identity of the model inside."""

    folder: Path
    identity: ModelIdentity
    is_bundled: bool = False


def locate_model(
    model: str,
    cache: Path,
    *,
    query_prompt: str | None = None,
    document_prompt: str | None = None,
    progress: Callable[[float], None] | None = None,
    notice: Callable[[str], None] = _LOGGER.warning,
) -> ModelLocation:
    """Where ``model`` is: "bundled", a folder, or a name on the Hub (downloaded only if it isn't here yet).

    A prompt is the one given, else the model's own, else its family's (E5), else empty. ``cache`` holds
    the bundled model and remembered hashes; ``progress`` is told the share of the bundled model that is done,
    ``notice`` of a damaged one.

    Raises ModelNotFoundError where there is no such model, ModelFormatError where it can't be read,
    ModelError where the cache can't be written.
    """
    if model == BUNDLED:
        folder = ensure_bundled_model(cache, progress, notice=notice)
        name, fingerprint = MODEL_NAME, read_manifest(folder).fingerprint
    else:
        folder, name = find_model(model)
        fingerprint = _folder_fingerprint(folder, cache)
    own_query, own_document = _prompts(folder, name)
    identity = ModelIdentity(
        name=name,
        fingerprint=fingerprint,
        dimension=_dimension(folder),
        query_prompt=own_query if query_prompt is None else query_prompt,
        document_prompt=own_document if document_prompt is None else document_prompt,
    )
    return ModelLocation(folder, identity, model == BUNDLED)


def find_model(model: str) -> tuple[Path, str]:
    """The folder of a model (a folder, or a name on the Hub, downloaded only if it isn't here yet) and its
    name. Raises ModelNotFoundError."""
    folder = Path(model).expanduser()
    if folder.is_dir():
        folder = folder.resolve()
        if not _has_model(folder):
            raise ModelNotFoundError(
                f"文件夹 {folder} 应含 config.json 与权重（*.safetensors 或 pytorch_model*.bin），实际没有。"
                "请检查 JIANBAO_MODEL。"
            )
        return folder, folder.name
    if _HUB_NAME.fullmatch(model):
        return _hub_folder(model), model
    raise ModelNotFoundError(
        f"没有模型 {model!r}：应为 bundled、已有的模型文件夹，"
        "或 Hub 上的名字（如 intfloat/multilingual-e5-small）。"
        "请检查 JIANBAO_MODEL。"
    )


def _hub_folder(name: str) -> Path:
    """The snapshot in the local Hub cache, downloaded first where it is absent."""
    from huggingface_hub import snapshot_download  # noqa: PLC0415 — not needed for the bundled model

    wanted = ["*.json", *_TOKENIZER_FILES, _WEIGHTS]
    attempts = [(True, [*wanted, _OLD_WEIGHTS]), (False, wanted), (False, [*wanted, _OLD_WEIGHTS])]
    cause: Exception | None = None
    for local, patterns in attempts:
        try:
            folder = Path(
                snapshot_download(
                    name, local_files_only=local, allow_patterns=patterns, ignore_patterns=_OTHER_RUNTIMES
                )
            )
        # The Hub client lets through errors of its HTTP library, which differs between its versions.
        except Exception as error:  # noqa: BLE001, RUF100
            cause = error
            continue
        if _has_model(folder):
            return folder
    raise ModelNotFoundError(
        f"本机没有模型 {name}，也无法从 Hub 下载（{type(cause).__name__ if cause else '没有权重文件'}）。"
        "请检查名字与网络，或设置 JIANBAO_MODEL=bundled 或一个模型文件夹。"
    ) from cause


def _has_model(folder: Path) -> bool:
    try:
        return (folder / "config.json").is_file() and bool(_weights(folder))
    except ModelFormatError:
        return False


def _weights(folder: Path) -> list[Path]:
    """The files the loader would take, in all modules' folders."""
    places = [folder / module.get("path", "") for module in _modules(folder)]
    for pattern in (_WEIGHTS, _OLD_WEIGHTS):
        if found := sorted({path for place in places for path in place.glob(pattern)}):
            return found
    return []


def _folder_fingerprint(folder: Path, cache: Path) -> str:
    """One hash of all that decides a vector: weights, tokenizer, and how the modules are put together."""
    files = set(_weights(folder)) | {path for pattern in _TOKENIZER_FILES for path in folder.glob(pattern)}
    settings = [folder / "modules.json", folder / "sentence_bert_config.json"]
    settings += [folder / module.get("path", "") / "config.json" for module in _modules(folder)]
    files |= {path for path in settings if path.is_file()}
    try:
        return combined_sha256(
            f"{path.relative_to(folder).as_posix()} {file_sha256(path, cache)}" for path in sorted(files)
        )
    except OSError as error:
        raise ModelError(
            f"无法读取模型 {folder} 或写入缓存 {cache}：{error}。请检查权限与磁盘空间。"
        ) from error


def _modules(folder: Path) -> list[dict[str, Any]]:
    modules = _read_json(folder / "modules.json", list)
    return modules or [{"path": "", "type": "Transformer"}]


def _dimension(folder: Path) -> int:
    """Length of the vectors, by what the last module that changes it says."""
    dimension = 0
    for module in _modules(folder):
        kind = str(module.get("type", "")).rpartition(".")[2]
        settings = _read_json(folder / module.get("path", "") / "config.json", dict)
        settings |= settings.get("text_config", {})
        keys = {
            "Transformer": ("hidden_size", "d_model", "dim"),
            "Pooling": ("embedding_dimension", "word_embedding_dimension"),
            "Dense": ("out_features",),
        }.get(kind, ())
        size = next((settings[key] for key in keys if isinstance(settings.get(key), int)), dimension)
        dimension = size * (_pooling_modes(settings) if kind == "Pooling" else 1)
    truncated = _read_json(folder / "config_sentence_transformers.json", dict).get("truncate_dim")
    dimension = min(dimension, truncated) if isinstance(truncated, int) else dimension
    if dimension < 1:
        raise ModelFormatError(f"模型 {folder} 的 config.json 应写明向量维数（hidden_size），实际没有。")
    return dimension


def _pooling_modes(settings: dict[str, Any]) -> int:
    """How many poolings are put side by side."""
    mode = settings.get("pooling_mode")
    if mode is not None:
        return 1 if isinstance(mode, str) else len(mode)
    return max(1, sum(value is True for key, value in settings.items() if key.startswith("pooling_mode_")))


def _prompts(folder: Path, name: str) -> tuple[str, str]:
    """The model's own prompts for queries and documents. Saved models carry empty ones when nobody chose
    any, so an empty one gives way to the family's."""
    prompts = _read_json(folder / "config_sentence_transformers.json", dict).get("prompts") or {}
    family = _E5_PROMPTS if _E5_NAME.search(name) else ("", "")
    return (
        prompts.get("query") or family[0],
        prompts.get("document") or prompts.get("passage") or family[1],
    )


def _read_json(path: Path, kind: type[Any]) -> Any:
    """The file's content; an empty ``kind`` where there is no file."""
    if not path.is_file():
        return kind()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelFormatError(f"{path} 应为 JSON，实际无法解析：{error}。") from error
    if not isinstance(content, kind):
        raise ModelFormatError(f"{path} 应为 JSON {kind.__name__}，实为 {type(content).__name__}。")
    return content
