"""How the headings over a passage are written in one line."""

from __future__ import annotations

HEADING_SEPARATOR = " / "
