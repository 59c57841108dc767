"""What was cited can be looked up after its document was replaced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import HashEmbedder, make_parsed

from index.errors import (
    DocumentNotFoundError,
    OtherLibraryError,
    PassageNotFoundError,
    SnapshotError,
)
from index.library import Library, open_library
from index.upkeep import collect

OLD = make_parsed("a-2025-08", ["灌南县建了三处驿站。", "驿站全天开放。"], title="旧的写法")
NEW = make_parsed("a-2025-08", ["灌南县建了十三处驿站，比原来说的多。", "驿站全天开放。"], title="新的写法")
OTHER = make_parsed("b-2025-09", ["溧阳市办了夜校。"])


@pytest.fixture
def library(tmp_path: Path, fake_embedder: HashEmbedder) -> Iterator[Library]:
    with open_library(tmp_path, fake_embedder, notice=pytest.fail) as opened:
        yield opened


def test_a_replaced_version_is_still_there_at_its_snapshot(library: Library) -> None:
    """At the snapshot of before: the old text, said to be replaced; now: the new one."""
    library.add([OLD])
    before = library.snapshot
    library.add([OTHER])
    between = library.snapshot
    library.add([NEW])
    for snapshot in (before, between):
        passage, version = library.versions.passage("a-2025-08-0", snapshot)
        assert (passage, version.parsed) == (OLD.passages[0], OLD)
        assert (version.is_current, version.replaced_by) == (False, "a-2025-08")
        assert library.versions.document("a-2025-08", snapshot) == version
    passage, version = library.versions.passage("a-2025-08-0", library.snapshot)
    assert (passage, version.parsed, version.is_current) == (NEW.passages[0], NEW, True)
    assert library.passage("a-2025-08-0") == NEW.passages[0]


def test_each_of_several_versions_has_its_time(library: Library) -> None:
    """Three versions one after the other are told apart by their snapshots."""
    snapshots = []
    for number in range(3):
        library.add([make_parsed("a-2025-08", [f"第{number}次的写法，一共{number}处。"])])
        snapshots.append(library.snapshot)
    texts = [library.versions.passage("a-2025-08-0", snapshot)[0].text for snapshot in snapshots]
    assert texts == [f"第{number}次的写法，一共{number}处。" for number in range(3)]


def test_rebuilding_keeps_the_time_of_a_version(library: Library) -> None:
    """Embedding anew changes no wording: what was current before still is the current version."""
    library.add([OLD])
    before = library.snapshot
    library.rebuild()
    assert library.versions.document("a-2025-08", before).is_current


def test_a_successor_under_another_id_is_named(library: Library) -> None:
    """The same file read under another id takes the place of the first, and so on along the chain."""
    library.add([OLD])
    before = library.snapshot
    for name in ("c-2025-08", "d-2025-08"):
        moved = make_parsed(name, [passage.text for passage in OLD.passages])
        library.add([replace(moved, document=replace(moved.document, sha256=OLD.document.sha256))])
    assert library.versions.document("a-2025-08", before).replaced_by == "d-2025-08"


def test_what_is_taken_out_is_gone(library: Library) -> None:
    """Removing a document removes its former versions too."""
    library.add([OLD])
    before = library.snapshot
    library.add([NEW])
    library.remove("a-2025-08")
    assert library.versions.count() == 0
    with pytest.raises(PassageNotFoundError, match="没有保留"):
        library.versions.passage("a-2025-08-0", before)
    with pytest.raises(DocumentNotFoundError, match="没有保留"):
        library.versions.document("a-2025-08", before)


def test_collecting_throws_former_versions_away(library: Library, tmp_path: Path) -> None:
    """And nothing else: what is current stays as it was, and the others are told to be gone."""
    library.add([OLD])
    before = library.snapshot
    library.add([NEW])
    assert collect(tmp_path).versions == 1
    with pytest.raises(PassageNotFoundError, match="jianbao gc"):
        library.versions.passage("a-2025-08-0", before)
    assert library.document("a-2025-08") == NEW


@pytest.mark.parametrize("snapshot", ["g1", "gestern", "g1-00000000", "g1-0000000", "1-12345678", ""])
def test_what_is_no_snapshot_of_this_library(library: Library, snapshot: str) -> None:
    """Neither a wrong form nor another library's is taken for one."""
    with pytest.raises(SnapshotError, match="快照") as told:
        library.versions.document("a-2025-08", snapshot)
    assert isinstance(told.value, OtherLibraryError) == (snapshot == "g1-00000000")
