"""Bridges the words people ask with and the words bulletins are written in (``thesaurus.toml``).

A question says 送外卖的, the bulletin 网约配送员; a question says "night school", the bulletin 市民夜校.
``Thesaurus.expand`` finds the terms in a question and names what else to look for, and how surely.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from index.tokenize import normalise
from rag.thesaurus_file import CHINESE, ENGLISH_WORD, ROLES, Group, Role, parse, read, singular, term_key

_TARGETS: tuple[Role, ...] = ("same", "narrower", "lay")
_STRENGTHS: Mapping[Role, tuple[float, float, float]] = MappingProxyType(
    {
        "same": (1.0, 0.8, 0.7),
        "english": (1.0, 0.8, 0.7),
        "lay": (0.7, 0.7, 0.7),
        "narrower": (0.8, 0.4, 0.4),
    }
)


__all__ = ["Expansion", "Group", "Thesaurus", "load_thesaurus"]


@dataclass(frozen=True, slots=True)
class Expansion:
    """``found`` stands in the text (as written there) and belongs to ``group``; ``terms`` are the other
    Chinese terms to look for, none of them ``found``, in the order of the file.

    ``strength``: 1.0 another word for the same, 0.8 a member of it or the class it is a member of, 0.7
    an everyday saying for it or the reverse, 0.4 another member of the same class.
    """

    found: str
    group: str
    terms: tuple[str, ...]
    strength: float


@dataclass(frozen=True, slots=True)
class _Member:
    group: Group
    role: Role


@dataclass(frozen=True)
class Thesaurus:
    """Immutable; may be shared by threads. ``shields`` are words that take their characters away from
    terms that only seem to stand there (其中医疗 holds 其中 and 医疗, no 中医); they yield nothing."""

    groups: tuple[Group, ...]
    shields: tuple[str, ...] = ()
    _members: Mapping[str, tuple[_Member, ...]] = field(init=False, repr=False, compare=False)
    _keys: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _by_start: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _longest_english: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keys = {t: term_key(t) for group in self.groups for role in ROLES for t in group.terms(role)}
        members = _members_of(self.groups, keys)
        english = [key.count(" ") + 1 for key in members if not CHINESE.search(key)]
        chinese = {key for key in members if CHINESE.search(key)} | set(map(normalise, self.shields))
        object.__setattr__(self, "_members", MappingProxyType(members))
        object.__setattr__(self, "_keys", MappingProxyType(keys))
        object.__setattr__(self, "_by_start", MappingProxyType(_by_start(chinese)))
        object.__setattr__(self, "_longest_english", max(english, default=0))

    def expand(self, text: str) -> tuple[Expansion, ...]:
        """The terms that stand in ``text`` (normalised by ``index.tokenize.normalise``) and their kin.

        Of terms that overlap the longest counts, of equally long ones the first. A term yields for every
        group it belongs to, one expansion for each strength, strongest first; terms come as they stand in
        the text, each once. English is matched by whole words, in any case, singular or plural.
        """
        spans = sorted([*self._chinese_spans(text), *self._english_spans(text)])
        found: dict[str, str] = {}
        for start, end, key in spans:
            found.setdefault(key, text[start:end])
        return tuple(
            expansion
            for key, written in found.items()
            for member in self._members[key]
            for expansion in self._kin(written, key, member)
        )

    def _kin(self, written: str, key: str, member: _Member) -> Iterator[Expansion]:
        by_strength: dict[float, list[str]] = {}
        for target, strength in zip(_TARGETS, _STRENGTHS[member.role], strict=True):
            by_strength.setdefault(strength, []).extend(member.group.terms(target))
        for strength, terms in sorted(by_strength.items(), reverse=True):
            others = tuple(term for term in terms if self._keys[term] != key)
            if others:
                yield Expansion(written, member.group.name, others, strength)

    def _chinese_spans(self, text: str) -> Iterator[tuple[int, int, str]]:
        standing = [
            (place, term)
            for place in range(len(text) - 1)
            for term in self._by_start.get(text[place : place + 2], ())
            if text.startswith(term, place)
        ]
        taken = [False] * len(text)
        for place, term in sorted(standing, key=lambda pair: (-len(pair[1]), pair[0])):
            end = place + len(term)
            if any(taken[place:end]):
                continue
            taken[place:end] = [True] * len(term)
            if term in self._members:
                yield place, end, term

    def _english_spans(self, text: str) -> Iterator[tuple[int, int, str]]:
        words = list(ENGLISH_WORD.finditer(text))
        singulars = [singular(word.group().lower()) for word in words]
        first = 0
        while first < len(words):
            last = self._phrase_end(text, words, singulars, first)
            if last > first:
                key = " ".join(singulars[first:last])
                yield words[first].start(), words[last - 1].end(), key
            first = max(last, first + 1)

    def _phrase_end(self, text: str, words: list[re.Match[str]], singulars: list[str], first: int) -> int:
        """One past the last word of the longest term that starts at ``first``; ``first`` where none does."""
        reach = min(first + self._longest_english, len(words))
        for last in range(reach, first, -1):
            gaps = (text[words[i].end() : words[i + 1].start()] for i in range(first, last - 1))
            # A comma between two words parts them: "night, school" is no night school.
            if " ".join(singulars[first:last]) in self._members and all(g in {" ", "-"} for g in gaps):
                return last
        return first


def load_thesaurus(path: Path | None = None) -> Thesaurus:
    """The packaged thesaurus, with the groups of the user's file at ``path`` added to it; a group of the
    same name there takes the packaged one's place. Shields add up.

    Raises:
        ThesaurusError: the user's file can't be read, or is not in the format that the head of
            ``thesaurus.toml`` describes; the message names file, line and group.
    """
    packaged = (files("rag") / "thesaurus.toml").read_text(encoding="utf-8")
    groups, shields = parse(packaged, "thesaurus.toml")
    if path is None:
        return Thesaurus(groups, shields)
    own_groups, own_shields = parse(read(path), str(path))
    merged = {group.name: group for group in (*groups, *own_groups)}
    return Thesaurus(tuple(merged.values()), (*shields, *own_shields))


def _members_of(groups: Iterable[Group], keys: Mapping[str, str]) -> dict[str, tuple[_Member, ...]]:
    members: dict[str, tuple[_Member, ...]] = {}
    for group in groups:
        for role in ROLES:
            for term in group.terms(role):
                key = keys[term]
                members[key] = (*members.get(key, ()), _Member(group, role))
    return members


def _by_start(terms: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Terms by their first two characters, longest first."""
    starts: dict[str, list[str]] = {}
    for term in sorted(terms, key=lambda term: (-len(term), term)):
        starts.setdefault(term[:2], []).append(term)
    return {start: tuple(candidates) for start, candidates in starts.items()}
