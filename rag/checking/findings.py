"""Findings about one piece of a draft, with the sentence of the bulletins that each rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.pages import page_at
from corpus.types import Article, Document, ParsedDocument, Passage
from index.errors import DocumentNotFoundError
from index.tokenize import bigrams
from index.types import DocumentRecord
from rag.checking.bulletins import Author, BulletinReference
from rag.checking.draft import Piece
from rag.checking.sources import Found, Source, SourceFinder
from rag.checking.types import Finding, FindingKind, Verdict
from rag.claims import Claim
from rag.dates import find_dates
from rag.reference import reference, short_reference
from rag.types import Citation

MASTHEAD = 400
"""Characters of a document in which its masthead stands."""


@dataclass(slots=True)
class Citer:
    """Numbers the sentences that are cited, each once."""

    records: dict[str, DocumentRecord]
    _known: dict[tuple[str, int, int], Citation] = field(default_factory=dict)

    def cite(self, document: Document, passage: Passage, start: int, end: int) -> Citation:
        """``start`` and ``end`` count in the document."""
        key = (document.id, start, end)
        if key not in self._known:
            page = page_at(document, start)
            record = self.records.get(document.id)
            if record is None:
                raise DocumentNotFoundError(f"{document.id} 是刚刚收入的，请再核对一次。")
            self._known[key] = Citation(
                len(self._known) + 1,
                passage.id,
                document.id,
                document.text[start:end],
                start,
                end,
                reference(record, page),
                page,
                short_reference(record),
            )
        return self._known[key]

    def line(self, document: Document, passage: Passage, offset: int) -> Citation:
        """The line of the document around ``offset``: for what stands outside passages (masthead, author)."""
        start = document.text.rfind("\n", 0, offset) + 1
        end = document.text.find("\n", offset)
        return self.cite(document, passage, start, end if end >= 0 else len(document.text))

    def masthead(self, document: Document, passage: Passage) -> Citation:
        """The line that gives a bulletin's day, else its first one."""
        dates = [date for date in find_dates(document.text[:MASTHEAD]) if date.day]
        return self.line(document, passage, dates[0].start if dates else 0)

    def sentence(self, source: Source, offset: int) -> Citation:
        """The sentence around an offset of the passage's text."""
        start, end = source.sentence_at(offset)
        begin = source.passage.start
        return self.cite(source.document, source.passage, begin + start, begin + end)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A piece, what it draws on (None: nothing that is near enough), the rest of that article, what else came
    up, the bulletin that it names, and who wrote for the bulletins."""

    piece: Piece
    home: Found | None
    article: tuple[Source, ...]
    others: tuple[Found, ...]
    citer: Citer
    finder: SourceFinder
    reference: BulletinReference
    named_document: ParsedDocument | None
    authors: tuple[Author, ...]

    @property
    def pool(self) -> Sequence[Source]:
        """The passages of the article, the best first."""
        return (self.home.source, *self.article) if self.home else ()

    def named_article(self, names: Sequence[str]) -> Article | None:
        """The article about one of ``names`` in the bulletin that the piece names."""
        articles = self.named_document.articles if self.named_document else ()
        return next((a for a in articles if a.place in names), None)

    def title_line(self, article: Article) -> Citation:
        """The title of an article of the bulletin that the piece names."""
        assert self.named_document
        passages = self.named_document.passages
        passage = next((p for p in passages if p.article == article.ordinal), passages[0])
        return self.citer.line(self.named_document.document, passage, article.start)

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
        mine = set(bigrams(self.piece.text))
        text = source.passage.text
        best = max(source.sentences, key=lambda s: len(mine & set(bigrams(text[s[0] : s[1]]))))
        return self.citer.sentence(source, best[0])
