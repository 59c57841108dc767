"""Answers written by a chat model: evidence → prompt → text → sentences, each bound to quotes and verified.

Nothing the model writes is passed on because the model wrote it. What fails is listed with its reason; what
the model leaves out, or all of it where it fails, comes from the answer composed without a model.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.types import Passage
from index.errors import PassageNotFoundError
from index.library import Library
from index.types import DocumentRecord
from rag.binding import Binder, Fault, Source
from rag.chat import ChatModel, Limits
from rag.editor import Editor, name_of
from rag.errors import ChatModelError
from rag.markers import cut
from rag.prompt import NOT_SEEN, build_prompt
from rag.types import DraftSentence, Evidence, Query, Rejected

logger = logging.getLogger(__name__)

Stopped = Callable[[], bool]
"""Whether nobody waits for the answer any more."""

_MOST_SOURCES = 8
"""Passages given for an answer without rows."""
_SHORT = 120
"""A passage of fewer characters gets its neighbours with it."""
_CHARACTERS_OF_A_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who wrote an answer ("none", or the chat model's name), and what a reader should know about that."""

    composer: str = "none"
    notices: tuple[str, ...] = ()


Piece = DraftSentence | Rejected | Outcome
"""What comes of drafting: sentences that hold, those that don't, and last the outcome."""


@dataclass(frozen=True, slots=True)
class Task:
    """What there is to write an answer from. ``composed`` is the answer without a model, not empty;
    ``evidence`` comes best first; ``records`` are the documents by id."""

    query: Query
    composed: tuple[DraftSentence, ...]
    evidence: tuple[Evidence, ...]
    records: Mapping[str, DocumentRecord]


def verified(drafts: Sequence[DraftSentence], fault: Fault) -> Iterator[DraftSentence | Rejected]:
    """The drafts in order, those that don't hold as rejected."""
    for draft in drafts:
        reason = fault(draft)
        yield Rejected(draft.text, reason) if reason else draft


