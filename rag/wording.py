"""Drafts become the text a person reads, and what is not found is said in words that claim nothing."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import DocumentRecord
from rag.question import Holdings
from rag.reference import reference
from rag.support import Refusal, subject
from rag.types import Citation, DraftSentence, Evidence, Query, Sentence


def not_found_text(
    query: Query, drafts: Sequence[DraftSentence], holdings: Holdings, not_seen: Sequence[str]
) -> str:
    """Lines after an answer: which of the places asked about the bulletins say nothing of. They claim nothing
    and so cite nothing."""
    absent = [place for place in query.places if place not in holdings.places]
    lines = [f"简报中未见{'、'.join(absent)}的内容。"] if drafts and absent else []
    if not_seen:
        lines.append(f"以下{len(not_seen)}个地方，简报中未见“{subject(query)}”：{'、'.join(not_seen)}。")
    return "".join(f"\n{line}" for line in lines)


def refusal_text(query: Query, refusal: Refusal | None) -> str:
    """What is said where there is no evidence: what was looked for, and what the bulletins do say nearby.
    Only ever that it was not found in the bulletins, never that it wasn't done."""
    lacking = refusal.lacking if refusal else subject(query)
    nearest = refusal.nearest if refusal else None
    where = "、".join(query.places)
    if nearest is None:
        what = lacking if not where or where in lacking else f"{where}“{lacking.strip('“”')}”"
        return f"简报中未见{what}的内容。"
    place, title = nearest.passage.place or "", nearest.passage.title
    if place and query.places and place not in query.places:
        return f"简报中未见{where}{lacking}的内容；{lacking}见于{place}的报道《{title}》。"
    return f"简报提到了相关内容（{place}《{title}》），但未见{lacking}。"


def write(
    drafts: Sequence[DraftSentence], documents: dict[str, DocumentRecord]
) -> tuple[str, list[Sentence], list[Citation]]:
    """The answer's text with [n] markers, its sentences and their citations, numbered as they come up."""
    markers: dict[tuple[str, int, int], Citation] = {}
    text, sentences = "", []
    is_list = any(d.kind != "plain" for d in drafts)
    for draft in drafts:
        marks = [_cite(markers, evidence, documents) for evidence in draft.evidence]
        prefix = f"{draft.place}：" if draft.place else ""
        prefix = f"{draft.label}，{prefix}" if draft.label else prefix
        written = prefix + draft.text + "".join(f"[{mark}]" for mark in marks)
        text += "\n" if text and is_list else ""
        sentences.append(Sentence(written, len(text), len(text) + len(written), tuple(marks)))
        text += written
    return text, sentences, list(markers.values())


def _cite(
    markers: dict[tuple[str, int, int], Citation], evidence: Evidence, documents: dict[str, DocumentRecord]
) -> int:
    passage = evidence.passage
    key = (passage.document_id, evidence.start, evidence.end)
    if key not in markers:
        line = reference(documents[passage.document_id], passage.page)
        markers[key] = Citation(
            len(markers) + 1, passage.id, passage.document_id, evidence.text, *key[1:], line, passage.page
        )
    return markers[key].marker
