"""Bridges the words people ask with and the words bulletins are written in (the tables in ``thesaurus/``).

A question says 送外卖的, the bulletin 网约配送员; a question says "night school", the bulletin 市民夜校.
``Thesaurus.expand`` finds the terms in a question and names what else to look for, and how surely.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from rag.standing import TermFinder
from rag.thesaurus_file import (
    CHINESE,
    ENGLISH_WORD,
    ROLES,
    Group,
    Role,
    parse,
    read,
    read_trusted,
    singular,
    term_keys,
)

_TARGETS: tuple[Role, ...] = ("same", "narrower", "lay")
_STRENGTHS: Mapping[Role, tuple[float, float, float]] = MappingProxyType(
    {
        "same": (1.0, 0.8, 0.7),
        "english": (1.0, 0.8, 0.7),
        "lay": (0.7, 0.7, 0.7),
        "narrower": (0.8, 0.4, 0.4),
    }
)
_LEAST_WITHIN = 3
"""Characters of a term that counts inside an everyday saying: shorter ones are too general there."""
_GAPS = frozenset({" ", "-", "' ", "’ "})
"""What may stand between the words of an English phrase (delivery riders' stations)."""
_MOST_BETWEEN = 3
"""Characters between the parts of a term that a question parts (晚上给大人上课)."""

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
    _members: Mapping[str, Sequence[_Member]] = field(init=False, repr=False, compare=False)
    _keys: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _finder: TermFinder = field(init=False, repr=False, compare=False)
    _longest_english: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keys = term_keys({t: None for group in self.groups for role in ROLES for t in group.terms(role)})
        members = _members_of(self.groups, keys)
        chinese = {key for key in members if CHINESE.search(key)}
        english = [key.count(" ") + 1 for key in members if key not in chinese]
        chinese.update(term_keys(dict.fromkeys(self.shields)).values())
        object.__setattr__(self, "_members", MappingProxyType(members))
        object.__setattr__(self, "_keys", MappingProxyType(keys))
        object.__setattr__(self, "_finder", TermFinder(frozenset(chinese)))
        object.__setattr__(self, "_longest_english", max(english, default=0))

    def expand(self, text: str, *, parted: bool = True) -> tuple[Expansion, ...]:
        """The terms that stand in ``text`` (normalised by ``index.tokenize.normalise``) and their kin.

        Of terms that overlap the longest counts, of equally long ones the first; an everyday saying doesn't
        hide a term of three characters or more that it holds. A term yields for every group it belongs to,
        one expansion for each strength, strongest first; terms come as they stand in the text, each once.
        English is matched by whole words, in any case, singular or plural. ``parted``: sayings of four
        characters or more may stand in two parts (晚上给大人上课); ``found`` then has what is between too.
        """
        spans = sorted([*self._chinese_spans(text), *self._english_spans(text)])
        if parted:
            spans += self._parted_spans(text, spans)
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
        taken = [False] * len(text)
        saying_at: list[str] = [""] * len(text)
        for place, term in sorted(self._finder.find(text), key=lambda pair: (-len(pair[1]), pair[0])):
            end = place + len(term)
            if any(taken[place:end]):
                if self._is_said_within(term, set(saying_at[place:end])):
                    saying_at[place:end] = [""] * len(term)
                    yield place, end, term
                continue
            taken[place:end] = [True] * len(term)
            if term in self._members:
                saying_at[place:end] = [term if self._is_saying(term) else ""] * len(term)
                yield place, end, term

    def _parted_spans(self, text: str, whole: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
        """Everyday sayings with a few characters in between (晚上给大人上课), where none that stands whole
        (``whole``) says otherwise. An official term with something in between is another (文明实践分中心)."""
        known = {key for _, _, key in whole}
        return [
            (bounds[0], bounds[3], term)
            for bounds, term in self._finder.find_parted(text, _MOST_BETWEEN)
            if term in self._members
            and self._is_saying(term)
            and term not in known
            and not any(start < bound < end for bound in bounds for start, end, _ in whole)
        ]

    def _is_saying(self, term: str) -> bool:
        return all(member.role == "lay" for member in self._members[term])

    def _is_said_within(self, term: str, sayings: set[str]) -> bool:
        """Whether ``term`` stands whole in one everyday saying (打官司 in 帮打官司) and adds a group."""
        if len(term) < _LEAST_WITHIN or len(sayings) != 1 or "" in sayings or term not in self._members:
            return False
        known = {member.group.name for saying in sayings for member in self._members[saying]}
        return any(member.group.name not in known for member in self._members[term])

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
            if " ".join(singulars[first:last]) in self._members and all(g in _GAPS for g in gaps):
                return last
        return first


def load_thesaurus(path: Path | None = None) -> Thesaurus:
    """The packaged thesaurus (all tables of ``rag/thesaurus``), with the groups of the user's file at
    ``path`` added to it; a group of the same name there takes the packaged one's place. Shields add up.

    Raises:
        ThesaurusError: the user's file can't be read, or is not in the format that
            ``rag/thesaurus/README.md`` describes; the message names file, line and group.
    """
    folder = files("rag") / "thesaurus"
    tables = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda f: f.name)
    parsed = [read_trusted(table.read_text(encoding="utf-8")) for table in tables]
    if path is not None:
        parsed.append(parse(read(path), str(path)))
    groups = {group.name: group for table_groups, _ in parsed for group in table_groups}
    return Thesaurus(tuple(groups.values()), tuple(word for _, shields in parsed for word in shields))


def _members_of(groups: Iterable[Group], keys: Mapping[str, str]) -> dict[str, list[_Member]]:
    members: dict[str, list[_Member]] = defaultdict(list)
    for group in groups:
        for role in ROLES:
            member = _Member(group, role)
            for term in group.terms(role):
                members[keys[term]].append(member)
    return dict(members)
