"""Pictures of pages (png, jpg, tiff, bmp, gif, webp), by recognition."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.errors import FileTooLargeError, UnreadableFileError
from corpus.readers.ocr import PageRecognizer, page_warnings
from corpus.readers.pdf_paragraphs import read_layout
from corpus.types import RawDocument

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 80_000_000
"""Larger pictures are refused before they are decoded; A3 at 600 dpi has 70 million."""

_MOST_PAGES = 500


@dataclass(frozen=True)
class ImageReader:
    """Reads a picture as one page, a tiff as one page per picture in it."""

    recognizer: PageRecognizer
    progress: Callable[[int, int], None] | None = field(default=None, repr=False)
    most_pixels: int = MOST_PIXELS

    def read(self, data: bytes, name: str) -> RawDocument:
        """Pages count from 1. Raises FileTooLargeError by the size in the file's head, UnreadableFileError
        where it is no picture, is broken, or holds no text."""
        from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
                picture = Image.open(io.BytesIO(data))
        except UnidentifiedImageError as error:
            raise UnreadableFileError(
                f"{name}：不是可识别的图片（png、jpg、tiff、bmp），或文件已损坏。"
            ) from error
        except Image.DecompressionBombError as error:
            raise FileTooLargeError(
                f"{name}：图片太大，超过上限 {self.most_pixels / 1e6:.0f} 百万像素。请缩小后再添加。"
            ) from error
        except (OSError, ValueError, SyntaxError) as error:
            raise _broken(name, error) from error
        with picture:
            found = {}
            try:
                for number, page, count in self._pages(picture, name):
                    found[number] = self.recognizer.recognize(page)
                    if self.progress:
                        self.progress(number, count)
            except UnreadableFileError as error:
                raise UnreadableFileError(f"{name}：{error}") from error
            except (OSError, ValueError, SyntaxError, EOFError, IndexError) as error:
                raise _broken(name, error) from error
            media_type = picture.get_format_mimetype() or "image/*"
        blocks = read_layout([page.as_page(number) for number, page in found.items()])
        if not blocks:
            raise UnreadableFileError(f"{name}：图片里没有识别出文字。请提供更清晰的扫描件（200 dpi 以上）。")
        return RawDocument(blocks, media_type, page_warnings(found))

    def _pages(self, picture: Image, name: str) -> Iterator[tuple[int, Image, int]]:
        """Each page upright, in grey or colour on white; its size is checked before it is decoded."""
        from PIL import ImageOps  # noqa: PLC0415

        count = int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1
        if count > _MOST_PAGES:
            raise FileTooLargeError(f"{name}：有 {count} 页图片，超过上限 {_MOST_PAGES} 页。请拆分后再添加。")
        for index in range(count):
            if count > 1:
                picture.seek(index)
            width, height = picture.size
            if width * height > self.most_pixels:
                raise FileTooLargeError(
                    f"{name}：第{index + 1}页图片有 {width}×{height} 像素，超过上限 "
                    f"{self.most_pixels / 1e6:.0f} 百万像素。请缩小后再添加。"
                )
            yield index + 1, _on_white(ImageOps.exif_transpose(picture)), count


def _on_white(picture: Image) -> Image:
    from PIL import Image as Images  # noqa: PLC0415

    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        ground = Images.new("RGBA", picture.size, "white")
        return Images.alpha_composite(ground, picture).convert("RGB")
    if picture.mode.startswith("I;16") or picture.mode in {"I", "F"}:
        import numpy  # noqa: PLC0415

        levels = numpy.asarray(picture).astype(float)
        levels = (levels - levels.min()) * 255 / max(1.0, float(levels.max() - levels.min()))
        return Images.fromarray(levels.astype(numpy.uint8))
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _broken(name: str, error: Exception) -> UnreadableFileError:
    return UnreadableFileError(
        f"{name}：图片已损坏或不完整，解不开（{type(error).__name__}）。请重新扫描或导出。"
    )
