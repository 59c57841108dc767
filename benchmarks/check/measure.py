"""How well the draft check tells wrong sentences from true ones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.check import Checker
from rag.checking.types import Finding

FOLDER = Path(__file__).parent
SETS = ("first", "unseen", "spoken")


@dataclass(frozen=True, slots=True)
class Planted:
    """A true sentence about the sample bulletins, and the same with one error, at ``planted``."""

    id: str
    kind: str
    true: str
    wrong: str
    planted: str


@dataclass(frozen=True, slots=True)
class Plain:
    """A sentence without an error: with rewritten numerals, or of something the bulletins don't say."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """``flagged``: some finding is inconsistent; ``at_place``: one that touches the planted error;
    ``confirmed``: every finding is consistent."""

    id: str
    kind: str
    text: str
    flagged: bool
    at_place: bool
    confirmed: bool
    findings: tuple[Finding, ...]


def read_planted(name: str) -> list[Planted]:
    return [Planted(**row) for row in _rows("planted", name)]


def read_plain(sort: str, name: str) -> list[Plain]:
    """``sort``: rewritten or unsaid."""
    return [Plain(**row) for row in _rows(sort, name)]


def outcome(checker: Checker, id_: str, kind: str, text: str, planted: str = "") -> Outcome:
    """What the check says of a text."""
    findings = checker.check(text).findings
    wrong = [f for f in findings if f.verdict == "inconsistent"]
    at = text.find(planted) if planted else -1
    touches = any(f.start < at + len(planted) and at < f.end for f in wrong) if planted else False
    confirmed = all(f.verdict == "consistent" for f in findings)
    return Outcome(id_, kind, text, bool(wrong), touches, confirmed, findings)


def measure(checker: Checker, name: str) -> dict[str, list[Outcome]]:
    """Outcomes by column: planted errors, the same sentences without them, rewritten numerals,
    things unsaid."""
    planted = read_planted(name)
    return {
        "planted": [outcome(checker, p.id, p.kind, p.wrong, p.planted) for p in planted],
        "true": [outcome(checker, p.id, p.kind, p.true) for p in planted],
        "rewritten": [outcome(checker, p.id, "rewritten", p.text) for p in read_plain("rewritten", name)],
        "unsaid": [outcome(checker, p.id, "unsaid", p.text) for p in read_plain("unsaid", name)],
    }


def flagged(outcomes: Sequence[Outcome]) -> int:
    return sum(o.flagged for o in outcomes)


def _rows(sort: str, name: str) -> list[dict[str, str]]:
    path = FOLDER / (f"{sort}.jsonl" if name == "first" else f"{sort}_{name}.jsonl")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
