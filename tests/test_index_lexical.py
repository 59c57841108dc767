from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.damage import DamagedIndexError
from index.lexical import BusyIndexError, LexicalIndex, LexicalWeights
from index.store import LibraryState

TEXTS = {
    1: "灌南县为快递员建设驿站，驿站免费开放。",
    2: "溧阳市开展志愿服务，志愿者走进社区，宣传政策、帮助老人、清洁环境。",
    3: "溧阳市建设社区驿站，居民在社区里议事，社区干部上门听取意见建议。",
}
STATE = LibraryState("library", 1, "token")


def filled(folder: Path | None, **options: object) -> LexicalIndex:
    index = LexicalIndex(folder, **options)  # type: ignore[arg-type]
    with index.writing(1) as writer:
        index.update(writer, [], TEXTS.items(), STATE)
    return index


def order(index: LexicalIndex, text: str, **options: object) -> list[int]:
    return index.search(text, **options)[0].tolist()  # type: ignore[arg-type]


def test_bm25_order() -> None:
    """Twice the word in a shorter text beats once in a longer one; texts without any term aren't found."""
    index = filled(None)
    assert order(index, "驿站") == [1, 3]
    assert order(index, "志愿者") == [2]
    assert order(index, "天气") == []


def test_bm25_value() -> None:
    """With bigrams alone, one term gives idf · (k1 + 1) · tf / (tf + k1 · (1 - b + b · length / average)).

    快递 stands once in the first text, of 15 bigrams. The average is over 4 documents: tantivy counts the
    note of the index's state, without bigrams, too; k1 = 1.2, b = 0.75.
    """
    index = filled(None, weights=LexicalWeights(words=0, bigrams=1))
    numbers, scores = index.search("快递")
    from index.tokenize import bigrams

    lengths = {number: len(bigrams(text)) for number, text in TEXTS.items()}
    average = sum(lengths.values()) / 4
    idf = np.log(1 + (4 - 1 + 0.5) / (1 + 0.5))
    expected = idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * lengths[1] / average))
    assert numbers.tolist() == [1]
    assert scores[0] == pytest.approx(expected, rel=1e-3)


def test_traditional_query() -> None:
    """A Traditional query finds Simplified text."""
    assert order(filled(None), "志願服務") == order(filled(None), "志愿服务") == [2]


def test_allowed_and_limit() -> None:
    """Restricting changes who is found, not the scores."""
    index = filled(None)
    numbers, scores = index.search("溧阳市社区")
    restricted, same = index.search("溧阳市社区", allowed=np.array([2]))
    assert restricted.tolist() == [2]
    assert same[0] == pytest.approx(scores[numbers.tolist().index(2)])
    assert order(index, "溧阳市社区", limit=1) == [3]
    assert order(index, "溧阳市社区", allowed=np.zeros(0, dtype=np.int64)) == []


def test_expansions_count_less() -> None:
    """A term that only an expansion brings finds passages, at half the score."""
    index = filled(None)
    numbers, scores = index.search("天气", ["志愿者"])
    assert numbers.tolist() == [2]
    assert scores[0] == pytest.approx(index.search("志愿者")[1][0] / 2)


def test_update_replaces(tmp_path: Path) -> None:
    """What is taken out isn't found, what is put in is, and the new state is remembered on disk."""
    index = filled(tmp_path)
    with index.writing(1) as writer:
        index.update(writer, [1], [(4, "快递员之家")], LibraryState("library", 2, "other"))
    again = LexicalIndex(tmp_path)
    assert order(again, "快递员") == [4]
    assert again.numbers().tolist() == [2, 3, 4]
    assert again.state() == LibraryState("library", 2, "other")


def test_frequencies_are_of_what_is_there(tmp_path: Path) -> None:
    """Passages that were taken out count neither among those that hold a word nor among all."""
    index = filled(tmp_path)
    assert index.frequencies(["驿站", "溧阳市", "没有"]) == ([2, 2, 0], 3)
    with index.writing(1) as writer:
        index.update(writer, [1, 2], [], LibraryState("library", 2, "other"))
    assert index.frequencies(["驿站", "溧阳市", "快递员"]) == ([1, 1, 0], 1)


def test_one_writer(tmp_path: Path) -> None:
    """A second writer is told that the index is busy, and may write once the first is done."""
    index = filled(tmp_path)
    other = LexicalIndex(tmp_path)
    with index.writing(1), pytest.raises(BusyIndexError), other.writing(0.1):
        pass
    with other.writing(0.1) as writer:
        other.update(writer, [1], [], STATE)
    index.reload()
    assert index.numbers().tolist() == [2, 3]


def test_damage_is_noticed(tmp_path: Path) -> None:
    """An index whose description is broken can't be opened."""
    filled(tmp_path)
    (tmp_path / "meta.json").write_text("broken")
    with pytest.raises(DamagedIndexError):
        LexicalIndex(tmp_path)
