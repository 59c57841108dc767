"""A service of its own for a measurement: the sample corpus, the bundled model, keys, on a free port."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

import corpus
from api.keys import KeyFile

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Service:
    """Where it answers, what lets in (an editor's and a reader's key), where its data lie, its process, and
    the file that its log goes to."""

    address: str
    editor: str
    reader: str
    data: Path
    process: psutil.Process
    log: Path

    @property
    def memory(self) -> float:
        """Resident, in MiB, without the processes that read files."""
        return self.process.memory_info().rss / 2**20


@contextlib.contextmanager
def started(folder: Path, cache: Path, **settings: str) -> Iterator[Service]:
    """``jianbao serve`` as a user starts it, with ``settings`` in its environment; it is stopped on the way
    out, and must then end with code 0."""
    data, log = folder / "data", folder / "service.log"
    environment = {k: v for k, v in os.environ.items() if not k.upper().startswith("JIANBAO_")}
    environment |= {"JIANBAO_DATA": str(data), "JIANBAO_CACHE": str(cache), "PYTHONPATH": str(ROOT)}
    environment |= {"PYTHONUTF8": "1", **settings}
    command = [sys.executable, "-m", "api.cli"]
    sample = [str(path) for path in sorted((Path(corpus.__file__).parent / "sample").glob("*.txt"))]
    subprocess.run([*command, "add", *sample], env=environment, check=True, stdout=subprocess.DEVNULL)
    keys = KeyFile(data)
    # the keys' own limits: what is measured here is not how often one may ask
    editor, reader = (keys.add(role, rate_limit=10**6)[1] for role in ("editor", "reader"))
    with log.open("a", encoding="utf-8") as file:  # so that it may be emptied meanwhile
        process = subprocess.Popen(
            [*command, "serve", "--port", "0"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
        )
        try:
            assert process.stdout
            address = re.search(r"http://[\d.:]+", process.stdout.readline())
            if address is None:
                raise SystemExit(f"the service didn't start:\n{log.read_text('utf-8')}")
            yield Service(address[0], editor, reader, data, psutil.Process(process.pid), log)
        finally:
            process.terminate()
            code = process.wait(60)
        if code:
            raise SystemExit(f"the service ended with {code}:\n{log.read_text('utf-8')[-2000:]}")
