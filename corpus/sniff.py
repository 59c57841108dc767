"""The format of a file, told by its content. Its name only tells Markdown from plain text."""

from __future__ import annotations

import io
import re
from pathlib import PurePath
from typing import Literal

import filetype
import olefile

from corpus.errors import UnreadableFileError
from corpus.readers.archive import open_archive, read_part

Format = Literal["text", "markdown", "html", "docx", "odt", "ofd", "office", "rtf", "pdf", "image"]
"""What a reader is chosen by. ``office`` is the Word and WPS of before 2007 (OLE: doc, wps)."""

_HEAD = 65_536
_PDF_HEAD = 1024  # ISO 32000-1, annex H.3.4.1: a reader takes %PDF- anywhere in the first 1024 bytes
_ARCHIVES = {"rar", "7z", "gz", "bz2", "xz", "tar", "zst", "lz", "lz4", "Z", "cab"}
_MARKDOWN_ENDINGS = {".md", ".markdown"}
_HTML_ENDINGS = {".htm", ".html", ".xhtml", ".shtml"}
_IMAGES = {"png", "jpg", "tif", "bmp", "gif", "webp"}
_SAVE_AS = "请另存为 docx 或 pdf 后再添加。"
_UNPACK = "请先解压，再添加其中的文件。"

_TAG = re.compile(
    rb"</?(?:html|head|body|meta|title|div|p|span|a|table|tr|td|ul|ol|li|h[1-6]|br|font|img|script|style|center"
    rb"|section|article)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\v\f\r\x1a\x1b")
_REFUSED_OLE = (
    ("EncryptedPackage", "加密的 Office 文件", "请在 Word 里取消打开密码后再添加。"),
    ("Workbook", " Excel 表格（xls）", _SAVE_AS),
    ("Book", " Excel 表格（xls）", _SAVE_AS),
    ("PowerPoint Document", " PowerPoint 演示文稿（ppt）", _SAVE_AS),
    ("__properties_version1.0", " Outlook 邮件（msg）", "请把正文另存为 txt 后再添加。"),
)
_REFUSED_ZIP = (
    ("xl", " Excel 表格（xlsx）", _SAVE_AS),
    ("ppt", " PowerPoint 演示文稿（pptx）", _SAVE_AS),
    ("visio", " Visio 图（vsdx）", _SAVE_AS),
)


def sniff(data: bytes, name: str) -> Format:
    """The format of ``data``. Bytes of no known format count as ``text``: its reader tells what is wrong.

    Raises UnreadableFileError for formats that aren't read (archives, tables, sound, film, programs,
    encrypted files), naming the format found and what to do.
    """
    if b"%PDF-" in data[:_PDF_HEAD]:
        return "pdf"
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _sniff_zip(data, name)
    if data.startswith(olefile.MAGIC):
        return _sniff_ole(data, name)
    if data[:_PDF_HEAD].lstrip().startswith(b"{\\rtf"):
        return "rtf"
    return _sniff_text(data, name) if is_text(data) else _sniff_binary(data, name)


