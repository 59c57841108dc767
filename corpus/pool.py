"""Several files at a time, so that an hour of recognising scans doesn't keep texts waiting."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

from corpus.errors import ParsingLimitError
from corpus.sniff import is_plain
from corpus.types import ParsedDocument

_HEAD = 4096
_ZIP = b"PK\x03\x04"  # docx, ofd: read in seconds


class Parser(Protocol):
    """Makes a document of a file's bytes. Raises CorpusError."""

    def parse(self, data: bytes, name: str) -> ParsedDocument: ...


class ClosableParser(Parser, Protocol):
    """A Parser that holds something to be given back."""

    def close(self) -> None: ...


class ParsingPool:
    """``size`` parsers, made by ``make``, each with one file at a time. What may take long (pdf, images, old
    Word) takes all of them but one: text, html, docx and ofd never wait for it. Thread-safe."""

    def __init__(self, make: Callable[[], ClosableParser], size: int = 2) -> None:
        self._parsers = [make() for _ in range(size)]
        # last in, first out: a second child process starts only where two files come together
        self._idle: queue.LifoQueue[ClosableParser] = queue.LifoQueue()
        for parser in self._parsers:
            self._idle.put(parser)
        self._slow = threading.BoundedSemaphore(max(1, size - 1))
        self._closed = False

    def parse(self, data: bytes, name: str) -> ParsedDocument:
        """As the parser that is free first. Raises ParsingLimitError once the pool is closed."""
        is_quick = is_plain(data[:_HEAD]) or data.startswith(_ZIP)
        with contextlib.nullcontext() if is_quick else self._slow, self._lent() as parser:
            if self._closed:
                raise ParsingLimitError(f"{name}：程序正在停止，没有读这个文件。")
            return parser.parse(data, name)

    def close(self) -> None:
        """End all parsers for good, also in the middle of a file."""
        self._closed = True
        for parser in self._parsers:
            parser.close()

    @contextlib.contextmanager
    def _lent(self) -> Iterator[ClosableParser]:
        parser = self._idle.get()
        try:
            yield parser
        finally:
            self._idle.put(parser)
