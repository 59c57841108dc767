"""A chat model's text is cut into sentences as it comes, and its [n] markers are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.errors import UnsupportedError

_NUMBERS = r"\d{1,3}(?:\s*(?:[,，、;；\-–—~～至到]|and|和)\s*\d{1,3})*"
_MARKER = rf"[\[［【〔〖]\s*(?:\^|段落?|来源|资料|引文|passage|source)?\s*{_NUMBERS}\s*[\]］】〕〗]"
"""Whatever is meant to cite. Four digits are a year: 〔2025〕 belongs to a document's number."""
_ANY = re.compile(_MARKER, re.IGNORECASE)
_GROUP = re.compile(rf"(?:\s*{_MARKER})+", re.IGNORECASE)
_WELL_FORMED = re.compile(r"\[[0-9]{1,3}(?:[,，、] ?[0-9]{1,3})*\]")
_PARTIAL = re.compile(r"[\[［【〔〖][^\[\]［］【】〔〕〖〗。\n]{0,20}")

_STOP = r"(?:[。！？?…]|!(?!\[))+|\.(?=[\s\[\"'”’)）\u4e00-\u9fff]|$)"
"""A Latin stop counts only before a space, a mark or Chinese: 98.5% stays whole. ![ begins an image."""
_END = re.compile(rf"(?:{_STOP})[”’」』）)】》\"']*(?:\s*{_MARKER})*|\n", re.IGNORECASE)
_OPENERS, _CLOSERS = "（(“「『《", "）)”」』》"
_LONGEST = 600
"""Characters of one sentence; one that is longer is cut, so that a reply that never ends one can't grow."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A sentence of a reply with its markers; ``ends_line``: it is the last one of its line."""

    text: str
    ends_line: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What stands before a group of markers, and the numbers of the passages that they name."""

    text: str
    numbers: tuple[int, ...]


def cut(pieces: Iterable[str]) -> Iterator[Cut]:
    """Sentences of a reply, each as soon as the text goes on after it and its markers."""
    held = ""
    for piece in pieces:
        held += piece
        end = _end_of_sentence(held)
        while end:
            yield from _cut_at(held, end)
            held = held[end:]
            end = _end_of_sentence(held)
    yield from _cut_at(held + "\n", len(held) + 1)


def _cut_at(text: str, end: int) -> Iterator[Cut]:
    sentence = text[:end]
    if sentence.strip() or sentence.endswith("\n"):
        yield Cut(sentence.strip(), sentence.endswith("\n"))


def _end_of_sentence(text: str) -> int:
    """Where the first sentence of ``text`` ends, with its markers; 0 where that can't be told yet."""
    for match in _END.finditer(text):
        end = match.end()
        if match.group() == "\n":
            return end
        rest = text[end:].lstrip(" ")
        if not rest or _PARTIAL.fullmatch(rest):
            break
        if not _is_open(text[: match.end()]):
            # A line that ends right here ends with this sentence.
            return text.index("\n", end) + 1 if rest.startswith("\n") else end
    return _LONGEST if len(text) > _LONGEST else 0


def _is_open(text: str) -> bool:
    """Whether a bracket or quotation mark is still open."""
    depth = 0
    for character in text:
        if character in _OPENERS:
            depth += 1
        elif character in _CLOSERS:
            depth = max(0, depth - 1)
    return depth > 0


def read_markers(sentence: str, passages: int) -> tuple[Part, ...]:
    """The parts of a sentence, each with the passages it cites, which count from 1 to ``passages``.

    Raises UnsupportedError where nothing is cited, or something that isn't there, or in a form other
    than [n] or [n,m].
    """
    markers = _ANY.findall(sentence)
    wrong = [marker for marker in markers if not _WELL_FORMED.fullmatch(marker)]
    unknown = [marker for marker in markers if any(not 1 <= n <= passages for n in _numbers([marker]))]
    if wrong:
        raise UnsupportedError(f"引文标注的写法不合要求：{'、'.join(wrong)}")
    if unknown:
        raise UnsupportedError(f"引用了没有给出的段落：{'、'.join(unknown)}")
    if not markers:
        raise UnsupportedError("没有注明出处")
    return _parts(sentence)


def without_markers(sentence: str) -> str:
    """The sentence as it is shown where it is rejected: nothing in it looks like a citation."""
    return _GROUP.sub("", sentence).strip()


def _parts(sentence: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    start = 0
    for group in _GROUP.finditer(sentence):
        text = sentence[start : group.start()]
        numbers = tuple(dict.fromkeys(_numbers(_ANY.findall(group.group()))))
        if parts and not _says_something(text):
            former = parts.pop()
            parts.append(Part(former.text + text, tuple(dict.fromkeys((*former.numbers, *numbers)))))
        else:
            parts.append(Part(text, numbers))
        start = group.end()
    last = parts.pop()
    return (*parts, Part(last.text + sentence[start:], last.numbers))


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _numbers(markers: Sequence[str]) -> list[int]:
    return [int(number) for marker in markers for number in re.findall(r"\d+", marker)]
