"""Tensors of a file, mapped into memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from index.mapped import MappedTensors


def test_tensors_are_those_that_were_saved(tmp_path: Path) -> None:
    """Values, shapes and places are the library's; giving memory back changes none of them."""
    random = np.random.default_rng(0)
    tensors = {
        "half": random.standard_normal((3, 5)).astype(np.float16),
        "single": random.standard_normal(4097).astype(np.float32),
    }
    save_file(tensors, tmp_path / "model.safetensors", metadata={"format": "pt"})
    mapped = MappedTensors(tmp_path / "model.safetensors")
    content = (tmp_path / "model.safetensors").read_bytes()
    for _ in range(2):
        for name, expected in tensors.items():
            assert mapped.tensors[name].dtype == expected.dtype
            assert np.array_equal(mapped.tensors[name], expected)
            start = mapped.starts[name]
            assert content[start : start + expected.nbytes] == expected.tobytes()
        mapped.release()
    assert sorted(mapped.tensors) == ["half", "single"]
