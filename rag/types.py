"""The nouns of asking and answering."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from corpus.types import Passage
from index.types import Filters, Hit

if TYPE_CHECKING:
    from rag.explained import Explanation

Intent = Literal["list", "figure", "quote", "compare", "fact"]
Status = Literal["answered", "no_evidence"]
Role = Literal["user", "assistant"]
DraftKind = Literal["plain", "figure", "quotation", "lead", "item", "doubtful"]
Language = Literal["zh-Hans", "zh-Hant", "en"]
"""What a question is asked in, and so what the words around the quotes are in."""
SaidFilter = Literal["years", "issues", "document_ids", "since", "until"]
"""A field of Filters that a question may fill in its own words (2025年第20期)."""
Wording = Literal["verbatim", "rewritten"]
"""Of a sentence: the bulletin's own words (原文), or other words for them (改写)."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the talk before the question."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a client asks. ``filters`` are those the client sets; more may be said in ``text`` itself.

    ``top_k`` is the number of passages wanted back, 1 to 100; ``explain`` asks for ``Answer.explanation``.
    ``ignore_said`` are filters that don't count though ``text`` says them.
    """

    text: str
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    top_k: int = 8
    explain: bool = False
    ignore_said: tuple[SaidFilter, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """Words of a question that were taken for a slip of the pen: as written (in Simplified characters), and
    as they were read."""

    found: str
    read_as: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it was understood.

    ``text`` stands by itself (follow-ups are resolved) and is in Simplified characters; ``topic`` is what
    is left of it without filters, places and the words of asking. ``filters`` are the client's and those
    said in the question. ``places`` are the full names that were asked about and that the corpus holds;
    ``named`` those that the question itself names, whatever the corpus holds of them;
    ``excluded`` those that were ruled out (除了…). ``unknown`` says, in words for the user, what was named
    that the corpus doesn't have (a place, a year, an issue): such a question has no evidence;
    ``partly_unknown`` what it doesn't have beside what it does (第20期和第99期), which is only told.
    ``asked_kinds`` are the kinds of place that a list is to hold (县, 县级市 …); empty means any.
    ``corrections`` are slips of the pen that were put right in ``text``, in its order.
    ``province`` is the short name of that whose places a list is to hold (山东的哪些地方); empty means any.
    ``is_outside``: it is to hold those of other provinces than the bulletins' own (外省的经验).
    ``universe`` is set where the question asks which places did *not* (哪些县没有…): all the places it
    means, held or not. ``notices`` tell, in words for the user, what failed on the way.
    """

    original: str
    text: str
    topic: str
    intent: Intent
    filters: Filters
    places: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    asked_kinds: tuple[str, ...] = ()
    universe: tuple[str, ...] = ()
    language: Language = "zh-Hans"
    partly_unknown: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    notices: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    province: str = ""
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a passage that speaks to the query: ``document.text[start:end]`` is ``text``.

    ``score`` can be compared within one query; ``coverage`` is the share of the topic's words, weighted by
    how rare they are, that stand in it; ``nearness`` is its late interaction with the question and
    ``likeness`` the cosine of the two as wholes, both in [-1, 1].
    """

    passage: Passage
    start: int
    end: int
    text: str
    score: float
    coverage: float
    nearness: float
    likeness: float = 0.0


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence before it is verified, and the evidence it rests on.

    ``kind``: plain, the figure that was asked for, a passage to be quoted, the line that sums a list up, a
    row of a list (or a side of a comparison), or a near miss; rows and near misses have their ``place``,
    near misses (and sides of several years) a ``label``. ``outcome`` is the part of a row that tells what
    came of it.
    """

    text: str
    evidence: tuple[Evidence, ...]
    place: str | None = None
    kind: DraftKind = "plain"
    label: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """``document.text[start:end] == quote``. ``marker`` counts from 1 and stands in the answer as [n].
    ``reference`` is the full line (GB/T 7714), ``short_reference`` the form that speeches use."""

    marker: int
    passage_id: str
    document_id: str
    quote: str
    start: int
    end: int
    reference: str
    page: int | None = None
    short_reference: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """``answer.text[start:end] == text``; ``citations`` are the markers that hold it up. ``wording`` tells
    whether what it says (place before it and markers aside) is the bulletin's own."""

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    wording: Wording = "rewritten"


@dataclass(frozen=True, slots=True)
class Item:
    """A row of a list answer: one place, what is said of it, and the markers for it. ``place`` is the name
    that its passages are filed under; the answer's text may call it by the fuller one of its title.
    ``outcome`` are the clauses of ``text`` that tell in figures what came of it (成效); empty where the
    bulletins don't say. ``label`` says why a near miss is one."""

    place: str
    text: str
    citations: tuple[int, ...]
    outcome: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked through to answer."""

    documents: int
    articles: int
    places: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A sentence that was drafted and left out, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """``text`` is what a person reads, markers and all. ``not_seen`` are the places of a question that asks
    who did not: the bulletins don't say that they did, which is not to say that they didn't. ``relevant`` are
    the ids of all passages that speak of what is asked, best first; empty where nothing is answered.
    ``composer`` is the chat model that wrote it, or "none"; ``notices`` tell the user where one failed."""

    query: Query
    status: Status
    text: str
    sentences: tuple[Sentence, ...]
    items: tuple[Item, ...]
    doubtful: tuple[Item, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    coverage: Coverage
    snapshot: str
    rejected: tuple[Rejected, ...] = ()
    not_seen: tuple[str, ...] = ()
    relevant: tuple[str, ...] = ()
    took_ms: dict[str, float] = field(default_factory=dict)
    composer: str = "none"
    notices: tuple[str, ...] = ()
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """The question as it was read and the passages found for it, before anything is written."""

    query: Query
    passages: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The next piece of the answer: ``text`` goes after what was written so far. ``sentence`` has been
    verified and ``citations`` are those it carries; None where the piece claims nothing (简报中未见…)."""

    text: str
    sentence: Sentence | None
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Finished:
    """The whole answer; its text is that of the pieces before, one after the other."""

    answer: Answer


AnswerEvent = Understood | Written | Finished
