"""Which version of the service this is."""

from __future__ import annotations

import importlib.metadata


def service_version() -> str:
    """Of the installed package."""
    try:
        return importlib.metadata.version("jianbao")
    except importlib.metadata.PackageNotFoundError:  # run from a checkout that isn't installed
        return "0+checkout"
