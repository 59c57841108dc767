"""Makes a tiny packed model file, for tests."""

from __future__ import annotations

import functools
import struct

import numpy as np
from tokenizers import normalizers

TINY_PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    "甲",
    "乙",
    "▁甲乙",
    "1",
    "～",
    ":",
    "q",
    "▁丙",
    "<mask>",
]
TINY_NORMALIZATION = {"\t": " ", "\n": " ", "\x01": "", "\u200b": " ", "１": "1", "①": "1", "\u3000": " "}


def tiny_packed(seed: int = 0, version: int = 1, leave_out: str = "", scale: float = 0.01) -> bytes:
    """A whole packed model file (format E5S1) of one layer with hidden size 32 and seeded weights."""
    header = b"E5S1" + struct.pack("<I7ifi", version, 32, 1, 2, 64, 16, 24, 2, 1e-12, 32)
    return (
        header
        + _tiny_tokenizer()
        + _tiny_tensors(seed, leave_out, scale, len(header) + len(_tiny_tokenizer()))
    )


@functools.cache
def _tiny_tokenizer() -> bytes:
    blobs = [piece.encode() for piece in TINY_PIECES]
    offsets = np.cumsum([0, *map(len, blobs)])
    scores = [0.0] * 4 + [-2.0 - 0.1 * i for i in range(len(blobs) - 5)] + [0.0]
    changes = b"".join(
        struct.pack(f"<IB{len(after)}I", ord(before), len(after), *map(ord, after))
        for before, after in sorted((_nfkc_map() | TINY_NORMALIZATION).items())
    )
    return b"".join(
        [
            struct.pack("<5iQ", len(blobs), 0, 2, 1, 3, offsets[-1]),
            struct.pack(f"<{len(offsets)}I", *offsets),
            struct.pack(f"<{len(scores)}f", *scores),
            b"".join(blobs),
            struct.pack("<iI", len(_nfkc_map() | TINY_NORMALIZATION), len(changes)),
            changes,
        ]
    )


@functools.cache
def _nfkc_map() -> dict[str, str]:
    """NFKC by character as tokenizers does it, but for ～, which stays as in the real file."""
    characters = [chr(point) for point in range(1, 0x110000) if not 0xD800 <= point < 0xE000]
    composed = normalizers.NFKC().normalize_str("\0".join(characters)).split("\0")
    return {a: b for a, b in zip(characters, composed, strict=True) if a not in (b, "～")}


def _tiny_tensors(seed: int, leave_out: str, scale: float, position: int) -> bytes:
    random = np.random.default_rng(seed)
    shapes = {"emb.word": 16 * 32, "emb.pos": 24 * 32, "emb.type": 2 * 32, "emb.ln.w": 32, "emb.ln.b": 32}
    for name, rows, columns in [(n, 32, 32) for n in ("q", "k", "v", "ao")] + [
        ("fi", 64, 32),
        ("fo", 32, 64),
    ]:
        shapes |= {f"l0.{name}.w": rows * columns, f"l0.{name}.b": rows}
    shapes |= {f"l0.{name}.{part}": 32 for name in ("aln", "oln") for part in "wb"}
    shapes.pop(leave_out, None)
    packed: dict[str, tuple[int, int, bytes]] = {}
    for name, count in shapes.items():
        if count > 64 and name != "emb.pos":
            blocks = [
                np.float16(scale * (1 + random.random())).tobytes() + random.bytes(16)
                for _ in range(count // 32)
            ]
            packed[name] = (1, count, b"".join(blocks))
        else:
            values = random.normal(1.0 if "ln.w" in name else 0.0, 0.1, count)
            packed[name] = (0, count, values.astype("<f4").tobytes())
    directory_size = 4 + sum(2 + len(name) + 21 for name in packed)
    offset, directory = position + directory_size, struct.pack("<i", len(packed))
    for name, (kind, count, raw) in packed.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, count, offset, len(raw))
        offset += len(raw)
    return directory + b"".join(raw for _, _, raw in packed.values())
