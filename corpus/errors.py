"""Errors of the corpus.

CorpusError
├── UnreadableFileError      the file is not one of ours: empty, binary, broken, of an unknown encoding
│   └── ParsingLimitError    reading it took too long or too much memory, or broke the parser
└── FileTooLargeError        the file passes the size limit
"""

from __future__ import annotations


class CorpusError(Exception):
    """Anything this package refuses. The message is written for the owner of the file, in Chinese."""


class UnreadableFileError(CorpusError):
    """The file can't be read as a bulletin."""


class ParsingLimitError(UnreadableFileError):
    """Reading the file passed the limit of time or memory, or ended the process that read it."""


class FileTooLargeError(CorpusError):
    """The file passes the size limit."""
