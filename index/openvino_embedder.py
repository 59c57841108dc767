"""Embeds text with OpenVINO: no torch, a question in milliseconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.errors import ExportError, ModelError, ModelFormatError
from index.once import Once
from index.pieces import Pieces, Tokens
from index.types import ModelIdentity, TokenVectors, Vectors
from index.vectors import token_vectors, unit_vectors

if TYPE_CHECKING:
    from index.engine import Engine, Hint
    from index.feeds import Encoder
    from index.openvino import ov
    from index.runtime import RuntimeFiles

_LEAST_TOKENS = 128
"""Of a batch, padding included: few texts are spread over all threads. Of batches with 128 tokens a tenth
less is done in a second of computing, but no thread stands idle."""
_BATCHES_EACH = 4
_PADDING = 0.1
"""Most of a text's place in a batch that may be padding."""


class OpenVinoEmbedder:
    """An Embedder of a model whose graph OpenVINO has. Nothing is loaded before the first embedding, and then
    only what it needs; threads may share it.

    Questions and documents have engines of their own (see `index.engine.Engine`), so that a question needn't
    wait for an import. ``is_exact`` computes in float32 whatever the processor is good at.
    """

    def __init__(
        self,
        files: RuntimeFiles,
        identity: ModelIdentity,
        *,
        threads: int | None = None,
        is_exact: bool = False,
    ) -> None:
        self._files = files
        self._identity = identity
        self._threads = threads
        self._is_exact = is_exact
        self._encoder = Once(self._load_encoder)
        # Each waits only for itself: a question isn't kept while an import loads its own.
        self._engines: dict[Hint, Once[Engine]] = {
            "LATENCY": Once(lambda: self._load_engine("LATENCY")),
            "THROUGHPUT": Once(lambda: self._load_engine("THROUGHPUT")),
        }
        self._pieces = Once(self._load_pieces)
        self._whole = Once(self._load_whole)

    @property
    def identity(self) -> ModelIdentity:
        return self._identity

    def load_graph(self) -> None:
        """Load what all else needs. Raises ImportError and ExportError where OpenVINO can't run here."""
        self._encoder.get()

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, shape (len(texts), dimension), in the order given.

        Raises ModelError where the model can't be loaded or yields something that is not a vector.
        """
        prompt = self._identity.query_prompt
        return self._embed(self._tokens([prompt + text for text in texts]), "LATENCY")

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, shape (len(texts), dimension), in the order given.

        Text beyond the model's window (512 tokens for the bundled one) isn't seen. Raises as embed_queries.
        """
        prompt = self._identity.document_prompt
        return self._embed(self._tokens([prompt + text for text in texts]), "THROUGHPUT")

    def embed_query_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Vectors of questions and of their tokens, in the order given. Raises as embed_queries."""
        prompt = self._identity.query_prompt
        return self._embed_tokens(self._tokens([prompt + text for text in texts]), prompt, "LATENCY")

    def embed_document_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Vectors of passages and of their tokens, in the order given. Raises as embed_queries."""
        prompt = self._identity.document_prompt
        return self._embed_tokens(self._tokens([prompt + text for text in texts]), prompt, "THROUGHPUT")

    def _embed(self, tokens: Sequence[Tokens], hint: Hint) -> Vectors:
        dimension = self._identity.dimension
        vectors = np.zeros((len(tokens), dimension), np.float32)

        def take(batch: Sequence[int], _: NDArray[np.float32], texts: NDArray[np.float32]) -> None:
            vectors[batch] = unit_vectors(texts[:, :dimension], self._identity)

        self._run(tokens, hint, take)
        return vectors

    def _embed_tokens(self, tokens: Sequence[Tokens], prompt: str, hint: Hint) -> list[TokenVectors]:
        found: dict[int, TokenVectors] = {}
        dimension = self._identity.dimension

        def take(batch: Sequence[int], rows: NDArray[np.float32], texts: NDArray[np.float32]) -> None:
            for number, states, text in zip(batch, rows, texts[:, :dimension], strict=True):
                spans = tokens[number].spans
                found[number] = token_vectors(text, states[: len(spans)], spans, len(prompt), self._identity)

        self._run(tokens, hint, take)
        return [found[number] for number in range(len(tokens))]

    def _run(
        self,
        tokens: Sequence[Tokens],
        hint: Hint,
        take: Callable[[Sequence[int], NDArray[np.float32], NDArray[np.float32]], None],
    ) -> None:
        ids = [text.ids for text in tokens]
        engine = self._engines[hint].get()
        try:
            lengths = [len(row) for row in ids]
            engine.run(ids, batches_by_tokens(lengths, engine.most_tokens, engine.jobs), take)
        except RuntimeError as error:
            raise ModelError(
                f"模型 {self._identity.name} 在 OpenVINO 中计算失败：{error}。"
                "可设 JIANBAO_RUNTIME=torch 再试。"
            ) from error

    def _tokens(self, texts: Sequence[str]) -> list[Tokens]:
        pieces = self._pieces.get()
        try:
            found = pieces.encode(texts) if pieces else [None] * len(texts)
        except sqlite3.Error as error:
            raise self._unloadable(error) from error
        rest = [text for text, tokens in zip(texts, found, strict=True) if tokens is None]
        encodings = iter(self._whole.get().encode_batch(rest) if rest else [])
        return [tokens or _tokens_of(next(encodings)) for tokens in found]

    def _load_encoder(self) -> tuple[ov.Core, Encoder]:
        from index.openvino import ov  # noqa: PLC0415 — not before the first embedding

        try:
            core = ov.Core()
            return core, self._files.encoder(core)
        except (RuntimeError, OSError, ValueError, KeyError) as error:
            raise ExportError(f"载入失败：{error}") from error

    def _load_engine(self, hint: Hint) -> Engine:
        from index.engine import Engine, best_precision  # noqa: PLC0415 — as above

        core, encoder = self._encoder.get()
        try:
            precision = "f32" if self._is_exact else best_precision(core)
            engine = Engine(core, encoder, hint, precision, self._threads)
            # With its first text an engine makes of the weights what it multiplies with.
            engine.run([[0]], [[0]], lambda *_: None)
        except RuntimeError as error:
            raise self._unloadable(error) from error
        encoder.release()
        return engine

    def _load_pieces(self) -> Pieces | None:
        try:
            return Pieces(self._files.pieces) if self._files.pieces else None
        except (sqlite3.Error, ValueError, KeyError) as error:
            raise self._unloadable(error) from error

    def _load_whole(self) -> Tokenizer:
        try:
            whole = Tokenizer.from_file(str(self._files.tokenizer))
        except Exception as error:  # the library raises no narrower one
            raise self._unloadable(error) from error
        whole.no_padding()
        return whole

    def _unloadable(self, error: Exception) -> ModelFormatError:
        return ModelFormatError(
            f"模型 {self._identity.name} 应能由 OpenVINO 载入，实际载入失败：{error}。"
            f"请删除缓存中的 {self._files.tokenizer.parent} 后重试，或设 JIANBAO_RUNTIME=torch。"
        )


def _tokens_of(encoding: Encoding) -> Tokens:
    return Tokens(encoding.ids, encoding.offsets)


def batches_by_tokens(lengths: Sequence[int], most: int, jobs: int = 1) -> list[list[int]]:
    """Indexes in batches of similar lengths (tokens), longest first, so that little is padded and ``jobs``
    threads that share the batches end together. A batch has at most ``most`` tokens, or one text."""
    share = sum(lengths) // (_BATCHES_EACH * jobs) if jobs > 1 else most
    size = min(max(share, _LEAST_TOKENS), most)
    batches: list[list[int]] = []
    longest = room = 0
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if not batches or room < longest or lengths[i] < longest * (1 - _PADDING):
            batches.append([])
            longest, room = lengths[i], max(size, lengths[i])
        batches[-1].append(i)
        room -= longest
    return batches
