"""Backups, restoring and verifying."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fakes import HashEmbedder, make_parsed

from corpus.types import ParsedDocument
from index.errors import BackupError, StoreError
from index.library import Library, open_library
from index.types import SearchRequest
from index.upkeep import back_up, restore
from index.verify import verify


def documents(count: int, word: str = "驿站") -> list[ParsedDocument]:
    return [
        make_parsed(f"d{n}", [f"第{n}处{word}建成了，有{n}张床。", f"{word}夜里也开门。"])
        for n in range(count)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def library(folder: Path, fake_embedder: HashEmbedder) -> Iterator[Library]:
    with open_library(folder, fake_embedder) as opened:
        opened.add(documents(6))
        yield opened


def test_a_backup_is_the_library_of_one_moment(library: Library, folder: Path, tmp_path: Path) -> None:
    """Made while another thread adds: it is whole, holds what was acknowledged before, and verifies."""
    stop = threading.Event()

    def write() -> None:
        number = 100
        while not stop.is_set():
            library.add([make_parsed(f"d{number}", [f"第{number}处新的驿站。"])])
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        size = back_up(folder, tmp_path / "copy.db")
    finally:
        stop.set()
        writer.join()
    assert size == (tmp_path / "copy.db").stat().st_size
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("copy")] == ["copy.db"]
    restore(tmp_path / "copy.db", tmp_path / "other")
    found = verify(tmp_path / "other")
    assert found.problems == ()
    with open_library(tmp_path / "other", HashEmbedder()) as other:
        assert {f"d{n}" for n in range(6)} <= {record.id for record in other.documents()}


def test_a_backup_overwrites_nothing(library: Library, folder: Path, tmp_path: Path) -> None:
    """A file of that name stays as it is."""
    target = tmp_path / "copy.db"
    target.write_text("别的东西", encoding="utf-8")
    with pytest.raises(BackupError, match="已经存在"):
        back_up(folder, target)
    assert target.read_text(encoding="utf-8") == "别的东西"


def test_a_backup_that_cannot_be_written_leaves_nothing(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    """No folder there: told, and no half a file."""
    with pytest.raises(BackupError, match="检查路径"):
        back_up(folder, tmp_path / "nowhere" / "copy.db")
    assert not (tmp_path / "nowhere").exists()


def test_restoring_takes_everything_back(library: Library, folder: Path, tmp_path: Path) -> None:
    """An open library sees what was restored at once, finds it, and doesn't find what came after the backup;
    no snapshot is named twice."""
    back_up(folder, tmp_path / "copy.db")
    library.add([make_parsed("later", ["后来才办的夜校，有八个班。"])])
    late = library.snapshot
    assert library.search(SearchRequest("夜校有几个班"))[0].passage.id == "later-0"
    restore(tmp_path / "copy.db", folder)
    assert {record.id for record in library.documents()} == {f"d{n}" for n in range(6)}
    assert "later-0" not in {hit.passage.id for hit in library.search(SearchRequest("夜校有几个班"))}
    assert int(library.snapshot[1:].split("-")[0]) > int(late[1:].split("-")[0])
    library.add([make_parsed("anew", ["新办的书场，有九个班。"])])
    weights: tuple = (("dense", 0.5), ("sentence", 0.5))
    assert library.search(SearchRequest("书场有九个班", weights=weights))[0].passage.id == "anew-0"
    assert verify(folder).problems == ()


def test_restoring_another_library(library: Library, folder: Path, tmp_path: Path) -> None:
    """Its numbers are the same and mean other texts: an open library must not answer with the old ones."""
    with open_library(tmp_path / "second", HashEmbedder()) as second:
        second.add(documents(6, word="食堂"))
        name = second.snapshot[-8:]
    library.search(SearchRequest("驿站"))
    back_up(tmp_path / "second", tmp_path / "second.db")
    restore(tmp_path / "second.db", folder)
    assert library.snapshot.endswith(name)
    for leg in ("dense", "sentence", "lexical", "late"):
        hits = library.search(SearchRequest("第3处食堂有3张床", weights=(("dense", 0.1), (leg, 1.0))))
        assert hits[0].passage.text == "第3处食堂建成了，有3张床。"


def test_what_is_no_backup_changes_nothing(library: Library, folder: Path, tmp_path: Path) -> None:
    """No file, any file, a cut one, another program's: each is refused with words."""
    back_up(folder, tmp_path / "good.db")
    (tmp_path / "text.db").write_text("不是数据库", encoding="utf-8")
    (tmp_path / "cut.db").write_bytes((tmp_path / "good.db").read_bytes()[:-9000])
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as foreign:
        foreign.execute("CREATE TABLE things (name)")
    before = library.snapshot
    for name in ("none.db", "text.db", "cut.db", "foreign.db"):
        with pytest.raises(BackupError, match="备份"):
            restore(tmp_path / name, folder)
    assert library.snapshot == before
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith("restore-")) == []


