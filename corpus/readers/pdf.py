"""pdf: text where the file has it, recognition where a page is only an image."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.errors import UnreadableFileError
from corpus.readers.ocr import PageRecognizer, RecognizedPage, page_warnings
from corpus.readers.pdf_characters import read_characters
from corpus.readers.pdf_glyphs import Glyph, TableCells, is_garbled, mend, read_glyphs, shift
from corpus.readers.pdf_layout import Page
from corpus.readers.pdf_paragraphs import read_layout
from corpus.types import RawDocument

if TYPE_CHECKING:
    import pypdfium2

Progress = Callable[[int, int], None]
"""Called after each page with its number (from 1) and the number of pages."""

SCAN_RESOLUTION = 200
"""Dots per inch at which a page without text is rendered for recognition."""

_Found = Page | RecognizedPage | str
"""A page with text, a page that was recognised, or why a page can't be read."""

_BROKEN_PAGE = "读不了，文件可能已损坏或不完整。"
_MOST_PIXELS = 30_000_000
_FEWEST_LINES_OF_TABLE = 8
_FEWEST_CHARACTERS = 8
_MOST_STAMP_CHARACTERS = 60
_MOST_BROKEN_PAGES = 20  # in a row; a file may declare any number of pages that aren't there


@dataclass(frozen=True)
class PdfReader:
    """Reads pdf page by page. ``recognizer`` reads pages without text; without one they are reported."""

    recognizer: PageRecognizer | None = None
    progress: Progress | None = field(default=None, repr=False)

    def read(self, data: bytes, name: str) -> RawDocument:
        """One block per paragraph and page (from 1), one per table row.

        ``warnings`` names the pages that couldn't be read or whose recognition is doubtful. Raises
        UnreadableFileError where the file is encrypted, broken, or holds no text at all.
        """
        pages: list[Page] = []
        warnings: list[str] = []
        scanned: dict[int, RecognizedPage] = {}
        tables = _TableFinder(data)
        for number, found in enumerate(self._pages(data, name, tables), start=1):
            if isinstance(found, str):
                warnings.append(f"第{number}页{found}")
            elif isinstance(found, RecognizedPage):
                scanned[number] = found
                pages.append(found.as_page(number))
            else:
                pages.append(found)
        warnings += tables.warnings
        blocks = read_layout(pages)
        if not blocks:
            reason = f"（{'；'.join(warnings[:3])}）" if warnings else ""
            raise UnreadableFileError(
                f"{name}：没有从这个 PDF 里读出文字{reason}。请提供文字版或更清晰的扫描件。"
            )
        return RawDocument(blocks, "application/pdf", (*warnings, *page_warnings(scanned)))

    def _pages(self, data: bytes, name: str, tables: _TableFinder) -> Iterator[_Found]:
        import pypdfium2  # noqa: PLC0415 - loads a shared library

        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if _is_locked(error):
                raise UnreadableFileError(
                    f"{name}：这个 PDF 设有打开密码，读不了。请用密码打开后另存为不加密的 PDF 再添加。"
                ) from error
            yield from _fallback_pages(data, name)
            return
        try:
            count = len(document)
            broken = 0
            for index in range(count):
                if broken >= _MOST_BROKEN_PAGES:
                    yield f"起不再读：接连{broken}页都读不了，文件声称有{count}页。"
                    return
                found = self._page(document, index, tables)
                broken = broken + 1 if found == _BROKEN_PAGE else 0
                yield found
                if self.progress:
                    self.progress(index + 1, count)
        finally:
            tables.close()
            document.close()

    def _page(self, document: pypdfium2.PdfDocument, index: int, tables: _TableFinder) -> _Found:
        import pypdfium2  # noqa: PLC0415

        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            return _BROKEN_PAGE
        try:
            return self._content(page, index, tables)
        except UnreadableFileError as error:
            return f"没有识别：{error}"
        except (pypdfium2.PdfiumError, MemoryError, ValueError) as error:
            return f"读不了（{type(error).__name__}）。"
        finally:
            page.close()

    def _content(self, page: pypdfium2.PdfPage, index: int, tables: _TableFinder) -> _Found:
        found = read_characters(page)
        garbled = is_garbled(found.glyphs)
        if not (garbled or _is_scan(page, found.glyphs)):
            ruled = tables.on(page, index) if found.turn == page.get_rotation() else []
            return Page(index + 1, found.width, found.height, read_glyphs(found.glyphs, ruled))
        if self.recognizer is not None:
            return self.recognizer.recognize(_render(page))
        reason = "的字体没有文字编码" if garbled else "是图片，没有文字"
        return f"{reason}，需要识别（OCR），但没有识别组件。"


