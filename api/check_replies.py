"""What ``POST /v1/check`` takes and gives. Offsets count Unicode code points of the reply's ``text``, half
open."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.check_words import KIND_WORDS, VERDICT_WORDS
from api.replies import CitationOut
from rag.checking.types import DraftCheck, Finding, FindingKind, Verdict


class DraftIn(BaseModel):
    """要核对的稿件。"""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, StringConstraints(strict=True)] = Field(
        description="稿件全文", examples=["灌南县选派240名文明实践指导员。"]
    )


class FindingOut(BaseModel):
    """核对的一处：text[start:end] 是稿中的写法，found 是简报的写法；查到出处的有引文。"""

    kind: FindingKind
    kind_name: str
    verdict: Verdict
    verdict_name: str
    start: int
    end: int
    text: str
    found: str
    note: str
    citation: CitationOut | None


class CheckedSentenceOut(BaseModel):
    """稿件的一句：有一处不一致即不一致，处处一致为一致，其余为未见。"""

    text: str
    start: int
    end: int
    verdict: Verdict


class CheckSummary(BaseModel):
    """各判定的数目：findings 按处，sentences 按句。"""

    findings: dict[Verdict, int]
    sentences: dict[Verdict, int]


class CheckOut(BaseModel):
    """核稿结果。consistent 一致，inconsistent 不一致，not_found 未见（简报没有说，不等于错）。"""

    id: str
    text: str
    source_name: str | None
    summary: CheckSummary
    sentences: list[CheckedSentenceOut]
    findings: list[FindingOut]
    warnings: list[str]
    snapshot: str
    took_ms: dict[str, float]


def check_out(check: DraftCheck, source_name: str | None = None, warnings: tuple[str, ...] = ()) -> CheckOut:
    """A check as the service and ``--json`` give it."""
    return CheckOut(
        id=uuid.uuid4().hex,
        text=check.text,
        source_name=source_name,
        summary=CheckSummary(findings=dict(check.counts), sentences=dict(check.sentence_counts)),
        sentences=[
            CheckedSentenceOut(text=s.text, start=s.start, end=s.end, verdict=s.verdict)
            for s in check.sentences
        ],
        findings=[_finding_out(finding) for finding in check.findings],
        warnings=list(warnings),
        snapshot=check.snapshot,
        took_ms=dict(check.took_ms),
    )


def _finding_out(finding: Finding) -> FindingOut:
    citation = CitationOut(**asdict(finding.citation)) if finding.citation else None
    return FindingOut(
        kind=finding.kind,
        kind_name=KIND_WORDS[finding.kind],
        verdict=finding.verdict,
        verdict_name=VERDICT_WORDS[finding.verdict],
        start=finding.start,
        end=finding.end,
        text=finding.text,
        found=finding.found,
        note=finding.note,
        citation=citation,
    )
