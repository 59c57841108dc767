"""Errors of the index.

IndexingError
├── ModelError
│   ├── ModelNotFoundError       no such model: not bundled, not a folder, not on the Hub
│   ├── ModelFormatError         the bundled weights are not in the expected format
│   ├── ModelMismatchError       the index was filled by another model
│   └── ExportError              the model can't run in another runtime; the message is the reason
├── DocumentNotFoundError        no document of this id
├── PassageNotFoundError         no passage of this id
├── OriginalNotKeptError         a document's file was not kept
├── SnapshotError                not a snapshot
│   └── OtherLibraryError        one of another library
├── BackupError                  a backup can't be written, or isn't one
└── StoreError                   the data folder can't be opened or is of another schema
"""

from __future__ import annotations


class IndexingError(Exception):
    """Anything this package refuses. The message is for the user, in Chinese."""


class ModelError(IndexingError):
    """Something is wrong with the embedding model."""


class ModelNotFoundError(ModelError):
    """No such model."""


class ModelFormatError(ModelError):
    """The weights are not in the expected format."""


class ModelMismatchError(ModelError):
    """The index was filled by another model."""


class ExportError(ModelError):
    """The model can't be exported to another runtime, or not run there. The message is only the reason, for a
    sentence."""


class DocumentNotFoundError(IndexingError):
    """No document of this id."""


class PassageNotFoundError(IndexingError):
    """No passage of this id."""


class OriginalNotKeptError(IndexingError):
    """The file that the document was read from was not kept."""


class StoreError(IndexingError):
    """The data folder can't be opened or is of another schema."""


class SnapshotError(IndexingError):
    """Not a snapshot."""


class OtherLibraryError(SnapshotError):
    """A snapshot of another library."""


class BackupError(IndexingError):
    """A backup can't be written, or a file isn't one."""
