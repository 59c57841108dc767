"""An index on disk that can't be read: what tantivy raises becomes one error."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator


class DamagedIndexError(Exception):
    """The index can't be read; it has to be built anew. Never leaves this package."""


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """tantivy says ValueError for anything, and panics (a BaseException) on some damaged files."""
    try:
        yield
    except (ValueError, OSError, TypeError) as error:
        raise DamagedIndexError(str(error)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise DamagedIndexError(str(error)) from error
        raise
