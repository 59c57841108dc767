"""Whether a piece says that something was done, or the contrary, as the bulletin does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index import tokenize
from rag.checking.findings import Comparison
from rag.checking.types import Finding
from rag.claims import Claim, find_negations, is_strong
from rag.polarity import contraries, denies

_LEAST_SHARED = 0.5
_UNSEEN = "简报中未见这样的否定"
_CLAUSE_END = re.compile(r"[，。；！？,;]")


def check_polarity(comparison: Comparison) -> Iterator[Finding]:
    """A finding for each denial, and for what is the contrary of the sentence at hand."""
    home = comparison.home
    if home is None or not home.is_near:
        denials = (claim for claim in comparison.piece.claims if claim.kind == "negation")
        yield from (comparison.finding(claim, "not_found", note=_UNSEEN) for claim in denials)
        return
    citation = comparison.nearest_sentence(home.source)
    for claim in comparison.piece.claims:
        if claim.kind != "negation" or denies(claim, citation.quote):
            continue
        if _is_of_this(comparison, claim, citation.quote) and not find_negations(citation.quote):
            note = "稿中是否定的说法，简报没有这样说"
            yield comparison.finding(claim, "inconsistent", citation.quote, note, citation)
        else:
            yield comparison.finding(claim, "not_found", note=_UNSEEN)
    for contrary in contraries(comparison.piece.text, citation.quote):
        text = comparison.piece.text[contrary.start : contrary.end]
        claim = Claim("negation", contrary.start, contrary.end, text)
        note = "简报是否定的说法" if contrary.by_denial else "说法相反"
        yield comparison.finding(claim, "inconsistent", contrary.other, note, citation)


def _is_of_this(comparison: Comparison, claim: Claim, quote: str) -> bool:
    """Whether what is denied is what the sentence at hand says."""
    denied = _CLAUSE_END.split(comparison.piece.text[claim.end :])[0]
    coverage = comparison.home.coverage if comparison.home else 0.0
    return _shared(denied, quote) >= _LEAST_SHARED or (is_strong(claim) and coverage >= _LEAST_SHARED)


def _shared(text: str, other: str) -> float:
    """The share of the content words of ``text`` that stand in ``other``."""
    words = [w for run in tokenize.content_runs(tokenize.normalise(text)) for w in run if len(w) > 1]
    plain = tokenize.normalise(other)
    return sum(word in plain for word in words) / len(words) if words else 0.0
