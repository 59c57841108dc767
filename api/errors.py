"""Errors of the ways in, and what every error becomes over HTTP.

ApiError
├── SettingsError        an environment variable is unknown or has a wrong value
├── AddressError         the server can't listen where it was told to
├── ExposedError         the server would listen on a network without keys
├── KeyFileError         the file of keys can't be read or written
├── KeyNameError         a key of this name exists already
├── KeyNotFoundError     no key of this id or name
├── ReportFileError      the report of what was added can't be written
├── ExportFileError      a material pack, or a marked draft, can't be written to the file that was named
├── DraftFileError       a draft to be checked can't be opened
├── EmptyLibraryError    a client that needs documents asks a library that has none
├── UnknownModelError    a chat client asks for a model of another name than ours
└── QuestionFileError    a question file can't be read or breaks its format
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.errors import CorpusError, FileTooLargeError
from index.errors import (
    DocumentNotFoundError,
    IndexingError,
    ModelError,
    OriginalNotKeptError,
    OtherLibraryError,
    PassageNotFoundError,
    SnapshotError,
    StoreError,
)
from rag.errors import (
    AskingError,
    BadExportError,
    BadQuestionError,
    ChatModelError,
    DraftError,
    NothingToExportError,
)


class ApiError(Exception):
    """Anything this package refuses. The message is for the user, in Chinese."""


class SettingsError(ApiError):
    """The environment can't be used as it stands."""


class AddressError(ApiError):
    """The server can't listen at this address."""


class ExposedError(ApiError):
    """The server was told to listen beyond this machine, and there is no key to keep strangers out."""


class KeyFileError(ApiError):
    """The file of keys can't be read or written; nobody is let in by it."""


class KeyNameError(ApiError):
    """A key of this name exists already."""


class KeyNotFoundError(ApiError):
    """No key of this id or name."""


class ReportFileError(ApiError):
    """The file for the report can't be written."""


class DraftFileError(ApiError):
    """There is no such draft, or it can't be opened."""


class ExportFileError(ApiError):
    """The file for the material, or for the marked draft, can't be written: its place, its format, or it is
    there already."""


class EmptyLibraryError(ApiError):
    """There is no document to be found anything in."""


class UnknownModelError(ApiError):
    """There is one model, and a client asks for another."""

    field = "model"


class QuestionFileError(ApiError):
    """A question file can't be read, or a line of it isn't of its form; the message names the line."""


KNOWN_ERRORS = (ApiError, CorpusError, IndexingError, AskingError)
"""Errors whose message is written for the user; any other is a fault of ours."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as a client sees it: ``status`` is HTTP's, ``code`` names the case, ``type`` its family."""

    status: int
    code: str
    type: str
    message: str
    field: str | None = None

    def body(self) -> dict[str, dict[str, str]]:
        """``{"error": {"code", "message", "type"}}``, and ``field`` where one is to blame."""
        named = {"field": self.field} if self.field else {}
        return {"error": {"code": self.code, "message": self.message, "type": self.type, **named}}


_FAMILIES: tuple[tuple[type[Exception], int, str, str], ...] = (
    (BadQuestionError, 422, "bad_question", "invalid_request_error"),
    (BadExportError, 422, "bad_export", "invalid_request_error"),
    (NothingToExportError, 404, "nothing_to_export", "not_found_error"),
    (DraftError, 422, "bad_draft", "invalid_request_error"),
    (ChatModelError, 503, "chat_model_unavailable", "unavailable_error"),
    (AskingError, 422, "asking_failed", "invalid_request_error"),
    (EmptyLibraryError, 404, "empty_library", "not_found_error"),
    (UnknownModelError, 404, "model_not_found", "invalid_request_error"),
    (DocumentNotFoundError, 404, "document_not_found", "not_found_error"),
    (PassageNotFoundError, 404, "passage_not_found", "not_found_error"),
    (OtherLibraryError, 404, "other_library", "not_found_error"),
    (SnapshotError, 422, "bad_snapshot", "invalid_request_error"),
    (OriginalNotKeptError, 404, "original_not_kept", "not_found_error"),
    (KeyFileError, 503, "keys_unavailable", "unavailable_error"),
    (ModelError, 503, "model_unavailable", "unavailable_error"),
    (StoreError, 503, "store_unavailable", "unavailable_error"),
    (FileTooLargeError, 413, "file_too_large", "invalid_request_error"),
    (CorpusError, 422, "unreadable_file", "invalid_request_error"),
)


def failure_of(error: Exception) -> Failure:
    """What a client is told of ``error``; an error that isn't known tells nothing of its inside."""
    for kind, status, code, family in _FAMILIES:
        if isinstance(error, kind):
            return Failure(status, code, family, str(error), getattr(error, "field", None))
    return Failure(
        500, "internal_error", "server_error", "服务内部出错，已记入日志。请稍后再试，或联系管理员。"
    )
