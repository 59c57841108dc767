"""Nothing leaves without a true quote, and nothing that its quotes don't hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from corpus.places import Gazetteer
from corpus.sentences import split_sentences
from rag.alignment import match_figures, read_figures
from rag.claims import Claim, find_claims, plain_name
from rag.dates import find_dates, stands_in_any
from rag.marks import fold
from rag.parts import parts_by_place, places_of
from rag.place_names import named_in_title
from rag.polarity import contraries
from rag.quantities import Quantity, find_quantities
from rag.resemblance import is_truncated, nearest
from rag.table import read_out
from rag.types import DraftSentence, Wording

_HEAD = 400
"""Characters of a document in which its masthead tells series, issue and date."""
_FREE = re.compile(r"免费|无偿|分文不收|不收(?:取)?(?:任何)?费|不要钱|不花钱|不用花钱")

TextOf = Callable[[str], str]


def fault(draft: DraftSentence, text_of: TextOf, gazetteer: Gazetteer) -> str | None:
    """Why a draft doesn't hold, in words for the user; None where it does.

    ``text_of`` gives the text of a document by id; ``gazetteer`` tells places. A draft
    holds where it has evidence, each piece of it is ``text[start:end]`` to the character, and each figure,
    date, place, person, organisation and name in marks of it stands in its evidence, as well as everything
    it denies. For places the article's place, title and headings vouch too, for dates and issues the
    masthead. Figures are compared as quantities (``rag.agreement``) of the same thing (``rag.alignment``).
    The line that sums a list up counts its own rows, and names only their places.
    """
    if not draft.evidence:
        return "没有引文"
    for evidence in draft.evidence:
        if text_of(evidence.passage.document_id)[evidence.start : evidence.end] != evidence.text:
            return f"引文与原文不符：{evidence.text[:30]}"
    if draft.kind == "lead":
        return _Quotes(draft, text_of, gazetteer).fault_of_lead()
    parts = _by_place(draft, gazetteer)
    faults = [reason for part in parts for reason in _Quotes(part, text_of, gazetteer).faults()]
    return "；".join(dict.fromkeys(faults)) or None


def wording_of(draft: DraftSentence) -> Wording:
    """Whether all of a draft stands in its evidence to the character, each sentence (or clauses parted by ；)
    in one piece, or it was written anew. A stop at the end may be ours, and what parts a table's cells."""
    parts = [part for start, end in split_sentences(draft.text) for part in draft.text[start:end].split("；")]
    words = [part.rstrip("。.； ") for part in parts]
    quotes = [read_out(e.text) for e in draft.evidence]
    stand = all(any(part in quote for quote in quotes) for part in words)
    return "verbatim" if stand and any(words) else "rewritten"


def _by_place(draft: DraftSentence, gazetteer: Gazetteer) -> list[DraftSentence]:
    """A draft whose evidence is of several places, in parts: each with the evidence of the place it speaks
    of, so that what is true of one place isn't told of another."""
    held = {e.passage.place for e in draft.evidence}
    if len(held) < 2:
        return [draft]
    context = [place for place in held if place]
    parts = []
    for start, end in parts_by_place(draft.text, gazetteer, context):
        text = draft.text[start:end]
        named = set(places_of(find_claims(text, gazetteer, context)))
        own = tuple(e for e in draft.evidence if e.passage.place in named)
        parts.append(replace(draft, text=text, evidence=own or draft.evidence))
    return parts


