"""What a graph is given of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tiny_model import tiny_packed

from index.bundled import ensure_bundled_model
from index.feeds import Encoder, WordFeed, feed_ids
from index.model import ModelLocation
from index.openvino import ov
from index.openvino_embedder import OpenVinoEmbedder
from index.runtime import ensure_runtime
from index.types import ModelIdentity

TABLE = np.arange(12, dtype="<f2").reshape(4, 3)


def _feed(folder: Path) -> WordFeed:
    (folder / "weights").write_bytes(b"header!!" + TABLE.tobytes() + b"behind")
    return WordFeed(folder / "weights", 8, (4, 3))


def test_words_are_the_rows_of_the_table(tmp_path: Path) -> None:
    """Each token's row, zeros behind the text, and a mask that says which is which."""
    given = _feed(tmp_path)([[3, 1], [2]], 3)
    expected = [[[9, 10, 11], [3, 4, 5], [0, 0, 0]], [[6, 7, 8], [0, 0, 0], [0, 0, 0]]]
    assert given["words"].tolist() == expected
    assert given["words"].dtype == np.float16
    assert given["attention_mask"].tolist() == [[1, 1, 0], [1, 0, 0]]


def test_table_may_be_replaced_while_it_is_in_use(tmp_path: Path) -> None:
    """Rows are those of the file that was opened, also after thousands of tokens, and after the file was made
    anew at its place."""
    feed = _feed(tmp_path)
    (tmp_path / "new").write_bytes(bytes(38))
    (tmp_path / "new").replace(tmp_path / "weights")
    for _ in range(3):
        words = feed([[2] * 400], 400)["words"]
        assert np.array_equal(words, np.broadcast_to(TABLE[2], (1, 400, 3)))


def test_ids_are_filled_up_on_the_right() -> None:
    """Ids where the mask is 1."""
    given = feed_ids([[7], [8, 9]], 3)
    assert (given["input_ids"] * given["attention_mask"]).tolist() == [[7, 0, 0], [8, 9, 0]]
    assert given["attention_mask"].tolist() == [[1, 0, 0], [1, 1, 0]]


def test_questions_share_lengths_and_documents_keep_theirs(tmp_path: Path) -> None:
    """A question is filled up to a multiple of 8 tokens, which changes its vector no more than rounding; a
    passage isn't."""
    (tmp_path / "tiny.bin").write_bytes(tiny_packed(scale=0.05))
    made = ensure_bundled_model(tmp_path / "made", source=tmp_path / "tiny.bin")
    location = ModelLocation(made, ModelIdentity("tiny", "0" * 64, 32, "", ""), is_bundled=True)
    files = ensure_runtime(location, tmp_path)
    lengths: list[int] = []

    def encoder(core: ov.Core) -> Encoder:
        found = files.encoder(core)

        def feed(ids: Sequence[Sequence[int]], length: int) -> dict[str, NDArray[Any]]:
            lengths.append(length)
            return found.feed(ids, length)

        return replace(found, feed=feed)

    embedder = OpenVinoEmbedder(replace(files, encoder=encoder), location.identity, is_exact=True)
    texts = ["甲乙丙", "甲乙甲乙甲乙甲乙丙"]
    questions = [embedder.embed_queries([text])[0] for text in texts]
    passages = [embedder.embed_documents([text])[0] for text in texts]
    counted = [len(embedder._tokens([text])[0].ids) for text in texts]
    # Before each engine's own texts comes the one it is made ready with.
    assert lengths == [8, 8, 16, 1, *counted]
    np.testing.assert_allclose(questions, passages, atol=1e-5)
