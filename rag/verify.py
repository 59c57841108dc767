"""Nothing leaves without a true quote, and no figure that its quote doesn't hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from index.tokenize import normalise
from rag.types import DraftSentence, Rejected

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*%?")


def verify(
    drafts: Sequence[DraftSentence], text_of: Callable[[str], str]
) -> tuple[list[DraftSentence], list[Rejected]]:
    """The drafts that hold, and those that don't with the reason.

    ``text_of`` gives the text of a document by id. A draft holds where it has evidence, each piece of
    evidence is ``text[start:end]`` to the character, and each of its figures stands in its evidence. The
    line that sums a list up counts its own rows; that figure is ours and is checked against them instead.
    """
    kept: list[DraftSentence] = []
    rejected: list[Rejected] = []
    for draft in drafts:
        reason = fault(draft, text_of)
        if reason:
            rejected.append(Rejected(draft.text, reason))
        else:
            kept.append(draft)
    return kept, rejected


def fault(draft: DraftSentence, text_of: Callable[[str], str]) -> str | None:
    """Why a draft doesn't hold (see ``verify``), in words for the user; None where it does."""
    if not draft.evidence:
        return "没有引文"
    for evidence in draft.evidence:
        if text_of(evidence.passage.document_id)[evidence.start : evidence.end] != evidence.text:
            return f"引文与原文不符：{evidence.text[:30]}"
    if draft.kind == "lead":
        places = {e.passage.place for e in draft.evidence}
        return None if figures(draft.text) == [str(len(places))] else "汇总的地方数与所列不符"
    held = {figure for e in draft.evidence for figure in figures(e.text)}
    missing = [figure for figure in figures(draft.text) if figure not in held]
    return f"引文里没有这个数字：{'、'.join(missing)}" if missing else None


def figures(text: str) -> list[str]:
    """The Arabic figures of ``text``, in order, without thousands separators."""
    return [re.sub(r",(?=\d{3})", "", figure) for figure in _FIGURE.findall(normalise(text))]
