"""The embedder of a model, by the runtime that serves it best."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from index.errors import ExportError, ModelError
from index.model import ModelLocation, locate_model
from index.once import Once
from index.openvino_embedder import OpenVinoEmbedder
from index.runtime import ensure_runtime
from index.torch_embedder import SentenceTransformerEmbedder
from index.types import Embedder, ModelIdentity, TokenVectors, Vectors

Runtime = Literal["auto", "openvino", "torch"]

_LOGGER = logging.getLogger(__name__)


def open_embedder(
    model: str,
    cache: Path,
    *,
    query_prompt: str | None = None,
    document_prompt: str | None = None,
    threads: int | None = None,
    runtime: Runtime = "auto",
    ahead: bool = False,
    progress: Callable[[float], None] | None = None,
    notice: Callable[[str], None] = _LOGGER.warning,
) -> Embedder:
    """The embedder of ``model``: "bundled", a folder or a Hub name (see `index.model.locate_model`, which
    says what is raised). Weights aren't loaded, nor a model exported, before the first embedding; ``ahead``
    starts with that now, in a thread of its own.

    ``runtime`` "openvino" needs no torch, once the model is exported; "torch" is sentence-transformers;
    "auto" is OpenVINO, or sentence-transformers where that or the model's export can't be had, which
    ``notice`` is told.
    All give the same vectors to a cosine of 0.9999, so the identity doesn't tell them apart and a library
    filled with one is searched with another. ``threads`` is the number for each engine (see `index.engine`),
    or torch's for the whole process; None leaves it to them.
    """
    location = locate_model(
        model,
        cache,
        query_prompt=query_prompt,
        document_prompt=document_prompt,
        progress=progress,
        notice=notice,
    )
    embedder = _EmbedderOnDemand(
        location.identity, lambda: _chosen(location, cache, runtime, threads, notice)
    )
    if ahead:
        embedder.load_ahead()
    return embedder


class _EmbedderOnDemand:
    """An Embedder that is chosen, and its model prepared, when something is first embedded."""

    def __init__(self, identity: ModelIdentity, choose: Callable[[], Embedder]) -> None:
        self._identity = identity
        self._chosen = Once(choose)

    @property
    def identity(self) -> ModelIdentity:
        return self._identity

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self._chosen.get().embed_queries(texts)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        return self._chosen.get().embed_documents(texts)

    def embed_query_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self._chosen.get().embed_query_tokens(texts)

    def embed_document_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self._chosen.get().embed_document_tokens(texts)

    def load_ahead(self) -> None:
        """Load in the background what a question needs; a question that comes meanwhile waits for it, and is
        told what went wrong."""

        def load() -> None:
            with contextlib.suppress(ModelError):
                self.embed_queries([""])

        threading.Thread(target=load, name="load-ahead").start()


def _chosen(
    location: ModelLocation,
    cache: Path,
    runtime: Runtime,
    threads: int | None,
    notice: Callable[[str], None],
) -> Embedder:
    identity = location.identity
    if runtime != "torch":
        try:
            embedder = OpenVinoEmbedder(ensure_runtime(location, cache, notice), identity, threads=threads)
            embedder.load_graph()
        except (ExportError, ImportError) as error:
            if runtime == "openvino":
                raise ModelError(
                    f"模型 {identity.name} 不能用 OpenVINO 运行：{error}。"
                    "请设 JIANBAO_RUNTIME=auto 或 torch。"
                ) from error
            notice(
                f"模型 {identity.name} 不能用 OpenVINO 运行（{error}），改用 sentence-transformers，"
                "启动要慢几秒。设 JIANBAO_RUNTIME=torch 则不再提示。"
            )
        else:
            return embedder
    return SentenceTransformerEmbedder(location.folder, identity, threads=threads)
