"""Tables drawn with lines on a page image."""

from __future__ import annotations

import math
from typing import Any

from corpus.readers.pdf_glyphs import TableCells


def ruled_tables(pixels: Any, skew: float, line_height: float) -> list[TableCells]:
    """The cells of tables drawn with lines on an image (height, width, 3; uint8), in pixels of the image
    turned back by ``skew``. Lines are found by morphological opening, cells by pdfplumber from where they
    cross."""
    import cv2  # noqa: PLC0415
    from pdfplumber import table  # noqa: PLC0415

    height, width = pixels.shape[:2]
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(skew), 1.0)
    level = cv2.warpAffine(grey, turn, (width, height), borderValue=255)
    ink = cv2.threshold(level, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1]
    ink = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3)))
    edges: list[dict[str, Any]] = []
    for vertical in (False, True):
        length = max(20, round(line_height * (1.6 if vertical else 4)))
        kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (1, length) if vertical else (length, 1))
        strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)
        for x, y, w, h, _ in cv2.connectedComponentsWithStats(strokes, connectivity=8)[2][1:]:
            if (w if vertical else h) > line_height * 0.5:
                continue  # a black bar or a picture
            middle = float(x + w / 2 if vertical else y + h / 2)
            x0, x1 = (middle, middle) if vertical else (float(x), float(x + w))
            top, bottom = (float(y), float(y + h)) if vertical else (middle, middle)
            direction = "v" if vertical else "h"
            edges.append(
                {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top}
                | {"orientation": direction, "object_type": "line"}
            )
    if len(edges) < 5:
        return []
    near = line_height * 0.4
    merged = table.merge_edges(edges, near, near, near, near)
    no_page: Any = None  # pdfplumber asks the page only for the text of cells
    cells = table.intersections_to_cells(table.edges_to_intersections(merged, near, near))
    tables = (table.Table(no_page, group) for group in table.cells_to_tables(cells))
    return [[list(row.cells) for row in found.rows] for found in tables]
