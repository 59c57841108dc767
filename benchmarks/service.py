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
def started(folder: Path, cache: Path | None, **settings: str) -> Iterator[Service]:
    """``jianbao serve`` as a user starts it, with ``settings`` in its environment; it is stopped on the way
    out, and must then end with code 0. Without a ``cache`` of models it is the same service with the stand-in
    for the model that the tests have, which needs a tenth of the time."""
    data, log = folder / "data", folder / "service.log"
    environment = {k: v for k, v in os.environ.items() if not k.upper().startswith("JIANBAO_")}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **settings}
    keys = KeyFile(data)
    # the keys' own limits: what is measured here is not how often one may ask
    editor, reader = (keys.add(role, rate_limit=10**6)[1] for role in ("editor", "reader"))
    if cache is None:
        command = [sys.executable, str(ROOT / "tests" / "serve_fake.py"), str(folder)]
    else:
        environment |= {"JIANBAO_DATA": str(data), "JIANBAO_CACHE": str(cache)}
        jianbao = [sys.executable, "-m", "api.start"]
        sample = [str(path) for path in sorted((Path(corpus.__file__).parent / "sample").glob("*.txt"))]
        subprocess.run([*jianbao, "add", *sample], env=environment, check=True, stdout=subprocess.DEVNULL)
        command = [*jianbao, "serve", "--port", "0"]
    # to be appended to, so that it may be emptied meanwhile
    with log.open("a", encoding="utf-8") as file:
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=file, text=True, encoding="utf-8"
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
