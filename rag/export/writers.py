"""One file out of a pack, in the format that is wanted."""

from __future__ import annotations

import re

from rag.export.markdown import write_markdown
from rag.export.plain import write_text
from rag.export.types import Format, MaterialPack
from rag.export.word import write_docx

MEDIA_TYPES: dict[Format, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')
_LONGEST_NAME = 60


def write(pack: MaterialPack, file_format: Format) -> bytes:
    """The file's bytes; text is UTF-8."""
    if file_format == "docx":
        return write_docx(pack)
    return (write_markdown(pack) if file_format == "md" else write_text(pack)).encode()


def file_name(pack: MaterialPack, file_format: Format) -> str:
    """A name after the pack's title that every file system takes: at most 60 characters and the ending."""
    name = _NOT_IN_NAMES.sub("_", pack.title)[:_LONGEST_NAME].strip("._")
    return f"{name or '简报素材'}.{file_format}"
