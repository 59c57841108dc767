"""The child process of ``corpus.worker``: takes files, gives parsed documents.

Both ways are pickles, one after another. To the child: ``Start``, then ``(data, name)`` for each file. From
it: ``Ready``; then for each file ``Found``, any number of ``Page``, and one ParsedDocument or ``Refusal``.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import signal
import sys
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Literal

from corpus.errors import CorpusError, FileTooLargeError
from corpus.places import Gazetteer
from corpus.sniff import Format, sniff
from corpus.types import ParsedDocument

if TYPE_CHECKING:
    from corpus.formats import FileParser


@dataclass(frozen=True, slots=True)
class Start:
    """``readers`` names a function of the kind of ``corpus.formats.build_readers`` as ``module:function``.
    ``orphan_seconds``: after so long without a page, for each megabyte begun, the child ends itself, should
    no parent do it."""

    gazetteer: Gazetteer
    readers: str
    orphan_seconds: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The child has imported what it needs."""


@dataclass(frozen=True, slots=True)
class Found:
    """The format of the file; its reading begins."""

    kind: Format


@dataclass(frozen=True, slots=True)
class Page:
    """``done`` of ``pages`` pages are read."""

    done: int
    pages: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """The file isn't read. ``message`` is for its owner, but for an ``unexpected`` error the error's own."""

    message: str
    kind: Literal["unreadable", "too_large", "unexpected"] = "unexpected"


def megabytes_begun(data: bytes) -> int:
    """The size of ``data`` in MiB, rounded up; 1 at least."""
    return max(1, -(-len(data) // 2**20))


def main() -> None:
    """Serve until the parent closes its end."""
    # The parent imports this module too, for the messages, but doesn't read files.
    from corpus.formats import FileParser  # noqa: PLC0415

    requests, replies = _take_pipes()
    _dump_no_core()
    warnings.simplefilter("ignore")
    start: Start = pickle.load(requests)
    alarm = getattr(signal, "alarm", lambda seconds: None)

    def tell_page(done: int, pages: int) -> None:
        alarm(start.orphan_seconds)
        _send(replies, Page(done, pages))

    module, function = start.readers.split(":")
    readers = getattr(importlib.import_module(module), function)(tell_page)
    parser = FileParser(start.gazetteer, readers)
    _send(replies, Ready())
    with contextlib.suppress(EOFError):
        while True:
            data, name = pickle.load(requests)
            alarm(start.orphan_seconds * megabytes_begun(data))
            reply = _parse(parser, data, name, replies)
            del data
            alarm(0)
            _send(replies, reply)


def _parse(parser: FileParser, data: bytes, name: str, replies: BinaryIO) -> ParsedDocument | Refusal:
    try:
        kind = sniff(data, name)
        _send(replies, Found(kind))
        return parser.parse_as(kind, data, name)
    except FileTooLargeError as error:
        return Refusal(str(error), "too_large")
    except CorpusError as error:
        return Refusal(str(error), "unreadable")
    except RecursionError:
        return Refusal("内容嵌套太深")
    except MemoryError:
        return Refusal("内存不够")
    except Exception as error:  # a broken file makes libraries raise anything; the parent tells it
        return Refusal(f"{type(error).__name__}: {error}"[:200])


def _send(replies: BinaryIO, message: object) -> None:
    pickle.dump(message, replies, protocol=5)
    replies.flush()


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The parent's pipes, out of reach of libraries that print and of programs that readers start."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - lives as long as the process
    return requests, replies


def _dump_no_core() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