def test_where_there_is_no_library(tmp_path: Path) -> None:
    """Nothing is made where there is nothing to look at."""
    for act in (verify, lambda folder: back_up(folder, tmp_path / "copy.db")):
        with pytest.raises(StoreError, match="还没有资料库"):
            act(tmp_path / "empty")
    assert not (tmp_path / "empty").exists()


def test_a_good_library_verifies(library: Library, folder: Path) -> None:
    """Counts are those of the library, and there is nothing wrong."""
    found = verify(folder)
    assert (found.documents, found.passages, found.sentences, found.problems) == (6, 12, 12, ())
    assert found.is_current


DAMAGE: dict[str, tuple[str, str]] = {
    "a passage that isn't the text": ("UPDATE passages SET text = '别的话' WHERE number = 3", "与全文"),
    "an article beyond the text": ('UPDATE articles SET "end" = 99999', "不在全文里"),
    "a sentence beyond its passage": ('UPDATE sentences SET "end" = 9999 WHERE number = 2', "不在段落里"),
    "a vector that is gone": ("DELETE FROM passage_vectors WHERE number = 2", "没有向量"),
    "a vector of another length": (
        "UPDATE passage_vectors SET vector = zeroblob(length(vector)) WHERE number = 1",
        "长度应为 1",
    ),
    "a vector of another dimension": ("UPDATE sentence_vectors SET vector = x'00' WHERE number = 1", "维"),
    "tokens that are gone": ("DELETE FROM sentence_tokens WHERE number = 4", "没有逐词向量"),
    "a row without its parent": ("UPDATE passages SET document_id = 'nobody' WHERE number = 5", "不存在"),
    "vectors of nothing": ("INSERT INTO sentence_tokens VALUES (999, x'00')", "不属于任何文字"),
    "an original that isn't what came": (
        "INSERT INTO originals (sha256, size, data) VALUES ('00', 1, x'01')",
        "与收入时不同",
    ),
}


@pytest.mark.parametrize(("statement", "told"), DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_is_told(library: Library, folder: Path, statement: str, told: str) -> None:
    """Whatever isn't as it must be is named."""
    with closing(sqlite3.connect(folder / "library.sqlite3")) as connection, connection:
        connection.execute(statement)
    assert any(told in problem.text for problem in verify(folder).problems)


def test_a_lexical_index_that_lags_or_is_damaged(library: Library, folder: Path) -> None:
    """One that lags is no problem and said to; a damaged one is one, and mended by the next question."""
    with closing(sqlite3.connect(folder / "library.sqlite3")) as connection, connection:
        connection.execute("INSERT INTO changes (token) VALUES ('anderswo')")
    found = verify(folder)
    assert (found.problems, found.is_current) == ((), False)
    for path in [*(folder / "lexical").glob("*.store"), folder / "lexical" / "meta.json"]:
        path.unlink()  # the open library has the old one mapped
        path.write_bytes(b"kaputt")
    assert [problem.check for problem in verify(folder).problems] == ["lexical"]
    with open_library(folder, HashEmbedder(), notice=lambda text: None) as again:
        again.search(SearchRequest("驿站"))
    assert verify(folder).problems == ()
