"""A unigram tokenizer that loads in milliseconds: it looks up only the pieces that a text can be cut into.

Building the whole tokenizer of XLM-RoBERTa (250 thousand pieces) takes most of a second and 280 MB, more than
all else that a question needs; looking pieces up takes a fiftieth of the time of embedding the text. Which
pieces are chosen depends on no piece but those that stand in the text, and on the lowest score (unknown
characters cost 10 more than that; Kudo 2018, arXiv:1804.10959, as the tokenizers library has it). So a
tokenizer made of just these cuts the text as the whole one does.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, models

_SCHEMA = """
CREATE TABLE pieces (piece TEXT PRIMARY KEY, id INTEGER NOT NULL, score REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE frame (content TEXT NOT NULL);
"""
_MODEL_KEYS = {"type", "unk_id", "vocab", "byte_fallback"}
_TEXTS_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's token ids, special ones among them, and where each token stands in the text (start, end; equal
    for tokens that stand for nothing)."""

    ids: list[int]
    spans: list[tuple[int, int]]


def write_pieces(tokenizer: Path, target: Path) -> bool:
    """Write the file of pieces of a ``tokenizer.json``. False, and no file, where its kind isn't known to be
    cut the same way from fewer pieces."""
    content = json.loads(tokenizer.read_text(encoding="utf-8"))
    frame = _frame(content)
    if frame is None:
        return False
    vocabulary = content["model"]["vocab"]
    rows = {piece: (piece, number, score) for number, (piece, score) in enumerate(vocabulary)}
    with closing(sqlite3.connect(target)) as connection, connection:
        connection.executescript(_SCHEMA)
        # In order of the key, so that the tree grows at its end.
        connection.executemany("INSERT INTO pieces VALUES (?, ?, ?)", [rows[piece] for piece in sorted(rows)])
        connection.execute("INSERT INTO frame VALUES (?)", [json.dumps(frame, ensure_ascii=False)])
    return True


class Pieces:
    """The tokenizer in a file of `write_pieces`. Thread-safe. Raises sqlite3.Error where the file is bad."""

    def __init__(self, path: Path) -> None:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        [(content,)] = self._connection.execute("SELECT content FROM frame")
        frame = json.loads(content)
        self._longest: dict[str, int] = frame["longest"]
        self._ids: list[int] = frame["ids"]
        self._tokenizer = Tokenizer.from_str(json.dumps(frame["tokenizer"]))
        model = frame["tokenizer"]["model"]
        self._always = [(piece, score) for piece, score in model["vocab"]]
        self._unknown: int = model["unk_id"]
        self._byte_fallback = bool(model.get("byte_fallback"))
        self._added = [token["content"] for token in frame["tokenizer"]["added_tokens"]]
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> list[Tokens | None]:
        """As the whole tokenizer does it, in the order given; None for a text that holds a special token's
        name."""
        found: dict[int, Tokens] = {}
        plain = [i for i, text in enumerate(texts) if not any(name in text for name in self._added)]
        for first in range(0, len(plain), _TEXTS_AT_ONCE):
            chosen = plain[first : first + _TEXTS_AT_ONCE]
            found |= dict(zip(chosen, self._encode([texts[i] for i in chosen]), strict=True))
        return [found.get(i) for i in range(len(texts))]

    def _encode(self, texts: list[str]) -> list[Tokens]:
        with self._lock:
            pieces = self._look_up(texts)
            vocabulary = self._always + [(piece, score) for piece, _, score in pieces]
            self._tokenizer.model = models.Unigram(vocabulary, self._unknown, self._byte_fallback)
            encodings = self._tokenizer.encode_batch(texts)
        ids = self._ids + [number for _, number, _ in pieces]
        return [Tokens([ids[number] for number in e.ids], e.offsets) for e in encodings]

    def _look_up(self, texts: Sequence[str]) -> list[tuple[str, int, float]]:
        """Pieces that stand in the texts, with id and score, but for those that are always there."""
        parts = {
            word[start:end]
            for text in texts
            for word in self._words(text)
            for start, first in enumerate(word)
            for end in range(start + 1, min(len(word), start + self._longest.get(first, 0)) + 1)
        }
        parts.difference_update(piece for piece, _ in self._always)
        return self._connection.execute(
            "SELECT piece, id, score FROM pieces WHERE piece IN (SELECT value FROM json_each(?))",
            [json.dumps(list(parts))],
        ).fetchall()

    def _words(self, text: str) -> list[str]:
        normalizer, pre_tokenizer = self._tokenizer.normalizer, self._tokenizer.pre_tokenizer
        normalised = normalizer.normalize_str(text) if normalizer else text
        if pre_tokenizer is None:
            return [normalised]
        return [word for word, _ in pre_tokenizer.pre_tokenize_str(normalised)]


def _frame(content: dict[str, Any]) -> dict[str, Any] | None:
    """The tokenizer without all pieces but those that are always needed, which come first in any vocabulary
    made of it; ``ids`` are theirs in the whole one; ``longest`` is the length of the longest piece that
    begins with a character."""
    model, processor = content["model"], content["post_processor"]
    is_known = (
        model.get("type") == "Unigram"
        and model.keys() <= _MODEL_KEYS
        and isinstance(model.get("unk_id"), int)
        and (processor is None or processor["type"] == "TemplateProcessing")
    )
    if not is_known:
        return None
    numbers = {piece: number for number, (piece, _) in enumerate(model["vocab"])}
    added = [token["content"] for token in content["added_tokens"]]
    if any(numbers.get(t["content"]) != t["id"] or t.get("normalized") for t in content["added_tokens"]):
        return None
    lowest = min(range(len(model["vocab"])), key=lambda number: model["vocab"][number][1])
    needed = {numbers[name] for name in added} | {model["unk_id"], lowest}
    if model.get("byte_fallback"):
        needed |= {numbers[name] for value in range(256) if (name := f"<0x{value:02X}>") in numbers}
    ids = sorted(needed)
    place = {number: place for place, number in enumerate(ids)}
    tokenizer = {
        **content,
        "padding": None,
        "added_tokens": [{**token, "id": place[token["id"]]} for token in content["added_tokens"]],
        "model": {**model, "unk_id": place[model["unk_id"]], "vocab": [model["vocab"][n] for n in ids]},
    }
    if processor is not None:
        special = processor["special_tokens"]
        if not all(number in place for token in special.values() for number in token["ids"]):
            return None
        moved = {name: {**token, "ids": [place[n] for n in token["ids"]]} for name, token in special.items()}
        tokenizer["post_processor"] = {**processor, "special_tokens": moved}
    longest: dict[str, int] = {}
    for piece in filter(None, numbers):
        longest[piece[0]] = max(longest.get(piece[0], 0), len(piece))
    return {"tokenizer": tokenizer, "ids": ids, "longest": longest}
