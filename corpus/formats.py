"""The reader of every format, and one file's way from bytes to a parsed document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from corpus.bulletin import parse_document
from corpus.errors import UnreadableFileError
from corpus.places import Gazetteer
from corpus.readers.ocr import PageRecognizer, RapidOcrRecognizer
from corpus.sniff import Format, sniff
from corpus.types import ParsedDocument, Reader

PageProgress = Callable[[int, int], None]
"""Told after each page: pages done, pages in all."""

_KINDS: Mapping[Format, tuple[str, tuple[str, ...]]] = {
    "text": ("纯文本", (".txt", ".text")),
    "markdown": ("Markdown", (".md", ".markdown")),
    "html": ("网页（html）", (".html", ".htm", ".xhtml", ".shtml")),
    "docx": ("Word（docx）", (".docx", ".docm", ".dotx", ".dotm")),
    "odt": ("OpenDocument（odt）", (".odt",)),
    "ofd": ("OFD", (".ofd",)),
    "office": ("旧版 Word 或 WPS（doc、wps）", (".doc", ".wps", ".dot", ".wpt")),
    "rtf": ("RTF", (".rtf",)),
    "pdf": ("PDF", (".pdf",)),
    "image": ("图片", (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp")),
}
_OTHER_ENDINGS = {".xlsx", ".xls", ".pptx", ".ppt", ".zip", ".rar", ".7z", ".gz", ".exe", ".mp3", ".mp4"}


def build_readers(page_progress: PageProgress | None = None) -> Mapping[Format, Reader]:
    """A reader for every format, made when first asked for: txt mustn't wait for what pdf imports."""
    return _Readers(page_progress)


class _Readers(Mapping[Format, Reader]):
    def __init__(self, page_progress: PageProgress | None) -> None:
        self._page_progress = page_progress
        self._recognizer = RapidOcrRecognizer()
        self._made: dict[Format, Reader] = {}

    def __getitem__(self, key: Format) -> Reader:
        if key not in self._made:
            self._made[key] = _make_reader(key, self._recognizer, self._page_progress)
        return self._made[key]

    def __iter__(self) -> Iterator[Format]:
        return iter(_KINDS)

    def __len__(self) -> int:
        return len(_KINDS)


@dataclass(frozen=True, slots=True)
class FileParser:
    """Parses in this process, without limits of time or memory (see ``corpus.worker`` for those)."""

    gazetteer: Gazetteer
    readers: Mapping[Format, Reader] = field(default_factory=build_readers)

    def parse(self, data: bytes, name: str) -> ParsedDocument:
        """The document in ``data``. A name that ends like another format is told in the warnings.

        Raises UnreadableFileError, naming the file.
        """
        return self.parse_as(sniff(data, name), data, name)

    def parse_as(self, kind: Format, data: bytes, name: str) -> ParsedDocument:
        """The same where the format is known already."""
        raw = self.readers[kind].read(data, name)
        warning = _misleading_ending(kind, name)
        if warning:
            raw = replace(raw, warnings=(warning, *raw.warnings))
        parsed = parse_document(raw, data=data, source_name=name, gazetteer=self.gazetteer)
        if not parsed.passages:
            raise UnreadableFileError(f"{name}：除报头、目录和报送栏外没有正文，没有可检索的内容。")
        return parsed


def _misleading_ending(kind: Format, name: str) -> str | None:
    ending = PurePath(name).suffix.lower()
    label, own = _KINDS[kind]
    foreign = _OTHER_ENDINGS.union(*(endings for _, endings in _KINDS.values())) - set(own)
    if ending not in foreign or (kind == "text" and ending in _KINDS["markdown"][1]):
        return None
    return f"文件名以 {ending} 结尾，内容却是{label}，已按内容读取。"


def _make_reader(kind: Format, recognizer: PageRecognizer, page_progress: PageProgress | None) -> Reader:
    """Imports inside: each brings the libraries of its format."""
    reader: Reader
    match kind:
        case "text":
            from corpus.readers.text import TextReader

            reader = TextReader()
        case "markdown":
            from corpus.readers.markdown import MarkdownReader

            reader = MarkdownReader()
        case "html":
            from corpus.readers.html import HtmlReader

            reader = HtmlReader()
        case "docx":
            from corpus.readers.docx import DocxReader

            reader = DocxReader()
        case "ofd":
            from corpus.readers.ofd import OfdReader

            reader = OfdReader()
        case "office" | "rtf" | "odt":
            from corpus.readers.office import OfficeReader

            reader = OfficeReader()
        case "pdf":
            from corpus.readers.pdf import PdfReader

            reader = PdfReader(recognizer, page_progress)
        case "image":
            from corpus.readers.image import ImageReader

            reader = ImageReader(recognizer, page_progress)
    return reader
