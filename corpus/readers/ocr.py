"""Text of page images, by RapidOCR (PP-OCR models inside its wheel) on OpenVINO; nothing is downloaded."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from corpus.errors import UnreadableFileError
from corpus.readers.image_tables import ruled_tables
from corpus.readers.pdf_glyphs import Glyph, is_wide, read_glyphs, scaled
from corpus.readers.pdf_layout import Page, Run
from corpus.telemetry import silence_openvino

if TYPE_CHECKING:
    from PIL.Image import Image

LOW_CONFIDENCE = 0.85
"""A page whose mean confidence is lower is reported."""

LOW_LINE_CONFIDENCE = 0.6
_SHARE_OF_LOW_LINES = 0.1
_SURELY_TURNED = 0.75  # a page on its head or side has 0.5–0.65, a poor scan seldom less than 0.8
_LEAST_KEPT = 0.3  # below, the recogniser sees writing in stains and rules
_A4_WIDTH = 595.0
_A4_HEIGHT = 842.0
_SMALL_SIDE = 1000
_DETECTION_SIDE = 1280  # finds the lines as well as the full 2,339 of an A4 page, in a tenth of the time
_FULL_WIDTH = str.maketrans(",;:!?()", "，；：！？（）")


@dataclass(frozen=True, slots=True)
class RecognizedPage:
    """What was recognised on an image of ``width`` × ``height`` pixels.

    ``confidence`` is the mean over all lines, weighted by their length, 0–1; 1 for an empty page.
    ``low_lines`` of ``lines`` lines have a confidence below LOW_LINE_CONFIDENCE.
    """

    width: int
    height: int
    runs: tuple[Run, ...]
    confidence: float = 1.0
    lines: int = 0
    low_lines: int = 0

    def as_page(self, number: int) -> Page:
        """The page in points, taken to be as wide as A4, so that scans of any resolution compare."""
        factor = (_A4_HEIGHT if self.width > self.height else _A4_WIDTH) / self.width
        runs = tuple(scaled(run, factor) for run in self.runs)
        return Page(number, self.width * factor, self.height * factor, runs)

    @property
    def is_doubtful(self) -> bool:
        many = self.low_lines >= 2 and self.low_lines > self.lines * _SHARE_OF_LOW_LINES
        return self.confidence < LOW_CONFIDENCE or many


class PageRecognizer(Protocol):
    """Reads one page image. Raises UnreadableFileError, without a file's name, where it can't."""

    def recognize(self, image: Image) -> RecognizedPage: ...


def page_warnings(pages: Mapping[int, RecognizedPage]) -> tuple[str, ...]:
    """What a person should check of recognised pages; keys are page numbers from 1."""
    warnings = []
    for number, page in sorted(pages.items()):
        if page.is_doubtful:
            warnings.append(f"第{number}页识别可信度低（{page.confidence:.2f}），请核对。")
        elif not page.runs:
            warnings.append(f"第{number}页是图片，没有识别出文字。")
    return tuple(warnings)


@dataclass(slots=True)
class RapidOcrRecognizer:
    """The models load at the first page and stay with this object. ``threads`` bounds the processor's use.

    An A4 page at 200 dpi takes 1–2 s on two cores and about 0.9 GB at most.
    """

    threads: int = 2
    _engine: Any = field(default=None, repr=False)

    def recognize(self, image: Image) -> RecognizedPage:
        """Turned pages (by quarters, to be told from the lines) and slight skew are set right."""
        page, upright = self._read(image)
        if upright and (not page.lines or page.confidence >= _SURELY_TURNED):
            return page
        # lines that stand are read by the engine, too, but their order on the page is lost
        pages = [page] if upright else []
        for angle in (180, 90, 270) if upright else (90, 270):
            turned, lies = self._read(image.rotate(angle, expand=True))
            if lies and turned.confidence >= LOW_CONFIDENCE:
                return turned
            pages.append(turned)
        return max(pages, key=lambda p: p.confidence * sum(len(run.text) for run in p.runs))

    def _read(self, image: Image) -> tuple[RecognizedPage, bool]:
        """The page as the image lies, and whether its lines lie too."""
        import numpy  # noqa: PLC0415

        enlarged = _enlarge(image.convert("RGB"))
        pixels = numpy.ascontiguousarray(numpy.asarray(enlarged)[:, :, ::-1])
        engine = self._load()
        try:
            found = engine(pixels, return_word_box=True, return_single_char_box=True)
        except Exception as error:  # cv2, OpenVINO and RapidOCR each raise their own
            raise UnreadableFileError(f"识别组件出错（{type(error).__name__}），这一页没有读出。") from error
        width, height = enlarged.size
        if found.txts is None or found.boxes is None:
            return RecognizedPage(width, height, ()), True
        lines = [
            _Line(text, float(score), [(float(x), float(y)) for x, y in box], _character_boxes(words))
            for text, score, box, words in zip(
                found.txts,
                found.scores,
                found.boxes,
                found.word_results or [()] * len(found.txts),
                strict=True,
            )
            if text.strip()
        ]
        if not lines:
            return RecognizedPage(width, height, ()), True
        tall = sum(line.is_tall for line in lines)
        skew = _skew(lines)
        level = [line.levelled(skew, width / 2, height / 2) for line in lines]
        kept = [line for line in level if line.score >= _LEAST_KEPT]
        tables = ruled_tables(pixels, skew, statistics.median(line.height for line in level))
        runs = read_glyphs([g for line in kept for g in line.glyphs()], tables)
        page = RecognizedPage(
            width,
            height,
            tuple(replace(run, text=chinese_marks(run.text)) for run in runs),
            sum(line.score * len(line.text) for line in lines) / sum(len(line.text) for line in lines),
            len(lines),
            sum(line.score < LOW_LINE_CONFIDENCE for line in lines),
        )
        return page, tall <= len(lines) / 2

    def _load(self) -> Any:
        if self._engine is None:
            self._engine = _engine(self.threads)
        return self._engine


def _engine(threads: int) -> Any:
    silence_openvino()
    try:
        import rapidocr  # noqa: PLC0415
        from rapidocr import EngineType, RapidOCR  # noqa: PLC0415
    except ImportError as error:
        raise UnreadableFileError(
            "识别扫描件和图片需要 rapidocr 和 openvino。请运行 pip install rapidocr openvino。"
        ) from error
    models = Path(rapidocr.__file__).parent / "models"
    parameters: dict[str, Any] = {
        "Global.log_level": "error",
        "Global.text_score": 0.0,
        "Global.use_cls": False,
        "Global.max_side_len": 8000,
        "Det.limit_type": "max",
        "Det.limit_side_len": _DETECTION_SIDE,
        "Rec.rec_batch_num": 2,  # memory grows with the batch, speed doesn't
        "EngineConfig.openvino.inference_num_threads": threads,
    }
    for task in ("Det", "Cls", "Rec"):
        parameters[f"{task}.engine_type"] = EngineType.OPENVINO
    for task, pattern in (("Det", "*_det_*.onnx"), ("Rec", "*_rec_*.onnx")):
        files = sorted(models.glob(pattern))
        if not files:  # without a path rapidocr would fetch the model from the network
            raise UnreadableFileError(f"rapidocr 缺少识别模型（{models / pattern}）。请重新安装 rapidocr。")
        parameters[f"{task}.model_path"] = str(files[0])
    return RapidOCR(params=parameters)


def _enlarge(image: Image) -> Image:
    """A small picture made larger: the models want characters of 20 pixels and more."""
    longest = max(image.size)
    if longest >= _SMALL_SIDE:
        return image
    factor = min(3.0, _SMALL_SIDE * 1.5 / longest)
    return image.resize((round(image.width * factor), round(image.height * factor)))


def _character_boxes(words: Sequence[Any]) -> list[tuple[str, float, float, float]]:
    """Characters of a line with left, right and middle height."""
    return [
        (str(text), (box[0][0] + box[3][0]) / 2, (box[1][0] + box[2][0]) / 2, sum(p[1] for p in box) / 4)
        for text, _, box in words
        if len(text) == 1
    ]


@dataclass(frozen=True, slots=True)
class _Line:
    """A recognised line: its four corners from the top left, clockwise, and its characters' places."""

    text: str
    score: float
    corners: list[tuple[float, float]]
    characters: list[tuple[str, float, float, float]]

    @property
    def is_tall(self) -> bool:
        xs, ys = [x for x, _ in self.corners], [y for _, y in self.corners]
        return len(self.text) > 1 and max(ys) - min(ys) > 1.5 * (max(xs) - min(xs))

    @property
    def height(self) -> float:
        return (self.corners[3][1] + self.corners[2][1] - self.corners[0][1] - self.corners[1][1]) / 2

    def levelled(self, skew: float, x: float, y: float) -> _Line:
        """The line turned back by ``skew`` radians about (x, y)."""
        sine, cosine = math.sin(-skew), math.cos(-skew)

        def turn(point: tuple[float, float]) -> tuple[float, float]:
            dx, dy = point[0] - x, point[1] - y
            return x + dx * cosine - dy * sine, y + dx * sine + dy * cosine

        characters = [
            (t, turn((a, m))[0], turn((b, m))[0], turn((a, m))[1]) for t, a, b, m in self.characters
        ]
        return replace(self, corners=[turn(p) for p in self.corners], characters=characters)

    def glyphs(self) -> list[Glyph]:
        """One glyph per character; spread evenly where their places weren't told."""
        xs = [x for x, _ in self.corners]
        top = (self.corners[0][1] + self.corners[1][1]) / 2
        bottom = (self.corners[2][1] + self.corners[3][1]) / 2
        places = self.characters
        if [t for t, *_ in places] != [c for c in self.text if not c.isspace()]:
            weights = [2 if is_wide(c) else 1 for c in self.text]
            unit, at, places = (max(xs) - min(xs)) / max(1, sum(weights)), min(xs), []
            for character, weight in zip(self.text, weights, strict=True):
                places.append((character, at, at + weight * unit, 0.0))
                at += weight * unit
            return [Glyph(t, a, top, b, bottom) for t, a, b, _ in places]
        glyphs: list[Glyph] = []
        rest = iter(places)
        for character in self.text:
            if character.isspace() and glyphs:
                glyphs.append(Glyph(" ", glyphs[-1].x1, top, glyphs[-1].x1, bottom))
            elif not character.isspace():
                _, a, b, _ = next(rest)
                glyphs.append(Glyph(character, a, top, b, bottom))
        return glyphs


def _skew(lines: Sequence[_Line]) -> float:
    """The angle of the page's lines in radians, clockwise; from lines long enough to tell."""
    angles = []
    for line in lines:
        (x0, y0), (x1, y1) = line.corners[:2]
        if x1 - x0 > 8 * max(1.0, line.height):
            angles.append(math.atan2(y1 - y0, x1 - x0))
    return statistics.median(angles) if angles else 0.0


def chinese_marks(text: str) -> str:
    """Half-width marks beside an ideograph as the full-width ones that Chinese print has: the models don't
    tell the two apart."""
    han = r"[\u3400-\u9fff”“’》、。]"
    return re.sub(
        rf"(?<={han})[,;:!?()]|[,;:!?()](?={han})", lambda m: m.group().translate(_FULL_WIDTH), text
    )
