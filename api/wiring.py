"""The one place that builds objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from api.settings import Settings
from corpus.load import Loader
from corpus.places import load_gazetteer
from index.embed import open_embedder
from index.library import Library, open_library
from index.types import Embedder
from rag.answer import Answerer
from rag.thesaurus import load_thesaurus

Notice = Callable[[str], None]
ModelProgress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Application:
    """Everything a way in needs. The embedder's weights load when something is first embedded."""

    settings: Settings
    loader: Loader
    embedder: Embedder
    library: Library
    answerer: Answerer

    def warm(self) -> None:
        """Load now what would otherwise load at the first question. Raises ModelError."""
        self.embedder.embed_queries(["预热"])


def build(
    settings: Settings,
    notice: Notice,
    progress: ModelProgress | None = None,
    *,
    check_model: bool = True,
) -> Application:
    """Objects for these settings. ``notice`` is told, in Chinese, of what was put right on the way;
    ``progress`` the finished share (0 to 1) of the bundled model's preparation at its first use.

    ``check_model`` False opens a library that another model filled, to look into it or to rebuild it.
    Raises ModelError and StoreError.
    """
    embedder = open_embedder(
        settings.model,
        settings.cache,
        query_prompt=settings.query_prompt,
        document_prompt=settings.document_prompt,
        threads=settings.threads,
        progress=progress,
    )
    return assemble(settings, embedder, notice, check_model=check_model)


def assemble(
    settings: Settings, embedder: Embedder, notice: Notice, *, check_model: bool = True
) -> Application:
    """The same around an embedder that is already there. Raises StoreError."""
    gazetteer = load_gazetteer()
    library = open_library(settings.data, embedder, notice=notice, check_model=check_model)
    return Application(
        settings=settings,
        loader=Loader(gazetteer, settings.largest_file),
        embedder=embedder,
        library=library,
        answerer=Answerer(library, gazetteer, load_thesaurus(settings.thesaurus)),
    )
