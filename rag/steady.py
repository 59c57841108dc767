"""Reading a library in several steps while others change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from index.errors import DocumentNotFoundError, PassageNotFoundError
from index.library import Library

_T = TypeVar("_T")
_ATTEMPTS = 4


def steadily(library: Library, read: Callable[[], _T]) -> _T:
    """What ``read`` returns; it is begun anew, a few times, where what it was reading was taken out or
    replaced meanwhile. Raises DocumentNotFoundError and PassageNotFoundError where nothing was changed, so
    that looking again would find nothing either, or where the library changes faster than it can be read."""
    for _ in range(_ATTEMPTS - 1):
        before = library.snapshot
        try:
            return read()
        except (DocumentNotFoundError, PassageNotFoundError):
            if library.snapshot == before:
                raise
    return read()
