"""Findings about one piece of a draft, with the sentence of the bulletins that each rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.bulletin import page_at
from index.types import DocumentRecord
from rag.checking.draft import Piece
from rag.checking.sources import Found, Source
from rag.checking.types import Finding, FindingKind, Verdict
from rag.claims import Claim
from rag.reference import reference
from rag.types import Citation


@dataclass(slots=True)
class Citer:
    """Numbers the sentences that are cited, each once."""

    records: dict[str, DocumentRecord]
    _known: dict[tuple[str, int, int], Citation] = field(default_factory=dict)

    def cite(self, source: Source, start: int, end: int) -> Citation:
        """``start`` and ``end`` count in the document."""
        document, passage = source.document, source.passage
        key = (document.id, start, end)
        if key not in self._known:
            page = page_at(document, start)
            line = reference(self.records[document.id], page)
            quote = document.text[start:end]
            number = len(self._known) + 1
            self._known[key] = Citation(number, passage.id, document.id, quote, start, end, line, page)
        return self._known[key]

    def sentence(self, source: Source, offset: int) -> Citation:
        """The sentence around an offset of the passage's text."""
        start, end = source.sentence_at(offset)
        return self.cite(source, source.passage.start + start, source.passage.start + end)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A piece, what it draws on (None: nothing that is near enough), the rest of that article, and what else
    came up."""

    piece: Piece
    home: Found | None
    article: tuple[Source, ...]
    others: tuple[Found, ...]
    citer: Citer

    @property
    def pool(self) -> Sequence[Source]:
        """The passages of the article, the best first."""
        return (self.home.source, *self.article) if self.home else ()

    def finding(
        self,
        claim: Claim,
        verdict: Verdict,
        found: str = "",
        note: str = "",
        citation: Citation | None = None,
        kind: FindingKind | None = None,
    ) -> Finding:
        """About a claim of the piece."""
        start = self.piece.start + claim.start
        return Finding(
            kind or claim.kind, verdict, start, start + len(claim.text), claim.text, found, note, citation
        )

    def nearest_sentence(self, source: Source) -> Citation:
        """The sentence of a passage that shares the most character pairs with the piece."""
        from index.tokenize import bigrams

        mine = set(bigrams(self.piece.text))
        text = source.passage.text
        best = max(source.sentences, key=lambda s: len(mine & set(bigrams(text[s[0] : s[1]]))))
        return self.citer.sentence(source, best[0])
