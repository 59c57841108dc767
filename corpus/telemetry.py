"""Keeps OpenVINO from reporting its use over the network."""

from __future__ import annotations

import sys


def silence_openvino() -> None:
    """Call before anything imports openvino.

    Importing it also imports its conversion tool, and that sends an event to Google Analytics (package
    openvino-telemetry) unless the user has opted out. Without the tool, which nothing here uses, importing
    takes half the time.
    """
    missing: None = None
    sys.modules.setdefault("openvino.tools.ovc", missing)  # type: ignore[arg-type]
    sys.modules.setdefault("openvino_telemetry", missing)  # type: ignore[arg-type]
