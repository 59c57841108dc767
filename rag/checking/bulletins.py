"""A bulletin that a draft names (《……简报》2025年第20期, 10月15日的简报), and who its articles are by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.types import Article
from index.catalogue import issue_key
from index.types import DocumentRecord
from rag.checking.draft import Piece
from rag.claims import Claim, find_people, plain_name
from rag.dates import of_day

OF_A_BULLETIN = re.compile(r"简报|刊登|刊发|印发|编印|刊载")


@dataclass(frozen=True, slots=True)
class Author:
    """A person whom the author line of an article names."""

    name: str
    article: Article


@dataclass(frozen=True, slots=True)
class BulletinReference:
    """``claims``: those of a piece that name a bulletin (its title, day and issue). ``record`` is the one
    that is meant, None where it can't be told; ``wrong`` are the claims that it doesn't bear out."""

    claims: tuple[Claim, ...] = ()
    record: DocumentRecord | None = None
    wrong: tuple[Claim, ...] = ()


def find_authors(articles: Iterable[Article]) -> tuple[Author, ...]:
    return tuple(Author(p.text, a) for a in articles if a.author for p in find_people(a.author))


def read_reference(piece: Piece, records: Sequence[DocumentRecord]) -> BulletinReference:
    """What a piece says of a bulletin as such; empty where it names none."""
    issue = next(
        (c for c in piece.claims if c.quantity and c.quantity.unit == "期" and c.quantity.kind == "ordinal"),
        None,
    )
    date = next((c for c in piece.claims if c.date), None)
    series = {plain_name(r.series) for r in records if r.series}
    title = next((c for c in piece.claims if c.kind == "title" and plain_name(c.text) in series), None)
    is_day = bool(date and date.date and date.date.day and OF_A_BULLETIN.search(piece.text))
    if not (issue or title or is_day):
        return BulletinReference()
    claims = tuple(c for c in (title, date, issue) if c)
    of_series = [r for r in records if not title or plain_name(r.series or "") == plain_name(title.text)]
    scored = [(sum(_fits(c, r) for c in claims), r) for r in of_series]
    best = max((score for score, _ in scored), default=0)
    fitting = [r for score, r in scored if score == best]
    needed = 1 if issue and not date else 2 if len(claims) == 3 else 1
    if best < needed or len(fitting) != 1:
        return BulletinReference(claims if issue or title else ())
    record = fitting[0]
    return BulletinReference(claims, record, tuple(c for c in claims if not _fits(c, record)))


def _fits(claim: Claim, record: DocumentRecord) -> bool:
    if claim.quantity:
        return record.issue is not None and issue_key(record.issue) == issue_key(str(int(claim.quantity.low)))
    if claim.date:
        return record.date is not None and claim.date.stands_in(of_day(record.date))
    return True


def told_by(claim: Claim, record: DocumentRecord) -> str:
    """What a record says where ``claim`` says something else."""
    if claim.quantity:
        return f"第{record.issue}期"
    return of_day(record.date).text if record.date else ""