def is_text(data: bytes) -> bool:
    """Whether the head of a file holds no control bytes, as text has none; a UTF-16 or UTF-32 mark counts
    too. A text that begins with BM or ID3 is no image and no music."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return True
    head = data[:4096]
    return len(head.translate(None, _CONTROLS)) == len(head)


def is_plain(head: bytes) -> bool:
    """Whether a file that begins so is text, Markdown or HTML, which are never large."""
    return is_text(head) and b"%PDF-" not in head[:_PDF_HEAD] and not head.lstrip().startswith(b"{\\rtf")


def _sniff_text(data: bytes, name: str) -> Format:
    head = _without_nul(data[:_HEAD]).lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\v\f").lower()
    ending = PurePath(name).suffix.lower()
    if head.startswith((b"mime-version:", b"from: <saved by")) and b"multipart/related" in head:
        raise _refuse(name, "网页归档（mht）", "请另存为 html 或 docx 后再添加。")
    if head.startswith((b"%!ps", b"%!postscript")):
        raise _refuse(name, " PostScript 文件", "请转成 pdf 后再添加。")
    if head.startswith((b"<!doctype html", b"<html")):
        return "html"
    if head.startswith(b"<?xml"):
        if b"<html" in head:
            return "html"
        raise _refuse(name, " XML 文件", _SAVE_AS)
    if ending in _MARKDOWN_ENDINGS:
        return "markdown"
    tags = len(_TAG.findall(head))
    if tags >= 10 or (tags >= 2 and head.startswith(b"<")) or (tags and ending in _HTML_ENDINGS):
        return "html"
    return "text"


def _sniff_binary(data: bytes, name: str) -> Format:
    if data[4:8] == b"ftyp":
        image = data[8:11] in {b"hei", b"avi", b"mif", b"hev"}
        kind, advice = (
            ("手机照片（heic）", "请转成 jpg 或 png 后再添加。") if image else ("音频或视频文件", "")
        )
        raise _refuse(name, kind, advice or "请提供文字稿。")
    found = filetype.guess(data[:_HEAD])
    if found is None:
        return "text"
    if found.extension in _IMAGES:
        return "image"
    family = found.mime.split("/")[0]
    if family in {"audio", "video"}:
        raise _refuse(name, "音频或视频文件", "请提供文字稿。")
    if family == "image":
        raise _refuse(name, f"图片（{found.extension}）", "请转成 png 或 jpg 后再添加。")
    if found.extension in {"exe", "elf"}:
        raise _refuse(name, "程序", "它不是文档。")
    if found.extension in _ARCHIVES:
        raise _refuse(name, f"压缩包（{found.extension}）", _UNPACK)
    raise _refuse(name, f" {found.extension} 文件", _SAVE_AS)


def _sniff_zip(data: bytes, name: str) -> Format:
    with open_archive(data, name) as archive:
        names = {entry.filename.replace("\\", "/").removeprefix("/") for entry in archive.infolist()}
        kind = read_part(archive, "mimetype", name) if "mimetype" in names else b""
    if "OFD.xml" in names:
        return "ofd"
    if kind.strip() == b"application/vnd.oasis.opendocument.text":
        return "odt"
    folders = {entry.split("/")[0].lower() for entry in names if "/" in entry}
    if "word" in folders:
        return "docx"
    for folder, refused, advice in _REFUSED_ZIP:
        if folder in folders:
            raise _refuse(name, refused, advice)
    raise _refuse(name, "压缩包（zip）", _UNPACK)


def _sniff_ole(data: bytes, name: str) -> Format:
    try:
        refusal = _refused_ole(data)
    except Exception as error:  # olefile raises what its many checks happen to raise on a broken file
        raise UnreadableFileError(
            f"{name}：旧版 Office 文件（doc、wps）不完整或已损坏，打不开。请重新拷贝，或另存为 docx。"
        ) from error
    if refusal:
        raise _refuse(name, *refusal)
    return "office"


def _refused_ole(data: bytes) -> tuple[str, str] | None:
    """What an OLE file is and what to do, where it isn't an open Word or WPS document."""
    with olefile.OleFileIO(io.BytesIO(data)) as container:
        if container.exists("WordDocument"):
            flags = container.openstream("WordDocument").read(12)[10:12]
            # [MS-DOC] 2.5.2 FibBase: bit 8 of the flags at offset 10 is fEncrypted
            encrypted = int.from_bytes(flags, "little") & 0x0100
            return ("加密的 Word 文件（doc）", "请在 Word 里取消打开密码后再添加。") if encrypted else None
        for stream, kind, advice in _REFUSED_OLE:
            if container.exists(stream):
                return kind, advice
    return " OLE 复合文件", _SAVE_AS


def _without_nul(head: bytes) -> bytes:
    """Tags of a UTF-16 page as ASCII."""
    return head.replace(b"\0", b"")


def _refuse(name: str, kind: str, advice: str) -> UnreadableFileError:
    return UnreadableFileError(f"{name}：这是{kind}，不能作为简报读取。{advice}")
