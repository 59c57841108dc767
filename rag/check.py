"""核稿: a draft is looked up in the bulletins, sentence by sentence and claim by claim."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence

from corpus.places import Gazetteer
from index.library import Library
from rag.checking.bulletins import Author, find_authors, read_reference
from rag.checking.draft import Draft, Piece, is_heading, read_draft
from rag.checking.figures import check_figures
from rag.checking.findings import Citer, Comparison
from rag.checking.names import check_names
from rag.checking.places import check_carried_place, check_dates, check_places, check_reference
from rag.checking.polarity import check_polarity
from rag.checking.sources import Found, SourceFinder
from rag.checking.types import CheckedSentence, DraftCheck, Finding, Verdict
from rag.errors import DraftError
from rag.steady import steadily

LONGEST_DRAFT = 50_000
"""Characters. A speech of an hour has about 10,000."""
_PLACE_MARGIN = 0.25
_AT_ONCE = 32
"""Pieces whose vectors are computed together, fewer than the library keeps."""
_VERDICTS: tuple[Verdict, ...] = ("consistent", "inconsistent", "not_found")


class Checker:
    """Checks drafts against a library. Thread-safe."""

    def __init__(self, library: Library, gazetteer: Gazetteer) -> None:
        self._library = library
        self._gazetteer = gazetteer

    def check(self, text: str) -> DraftCheck:
        """Every figure, date, place, name, title, quotation and denial of ``text``, each with its verdict.
        Raises DraftError where there is nothing to check, or more than ``LONGEST_DRAFT`` characters."""
        _refuse(text)
        return steadily(self._library, lambda: self._checked(text))

    def _checked(self, text: str) -> DraftCheck:
        started = time.perf_counter()
        snapshot = self._library.snapshot
        records = {record.id: record for record in self._library.documents()}
        articles = self._library.articles()
        known = [r.issuer for r in records.values()] + [article.place for article in articles]
        draft = read_draft(text, self._gazetteer, list(dict.fromkeys(name for name in known if name)))
        finder, citer = SourceFinder(self._library, self._gazetteer), Citer(records)
        authors = find_authors(articles)
        findings: dict[int, list[Finding]] = {}
        for number, piece in enumerate(draft.pieces):
            if number % _AT_ONCE == 0:
                following = draft.pieces[number : number + _AT_ONCE]
                self._library.prepare([p.text for p in following if p.claims])
            findings.setdefault(piece.sentence, []).extend(self._check_piece(piece, finder, citer, authors))
        sentences = tuple(_sentence(draft, n, findings.get(n, [])) for n in range(len(draft.sentences)))
        told = Counter(f.verdict for s in sentences for f in s.findings)
        of_sentences = Counter(s.verdict for s in sentences)
        return DraftCheck(
            text,
            sentences,
            {v: told[v] for v in _VERDICTS},
            {v: of_sentences[v] for v in _VERDICTS},
            snapshot,
            {"total": round(1000 * (time.perf_counter() - started), 1)},
        )

    def _check_piece(
        self, piece: Piece, finder: SourceFinder, citer: Citer, authors: tuple[Author, ...]
    ) -> list[Finding]:
        if not piece.claims:
            return []
        reference = read_reference(piece, list(citer.records.values()))
        named = self._library.document(reference.record.id) if reference.record else None
        found = finder.find(piece, named.document.id if named else None)
        home = _home(piece, found)
        article = tuple(finder.neighbours(home.source)) if home else ()
        others = tuple(f for f in found if f is not home)
        comparison = Comparison(piece, home, article, others, citer, finder, reference, named, authors)
        return sorted(_findings(comparison), key=lambda finding: (finding.start, finding.end))


def _refuse(text: str) -> None:
    if not text.strip():
        raise DraftError("稿件是空的，没有可核对的文字。请贴上稿件，或换一个文件。")
    if len(text) > LONGEST_DRAFT:
        raise DraftError(f"稿件有 {len(text)} 字，一次最多核对 {LONGEST_DRAFT} 字。请分成几次核对。")


def _findings(comparison: Comparison) -> Iterator[Finding]:
    yield from check_reference(comparison)
    yield from check_places(comparison)
    yield from check_carried_place(comparison)
    yield from check_dates(comparison)
    yield from check_figures(comparison)
    yield from check_names(comparison)
    yield from check_polarity(comparison)


def _home(piece: Piece, found: Sequence[Found]) -> Found | None:
    """What the piece draws on: the best that is near enough; one of its own place, unless another place's is
    surely meant."""
    near = [f for f in found if f.is_near or f.facts]
    if not near:
        return None
    places = set(piece.places or piece.carried)
    best = near[0]
    if not places or places & best.source.places:
        return best
    inside = next((f for f in near if places & f.source.places), None)
    if best.is_strong and (inside is None or best.score - inside.score > _PLACE_MARGIN):
        return best
    if inside is None and piece.places:
        return best if best.is_strong else None
    return inside or best


def _sentence(draft: Draft, number: int, findings: Sequence[Finding]) -> CheckedSentence:
    start, end = draft.sentences[number]
    text = draft.text[start:end]
    kinds = {finding.verdict for finding in findings}
    if "inconsistent" in kinds:
        verdict: Verdict = "inconsistent"
    elif findings and kinds == {"consistent"}:
        verdict = "consistent"
    else:
        verdict = "not_found"
    if not findings and not is_heading(text):
        note = "这一句没有可核对的数字、日期、地名、人名或名称"
        findings = [Finding("sentence", "not_found", start, end, text, note=note)]
    return CheckedSentence(start, end, text, verdict, tuple(findings))
