"""The one place that builds objects."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import get_args

from api.settings import Settings
from corpus.load import Loader
from corpus.places import Gazetteer, load_gazetteer
from corpus.pool import ParsingPool
from corpus.worker import FileProgress, ParsingWorker
from index.embed import open_embedder
from index.library import Library, open_library
from index.types import Embedder, Leg, SearchRequest
from rag.answer import Answerer
from rag.check import Checker
from rag.export.pack import Packer
from rag.rerank import CrossEncoderReranker
from rag.thesaurus import load_thesaurus

Notice = Callable[[str], None]
ModelProgress = Callable[[float], None]


class PageNews:
    """Passes word of each page of a slow file on to whoever has it read: it is told in that one's thread, so
    several may have files read at a time and each hears of its own."""

    def __init__(self) -> None:
        self._own = threading.local()

    def __call__(self, name: str, done: int, pages: int) -> None:
        listener: FileProgress | None = getattr(self._own, "listener", None)
        if listener:
            listener(name, done, pages)

    @contextlib.contextmanager
    def told_to(self, listener: FileProgress) -> Iterator[None]:
        """``listener`` hears of the pages of files that this thread has read meanwhile."""
        self._own.listener = listener
        try:
            yield
        finally:
            self._own.listener = None


@dataclass(frozen=True, slots=True)
class Application:
    """Everything a way in needs. The embedder's weights load when something is first embedded."""

    settings: Settings
    loader: Loader
    embedder: Embedder
    library: Library
    answerer: Answerer
    packer: Packer
    checker: Checker
    pages: PageNews

    def warm(self) -> None:
        """Load now what would otherwise load at the first question: the model, and all of the index that lies
        in memory. Raises ModelError and StoreError."""
        self.embedder.embed_queries(["预热"])
        self.library.search(SearchRequest("预热", weights=tuple((leg, 1.0) for leg in get_args(Leg))))
        self.answerer.warm()

    def close(self) -> None:
        """End the processes that read files, and give the library's files back."""
        self.loader.close()
        self.library.close()


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
    pages = PageNews()
    library = open_library(settings.data, embedder, notice=notice, check_model=check_model)
    answerer = Answerer(
        library,
        gazetteer,
        load_thesaurus(settings.thesaurus),
        reranker=CrossEncoderReranker(settings.reranker) if settings.reranker else None,
    )
    return Application(
        settings=settings,
        loader=_loader(settings, gazetteer, pages),
        embedder=embedder,
        library=library,
        answerer=answerer,
        packer=Packer(library, answerer, gazetteer),
        checker=Checker(library, gazetteer),
        pages=pages,
    )


def _loader(settings: Settings, gazetteer: Gazetteer, pages: FileProgress) -> Loader:
    def make() -> ParsingWorker:
        return ParsingWorker(
            gazetteer,
            time_limit=settings.time_limit,
            page_limit=settings.page_limit,
            memory_limit=settings.memory_limit,
            progress=pages,
        )

    return Loader(gazetteer, settings.largest_file, ParsingPool(make))