class ChatComposer:
    """Has a chat model write answers. ``limits`` are for one reply; ``characters``: of passages that the
    model is given at most."""

    def __init__(self, chat: ChatModel, library: Library, limits: Limits, characters: int) -> None:
        self._chat = chat
        self._library = library
        self._limits = limits
        self._characters = characters

    def pieces(self, task: Task, fault: Fault, stopped: Stopped) -> Iterator[Piece]:
        """The answer's sentences in their order, those that were rejected, and the outcome last. Every
        sentence holds. Closing the iterator stops the model, as ``stopped`` does at the model's next word."""
        rows = {name_of(d): d for d in task.composed if d.kind == "item"}
        yield from verified([d for d in task.composed if d.kind == "lead"], fault)
        sources = self._sources(task, rows)
        binder = Binder(self._library, fault, task.evidence)
        editor = Editor(task.query, {s.number: s for s in sources}, rows, binder)
        rejected: list[Rejected] = []
        problem = None
        try:
            for piece in self._edited(task, sources, rows, editor, stopped):
                rejected += [piece] if isinstance(piece, Rejected) else []
                yield piece
        except ChatModelError as error:
            logger.warning("the chat model %s failed: %s", self._chat.name, error)
            problem = str(error)
        rest = _left_out(task.composed, editor.written, is_whole=problem is None)
        yield from verified(rest, fault)
        yield Outcome(
            self._chat.name if editor.written else "none",
            tuple(self._notices(task, editor.written, rejected, problem, rest)),
        )

    def _edited(
        self,
        task: Task,
        sources: Sequence[Source],
        rows: Mapping[str, DraftSentence],
        editor: Editor,
        stopped: Stopped,
    ) -> Iterator[DraftSentence | Rejected]:
        """What the editor makes of the model's reply, as it comes. Raises ChatModelError, after what was
        complete by then."""
        given = {passage.id for source in sources for passage in source.passages}
        wanted = [name for name, d in rows.items() if any(e.passage.id in given for e in d.evidence)]
        messages = build_prompt(task.query, sources, task.records, wanted)
        try:
            with contextlib.closing(self._chat.stream(messages, self._limits)) as reply:
                for sentence in cut(self._within(reply, stopped)):
                    yield from editor.take(sentence)
                    if editor.is_full:
                        return
        except ChatModelError:
            yield from editor.finish()
            raise

    def _within(self, reply: Iterator[str], stopped: Stopped) -> Iterator[str]:
        """The reply as long as somebody waits for it and it keeps to its length. Raises ChatModelError."""
        left = self._limits.tokens * _CHARACTERS_OF_A_TOKEN
        for piece in reply:
            left -= len(piece)
            if stopped():
                raise ChatModelError("提问的一方已经离开")
            if left < 0:
                raise ChatModelError("回答超过了长度上限（JIANBAO_CHAT_TOKENS）")
            yield piece

    def _sources(self, task: Task, rows: Mapping[str, DraftSentence]) -> list[Source]:
        """The passages for the model, numbered from 1: those of the answer composed without it first, then
        (without rows) the next best, as far as the space goes."""
        used = [e for d in task.composed if not rows or d.kind == "item" for e in d.evidence]
        pieces = used if rows else [*used, *task.evidence]
        passages = list({e.passage.id: e.passage for e in pieces}.values())
        taken = {passage.id for passage in passages}
        sources: list[Source] = []
        left = self._characters
        for passage in passages if rows else passages[:_MOST_SOURCES]:
            group = self._with_neighbours(passage, taken)
            left -= sum(len(one.text) for one in group)
            if left < 0 and sources:
                break
            sources.append(Source(len(sources) + 1, group))
        return sources

    def _with_neighbours(self, passage: Passage, taken: set[str]) -> tuple[Passage, ...]:
        if len(passage.text) >= _SHORT:
            return (passage,)
        try:
            around = self._library.neighbours(passage.id)
        except PassageNotFoundError:  # taken out this moment
            return (passage,)
        same = (passage.article, passage.place)
        near = [p for p in around if (p.article, p.place) == same and p.id not in taken]
        taken |= {p.id for p in near}
        return tuple(sorted([passage, *near], key=lambda p: p.ordinal))

    def _notices(
        self,
        task: Task,
        written: Sequence[DraftSentence],
        rejected: Sequence[Rejected],
        problem: str | None,
        rest: Sequence[DraftSentence],
    ) -> Iterator[str]:
        name = self._chat.name
        if not written:
            why = problem or _why_nothing(rejected)
            yield f"没有用上模型 {name}：{why}。这个回答由简报原文的句子组成。"
            return
        if problem:
            yield f"模型 {name} 没有答完：{problem}。已写的各句都经过核对，其余由原文的句子补上。"
        elif rows := [d for d in rest if d.kind == "item"]:
            yield f"有 {len(rows)} 地模型没有写到，或写的没有通过核对，由原文的句子补上。"
        if task.query.language == "en":
            yield "译文只核对了数字和出处，措辞请以引文原文为准。"


def _why_nothing(rejected: Sequence[Rejected]) -> str:
    if any(NOT_SEEN in one.text for one in rejected):
        return "模型认为给出的段落答不了这个问题"
    return "它写的没有一句通过核对" if rejected else "它什么也没有写"


def _left_out(
    composed: Sequence[DraftSentence], written: Sequence[DraftSentence], *, is_whole: bool
) -> list[DraftSentence]:
    """What of the answer without a model is still to be said: rows of places that weren't written, near
    misses, and of a plain answer what isn't quoted yet where the model didn't get to its end."""
    rows = {name_of(d) for d in written if d.kind == "item"}
    quoted = {(e.passage.id, e.start) for d in written for e in d.evidence}

    def is_left(draft: DraftSentence) -> bool:
        if draft.kind in {"lead", "item", "doubtful"}:
            return draft.kind == "doubtful" or (draft.kind == "item" and name_of(draft) not in rows)
        missing = all((e.passage.id, e.start) not in quoted for e in draft.evidence)
        return not written or (missing and not is_whole)

    return [d for d in composed if is_left(d)]
