"""The seam to chat models, its nouns, and what all kinds of them share."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

_TAG = re.compile(r"<(?P<close>/?)(?:think|thinking|reasoning)>", re.IGNORECASE)
_LONGEST_TAG = len("</reasoning>")


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a chat model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reply may take: ``seconds`` from the call to its last word, and ``tokens`` of the model's."""

    seconds: float
    tokens: int


class ChatModel(Protocol):
    """A model that goes on with a talk. Threads may share it."""

    @property
    def name(self) -> str:
        """Which model, as users know it."""
        ...

    def warm(self) -> None:
        """Do now what would else be done at the first reply. Raises ChatModelError."""
        ...

    def stream(self, messages: Sequence[Message], limits: Limits) -> Generator[str, None, None]:
        """Pieces of the reply as they come, without what the model thinks to itself.

        Closing the generator stops the model. Raises ChatModelError at any step, also after pieces: where
        the reply breaks off or a limit is reached, what came before it isn't whole.
        """
        ...


def without_thinking(pieces: Iterable[str], *, inside: bool = False) -> Iterator[str]:
    """``pieces`` without ``<think>…</think>``, also where a tag is cut between two of them.

    ``inside``: the reply begins with thinking whose opening tag stands in the prompt. A closing tag without
    an opening one means the same, as far as the text before it hasn't left yet.
    """
    held = ""
    for piece in pieces:
        held += piece
        while tag := _TAG.search(held):
            before, held = held[: tag.start()], held[tag.end() :]
            if before and not inside and not tag["close"]:
                yield before
            inside = not tag["close"]
        safe = _before_partial_tag(held)
        if safe and not inside:
            yield held[:safe]
        held = held[safe:]
    if held and not inside:
        yield held


def _before_partial_tag(text: str) -> int:
    """Where a tag begins that may go on in the next piece; the length where there is none."""
    start = text.rfind("<", -_LONGEST_TAG)
    return len(text) if start < 0 or ">" in text[start:] else start
