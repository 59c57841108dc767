"""The nouns of the draft check. Offsets count code points of the draft's text, half open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rag.claims import ClaimKind
from rag.types import Citation

Verdict = Literal["consistent", "inconsistent", "not_found"]
"""一致, 不一致, 未见: the bulletins say so too, they say otherwise, they don't say."""
FindingKind = ClaimKind | Literal["sentence"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one claim: ``draft.text[start:end] == text``.

    ``found`` is the bulletin's wording of it, empty where it has none; ``note`` says in words what a person
    should know (a modifier was lost, the name stands elsewhere). Only what was found is cited.
    """

    kind: FindingKind
    verdict: Verdict
    start: int
    end: int
    text: str
    found: str = ""
    note: str = ""
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of the draft: inconsistent where a finding is, consistent where there are findings and all
    are, else not found."""

    start: int
    end: int
    text: str
    verdict: Verdict
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """``text`` is what was read of the draft; ``counts`` are of findings, ``sentence_counts`` of
    sentences."""

    text: str
    sentences: tuple[CheckedSentence, ...]
    counts: Mapping[Verdict, int]
    sentence_counts: Mapping[Verdict, int]
    snapshot: str
    took_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for sentence in self.sentences for finding in sentence.findings)
