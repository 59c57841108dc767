"""Where in the file a place in a document's text stands: apart from what reads bulletins, which takes a tenth
of a second to import."""

from __future__ import annotations

from bisect import bisect_right

from corpus.types import Document


def page_at(document: Document, offset: int) -> int | None:
    """The page of the file that ``document.text[offset]`` stands on; None where the format has no pages."""
    following = bisect_right(document.anchors, offset, key=lambda anchor: anchor.offset)
    return document.anchors[following - 1].page if following else None
