"""The format of the thesaurus: a table becomes groups, or its writer is told what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import tomli

from index.tokenize import normalise
from rag.errors import ThesaurusError

Role = Literal["same", "narrower", "lay", "english"]

ROLES: tuple[Role, ...] = ("same", "narrower", "lay", "english")
CHINESE = re.compile("[\u3400-\u9fff]")
ENGLISH_WORD = re.compile("[a-z0-9]+(?:'[a-z]+)?", re.IGNORECASE | re.ASCII)
_GROUP_HEADER = re.compile(r"\s*\[\[\s*group\s*\]\]")
_SYNTAX_PLACE = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class Group:
    """One notion. ``name`` is its official term and counts as the first of ``same``.

    ``same`` are near-equivalents, ``narrower`` its members or kinds, ``lay`` what people say,
    ``english`` glosses by which an English question reaches it.
    """

    name: str
    same: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    lay: tuple[str, ...] = ()
    english: tuple[str, ...] = ()

    def terms(self, role: Role) -> tuple[str, ...]:
        """The terms of one role, in the order of the file; the name leads ``same``."""
        return (self.name, *self.same) if role == "same" else tuple(getattr(self, role))


def read(path: Path) -> str:
    """The text of a user's file.

    Raises:
        ThesaurusError: it isn't there, may not be read or isn't UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ThesaurusError(f"{path}：应为 UTF-8 编码。请用记事本打开，另存为 UTF-8 后再试。") from error
    except OSError as error:
        raise ThesaurusError(f"{path}：读不到这份词表（{error.strerror}）。请检查路径和权限。") from error


def read_trusted(text: str) -> tuple[tuple[Group, ...], tuple[str, ...]]:
    """What `parse` returns, of a table that is known to be in the format: looking through the packaged ones
    takes three times as long as reading them, and is done when they are tested."""
    table: dict[str, Any] = tomli.loads(text)
    groups = (
        Group(entry["name"], *(tuple(entry.get(role, ())) for role in ROLES))
        for entry in table.get("group", [])
    )
    return tuple(groups), tuple(table.get("shields", []))


def parse(text: str, source: str) -> tuple[tuple[Group, ...], tuple[str, ...]]:
    """Groups and shields of a table in the format that ``rag/thesaurus/README.md`` describes.

    Raises:
        ThesaurusError: it isn't; the message names ``source``, line and group, and says what to do.
    """
    try:
        table = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        place = _SYNTAX_PLACE.search(str(error))
        line = f"第 {place[1]} 行" if place else "末尾"
        raise ThesaurusError(
            f"{source} {line}：不合 TOML 写法。请检查引号、逗号、方括号是否成对且为英文符号（{error}）。"
        ) from error
    unknown = sorted(table.keys() - {"group", "shields"})
    if unknown:
        raise ThesaurusError(
            f"{source}：顶层只认 [[group]] 和 shields，却有 {'、'.join(unknown)}。请改正或删去。"
        )
    shields = _terms(table.get("shields", []), f"{source} 的 shields")
    entries = table.get("group", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ThesaurusError(
            f"{source}：每组应以 [[group]]（两层方括号）开头。请照 rag/thesaurus/README.md 里的样子改。"
        )
    headers = [number for number, line in enumerate(text.split("\n"), 1) if _GROUP_HEADER.match(line)]
    if len(headers) != len(entries):
        headers = [0] * len(entries)
    return _groups(entries, headers, source), shields


def _groups(entries: list[dict[str, object]], lines: list[int], source: str) -> tuple[Group, ...]:
    groups: dict[str, Group] = {}
    seen_at: dict[str, str] = {}
    places: list[str] = []
    for number, (entry, line) in enumerate(zip(entries, lines, strict=True), 1):
        where = f"{source} 第 {line} 行起的第 {number} 组" if line else f"{source} 第 {number} 组"
        group = _group(entry, where)
        if group.name in groups:
            raise ThesaurusError(
                f"{where}：组名“{group.name}”与{seen_at[group.name]}重复。请合并成一组或改名。"
            )
        groups[group.name], seen_at[group.name] = group, f"第 {line} 行" if line else f"第 {number} 组"
        places.append(f"{where}“{group.name}”")
    _refuse_repeats(list(groups.values()), places)
    return tuple(groups.values())


def _group(entry: dict[str, object], where: str) -> Group:
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ThesaurusError(f'{where}：应有 name = "组名"，却是 {name!r}。请补上组名。')
    where = f"{where}“{name}”"
    (name,) = _terms([name], f"{where}的组名")
    unknown = sorted(entry.keys() - {"name", *ROLES})
    if unknown:
        raise ThesaurusError(
            f"{where}：只认 name、{'、'.join(ROLES)}，却有 {'、'.join(unknown)}。请改正或删去。"
        )
    lists = {role: _terms(entry.get(role, []), f"{where}的 {role}") for role in ROLES}
    if not any(lists.values()):
        raise ThesaurusError(f"{where}：组里没有词。same、narrower、lay、english 至少写一项，或删去这组。")
    return Group(name, **lists)


def _terms(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(term, str) for term in value):
        raise ThesaurusError(
            f'{where}：应是方括号里加引号的词，如 ["夜校", "晚上上课"]，却是 {value!r}。请改正。'
        )
    terms = tuple(term.strip() for term in value)
    if broken := [term for term in terms if "\n" in term]:
        raise ThesaurusError(f"{where}：一个词应写在一行里，却有 {broken[0]!r}。请去掉换行。")
    short = [term for term in terms if len(term) < 2]
    if short:
        raise ThesaurusError(f"{where}：每个词至少两个字，却有“{short[0]}”。一个字会到处命中，请改长或删去。")
    return terms


def _refuse_repeats(groups: Sequence[Group], places: Sequence[str]) -> None:
    """``places``: where each group stands."""
    keys = term_keys({term: None for group in groups for role in ROLES for term in group.terms(role)})
    for group, where in zip(groups, places, strict=True):
        seen: set[str] = set()
        for term in (term for role in ROLES for term in group.terms(role)):
            if keys[term] in seen:
                raise ThesaurusError(f"{where}：“{term}”写了不止一次（组名也算）。请只留一处。")
            seen.add(keys[term])


def term_keys(terms: Iterable[str]) -> dict[str, str]:
    """By what each of these (each once, without line breaks) is looked up: normalised; English by the
    singulars of its words."""
    terms = list(terms)
    # all at once: a call of the simplifier takes longer than the words in it
    plain = normalise("\n".join(terms)).split("\n")
    return {term: _key(each) for term, each in zip(terms, plain, strict=True)} if terms else {}


def _key(plain: str) -> str:
    if not plain.isascii():
        return plain
    is_plain = plain.replace(" ", "").isalnum()  # splitting takes a fifth of the time
    words = plain.split() if is_plain else ENGLISH_WORD.findall(plain)
    return " ".join(map(singular, words)) or plain


def singular(word: str) -> str:
    """An English word in lower case without the ending of the plural: regular plurals only."""
    if not word.endswith("s"):
        return word
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
