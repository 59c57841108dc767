"""Exports any sentence-transformers model to OpenVINO: the graph, traced once, and its tokenizer.

The result must give the vectors that sentence-transformers gives, on probes of several lengths; a model that
can't be traced, or whose graph holds only for the traced lengths, is refused.
"""

from __future__ import annotations

import errno
import os
import shutil
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import ExportError, ModelError
from index.model import ModelLocation
from index.openvino import ov
from index.openvino_embedder import OpenVinoEmbedder
from index.pieces import write_pieces
from index.runtime import GRAPH, PIECES, TOKENIZER, RuntimeFiles, exported_files
from index.torch_embedder import SentenceTransformerEmbedder, load_encoder, offline_and_quiet
from index.types import TokenVectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

LEAST_COSINE = 0.999
"""Between the exported model and the original, both in single precision, of every probe and of each of its
tokens. Weights are kept in half precision, which costs about 1e-6."""
_PROBES = (
    "社区",
    "全县有１２个乡镇开展了志愿服务，覆盖 3,480 户，满意度 98.5%。",
    "The county Library lends books to 42 villages; the bus comes every FRIDAY.  ",
    " 镇里新建了三处快递员歇脚点，每天开放十二个小时，提供饮水、充电、热饭和法律咨询。" * 4,
)


def export_model(location: ModelLocation, target: Path) -> None:
    """Write graph, tokenizer and, where there can be one, file of pieces into the empty folder ``target``.

    Raises ExportError where the model can't be exported or the result isn't equal, ModelFormatError where it
    can't be loaded, OSError where there is no room for it.
    """
    encoder = load_encoder(location.folder, is_exact=True)
    _require_room(encoder, target)
    _write_tokenizer(encoder, target / TOKENIZER)
    try:
        graph = _traced(encoder)
    except MemoryError:
        raise
    # Modules of any architecture run here, under two libraries that trace them: anything may be raised.
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise ExportError(f"转换失败：{reason}") from error
    ov.save_model(graph, target / GRAPH, compress_to_fp16=True)
    write_pieces(target / TOKENIZER, target / PIECES)
    _compare(encoder, location, exported_files(target))


def _require_room(encoder: SentenceTransformer, target: Path) -> None:
    """Looked at beforehand, since OpenVINO may leave a file cut short without a word."""
    needed = 3 * sum(parameter.numel() for parameter in encoder.parameters())
    if shutil.disk_usage(target).free < needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))


def _write_tokenizer(encoder: SentenceTransformer, path: Path) -> None:
    tokenizer: Any = encoder.tokenizer
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ExportError("它的分词器没有 tokenizer.json 形式")
    window = encoder.max_seq_length or tokenizer.model_max_length
    backend.no_padding()
    backend.enable_truncation(min(window, tokenizer.model_max_length))
    backend.save(str(path))


def _traced(encoder: SentenceTransformer) -> ov.Model:
    """The model's graph for any number of texts and tokens."""
    import torch  # noqa: PLC0415 — importing this module mustn't take seconds
    from openvino.frontend import FrontEndManager  # noqa: PLC0415
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder  # noqa: PLC0415

    class Modules(torch.nn.Module):
        """All modules of the model, from token ids to vectors."""

        def __init__(self) -> None:
            super().__init__()
            self.modules_in_order = torch.nn.ModuleList(encoder)

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[Any, Any]:
            features: dict[str, Any] = {"input_ids": input_ids, "attention_mask": attention_mask}
            for module in self.modules_in_order:
                features = module(features)
            return features["token_embeddings"], features["sentence_embedding"]

    encoded = encoder.tokenizer(list(_PROBES[:2]), padding=True, return_tensors="pt")
    example = {name: encoded[name] for name in ("input_ids", "attention_mask")}
    frontend = FrontEndManager().load_by_framework("pytorch")
    with offline_and_quiet(), torch.no_grad(), warnings.catch_warnings():
        # The tracer warns of every shape it takes for a constant; the probes tell whether that matters.
        warnings.simplefilter("ignore")
        decoder = TorchScriptPythonDecoder(Modules().eval(), example_input=example)
        graph = frontend.convert(frontend.load(decoder))
    graph.reshape({port: ov.PartialShape([-1, -1]) for port in graph.inputs})
    for port, name in zip(graph.inputs, example, strict=True):
        port.get_tensor().set_names({name})
    for port, name in zip(graph.outputs, ("token_embeddings", "sentence_embedding"), strict=True):
        port.get_tensor().set_names({name})
    return graph


def _compare(encoder: SentenceTransformer, location: ModelLocation, files: RuntimeFiles) -> None:
    identity = location.identity
    original = SentenceTransformerEmbedder(location.folder, identity, encoder=encoder)
    exported = OpenVinoEmbedder(files, identity, is_exact=True)
    probes = list(_PROBES)
    try:
        pairs = [
            *zip(original.embed_query_tokens(probes), exported.embed_query_tokens(probes), strict=True),
            *zip(original.embed_document_tokens(probes), exported.embed_document_tokens(probes), strict=True),
        ]
    except ModelError as error:
        raise ExportError(f"转换后不能计算：{error}") from error
    worst = min(_cosine(expected, found) for expected, found in pairs)
    if not worst >= LEAST_COSINE:
        raise ExportError(f"转换后的向量与原来的余弦应不低于 {LEAST_COSINE}，实有 {worst:.5f}")


def _cosine(expected: TokenVectors, found: TokenVectors) -> float:
    """The lowest of the text's and its tokens'; −1 where the tokens are others."""
    if expected.spans != found.spans:
        return -1.0
    cosines = (expected.vectors * found.vectors).sum(axis=1)
    return float(min(np.dot(expected.text_vector, found.text_vector), cosines.min(initial=1.0)))
