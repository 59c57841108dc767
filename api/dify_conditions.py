"""Dify's ``metadata_condition``: which passages may be returned, by what is known of each.

https://docs.dify.ai/en/guides/knowledge-base/external-knowledge-api
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from index.catalogue import issue_key

Operator = Literal[
    "contains",
    "not contains",
    "start with",
    "end with",
    "is",
    "is not",
    "in",
    "not in",
    "empty",
    "not empty",
    "=",
    "≠",
    ">",
    "<",
    "≥",
    "≤",
    "before",
    "after",
]
OPERATORS: tuple[str, ...] = get_args(Operator)
VALUELESS = frozenset({"empty", "not empty"})
NUMERIC = frozenset({"=", "≠", ">", "<", "≥", "≤"})
DATED = frozenset({"before", "after"})

Field = Literal["title", "document", "place", "series", "issue", "issuer", "year", "date"]
FIELDS: tuple[str, ...] = get_args(Field)
OF_DOCUMENT = frozenset({"document", "series", "issue", "issuer", "year", "date"})
"""Fields that all passages of a document share."""
_NAMES: dict[str, Field] = {
    "标题": "title",
    "文件": "document",
    "地方": "place",
    "简报": "series",
    "期号": "issue",
    "单位": "issuer",
    "年份": "year",
    "日期": "date",
}

Metadata = Mapping[str, str | int | None]
"""By field. ``title`` is the article's, ``document`` the whole document's; ``year`` is a number, ``date`` ISO
8601; None where the bulletin doesn't say."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A field (any of several) and what is asked of it. An operator that denies must hold for all fields."""

    fields: tuple[Field, ...]
    operator: Operator
    values: tuple[str, ...] = ()

    def holds(self, metadata: Metadata) -> bool:
        """Whether a passage with this metadata may be returned. What isn't known meets only denials."""
        denial = _DENIALS.get(self.operator)
        if denial:
            return not any(self._meets(metadata.get(field), field, denial) for field in self.fields)
        return any(self._meets(metadata.get(field), field, self.operator) for field in self.fields)

    def _meets(self, known: str | int | None, field: Field, operator: Operator) -> bool:
        if operator == "not empty":
            return known not in {None, ""}
        if known is None:
            return False
        return any(
            _TESTS[operator](_comparable(str(known), field), _comparable(v, field)) for v in self.values
        )


def field_named(name: str) -> Field | None:
    """Field names as they are, in any case, or in Chinese."""
    found = name.strip().lower()
    return cast(Field, found) if found in FIELDS else _NAMES.get(found)


def number(text: str) -> float | None:
    """``2025``, ``2025年`` and ``第20期`` as numbers; None where there is none."""
    found = re.fullmatch(r"\s*第?\s*(-?\d+(?:\.\d+)?)\s*[年期]?\s*", text)
    return float(found[1]) if found else None


def day(text: str) -> datetime.date | None:
    """The first day that a date means: 2025-01-31, 2025-01, 2025, with or without a time, or seconds since
    1970 (UTC), as Dify's picker gives them. None where it is none of these."""
    text = text.strip()
    if re.fullmatch(r"\d{9,11}(\.\d+)?", text):
        return datetime.datetime.fromtimestamp(float(text), datetime.UTC).date()
    found = re.match(r"(\d{4})(?:\D(\d{1,2})(?:\D(\d{1,2}))?)?(?!\d)", text)
    try:
        return datetime.date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None
    except ValueError:
        return None


_DENIALS: dict[str, Operator] = {
    "not contains": "contains",
    "is not": "is",
    "not in": "in",
    "≠": "=",
    "empty": "not empty",
}


def _comparable(text: str, field: Field) -> str:
    """Issues are compared as the library does: 08, 8 and 第8期 are one."""
    return (issue_key(text) or text) if field == "issue" else text.strip()


def _by_number(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    def test(known: str, value: str) -> bool:
        left, right = number(known), number(value)
        return left is not None and right is not None and compare(left, right)

    return test


def _by_day(compare: Callable[[datetime.date, datetime.date], bool]) -> Callable[[str, str], bool]:
    def test(known: str, value: str) -> bool:
        left, right = day(known), day(value)
        return left is not None and right is not None and compare(left, right)

    return test


_TESTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda known, value: value in known,
    "start with": lambda known, value: known.startswith(value),
    "end with": lambda known, value: known.endswith(value),
    "is": lambda known, value: known == value,
    "in": lambda known, value: known == value,
    "=": _by_number(lambda known, value: known == value),
    ">": _by_number(lambda known, value: known > value),
    "<": _by_number(lambda known, value: known < value),
    "≥": _by_number(lambda known, value: known >= value),
    "≤": _by_number(lambda known, value: known <= value),
    "before": _by_day(lambda known, value: known < value),
    "after": _by_day(lambda known, value: known > value),
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """All of the conditions, or (``any_of``) one of them. None at all are always met."""

    conditions: Sequence[Condition] = ()
    any_of: bool = False

    def hold(self, metadata: Metadata) -> bool:
        """Whether a passage with this metadata may be returned."""
        if not self.conditions:
            return True
        return (any if self.any_of else all)(condition.holds(metadata) for condition in self.conditions)

    @property
    def of_document(self) -> Conditions:
        """What of them can be said of a document as a whole: it rules out no passage that they all let in."""
        if self.any_of:
            whole = all(OF_DOCUMENT.issuperset(condition.fields) for condition in self.conditions)
            return self if whole else Conditions()
        return Conditions([c for c in self.conditions if OF_DOCUMENT.issuperset(c.fields)])
