"""The library openvino, imported without its telemetry."""

from __future__ import annotations

from corpus.telemetry import silence_openvino

silence_openvino()

import openvino as ov  # noqa: E402
from openvino import opset13 as ops  # noqa: E402

__all__ = ["ops", "ov"]
