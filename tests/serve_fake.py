"""The real service on a free port, with an embedder that needs no model: ``python serve_fake.py FOLDER``.

The sample corpus is put in first. Prints the address, as ``jianbao serve`` does. A second argument makes each
question take so many seconds; JIANBAO_ variables count, but for the folders and the limits of files.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from fakes import HashEmbedder

import corpus
from api.server import listen, run
from api.settings import Settings
from api.wiring import assemble
from corpus.formats import FileParser
from index.types import TokenVectors


class SlowEmbedder(HashEmbedder):
    """Takes its time over questions."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def embed_query_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        time.sleep(self._seconds)
        return super().embed_query_tokens(texts)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    settings = Settings(
        data=folder / "data", cache=folder / "cache", largest_file=200_000, largest_upload=400_000
    )
    embedder = SlowEmbedder(float(sys.argv[2])) if len(sys.argv) > 2 else HashEmbedder()
    application = assemble(settings, embedder, print)
    parser = FileParser(application.gazetteer)  # in this process: a parsing worker takes seconds to start
    sample = sorted((Path(corpus.__file__).parent / "sample").glob("*.txt"))
    application.library.add(parser.parse(path.read_bytes(), path.name) for path in sample)
    listener, reach = listen("127.0.0.1", 0, settings)
    run(application, listener, lambda text: print(text, flush=True), reach)
