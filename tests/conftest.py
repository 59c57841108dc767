"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import pytest
from filelock import FileLock

import corpus
from corpus.formats import FileParser
from corpus.places import Gazetteer, load_gazetteer
from corpus.types import ParsedDocument
from index.embed import open_embedder
from index.library import Library, open_library

if TYPE_CHECKING:
    from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parent))

from browsing import browser
from fakes import HashEmbedder
from processes import environment, running


@pytest.fixture
def fake_embedder() -> HashEmbedder:
    """A deterministic embedder that needs no model."""
    return HashEmbedder()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data and a cache folder of the test's own, and an embedder that needs no model."""
    import api.embedding

    for name, value in environment().items():
        if name.upper().startswith("JIANBAO_"):
            monkeypatch.delenv(name, value)
    monkeypatch.setenv("JIANBAO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("JIANBAO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(api.embedding, "open_embedder", lambda model, cache, **_: HashEmbedder(model))
    return tmp_path


@pytest.fixture(scope="session")
def sample(gazetteer: Gazetteer) -> tuple[ParsedDocument, ...]:
    """The sample corpus as it is read."""
    parser = FileParser(gazetteer)
    paths = sorted((Path(corpus.__file__).parent / "sample").glob("*.txt"))
    return tuple(parser.parse(path.read_bytes(), path.name) for path in paths)


@pytest.fixture
def filled(home: Path, sample: tuple[ParsedDocument, ...]) -> Path:
    """The same, with the sample corpus in the library."""
    with open_library(home / "data", HashEmbedder("bundled")) as library:
        library.add(sample)
    return home


@pytest.fixture(scope="session")
def bundled_model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache that holds the bundled model: the user's own where it is there already, else a new one."""
    own = platformdirs.user_cache_path("jianbao")
    return own if any(own.glob("bundled-*/manifest.json")) else tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


@pytest.fixture(scope="session")
def library(
    sample: tuple[ParsedDocument, ...], bundled_model_cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Library]:
    """The sample corpus, with vectors of the bundled model; embedded by one of the processes that test."""
    embedder = open_embedder("bundled", bundled_model_cache)
    own = tmp_path_factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "sample"
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            with open_library(own / "filling", embedder) as filled:
                filled.add(sample)
            (own / "filling").rename(shared)
    with open_library(shutil.copytree(shared, own / "library"), embedder) as opened:
        yield opened


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running service that holds the sample corpus, with an embedder that needs no model."""
    script = Path(__file__).parent / "serve_fake.py"
    with running([sys.executable, str(script), str(tmp_path_factory.mktemp("service"))]) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser without a screen. Of one module: while it is open, its event loop is this thread's."""
    with browser() as found:
        yield found
