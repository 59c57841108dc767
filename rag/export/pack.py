"""From a request to a material pack: find, choose, group."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from corpus.places import Gazetteer
from corpus.sentences import split_sentences
from corpus.types import Passage
from index.library import Library
from index.types import Filters
from rag.answer import Answerer
from rag.errors import BadExportError, NothingToExportError
from rag.export.choose import choose, city_of, group
from rag.export.types import Excerpt, ExportRequest, GroupBy, MaterialPack, Piece, Section
from rag.export.wording import NO_PLACE, about_lines, cautions, title_of
from rag.reference import reference, short_reference
from rag.steady import steadily
from rag.types import Answer, Citation

MOST_EXCERPTS = 100
DEFAULT_LIMIT = 20
"""Of a question's excerpts; chosen passages all go in."""
LONGEST_TITLE = 100


class Packer:
    """Makes material packs from a library. Thread-safe."""

    def __init__(self, library: Library, answerer: Answerer, gazetteer: Gazetteer) -> None:
        self._library = library
        self._answerer = answerer
        self._gazetteer = gazetteer

    def pack(self, request: ExportRequest, today: datetime.date) -> MaterialPack:
        """Never an empty one. ``today`` is the day that is written in it.

        Raises BadExportError, BadQuestionError, PassageNotFoundError where an id is unknown, and
        NothingToExportError where the bulletins don't support an answer to the question.
        """
        _check(request)
        answer, found = steadily(self._library, lambda: self._answered(request))
        choice = request.choice
        if choice.limit is None and not request.passage_ids:
            choice = replace(choice, limit=DEFAULT_LIMIT)
        chosen = choose(found, choice)
        question = _in_one_line(request.question.text) or None if request.question else None
        title = _in_one_line(request.title) or title_of(question)
        return MaterialPack(
            title=title,
            about=about_lines(title, question, answer, found, chosen, choice, today),
            cautions=cautions(answer, chosen),
            sections=_sections(chosen, request.group_by),
        )

    def _answered(self, request: ExportRequest) -> tuple[Answer | None, list[Piece]]:
        answer = self._answer(request)
        return answer, self._pieces(request, answer)

    def _answer(self, request: ExportRequest) -> Answer | None:
        """None where chosen passages go in whole: the question is then only named."""
        if request.question is None or (request.passage_ids and not request.citations):
            return None
        answer = self._answerer.answer(request.question)
        if answer.status == "no_evidence":
            raise NothingToExportError(f"{answer.text.rstrip()}没有可导出的内容，未生成文件。")
        return answer

    def _pieces(self, request: ExportRequest, answer: Answer | None) -> list[Piece]:
        """Best first."""
        ids = list(dict.fromkeys(request.passage_ids))
        if answer is None:
            return self._made([(p, p.start, p.end) for p in self._library.passages(ids)])
        if not request.citations:
            cited = [c.passage_id for c in _citations(answer)]
            relevant = self._library.passages(list(dict.fromkeys([*cited, *answer.relevant])))
            places = {p.place for p in relevant if answer.items and p.id in cited}
            spans = [(p, p.start, p.end) for p in relevant if not places or p.place in places]
            return self._made(spans)
        self._library.passages(ids)  # an unknown id is an error here too
        citations = [c for c in _citations(answer) if not ids or c.passage_id in ids]
        if not citations:
            raise NothingToExportError(
                "所选段落里没有这个回答的引文，未生成文件。请改选段落，或不限于引文再导出。"
            )
        passages = self._library.passages(list(dict.fromkeys(c.passage_id for c in citations)))
        cited_of = {p.id: [c for c in citations if c.passage_id == p.id] for p in passages}
        return self._made([(p, *span) for p in passages for span in whole_sentences(p, cited_of[p.id])])

    def _made(self, spans: Sequence[tuple[Passage, int, int]]) -> list[Piece]:
        documents = {record.id: record for record in self._library.documents()}
        made = []
        for passage, start, end in spans:
            document = documents.get(passage.document_id)
            if document is not None:  # else it was taken out this moment
                city = city_of(passage, document, self._gazetteer)
                made.append(Piece(passage, start, end, document, city))
        if not made:
            raise NothingToExportError("所选段落所在的文件刚被删除，未生成文件。")
        return made


def whole_sentences(passage: Passage, citations: Sequence[Citation]) -> list[tuple[int, int]]:
    """Spans (of the document) of the passage's sentences that hold something cited, in order; sentences that
    follow one another are one span."""
    spans: list[tuple[int, int]] = []
    is_next = False
    for start, end in split_sentences(passage.text):
        start, end = start + passage.start, end + passage.start  # noqa: PLW2901 - now the document's
        is_cited = any(c.start < end and start < c.end for c in citations)
        if is_cited and is_next:
            spans[-1] = (spans[-1][0], end)
        elif is_cited:
            spans.append((start, end))
        is_next = is_cited
    return spans


def _citations(answer: Answer) -> list[Citation]:
    """By marker; of a list only those of its rows (its near misses have some too). The line that sums a
    list up comes first, so each place's best is before any second."""
    markers = {marker for item in answer.items for marker in item.citations}
    return [c for c in answer.citations if not answer.items or c.marker in markers]


def _check(request: ExportRequest) -> None:
    asked = request.question
    if asked is None and not request.passage_ids:
        raise BadExportError("question", "question（问题）和 passage_ids（段落编号）至少要给一项。")
    if asked is None and request.citations:
        raise BadExportError("citations", "只导出引文（citations）要有 question（问题）：引文是回答里的。")
    if asked and request.passage_ids and not request.citations and asked.filters != Filters():
        raise BadExportError(
            "filters", "选定了段落（passage_ids）就不再检索，filters 不起作用，请去掉其中一项。"
        )
    if len(request.passage_ids) > MOST_EXCERPTS:
        raise BadExportError(
            "passage_ids", f"passage_ids 最多 {MOST_EXCERPTS} 个，实有 {len(request.passage_ids)} 个。"
        )
    if len(request.title) > LONGEST_TITLE:
        raise BadExportError(
            "title", f"title（标题）最多 {LONGEST_TITLE} 个字，实有 {len(request.title)} 个。"
        )
    for name in ("per_place", "per_city", "limit"):
        value = getattr(request.choice, name)
        if value is not None and not 1 <= value <= MOST_EXCERPTS:
            raise BadExportError(name, f"{name} 应在 1 到 {MOST_EXCERPTS} 之间，实为 {value}。")


def _sections(chosen: Sequence[Piece], group_by: GroupBy) -> tuple[Section, ...]:
    sections: list[Section] = []
    number = 1
    for pieces in group(chosen, group_by):
        excerpts = tuple(_excerpt(n, piece) for n, piece in enumerate(pieces, number))
        number += len(excerpts)
        first = excerpts[0]
        headings = {"place": first.place or NO_PLACE, "theme": first.title, "none": ""}
        sections.append(Section(headings[group_by], excerpts))
    return tuple(sections)


def _excerpt(number: int, piece: Piece) -> Excerpt:
    passage, document = piece.passage, piece.document
    place = passage.place or ""
    is_below_city = piece.city is not None and piece.city != place
    return Excerpt(
        number=number,
        text=piece.text,
        start=piece.start,
        end=piece.end,
        passage_id=passage.id,
        document_id=document.id,
        title=passage.title,
        headings=tuple(heading for heading in passage.heading if heading not in piece.text),
        place=f"{piece.city}{place}" if is_below_city else place,
        date=document.date,
        short_reference=short_reference(document),
        reference=reference(document, passage.page),
    )


def _in_one_line(text: str) -> str:
    """Without line breaks and what can't be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
