"""Several files at a time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from corpus.errors import ParsingLimitError
from corpus.places import load_gazetteer
from corpus.pool import ParsingPool
from corpus.types import ParsedDocument
from corpus.worker import ParsingWorker


class Gate:
    """A parser that holds pdfs until it is opened, and tells of who came in."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.inside = threading.Semaphore(0)
        self.closed = 0

    def parse(self, data: bytes, name: str) -> ParsedDocument:
        self.inside.release()
        if data.startswith(b"%PDF-"):
            assert self.open.wait(20)
        raise ParsingLimitError(name)

    def close(self) -> None:
        self.closed += 1
        self.open.set()


def test_texts_never_wait_for_scans() -> None:
    """With two pdfs before it, one in work and one waiting, a text is read at once."""
    gate = Gate()
    pool = ParsingPool(lambda: gate)
    with ThreadPoolExecutor(2) as threads:
        pdfs = [threads.submit(pool.parse, b"%PDF-1.7", f"{n}.pdf") for n in range(2)]
        assert gate.inside.acquire(timeout=20)
        with pytest.raises(ParsingLimitError, match=r"a\.txt"):
            pool.parse("简报".encode(), "a.txt")
        assert not any(pdf.done() for pdf in pdfs)
        gate.open.set()
        assert [str(pdf.exception(timeout=20)) for pdf in pdfs] == ["0.pdf", "1.pdf"]


def test_a_closed_pool_reads_no_more() -> None:
    """Closing ends what is in work and refuses what comes later."""
    gate = Gate()
    pool = ParsingPool(lambda: gate)
    with ThreadPoolExecutor(1) as threads:
        pdf = threads.submit(pool.parse, b"%PDF-1.7", "a.pdf")
        assert gate.inside.acquire(timeout=20)
        pool.close()
        assert str(pdf.exception(timeout=20)) == "a.pdf"
    assert gate.closed == 2
    with pytest.raises(ParsingLimitError, match=r"b\.txt：程序正在停止"):
        pool.parse(b"text", "b.txt")


def test_closing_a_worker_ends_the_file_it_is_in() -> None:
    """A reader that never ends is ended by close, long before its limit; the worker can be used again."""
    worker = ParsingWorker(load_gazetteer(), time_limit=60, readers="hostile_readers:build_readers")
    with ThreadPoolExecutor(1) as threads:
        parsing = threads.submit(worker.parse, b"LOOP", "a.txt")
        for _ in range(200):
            threading.Event().wait(0.1)
            if worker._child and worker._child.alive():
                break
        threading.Event().wait(1)
        worker.close()
        assert isinstance(parsing.exception(timeout=20), ParsingLimitError)
    worker.close()
