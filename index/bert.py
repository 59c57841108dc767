"""The bundled model's encoder as an OpenVINO graph, straight from its weights.

Devlin et al. 2019, "BERT" (arXiv:1810.04805): post-norm transformer, exact GELU, token type 0, positions from
0; then the mean over a text's tokens at length 1. Building it needs no torch.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.feeds import Encoder, WordFeed
from index.mapped import MappedTensors
from index.openvino import ops, ov

_MODEL = "model.safetensors"
_WORDS = "embeddings.word_embeddings.weight"
_LOWEST = float(np.finfo(np.float32).min)


def bert_encoder(folder: Path, weights: Path) -> Encoder:
    """The model in a folder of `index.conversion.write_model`, with the ``weights`` of `write_weights`.

    Raises OSError, ValueError and KeyError where the files are not as they were written.
    """
    configuration = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    file = folder / _MODEL
    model, mapped = MappedTensors(file), MappedTensors(weights)
    table = model.tensors[_WORDS]
    if table.dtype != np.float16:
        raise ValueError(f"{_WORDS} should be float16, is {table.dtype}")
    feed = WordFeed(file, model.starts[_WORDS], (table.shape[0], table.shape[1]))
    return Encoder(_Bert(configuration, mapped.tensors).graph(), feed, mapped.release)


def write_weights(folder: Path, target: Path) -> None:
    """Write what the model in ``folder`` has in its graph, in single precision.

    Engines keep the weights as they are given beside what they make of them: of half precision each would
    make a copy of its own first, of a mapped file in single precision they share the pages, which can be
    given back. Raises OSError.
    """
    from safetensors.numpy import save_file  # noqa: PLC0415 — not needed once the file is there

    tensors = MappedTensors(folder / _MODEL).tensors
    save_file({name: tensor.astype("<f4") for name, tensor in tensors.items() if name != _WORDS}, target)


class _Bert:
    def __init__(self, configuration: dict[str, Any], weights: dict[str, NDArray[Any]]) -> None:
        self._weights = weights
        self._layers: int = configuration["num_hidden_layers"]
        self._heads: int = configuration["num_attention_heads"]
        self._hidden: int = configuration["hidden_size"]
        self._size = self._hidden // self._heads
        self._epsilon: float = configuration["layer_norm_eps"]

    def graph(self) -> ov.Model:
        words = ops.parameter([-1, -1, self._hidden], np.float16, name="words")
        mask = ops.parameter([-1, -1], np.int64, name="attention_mask")
        states = self._embedded(words)
        bias = self._attention_bias(mask)
        for layer in range(self._layers):
            states = self._layer(states, bias, f"encoder.layer.{layer}.")
        pooled = _mean(states, mask)
        words.output(0).set_names({"words"})
        mask.output(0).set_names({"attention_mask"})
        states.output(0).set_names({"token_embeddings"})
        pooled.output(0).set_names({"sentence_embedding"})
        return ov.Model([ops.result(states), ops.result(pooled)], [words, mask], "bert")

    def _embedded(self, words: ov.Node) -> ov.Node:
        length = ops.gather(ops.shape_of(words), _number(1), _number(0))
        positions = ops.range(_number(0), length, _number(1), "i64")
        places = ops.gather(self._tensor("embeddings.position_embeddings.weight"), positions, _number(0))
        kind = ops.gather(self._tensor("embeddings.token_type_embeddings.weight"), _number(0), _number(0))
        return self._normalised(
            ops.add(ops.add(ops.convert(words, "f32"), kind), places), "embeddings.LayerNorm"
        )

    def _attention_bias(self, mask: ov.Node) -> ov.Node:
        """(texts, 1, tokens, tokens): 0 for what may be attended to, else the lowest number."""
        seen = ops.unsqueeze(ops.convert(mask, "boolean"), _list(1, 2))
        bias = ops.select(seen, _real(0.0), _real(_LOWEST))
        texts = ops.gather(ops.shape_of(mask), _list(0), _number(0))
        tokens = ops.gather(ops.shape_of(mask), _list(1), _number(0))
        return ops.broadcast(bias, ops.concat([texts, _list(1), tokens, tokens], 0))

    def _layer(self, states: ov.Node, bias: ov.Node, name: str) -> ov.Node:
        query, key, value = (
            self._split(self._linear(states, f"{name}attention.self.{part}"))
            for part in ("query", "key", "value")
        )
        attended = ops.scaled_dot_product_attention(query, key, value, bias, causal=False)
        joined = ops.reshape(
            ops.transpose(attended, _list(0, 2, 1, 3)), _list(0, 0, self._heads * self._size), True
        )
        attended = self._linear(joined, f"{name}attention.output.dense")
        states = self._normalised(ops.add(attended, states), f"{name}attention.output.LayerNorm")
        inner = ops.gelu(self._linear(states, f"{name}intermediate.dense"), "erf")
        outer = self._linear(inner, f"{name}output.dense")
        return self._normalised(ops.add(outer, states), f"{name}output.LayerNorm")

    def _split(self, states: ov.Node) -> ov.Node:
        """(texts, tokens, hidden) to (texts, heads, tokens, hidden / heads)."""
        apart = ops.reshape(states, _list(0, 0, self._heads, self._size), True)
        return ops.transpose(apart, _list(0, 2, 1, 3))

    def _linear(self, states: ov.Node, name: str) -> ov.Node:
        product = ops.matmul(states, self._tensor(f"{name}.weight"), False, True)
        return ops.add(product, self._tensor(f"{name}.bias"))

    def _normalised(self, states: ov.Node, name: str) -> ov.Node:
        """Ba et al. 2016, "Layer Normalization" (arXiv:1607.06450)."""
        even = ops.mvn(states, _list(-1), True, self._epsilon, "inside_sqrt")
        return ops.add(ops.multiply(even, self._tensor(f"{name}.weight")), self._tensor(f"{name}.bias"))

    def _tensor(self, name: str) -> ov.Node:
        return ops.constant(self._weights[name], shared_memory=True)


def _mean(states: ov.Node, mask: ov.Node) -> ov.Node:
    """Of each text's own tokens, at length 1."""
    seen = ops.unsqueeze(ops.convert(mask, "f32"), _list(2))
    total = ops.reduce_sum(ops.multiply(states, seen), _list(1), False)
    return ops.normalize_l2(ops.divide(total, ops.reduce_sum(seen, _list(1), False)), _list(1), 1e-12, "max")


def _number(value: int) -> ov.Node:
    return ops.constant(np.int64(value))


def _list(*values: int) -> ov.Node:
    return ops.constant(np.array(values, np.int64))


def _real(value: float) -> ov.Node:
    return ops.constant(np.float32(value))
