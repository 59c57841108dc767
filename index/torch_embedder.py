"""Embeds text with sentence-transformers: any model that it can load, at the cost of importing torch."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError

from index.errors import ModelFormatError
from index.types import ModelIdentity, TokenVectors, Vectors
from index.vectors import token_vectors, unit_vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Characters of a batch, padding included; a Chinese character is about 0.6 tokens.
_BATCH_CHARACTERS = 4096
_LONGEST = 2048


class SentenceTransformerEmbedder:
    """An Embedder of a sentence-transformers folder. Its weights load at the first embedding; threads may
    share it.

    Computes in bfloat16 where the processor multiplies it in hardware, but pools in float32: pooling in
    bfloat16 reorders one in ten of the nearest passages. ``encoder`` is the folder's model where it is loaded
    already; ``threads`` is torch's number of threads, for the whole process, None leaves it to torch.
    """

    def __init__(
        self,
        folder: Path,
        identity: ModelIdentity,
        *,
        threads: int | None = None,
        encoder: SentenceTransformer | None = None,
    ) -> None:
        self._folder = folder
        self._identity = identity
        self._threads = threads
        self._encoder = encoder
        # torch gains nothing from concurrent calls, and tokenizers refuse them ("Already borrowed").
        self._lock = threading.Lock()

    @property
    def identity(self) -> ModelIdentity:
        return self._identity

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, shape (len(texts), dimension), in the order given.

        Raises ModelError where the model can't be loaded or yields something that is not a vector.
        """
        return self._embed(texts, self._identity.query_prompt)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, shape (len(texts), dimension), in the order given.

        Text beyond the model's window (512 tokens for the bundled one) isn't seen. Raises as embed_queries.
        """
        return self._embed(texts, self._identity.document_prompt)

    def embed_query_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Vectors of questions and of their tokens, in the order given. Raises as embed_queries."""
        return self._embed_tokens(texts, self._identity.query_prompt)

    def embed_document_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Vectors of passages and of their tokens, in the order given. Raises as embed_queries."""
        return self._embed_tokens(texts, self._identity.document_prompt)

    def _embed_tokens(self, texts: Sequence[str], prompt: str) -> list[TokenVectors]:
        found: dict[int, TokenVectors] = {}
        for batch in batches_by_length([len(text) for text in texts]):
            with self._lock:
                encoder = self._load()
                features: Any = encoder.encode(
                    [texts[i] for i in batch],
                    prompt=prompt,
                    batch_size=len(batch),
                    output_value=None,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            for i, feature in zip(batch, features, strict=True):
                found[i] = self._token_vectors(encoder, texts[i], prompt, feature)
        return [found[i] for i in range(len(texts))]

    def _token_vectors(
        self, encoder: SentenceTransformer, text: str, prompt: str, feature: dict[str, Any]
    ) -> TokenVectors:
        encoded = encoder.tokenizer(prompt + text, return_offsets_mapping=True, truncation=True)
        return token_vectors(
            feature["sentence_embedding"].float().numpy(),
            feature["token_embeddings"].float().numpy(),
            encoded["offset_mapping"],
            len(prompt),
            self._identity,
        )

    def _embed(self, texts: Sequence[str], prompt: str) -> Vectors:
        vectors = np.zeros((len(texts), self._identity.dimension), np.float32)
        for batch in batches_by_length([len(text) for text in texts]):
            # Locked batch by batch, so that a question needn't wait for a whole import.
            with self._lock:
                found = self._load().encode(
                    [texts[i] for i in batch],
                    prompt=prompt,
                    batch_size=len(batch),
                    normalize_embeddings=True,
                    convert_to_numpy=True,
                    show_progress_bar=False,
                )
            vectors[batch] = unit_vectors(np.asarray(found, np.float32), self._identity)
        return vectors

    def _load(self) -> SentenceTransformer:
        if self._encoder is None:
            self._encoder = load_encoder(self._folder, self._threads)
        return self._encoder


def batches_by_length(lengths: Sequence[int]) -> list[list[int]]:
    """Indexes in batches of similar lengths (characters), longest first, so that little is padded and the
    most memory is asked for at once."""
    batches: list[list[int]] = []
    room = 0
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if room < 1:
            batches.append([])
            room = max(1, _BATCH_CHARACTERS // min(max(lengths[i], 16), _LONGEST))
        batches[-1].append(i)
        room -= 1
    return batches


def load_encoder(folder: Path, threads: int | None = None, *, is_exact: bool = False) -> SentenceTransformer:
    """Load a folder on the processor, never asking the network. ``is_exact`` keeps to float32 where the
    processor multiplies bfloat16 in hardware too. Raises ModelFormatError where it can't be loaded."""
    # OpenMP reads it once, when torch is imported. Threads that spin while waiting make a query 80 times
    # slower beside a busy neighbour.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    with offline_and_quiet():
        import torch  # noqa: PLC0415 — four seconds, and not before the first embedding
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        if threads is not None:
            torch.set_num_threads(threads)
        bfloat16 = not is_exact and multiplies_bfloat16(torch)
        try:
            encoder = SentenceTransformer(
                str(folder),
                device="cpu",
                local_files_only=True,
                model_kwargs={"dtype": torch.bfloat16 if bfloat16 else torch.float32},
            )
        except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
            raise ModelFormatError(
                f"{folder} 应为 sentence-transformers 能载入的模型，实际载入失败：{error}"
            ) from error
    transformer, *others = encoder
    for module in others:
        module.float()
    transformer.register_forward_hook(_to_float32)
    encoder.eval()
    return encoder


def _to_float32(module: object, arguments: object, features: dict[str, Any]) -> dict[str, Any]:
    if "token_embeddings" in features:
        features["token_embeddings"] = features["token_embeddings"].float()
    return features


def multiplies_bfloat16(torch: Any) -> bool:
    """Whether the processor has AMX or AVX512-BF16; without them bfloat16 is slower than float32."""
    # Older torch can't be asked; it then computes in float32, which is always right.
    capabilities: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16"))


@contextmanager
def offline_and_quiet() -> Iterator[None]:
    """Keeps the Hub client off the network and transformers' warnings and bars off the screen."""
    from huggingface_hub import constants  # noqa: PLC0415 — as torch
    from transformers.utils import logging as untyped_logging  # noqa: PLC0415

    logging: Any = untyped_logging

    offline, verbosity = constants.HF_HUB_OFFLINE, logging.get_verbosity()
    bars = logging.is_progress_bar_enabled()
    constants.HF_HUB_OFFLINE = True
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = offline
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()
