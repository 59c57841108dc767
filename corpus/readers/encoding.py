"""Bytes to text, for the encodings that Chinese offices use."""

from __future__ import annotations

import codecs
import unicodedata

from corpus.errors import UnreadableFileError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The fifty or so characters that any page of Chinese holds many of. Bytes of another encoding read as
# GB18030 or Big5 give rare characters instead: that is how a wrong guess is told.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出会可也你对能而子那得"
    "市县区年月日文明建设工作服务会议全省第期发展新员部门社活动實踐創建國務區縣會為與個時來產學"
)
_LEAST_COMMON_SHARE = 0.02


def decode_text(data: bytes, name: str) -> str:
    """The text of a file, line ends as ``\\n``.

    Tried in turn: a byte order mark, UTF-8, GB18030, Big5. Raises UnreadableFileError where the file is
    empty, holds binary data, or reads as text in none of them.
    """
    if not data.strip():
        raise UnreadableFileError(f"{name}：文件是空的，没有可读的文字。")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _finish(_decode(data, encoding, name), name)
    if b"\0" in data:
        raise UnreadableFileError(f"{name}：这是二进制文件，不是文本。请提供文字版（txt、md）。")
    for encoding in ("utf-8", "gb18030", "big5"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _looks_chinese(text):
            return _finish(text, name)
    raise UnreadableFileError(
        f"{name}：无法识别文字编码（试过 UTF-8、GB18030、Big5）。请用记事本另存为 UTF-8 后再添加。"
    )


def _decode(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"{name}：文件头标明是 {encoding}，但第 {error.start} 字节起读不下去，文件可能已损坏。"
        ) from error


def _finish(text: str, name: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    controls = sum(1 for c in text if unicodedata.category(c) == "Cc" and c not in "\n\t\f\v\x1c\x1d\x1e\x85")
    if controls > len(text) * 0.01:
        raise UnreadableFileError(f"{name}：含有大量控制字符，像是二进制文件，不是文本。")
    if not any(c.isalnum() for c in text):
        raise UnreadableFileError(f"{name}：文件里没有可读的文字。")
    return text


def _looks_chinese(text: str) -> bool:
    ideographs = [c for c in text if "\u3400" <= c <= "\u9fff" or c > "\uffff"]
    if not ideographs:
        return False
    common = sum(1 for c in ideographs if c in _COMMON)
    strange = sum(1 for c in text if unicodedata.category(c) in {"Co", "Cn", "Cs"})
    return common >= len(ideographs) * _LEAST_COMMON_SHARE and strange <= len(text) * 0.01
