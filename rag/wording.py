"""Drafts become the text a person reads, and what is not found is said in words that claim nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.types import DocumentRecord
from rag.frames import Frame, frame_of, in_language, joined
from rag.place_names import named_in_title
from rag.question import Holdings
from rag.reference import reference, short_reference
from rag.refusal import Refusal, subject
from rag.types import (
    Citation,
    DraftKind,
    DraftSentence,
    Evidence,
    Item,
    Language,
    Query,
    Sentence,
    Written,
)
from rag.verify import wording_of


def not_found_text(
    query: Query,
    drafts: Sequence[DraftSentence],
    holdings: Holdings,
    not_seen: Sequence[str],
    untold: Sequence[str] = (),
) -> str:
    """Lines after an answer: which of the issues and years asked about aren't there, which of the places
    the bulletins say nothing of, and what else was asked (``untold``). They claim nothing and so cite
    nothing."""
    frame = frame_of(query.language)
    absent = [place for place in query.places if place not in holdings.places]
    lines = []
    if query.partly_unknown:
        missing = in_language(joined(query.partly_unknown, frame), query.language)
        lines.append(frame.not_held.format(what=missing))
    if drafts and absent:
        lines.append(frame.not_found.format(what=joined(absent, frame)))
    if drafts and untold:
        lines.append(frame.untold.format(what=in_language(joined(untold, frame), query.language)))
    if not_seen:
        what = in_language(subject(query), query.language)
        lines.append(frame.not_seen.format(count=len(not_seen), what=what, places=joined(not_seen, frame)))
    return "".join(f"\n{line}" for line in lines)


def refusal_text(query: Query, refusal: Refusal | None) -> str:
    """What is said where there is no evidence: what was looked for, and what the bulletins do say nearby.
    Only ever that it was not found in the bulletins, never that it wasn't done. Then which words of the
    question were read as others."""
    frame = frame_of(query.language)
    read = (frame.read_as.format(found=c.found, read_as=c.read_as) for c in query.corrections)
    return _refusal_text(query, refusal, frame) + in_language("".join(read), query.language)


def _refusal_text(query: Query, refusal: Refusal | None, frame: Frame) -> str:
    lacking = in_language(refusal.lacking if refusal else subject(query), query.language)
    nearest = refusal.nearest if refusal else None
    where = joined(query.places, frame)
    if nearest is None:
        if not where or where in lacking:
            return frame.not_found.format(what=lacking)
        return frame.not_found_of.format(where=where, what=lacking.strip("“”"))
    place, title = nearest.passage.place or "", nearest.passage.title
    if place and query.places and place not in query.places:
        return frame.not_found_here.format(where=where, what=lacking, place=place, title=title)
    return frame.lacking.format(place=place, title=title, what=lacking)


class Writer:
    """Writes an answer draft by draft: its text with [n] markers, its sentences, and their citations numbered
    as they come up."""

    def __init__(self, documents: Mapping[str, DocumentRecord], language: Language = "zh-Hans") -> None:
        self._documents = documents
        self._frame = frame_of(language)
        self._markers: dict[tuple[str, int, int], Citation] = {}
        self._sentences: list[Sentence] = []
        self.drafts: list[DraftSentence] = []
        self.text = ""

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(self._sentences)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """By marker."""
        return tuple(self._markers.values())

    @property
    def places(self) -> frozenset[str]:
        """Of the rows and near misses written so far."""
        return frozenset(d.place for d in self.drafts if d.kind in {"item", "doubtful"} and d.place)

    def write(self, draft: DraftSentence) -> Written:
        """A verified draft becomes the next sentence, on a line of its own where it is a row."""
        cited = tuple(dict.fromkeys(self._cite(evidence) for evidence in draft.evidence))
        marks = tuple(citation.marker for citation in cited)
        prefix = f"{named_in_title(draft.place, draft.evidence)}{self._frame.colon}" if draft.place else ""
        prefix = f"{draft.label}{self._frame.comma}{prefix}" if draft.label else prefix
        source = self._source(draft) if draft.kind == "quotation" else ""
        written = prefix + draft.text + source + "".join(f"[{mark}]" for mark in marks)
        is_row = any(d.kind not in {"plain", "figure"} for d in (draft, *self.drafts[-1:]))
        gap = "\n" if self.text and is_row else ""
        start = len(self.text) + len(gap)
        sentence = Sentence(written, start, start + len(written), marks, wording_of(draft))
        self._sentences.append(sentence)
        self.drafts.append(draft)
        self.text += gap + written
        return Written(gap + written, sentence, cited)

    def close(self, text: str) -> Written:
        """Words after the sentences that claim nothing."""
        self.text += text
        return Written(text, None)

    def items(self, kind: DraftKind) -> tuple[Item, ...]:
        """The rows of one kind, in order."""
        rows = zip(self.drafts, self._sentences, strict=True)
        return tuple(
            Item(d.place or "", d.text, s.citations, d.outcome, d.label) for d, s in rows if d.kind == kind
        )

    def _source(self, draft: DraftSentence) -> str:
        """Place and short reference, to be read out after a quotation."""
        passage = draft.evidence[0].passage
        named = [passage.place or "", short_reference(self._documents[passage.document_id])]
        return self._frame.source.format(source=self._frame.comma.join(filter(None, named)))

    def _cite(self, evidence: Evidence) -> Citation:
        passage = evidence.passage
        key = (passage.document_id, evidence.start, evidence.end)
        if key not in self._markers:
            document = self._documents[passage.document_id]
            self._markers[key] = Citation(
                len(self._markers) + 1,
                passage.id,
                passage.document_id,
                evidence.text,
                *key[1:],
                reference(document, passage.page),
                passage.page,
                short_reference(document),
            )
        return self._markers[key]
