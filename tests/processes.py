"""Commands and services run as a user runs them, in processes of their own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
JIANBAO = (sys.executable, "-m", "api.start")


def environment(**settings: str) -> dict[str, str]:
    """This process's environment without its JIANBAO_ settings, and with these."""
    inherited = {name: value for name, value in os.environ.items() if not name.upper().startswith("JIANBAO_")}
    return {**inherited, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **settings}


def heed_interrupts() -> None:
    """For ``preexec_fn``: where this process was started in the background, a shell has told it to ignore
    Ctrl-C, and its children would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(command: Sequence[str], env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run to the end, output captured, within a minute."""
    return subprocess.run(
        command, env=env, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
    )


@contextlib.contextmanager
def running(command: Sequence[str], env: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address (http://…) that a service prints first; it is stopped on the way out."""
    process = subprocess.Popen(
        command,
        env=env or environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        address = re.search(r"http://[^\s　/]+", first)
        assert address, f"the service printed {first!r} and no address"
        yield address[0]
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()
