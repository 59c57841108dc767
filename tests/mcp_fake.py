"""``jianbao mcp`` over the sample corpus, with an embedder that needs no model: ``python mcp_fake.py FOLDER``."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from fakes import HashEmbedder

import api.embedding
import corpus
from api.cli import main

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    os.environ.update(JIANBAO_DATA=str(folder / "data"), JIANBAO_CACHE=str(folder / "cache"))
    api.embedding.open_embedder = lambda model, cache, **_: HashEmbedder(model)  # type: ignore[assignment]
    sample = sorted((Path(corpus.__file__).parent / "sample").glob("*.txt"))
    with contextlib.redirect_stdout(sys.stderr):  # stdout belongs to the protocol
        main(["add", *map(str, sample)])
    sys.exit(main(["mcp"]))
