"""Where the process ``jianbao`` begins."""

from __future__ import annotations

import gc


def run() -> None:
    """The command line as a process of its own.

    What is imported and read at the start stays, and to look through it again and again for garbage would
    take a tenth of the start. So nothing is collected until a library is open or looked after; commands that
    do neither end soon.
    """
    gc.disable()
    from api.cli import run as run_command_line  # noqa: PLC0415 — after the line above

    run_command_line()


if __name__ == "__main__":
    run()