def _is_locked(error: Exception) -> bool:
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    code = getattr(error, "err_code", None)
    return code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY} or "password" in str(error).lower()


def _is_scan(page: pypdfium2.PdfPage, glyphs: Sequence[Glyph]) -> bool:
    """Whether the writing of a page is an image: next to no text, and something drawn; or a line or two (a
    scanner's own stamp) beside an image that covers most of the page."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    if len(glyphs) > _MOST_STAMP_CHARACTERS:
        return False
    width, height = page.get_size()
    drawn = False
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = item.get_bounds()
        covers = (right - left) * (top - bottom) > 0.5 * width * height
        if covers and item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            return True
        drawn = True
    return drawn and len(glyphs) < _FEWEST_CHARACTERS


def _render(page: pypdfium2.PdfPage) -> Any:
    """A page as a PIL image in grey."""
    width, height = page.get_size()
    scale = SCAN_RESOLUTION / 72
    scale = min(scale, math.sqrt(_MOST_PIXELS / max(1.0, width * height)))
    bitmap = page.render(scale=scale, grayscale=True)
    image = bitmap.to_pil().copy()
    bitmap.close()
    return image


class _TableFinder:
    """Ruled tables, found by pdfplumber; opened only when a page has ruled lines."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._document: Any = None
        self.warnings: list[str] = []

    def on(self, page: pypdfium2.PdfPage, index: int) -> list[TableCells]:
        if _ruled_lines(page) < _FEWEST_LINES_OF_TABLE:
            return []
        import pdfplumber  # noqa: PLC0415

        try:
            if self._document is None:
                self._document = pdfplumber.open(io.BytesIO(self._data))
            found = self._document.pages[index]
            tables = [[list(row.cells) for row in table.rows] for table in found.find_tables()]
            found.close()
        except Exception:  # pdfminer raises whatever a broken file makes it stumble over
            self.warnings.append(f"第{index + 1}页的表格线读不出，表格按普通文字读入，请核对。")
            return []
        media, crop = page.get_mediabox(), page.get_bbox()
        return [shift(table, media[0] - crop[0], crop[3] - media[3]) for table in tables]

    def close(self) -> None:
        if self._document is not None:
            self._document.close()


def _ruled_lines(page: pypdfium2.PdfPage) -> int:
    """How many strokes are drawn on the page."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    return sum(
        max(0, pdfium.FPDFPath_CountSegments(item))
        for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH])
    )


def _fallback_pages(data: bytes, name: str) -> Iterator[Page]:
    """What pdfplumber can still read of a file that pdfium refuses."""
    import pdfplumber  # noqa: PLC0415

    pages = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            for number, page in enumerate(document.pages, start=1):
                glyphs = [
                    Glyph(character, c["x0"], c["top"], c["x1"], c["bottom"])
                    for c in page.chars
                    if c["upright"] and (character := mend(c["text"][:1]))
                ]
                pages.append(Page(number, float(page.width), float(page.height), read_glyphs(glyphs)))
                page.close()
    except Exception as error:  # pdfminer raises whatever a broken file makes it stumble over
        raise _broken(name) from error
    if not any(page.runs for page in pages):
        raise _broken(name)
    yield from pages


def _broken(name: str) -> UnreadableFileError:
    return UnreadableFileError(f"{name}：PDF 已损坏或不完整，读不了。请重新下载或重新导出后再添加。")