class _Quotes:
    """A draft and what its evidence says."""

    def __init__(self, draft: DraftSentence, text_of: TextOf, gazetteer: Gazetteer) -> None:
        self._draft = draft
        self._gazetteer = gazetteer
        passages = [e.passage for e in draft.evidence]
        self._text = "\n".join(e.text for e in draft.evidence)
        self._around = "\n".join("\n".join([p.title, *p.heading, p.place or ""]) for p in passages)
        self._head = "\n".join({text_of(p.document_id)[:_HEAD] for p in passages})
        self._context = [name for p in passages for name in ([p.place] if p.place else [p.title])]
        self._names = plain_name(f"{self._text}\n{self._around}\n{self._head}")
        self._claims = find_claims(draft.text, gazetteer, self._context)
        told = find_claims(self._text, gazetteer, self._context)
        self._marked = [c.names[0] for c in told if c.kind in {"term", "title"}]
        self._bodies = [plain_name(c.text) for c in told if c.kind == "organisation"]
        self._denied = {c.key for c in told if c.kind == "negation"}

    def fault_of_lead(self) -> str | None:
        places = {e.passage.place for e in self._draft.evidence}
        counted = [q for q in find_quantities(self._draft.text) if q.kind == "count" and not q.weak]
        if not counted or any(q.low != len(places) or q.high != len(places) for q in counted):
            return "汇总的地方数与所列不符"
        rows = [named_in_title(e.passage.place, [e]) for e in self._draft.evidence]
        named = [
            c
            for c in self._claims
            if c.kind == "place"
            and not c.key
            and not places & set(c.names)
            and not any(c.text in row for row in rows)  # 郑州市 of 郑州市金水区
        ]
        return f"汇总里有引文没有的地名：{_listed(named)}" if named else None

    def faults(self) -> Iterator[str]:
        draft = self._draft
        if draft.place and draft.place not in {e.passage.place for e in draft.evidence}:
            yield f"引文说的不是{draft.place}"
        yield from self._faults_of_figures()
        kinds = (
            ("引文里没有这个日期", self._missing("date", self._date_stands)),
            ("引文里没有这个地名", self._missing("place", self._place_stands)),
            ("引文里没有这个人名", self._missing("name", lambda c: c.text in self._text)),
            ("引文里没有这个名称", self._missing("term", self._name_stands)),
            ("引文里没有这个题名", self._missing("title", self._name_stands)),
            ("引文里没有这句话", self._missing("quotation", self._name_stands)),
            ("引文里没有这个机构", self._missing("organisation", self._body_stands)),
        )
        yield from (f"{words}：{_listed(missing)}" for words, missing in kinds if missing)
        yield from self._faults_of_negation()

    def _missing(self, kind: str, stands: Callable[[Claim], bool]) -> list[Claim]:
        return [claim for claim in self._claims if claim.kind == kind and not stands(claim)]

    def _faults_of_figures(self) -> Iterator[str]:
        claims = {c.quantity: c for c in self._claims if c.quantity}
        spans = [(c.start, c.end) for c in self._claims if c.kind == "place"]
        mine = read_figures(self._draft.text, list(claims), spans)
        theirs = [f for e in self._draft.evidence for f in read_figures(e.text, find_quantities(e.text))]
        wrong = [
            match
            for match in match_figures(mine, theirs)
            if match.agreement is None and not self._is_told_around(match.figure.quantity)
        ]
        missing = [claims[match.figure.quantity] for match in wrong if match.source is None]
        if missing:
            yield f"引文里没有这个数字：{_listed(missing)}"
        for match in wrong:
            if match.source:
                yield f"数字与引文不符：{match.figure.quantity.text}（引文：{match.source.quantity.text}）"

    def _is_told_around(self, quantity: Quantity) -> bool:
        """Whether a figure stands there to the letter, in words that aren't read as one (四轮驱动), or is the
        number of the issue."""
        following = self._draft.text[quantity.start : quantity.end + 2]
        return fold(following) in fold(f"{self._text}\n{self._around}") or (
            quantity.kind == "ordinal" and re.sub(r"\s", "", quantity.text) in re.sub(r"\s", "", self._head)
        )

    def _date_stands(self, claim: Claim) -> bool:
        date = claim.date
        told = find_dates(self._text)
        if date is None or stands_in_any(date, told):
            return True
        if date.month is None and any(d.year for d in told):
            return False  # the quote has a year of its own: the masthead's says nothing of it
        return stands_in_any(date, find_dates(f"{self._head}\n{self._around}"))

    def _place_stands(self, claim: Claim) -> bool:
        if claim.key:
            return plain_name(claim.text) in plain_name(f"{self._text}\n{self._around}")
        return bool(set(claim.names) & self._held_places) or claim.text in self._text

    @property
    def _held_places(self) -> set[str]:
        """What the evidence and its titles name and what lies above it, and the province of the issuer."""
        mentions = self._gazetteer.find(f"{self._text}\n{self._around}", context=self._context)
        places = [place for mention in mentions for place in mention.places]
        above = [p for m in self._gazetteer.find(self._head) for p in m.places if p.level == "province"]
        return {name for place in places for name in (place.name, *place.parents)} | {p.name for p in above}

    def _name_stands(self, claim: Claim) -> bool:
        mine = claim.names[0]
        return mine in self._names and not is_truncated(mine, self._marked, self._names)

    def _body_stands(self, claim: Claim) -> bool:
        mine = plain_name(claim.text)
        stem = mine.removesuffix(claim.key)
        if stem in self._names or mine in self._names:
            return True
        return not claim.key and nearest(mine, self._bodies) is None

    def _faults_of_negation(self) -> Iterator[str]:
        """What the draft denies and the evidence doesn't, and what it says to the contrary."""
        text = self._draft.text
        for claim in self._claims:
            if claim.kind == "negation" and not self._is_denied(claim):
                yield f"引文没有这样否定：{claim.text}{claim.key}"
        for contrary in contraries(text, self._text):
            yield f"与引文说法相反：{text[contrary.start : contrary.end]}（引文：{contrary.other}）"

    def _is_denied(self, claim: Claim) -> bool:
        written = self._draft.text[claim.start : claim.end + 2]
        is_free = _FREE.search(self._draft.text) and _FREE.search(self._text)
        return claim.key in self._denied or written in self._text or bool(is_free)


def _listed(claims: Sequence[Claim]) -> str:
    return "、".join(dict.fromkeys(claim.text for claim in claims))
