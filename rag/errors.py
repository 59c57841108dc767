"""Errors of asking.

AskingError
├── BadQuestionError      the question is empty, too long, or a field of it is out of range
└── ThesaurusError        the user's thesaurus can't be read or breaks its format
"""

from __future__ import annotations


class AskingError(Exception):
    """Anything this package refuses. The message is for the user, in Chinese."""


class BadQuestionError(AskingError):
    """The question can't be asked as it stands. ``field`` names the part that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ThesaurusError(AskingError):
    """The thesaurus can't be read or breaks its format."""
