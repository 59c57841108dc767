"""OFD, the fixed-layout format of GB/T 33190: by ofdkit, with a plain reading of its text as fallback."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from corpus.errors import UnreadableFileError
from corpus.readers.archive import open_archive, read_part, refuse_entities
from corpus.types import Block, RawDocument

_PAGE_PATH = re.compile(r"(?:^|/)Page_?(\d+)/", re.IGNORECASE)
_SAME_LINE = 2.0
"""Millimetres by which the baselines of one line may differ: half the height of the smallest body type."""


class OfdReader:
    """Reads ofd: one block a printed line, with its page and its line on that page."""

    def read(self, data: bytes, name: str) -> RawDocument:
        """Raises UnreadableFileError where ``data`` is damaged, encrypted, a zip bomb or without text."""
        archive = open_archive(data, name)
        for part in archive.namelist():
            if part.lower().endswith(".xml"):
                refuse_entities(read_part(archive, part, name), name)
        pages, warnings = _by_ofdkit(data)
        if not any(pages):
            pages = _by_text_codes(archive, name)
            warnings = ["文件不合 OFD 规范，按文字在页面上的位置读取，阅读顺序可能有误。"]
        blocks = tuple(
            Block(line, page, number)
            for page, lines in enumerate(pages, 1)
            for number, line in enumerate(lines, 1)
        )
        if not blocks:
            raise UnreadableFileError(_why_empty(archive, name))
        return RawDocument(blocks, "application/ofd", tuple(warnings))


def _by_ofdkit(data: bytes) -> tuple[list[list[str]], list[str]]:
    """The lines of every page in reading order, and warnings; no pages where ofdkit can't open the file."""
    import ofdkit  # noqa: PLC0415

    pages: list[list[str]] = []
    warnings: list[str] = []
    try:
        with ofdkit.open(data) as document:
            for number, page in enumerate(document.pages, 1):
                try:
                    text = page.text()
                except ofdkit.OFDError:
                    text = ""
                    warnings.append(f"第{number}页读不出来，已跳过。")
                pages.append([line.strip() for line in text.split("\n") if line.strip()])
            if any("content not found" in warning for warning in document.warnings):
                warnings.append("文件缺少部分页面的内容，这些页没有读取。")
    except ofdkit.OFDError:
        return [], []
    return pages, warnings


def _by_text_codes(archive: zipfile.ZipFile, name: str) -> list[list[str]]:
    """The lines of every page by the positions of its text, from files whose contents list is broken."""
    parts = [part for part in archive.namelist() if re.search(r"Content[^/]*\.xml$", part, re.IGNORECASE)]
    parts = [part for part in parts if not re.search(r"/Te?mpl?s?[/_]", part, re.IGNORECASE)]
    return [_lines(read_part(archive, part, name)) for part in sorted(parts, key=_page_order)]


def _page_order(part: str) -> tuple[int, str]:
    number = _PAGE_PATH.search(part)
    return (int(number[1]) if number else 0, posixpath.basename(part))


def _lines(xml: bytes) -> list[str]:
    runs = sorted(_runs(xml))
    lines: list[list[tuple[float, float, str]]] = []
    for run in runs:
        if lines and run[0] - lines[-1][0][0] <= _SAME_LINE:
            lines[-1].append(run)
        else:
            lines.append([run])
    texts = ("".join(text for _, _, text in sorted(line, key=lambda r: r[1])).strip() for line in lines)
    return [text for text in texts if text]


def _runs(xml: bytes) -> Iterator[tuple[float, float, str]]:
    """y, x (millimetres from the page's top left) and words of every piece of text."""
    from lxml import etree  # noqa: PLC0415

    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    for text_object in () if root is None else root.iter("{*}TextObject"):
        left, top = [*_numbers(text_object.get("Boundary")), 0.0, 0.0][:2]
        x = y = 0.0
        for code in text_object.iter("{*}TextCode"):
            x, y = _number(code, "X", x), _number(code, "Y", y)
            if code.text and code.text.strip():
                yield top + y, left + x, code.text.strip()


def _number(element: Any, key: str, last: float) -> float:
    """A coordinate; one left out is that of the piece before (GB/T 33190)."""
    found = _numbers(element.get(key))
    return found[0] if found else last


def _numbers(text: str | None) -> list[float]:
    return [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text or "")]


def _why_empty(archive: zipfile.ZipFile, name: str) -> str:
    parts = [part.lower() for part in archive.namelist()]
    if any(part.endswith(("encryptions.xml", "decryptseed.dat", "entriesmap.dat")) for part in parts):
        return f"{name}：OFD 文件已加密（有密码）。请在 OFD 阅读器里解密另存后再添加。"
    if not any(part == "ofd.xml" for part in parts):
        return f"{name}：这是压缩包，但不是 OFD 文件（缺少 OFD.xml）。请核对文件。"
    return f"{name}：OFD 文件里没有文字，可能是扫描件。请在 OFD 阅读器里导出为 PDF，再按扫描件添加。"
