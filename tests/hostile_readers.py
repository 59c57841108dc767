"""A reader that misbehaves as its text tells it to; other text it reads as it is. Named to a ParsingWorker."""

from __future__ import annotations

import ctypes
import itertools
import os
import sys
import time
from collections.abc import Mapping

from corpus.formats import PageProgress
from corpus.readers.text import TextReader
from corpus.sniff import Format
from corpus.types import RawDocument, Reader


class HostileReader:
    """``page_progress`` is told of every page of a file that says SLOW PAGES."""

    def __init__(self, page_progress: PageProgress) -> None:
        self._page_progress = page_progress

    def read(self, data: bytes, name: str) -> RawDocument:
        """Whatever the file asks for."""
        text = data.decode()
        if text.startswith("LOOP"):
            for _ in itertools.count():
                pass
        if text.startswith("ALLOCATE"):
            kept = []
            while True:
                kept.append(os.urandom(64) * 2**18)
        if text.startswith("SEGFAULT"):
            ctypes.string_at(0)
        if text.startswith("EXIT"):
            os._exit(3)
        if text.startswith("RAISE"):
            raise ZeroDivisionError("除以零")
        if text.startswith("RECURSE"):
            return self.read(data, name)
        if text.startswith("PRINT"):
            print("noise" * 100_000)
            print("noise" * 100_000, file=sys.stderr)
            os.write(1, b"noise")
            text = text.removeprefix("PRINT")
        if text.startswith("SLOW PAGES"):
            for page in range(1, 5):
                time.sleep(0.4)
                self._page_progress(page, 4)
            text = text.removeprefix("SLOW PAGES")
        return TextReader().read(text.encode(), name)


def build_readers(page_progress: PageProgress) -> Mapping[Format, Reader]:
    """For text only."""
    return {"text": HostileReader(page_progress)}
