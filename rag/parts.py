"""A sentence that speaks of several places in turn is taken apart, so that what is said of one isn't looked
for under another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.places import Gazetteer
from rag.claims import Claim
from rag.marks import Span, overlaps, quoted_spans

_CLAUSE = re.compile(r"[，；,;：:。！？]")


def places_of(claims: Sequence[Claim]) -> tuple[str, ...]:
    """The places, full names, that the claims of a sentence name; provinces left out, for every sentence is
    of one."""
    places = [c for c in claims if c.kind == "place" and not c.key]
    return tuple(
        dict.fromkeys(name for c in places for name in c.names if not name.endswith(("省", "自治区")))
    )


def parts_by_place(sentence: str, gazetteer: Gazetteer, context: Sequence[str]) -> list[Span]:
    """Spans of a sentence: a new one begins with each clause that comes to another place."""
    starts = [0]
    quoted = quoted_spans(sentence)
    current: frozenset[str] | None = None
    mentions = [m for m in gazetteer.find(sentence, context=context) if not overlaps(m.start, m.end, quoted)]
    for clause_start, clause_end in _clauses(sentence):
        inside = [m for m in mentions if clause_start <= m.start < clause_end]
        names = frozenset(p.name for m in inside for p in m.places if p.level != "province")
        if not names:
            continue
        if current is not None and names.isdisjoint(current):
            starts.append(clause_start)
            current = names
        else:
            current = names if current is None else current | names
    return list(pairwise([*starts, len(sentence)]))


def _clauses(sentence: str) -> list[Span]:
    quoted = quoted_spans(sentence)
    ends = [m.end() for m in _CLAUSE.finditer(sentence) if not overlaps(m.start(), m.end(), quoted)]
    bounds = [0, *ends, len(sentence)]
    return [(a, b) for a, b in pairwise(bounds) if a < b]
