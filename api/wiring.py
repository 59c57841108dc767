"""The one place that builds objects, but for the embedder, which is built in `api.embedding`."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import get_args

from api.settings import Settings
from corpus.load import Loader
from corpus.places import Gazetteer, load_gazetteer
from corpus.pool import ParsingPool
from corpus.worker import FileProgress, ParsingWorker
from index.library import Library, open_library
from index.types import Embedder, Leg, SearchRequest
from rag.answer import Answerer
from rag.chat import ChatModel, Limits
from rag.check import Checker
from rag.errors import ChatModelError
from rag.export.pack import Packer
from rag.generate import ChatComposer
from rag.rerank import CrossEncoderReranker
from rag.rewrite import Rewriter
from rag.thesaurus import load_thesaurus

logger = logging.getLogger(__name__)

_REWRITE_TOKENS = 200

Notice = Callable[[str], None]


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
    """Everything a way in needs. The embedder's weights load when something is first embedded, those of a
    chat model at its first reply; ``chat`` is None where answers are composed without one."""

    settings: Settings
    loader: Loader
    embedder: Embedder
    library: Library
    answerer: Answerer
    packer: Packer
    checker: Checker
    pages: PageNews
    gazetteer: Gazetteer
    chat: ChatModel | None = None

    def warm(self) -> None:
        """Load now what would otherwise load at the first question: the model, and all of the index that lies
        in memory. Raises ModelError and StoreError; a chat model that can't be loaded is logged, since
        answers come without it."""
        self.embedder.embed_queries(["预热"])
        self.library.search(SearchRequest("预热", weights=tuple((leg, 1.0) for leg in get_args(Leg))))
        self.answerer.warm()
        if self.chat:
            try:
                self.chat.warm()
            except ChatModelError as error:
                logger.warning("the chat model %s isn't ready: %s", self.chat.name, error)

    def close(self) -> None:
        """End the processes that read files, and give the library's files back."""
        self.loader.close()
        self.library.close()


def assemble(
    settings: Settings, embedder: Embedder, notice: Notice, *, check_model: bool = True
) -> Application:
    """Objects for these settings, around the ``embedder`` that `api.embedding.open_model` opened.

    ``notice`` is told, in Chinese, of what was put right on the way. ``check_model`` False opens a library
    that another model filled, to look into it or to rebuild it. Raises StoreError and ChatModelError.
    """
    gazetteer = load_gazetteer()
    pages = PageNews()
    chat = open_chat(settings)
    library = open_library(settings.data, embedder, notice=notice, check_model=check_model)
    answerer = _answerer(settings, library, gazetteer, chat)
    return Application(
        settings=settings,
        loader=_loader(settings, gazetteer, pages),
        embedder=embedder,
        library=library,
        answerer=answerer,
        packer=Packer(library, answerer.alone(), gazetteer),
        checker=Checker(library, gazetteer),
        gazetteer=gazetteer,
        pages=pages,
        chat=chat,
    )


def open_chat(settings: Settings) -> ChatModel | None:
    """The chat model of the settings, if any. Nothing is loaded and nobody is asked yet. Raises
    ChatModelError for a folder that isn't one."""
    model = settings.chat_model or ""
    if settings.composer == "openai":
        from rag.chat_openai import OpenAIChat  # noqa: PLC0415 — an HTTP client that else nobody needs

        return OpenAIChat(
            settings.chat_url or "",
            model,
            key=settings.chat_key.get_secret_value() if settings.chat_key else None,
            connect_seconds=settings.chat_connect_limit,
            read_seconds=settings.chat_read_limit,
            retries=settings.chat_retries,
            temperature=settings.chat_temperature,
            extra=settings.chat_extra,
        )
    if settings.composer == "transformers":
        from rag.chat_transformers import TransformersChat  # noqa: PLC0415 — as above

        return TransformersChat(model, temperature=settings.chat_temperature, seed=settings.chat_seed)
    return None


def _answerer(settings: Settings, library: Library, gazetteer: Gazetteer, chat: ChatModel | None) -> Answerer:
    composer = rewriter = None
    if chat:
        limits = Limits(settings.chat_time_limit, settings.chat_tokens)
        composer = ChatComposer(chat, library, limits, settings.chat_evidence)
        rewriter = Rewriter(chat, Limits(settings.chat_rewrite_limit, min(_REWRITE_TOKENS, limits.tokens)))
    return Answerer(
        library,
        gazetteer,
        load_thesaurus(settings.thesaurus),
        reranker=CrossEncoderReranker(settings.reranker) if settings.reranker else None,
        composer=composer,
        rewriter=rewriter,
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
