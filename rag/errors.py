"""Errors of asking.

AskingError
├── BadQuestionError      the question is empty, too long, or a field of it is out of range
├── BadExportError        what is to be exported isn't said, or a field of it is out of range
├── NothingToExportError  the bulletins hold nothing of what is to be exported
├── DraftError            a draft to be checked is empty or too long
├── ThesaurusError        the user's thesaurus can't be read or breaks its format
├── ChatModelError        the chat model can't be had, or didn't reply to the end
└── UnsupportedError      a sentence has no quote that holds it up
"""

from __future__ import annotations


class AskingError(Exception):
    """Anything this package refuses. The message is for the user, in Chinese."""


class BadQuestionError(AskingError):
    """The question can't be asked as it stands. ``field`` names the part that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class BadExportError(AskingError):
    """The material can't be exported as it was asked for. ``field`` names the part that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NothingToExportError(AskingError):
    """There is no evidence for the question, so no file is made; the message says what was looked for."""


class DraftError(AskingError):
    """The draft can't be checked as it stands."""


class ThesaurusError(AskingError):
    """The thesaurus can't be read or breaks its format."""


class ChatModelError(AskingError):
    """The chat model can't be had, refuses, is late, or breaks off. The message names no address and no key:
    whoever asks may read it."""


class UnsupportedError(AskingError):
    """A drafted sentence has no quote that holds it up; the message says what is missing. It is left out of
    the answer and never leaves this package."""
