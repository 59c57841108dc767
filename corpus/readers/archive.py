"""Zip containers (docx, ofd, odt), looked over before anything in them is unpacked."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib

from corpus.errors import UnreadableFileError

LARGEST_TOTAL = 200 * 2**20
"""Bytes of all parts together, unpacked."""
LARGEST_RATIO = 200
"""Unpacked to packed, for parts of more than ``RATIO_CHECKED_FROM`` bytes: text packs to about a tenth."""
RATIO_CHECKED_FROM = 2**20
MOST_ENTRIES = 5000

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_DTD = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def open_archive(data: bytes, name: str) -> zipfile.ZipFile:
    """The archive in ``data``, found to be whole, without password and bounded in size.

    Sizes are those the archive declares; ``zipfile`` never unpacks more of a part than its declared size.
    Raises UnreadableFileError.
    """
    refuse_encrypted(data, name)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise UnreadableFileError(
            f"{name}：文件不完整或已损坏（打不开压缩结构），可能没有下载完。请重新取得原件后再添加。"
        ) from error
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise UnreadableFileError(
            f"{name}：文件里有 {len(entries)} 个部件，超过上限 {MOST_ENTRIES} 个，不像正常的文档，已拒绝。"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFileError(f"{name}：文件已加密（有密码）。请去掉密码另存后再添加。")
    _refuse_bomb(entries, name)
    return archive


def read_part(archive: zipfile.ZipFile, part: str, name: str) -> bytes:
    """The bytes of one part. Raises UnreadableFileError where it is missing or broken."""
    try:
        return archive.read(part)
    except KeyError as error:
        raise UnreadableFileError(f"{name}：文件里缺少“{part}”，文件可能已损坏。请重新取得原件。") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise UnreadableFileError(f"{name}：文件里的“{part}”解不开，文件已损坏。请重新取得原件。") from error


def refuse_entities(xml: bytes, name: str) -> None:
    """Raises UnreadableFileError for XML with a document type or entities.

    Office formats never have them (ECMA-376 part 2 forbids them; OFD has no use for them); they
    are how a small file is made to grow without end.
    """
    text = xml.decode(
        "utf-16" if xml[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} else "latin-1", "replace"
    )
    if _DTD.search(text):
        raise UnreadableFileError(f"{name}：文件的 XML 里有实体声明，正常文档不会有，为安全起见已拒绝。")


def refuse_encrypted(data: bytes, name: str) -> None:
    """Raises UnreadableFileError for an Office file with a password (MS-OFFCRYPTO: a zip in an OLE file)."""
    if data.startswith(OLE_SIGNATURE) and _ENCRYPTED_STREAM in data:
        raise UnreadableFileError(f"{name}：文件已加密（有密码）。请在 Word 或 WPS 里去掉密码另存后再添加。")


def _refuse_bomb(entries: list[zipfile.ZipInfo], name: str) -> None:
    total = sum(entry.file_size for entry in entries)
    if total > LARGEST_TOTAL:
        raise UnreadableFileError(
            f"{name}：解压后有 {total / 2**20:.0f} MB，超过上限 {LARGEST_TOTAL // 2**20} MB，"
            "疑似压缩炸弹，已拒绝。"
        )
    for entry in entries:
        ratio = entry.file_size / max(1, entry.compress_size)
        if entry.file_size > RATIO_CHECKED_FROM and ratio > LARGEST_RATIO:
            raise UnreadableFileError(
                f"{name}：部件“{entry.filename}”的压缩比达 {ratio:.0f} 倍，超过上限 {LARGEST_RATIO} 倍，"
                "疑似压缩炸弹，已拒绝。"
            )
