"""A draft comes as a file: read by the readers of bulletins, with their limits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from api.errors import DraftFileError
from corpus.load import Loader
from corpus.names import display_name

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OF_BULLETINS = "没有找到报头"


@dataclass(frozen=True, slots=True)
class DraftFile:
    """``text`` is what was read; ``docx`` the file itself where it is a Word document, so that it can be
    marked."""

    name: str
    text: str
    docx: bytes | None = None
    warnings: tuple[str, ...] = ()


def read_draft_file(loader: Loader, data: bytes, name: str) -> DraftFile:
    """Raises UnreadableFileError or FileTooLargeError, naming the file."""
    document = loader.parse(data, name)
    # a draft is no bulletin: that it has no masthead is as it should be
    warnings = tuple(w for w in document.warnings if not w.startswith(_OF_BULLETINS))
    is_docx = document.document.media_type == DOCX
    return DraftFile(display_name(name), document.document.text, data if is_docx else None, warnings)


def open_draft_file(loader: Loader, path: Path) -> DraftFile:
    """The same from a path. Raises DraftFileError where there is no such file or it can't be opened."""
    try:
        if not path.is_file():
            raise DraftFileError(f"没有文件 {path}，请核对路径。")
        with path.open("rb") as file:
            # One byte past the limit is enough for the loader to refuse it.
            data = file.read(loader.largest_file + 1)
    except OSError as error:
        raise DraftFileError(f"{path} 打不开（{error.strerror}）。请检查路径和权限。") from error
    return read_draft_file(loader, data, path.name)
