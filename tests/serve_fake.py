"""The real service on a free port, with an embedder that needs no model: ``python serve_fake.py FOLDER``.

The sample corpus is put in first. Prints the address, as ``jianbao serve`` does.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fakes import HashEmbedder

import corpus
from api.server import listen, run
from api.settings import Settings
from api.wiring import assemble
from corpus.types import ParsedDocument

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    settings = Settings(
        data=folder / "data", cache=folder / "cache", largest_file=200_000, largest_upload=400_000
    )
    application = assemble(settings, HashEmbedder(), print)
    sample = sorted((Path(corpus.__file__).parent / "sample").glob("*.txt"))
    application.library.add(
        found for found in application.loader.load(sample) if isinstance(found, ParsedDocument)
    )
    listener, reach = listen("127.0.0.1", 0, settings)
    run(application, listener, lambda text: print(text, flush=True), reach)
