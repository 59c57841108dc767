"""The docx package: opened by python-docx, after what it stumbles over has been left out."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.errors import UnreadableFileError
from corpus.readers.archive import open_archive, read_part, refuse_entities

if TYPE_CHECKING:
    from docx.document import Document

_MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OTHER_MAIN_TYPES = (
    b"application/vnd.ms-word.document.macroEnabled.main+xml",
    b"application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)
# ISO/IEC 29500 Strict names the same things by other addresses than the transitional form.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_READ_KINDS = {"officeDocument", "styles", "numbering", "footnotes", "endnotes"}


@dataclass(frozen=True, slots=True)
class DocxPackage:
    """``body`` is the w:body element; ``parts`` are the roots of styles, numbering, footnotes, endnotes."""

    body: Any
    parts: dict[str, Any]
    has_macros: bool


def open_docx(data: bytes, name: str) -> DocxPackage:
    """Raises UnreadableFileError where ``data`` is no docx, is damaged, encrypted or a zip bomb."""
    from docx import Document  # noqa: PLC0415 - takes 0.1 s

    archive = open_archive(data, name)
    names = set(archive.namelist())
    if "[Content_Types].xml" not in names:
        raise UnreadableFileError(f"{name}：这是压缩包，不是 Word 文档（docx）。请解压后添加里面的文件。")
    macros = any(part.lower().endswith("vbaproject.bin") for part in names)
    lean = _lean_copy(archive, names, name)
    try:
        document = Document(io.BytesIO(lean))
    except Exception as error:  # python-docx lets errors of lxml, zipfile and its own through
        raise UnreadableFileError(
            f"{name}：不是可读的 Word 文档（docx），或文件已损坏。"
            "请用 Word 或 WPS 打开并另存为 docx 后再添加。"
        ) from error
    body = document.element.body
    if body is None:
        raise UnreadableFileError(f"{name}：Word 文档没有正文部分，文件可能已损坏。")
    return DocxPackage(body, _side_parts(document), macros)


def _lean_copy(archive: zipfile.ZipFile, names: set[str], name: str) -> bytes:
    """The package with its text parts alone.

    python-docx unpacks every part it can reach, refuses macro and strict documents, and fails on links to
    parts that are missing (WPS writes ``../NULL``); pictures, macros and such links aren't copied.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
        for part in dict.fromkeys(archive.namelist()):
            if not part.lower().endswith((".xml", ".rels")):
                continue
            xml = read_part(archive, part, name)
            refuse_entities(xml, name)
            for strict, transitional in _STRICT:
                xml = xml.replace(strict, transitional)
            if part == "[Content_Types].xml":
                for other in _OTHER_MAIN_TYPES:
                    xml = xml.replace(other, _MAIN_TYPE)
            elif part.endswith(".rels"):
                xml = _text_links(xml, part, names, name)
            copy.writestr(part, xml)
    return target.getvalue()


def _text_links(xml: bytes, part: str, names: set[str], name: str) -> bytes:
    """A .rels part with the links to text parts that exist."""
    from lxml import etree  # noqa: PLC0415

    try:
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise UnreadableFileError(f"{name}：文件里的“{part}”不是完整的 XML，文件已损坏。") from error
    folder = posixpath.dirname(posixpath.dirname(part))
    for link in list(root):
        target = link.get("Target") or ""
        kind = (link.get("Type") or "").rsplit("/", 1)[-1]
        path = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(folder, target))
        )
        if kind not in _READ_KINDS or link.get("TargetMode") == "External" or path not in names:
            root.remove(link)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _side_parts(document: Document) -> dict[str, Any]:
    from docx.oxml import parse_xml  # noqa: PLC0415

    parts = {}
    for link in document.part.rels.values():
        kind = link.reltype.rsplit("/", 1)[-1]
        part = link.target_part
        parts[kind] = part.element if hasattr(part, "element") else parse_xml(part.blob)
    return parts
