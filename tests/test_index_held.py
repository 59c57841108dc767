"""Vectors in memory: exact where they are few, an index that is trained on them where they are many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import HashEmbedder, make_parsed

from index import catalogue
from index.held import HeldVectors
from index.inputs import passage_input
from index.large import LargeIndex
from index.library import Library, open_library
from index.store import Store
from index.upkeep import back_up, restore

MOST = 200
NEW = make_parsed("new", ["崭新的图书馆昨天开门迎客，藏书九万册。"])
WORDS = ("驿站", "食堂", "夜校", "书屋", "诊所", "广场", "村史馆", "戏台")


def bulletin(number: int) -> list[str]:
    return [
        f"第{number}处{WORDS[(number + part) % len(WORDS)]}有{number * 7 + part}张桌子，{part}人照看。"
        for part in range(6)
    ]


@pytest.fixture
def library(tmp_path: Path, fake_embedder: HashEmbedder) -> Iterator[Library]:
    with open_library(tmp_path / "data", fake_embedder) as opened:
        opened.add([make_parsed(f"d{number}", bulletin(number)) for number in range(60)])
        yield opened


@pytest.fixture
def store(library: Library, tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def held(store: Store, tmp_path: Path) -> Callable[..., HeldVectors]:
    def make(notice: Callable[[str], None] = pytest.fail, most: int = MOST) -> HeldVectors:
        return HeldVectors(tmp_path / "data", "passage_vectors", 64, notice, exact_most=most)

    return make


def recall(store: Store, vectors: HeldVectors, limit: int = 10) -> float:
    """Of exact search, over 40 questions. Passages that are equally near count alike."""
    queries = HashEmbedder().embed_queries([f"第{n}处有几张桌子，{WORDS[n % 8]}几人照看" for n in range(40)])
    shares = []
    with store.read() as connection:
        everything = catalogue.passage_numbers(connection)
        _, matrix = catalogue.vectors(connection, "passage_vectors", everything, 64)
        for query in queries:
            least = np.sort(matrix @ query)[-limit]
            scores = vectors.search(connection, query, limit)[1]
            shares.append(int((scores >= least - 1e-6).sum()) / limit)
    return float(np.mean(shares))


def test_many_are_found_as_by_exact_search(store: Store, held: Callable[..., HeldVectors]) -> None:
    """Nearly all of what exact search finds, with exact scores, best first."""
    told: list[str] = []
    many, few = held(told.append), held(most=10_000)
    assert recall(store, few) == 1.0
    assert recall(store, many) >= 0.9
    assert told == ["正在建立向量索引（360 段）……"]
    [query] = HashEmbedder().embed_queries(["第3处夜校有几张桌子"])
    with store.read() as connection:
        numbers, scores = many.search(connection, query, 5)
        found, vectors = catalogue.vectors(connection, "passage_vectors", np.sort(numbers), 64)
    of = dict(zip(found.tolist(), (vectors @ query).tolist(), strict=True))
    assert scores == pytest.approx([of[number] for number in numbers.tolist()])
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


def test_only_what_is_allowed_is_found(store: Store, held: Callable[..., HeldVectors]) -> None:
    """Wherever it lies."""
    [query] = HashEmbedder().embed_queries(["第3处夜校有几张桌子"])
    allowed = np.array([7, 100, 350])
    with store.read() as connection:
        numbers, _ = held(lambda text: None).search(connection, query, 10, allowed)
    assert sorted(numbers.tolist()) == allowed.tolist()


def test_changes_are_followed(library: Library, store: Store, held: Callable[..., HeldVectors]) -> None:
    """What is added is found at once, what is taken out never again, without training anew."""
    told: list[str] = []
    many = held(told.append)
    [query] = HashEmbedder().embed_documents([passage_input(NEW.passages[0])])
    with store.read() as connection:
        many.search(connection, query, 1)
    library.add([NEW])
    with store.read() as connection:
        [number] = many.search(connection, query, 1)[0].tolist()
        assert catalogue.passages_by_number(connection, [number])[number].id == "new-0"
    library.remove("new")
    with store.read() as connection:
        assert number not in many.search(connection, query, 20)[0].tolist()
    assert len(told) == 1


def test_the_file_is_read_at_the_next_start(
    store: Store, held: Callable[..., HeldVectors], library: Library
) -> None:
    """Without a word, also when the library has changed a little since."""
    assert recall(store, held(lambda text: None)) >= 0.9
    library.add([NEW])
    assert recall(store, held(pytest.fail)) >= 0.9


@pytest.mark.parametrize("ending", [".faiss", ".json"])
def test_a_damaged_file_is_told_and_made_again(
    store: Store, held: Callable[..., HeldVectors], tmp_path: Path, ending: str
) -> None:
    """A changed byte is enough; the answers are as before."""
    recall(store, held(lambda text: None))
    path = tmp_path / "data" / f"passage_vectors{ending}"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    told: list[str] = []
    assert recall(store, held(told.append)) >= 0.9
    assert any(text.startswith("向量索引损坏") for text in told)
    recall(store, held(pytest.fail))


def test_another_librarys_file_is_not_trusted(
    library: Library, store: Store, held: Callable[..., HeldVectors], tmp_path: Path
) -> None:
    """After a backup of another library was put here, its vectors are found and none of before."""
    many = held(lambda text: None)
    recall(store, many)
    with open_library(tmp_path / "other", HashEmbedder()) as other:
        other.add([make_parsed(f"e{number}", bulletin(number + 500)) for number in range(60)])
    back_up(tmp_path / "other", tmp_path / "other.db")
    restore(tmp_path / "other.db", tmp_path / "data")
    told: list[str] = []
    assert recall(store, held(told.append)) >= 0.9
    assert told[0] == "向量索引与资料库不符，将从资料库重建。"
    assert recall(store, many) >= 0.9


def test_few_again_are_searched_exactly(
    library: Library, store: Store, held: Callable[..., HeldVectors], tmp_path: Path
) -> None:
    """The file goes when it isn't needed any more."""
    many = held(lambda text: None)
    recall(store, many)
    for number in range(45):
        library.remove(f"d{number}")
    assert recall(store, many) == 1.0
    assert not (tmp_path / "data" / "passage_vectors.faiss").exists()


def test_a_folder_that_cannot_be_written(
    store: Store, held: Callable[..., HeldVectors], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, and answers are as good."""

    def fail(*_: object) -> None:
        raise OSError("磁盘已满")

    monkeypatch.setattr(LargeIndex, "write", fail)
    told: list[str] = []
    assert recall(store, held(told.append)) >= 0.9
    assert "磁盘已满" in told[-1]
