"""The characters of a pdf page and where they stand, by pdfium."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.readers.pdf_glyphs import Box, Glyph, mend

if TYPE_CHECKING:
    import pypdfium2

_TILT = 10  # degrees; what stands more askew is a stamp or a watermark


@dataclass(frozen=True, slots=True)
class PageCharacters:
    """The upright characters of a page, in points from its top left corner once it is turned clockwise by
    ``turn`` degrees (0, 90, 180 or 270), which makes most of its text upright."""

    width: float
    height: float
    turn: int
    glyphs: list[Glyph]


def read_characters(page: pypdfium2.PdfPage) -> PageCharacters:
    """The characters in the order of the file; a character without a code in its font is U+FFFD."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    text = page.get_textpage()
    found: list[tuple[str, float, Box]] = []
    rectangle = pdfium.FS_RECTF()
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text, index)
        character = mend(chr(code)) if 0 < code < 0x110000 else "\ufffd"
        made_up = pdfium.FPDFText_IsGenerated(text, index) == 1
        if (
            made_up
            or not character
            or not pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(rectangle))
        ):
            continue
        angle = pdfium.FPDFText_GetCharAngle(text, index)
        box = rectangle.left, rectangle.top, rectangle.right, rectangle.bottom
        found.append((character, -math.degrees(angle) % 360, box))
    text.close()
    quarters = Counter(round(angle / 90) % 4 * 90 for character, angle, _ in found if not character.isspace())
    turn = quarters.most_common(1)[0][0] if quarters else page.get_rotation()
    width, height = page.get_size()
    if (turn - page.get_rotation()) % 180:
        width, height = height, width
    bounds = page.get_bbox()
    glyphs = []
    for character, angle, box in found:
        x0, top, x1, bottom = _turned(box, bounds, turn)
        inside = -1 <= (x0 + x1) / 2 <= width + 1 and -1 <= (top + bottom) / 2 <= height + 1
        if inside and not _TILT < (angle - turn) % 360 < 360 - _TILT:
            glyphs.append(Glyph(character, x0, top, x1, bottom))
    return PageCharacters(width, height, turn, glyphs)


def _turned(box: Box, bounds: tuple[float, float, float, float], turn: int) -> Box:
    """A box of the file's coordinates (left, top, right, bottom; up is positive) on the page turned
    clockwise, where down is positive. ``bounds`` are the page's left, bottom, right and top."""
    x0, y1, x1, y0 = box
    left, bottom, right, top = bounds
    if turn == 90:
        return y0 - bottom, x0 - left, y1 - bottom, x1 - left
    if turn == 180:
        return right - x1, y0 - bottom, right - x0, y1 - bottom
    if turn == 270:
        return top - y1, right - x1, top - y0, right - x0
    return x0 - left, top - y1, x1 - left, top - y0
