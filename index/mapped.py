"""Tensors of a safetensors file, mapped into memory instead of read."""

from __future__ import annotations

import json
import mmap
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TYPES: dict[str, np.dtype[Any]] = {"F16": np.dtype("<f2"), "F32": np.dtype("<f4")}


class MappedTensors:
    """Tensors of half and single precision by name, and where in the file each starts (bytes).

    Format: u64 length of a JSON header {name: {dtype, shape, data_offsets}}, header, tensors; little-endian.
    The library itself can only copy them. Raises OSError, ValueError and KeyError where the file is not as it
    was written.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            # A copy of a page is made only if it is written to, which nobody does.
            self._pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        (size,) = struct.unpack_from("<Q", self._pages)
        header = json.loads(self._pages[8 : 8 + size])
        header.pop("__metadata__", None)
        self.starts = {name: 8 + size + entry["data_offsets"][0] for name, entry in header.items()}
        self.tensors = {name: self._tensor(self.starts[name], entry) for name, entry in header.items()}

    def _tensor(self, start: int, entry: dict[str, Any]) -> NDArray[Any]:
        count = int(np.prod(entry["shape"]))
        return np.frombuffer(self._pages, _TYPES[entry["dtype"]], count, start).reshape(entry["shape"])

    def release(self) -> None:
        """Give back the memory of what was read. It is read again when needed."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._pages.madvise(mmap.MADV_DONTNEED)
