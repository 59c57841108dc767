"""The library openvino, imported without its telemetry and without a cache that only grows."""

from __future__ import annotations

import os

from corpus.telemetry import silence_openvino

silence_openvino()
# Kernels are kept twice: by OpenVINO for each engine's last shapes (see `index.engine`), and by oneDNN
# beneath it, whose 1,024 take 100 MiB and are hardly met again. It reads this once.
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "32")

import openvino as ov  # noqa: E402
from openvino import opset13 as ops  # noqa: E402

__all__ = ["ops", "ov"]
