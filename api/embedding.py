"""Opens the embedder, apart from the other objects: it imports little, so that the model can be loading while
the rest is imported and built."""

from __future__ import annotations

from collections.abc import Callable

from api.settings import Settings
from index.embed import open_embedder
from index.types import Embedder


def open_model(
    settings: Settings,
    notice: Callable[[str], None],
    progress: Callable[[float], None] | None = None,
    *,
    ahead: bool = False,
) -> Embedder:
    """The embedder of these settings. ``notice`` is told, in Chinese, of what was put right on the way;
    ``progress`` the finished share (0 to 1) of the bundled model's preparation at its first use.

    ``ahead`` starts to load in the background what the first question needs. Raises ModelError.
    """
    return open_embedder(
        settings.model,
        settings.cache,
        query_prompt=settings.query_prompt,
        document_prompt=settings.document_prompt,
        threads=settings.threads,
        runtime=settings.runtime,
        ahead=ahead,
        progress=progress,
        notice=notice,
    )
