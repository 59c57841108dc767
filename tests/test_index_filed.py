"""The places that passages are filed under."""

from __future__ import annotations

from pathlib import Path

from fakes import HashEmbedder, make_parsed

from index.library import open_library


def test_places_follow_the_library(tmp_path: Path) -> None:
    """They are those of its present passages, after each change."""
    with open_library(tmp_path, HashEmbedder()) as library:
        assert library.filed.places() == frozenset()
        library.add([make_parsed("a", ["书屋开了。"], place="沛县"), make_parsed("b", ["书屋关了。"])])
        assert library.filed.places() == {"沛县"}
        library.add([make_parsed("b", ["书屋又开了。"], place="丰县")])
        assert library.filed.places() == {"沛县", "丰县"}
        library.remove("a")
        assert library.filed.places() == {"丰县"}
