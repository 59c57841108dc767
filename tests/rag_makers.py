"""Makers of queries, evidence and holdings by hand, shared by the tests of rag."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from corpus.places import load_gazetteer
from corpus.types import Article, Passage
from index.types import DocumentRecord, Filters
from rag.question import Holdings
from rag.thesaurus import Expansion
from rag.topic import Topic
from rag.types import Evidence, Intent, Query

GAZETTEER = load_gazetteer()


def make_passage(
    text: str,
    place: str | None = None,
    *,
    document_id: str = "d",
    article: int = 0,
    start: int = 0,
    title: str = "各地做法",
) -> Passage:
    id_ = f"{document_id}-{article}-{start}"
    return Passage(id_, document_id, article, 0, text, start, start + len(text), title, place)


def make_evidence(
    text: str,
    place: str | None = None,
    *,
    nearness: float = 0.9,
    score: float = 0.5,
    coverage: float = 0.5,
    document_id: str = "d",
    article: int = 0,
    start: int = 0,
    title: str = "各地做法",
) -> Evidence:
    """A sentence that is a passage of its own."""
    passage = make_passage(text, place, document_id=document_id, article=article, start=start, title=title)
    return Evidence(passage, start, start + len(text), text, score, coverage, nearness)


def make_query(
    text: str,
    topic: str | None = None,
    intent: Intent = "fact",
    *,
    places: tuple[str, ...] = (),
    excluded: tuple[str, ...] = (),
    filters: Filters | None = None,
) -> Query:
    return Query(text, text, text if topic is None else topic, intent, filters or Filters(), places, excluded)


def make_record(
    id_: str,
    issue: str | None = None,
    date: datetime.date | None = None,
    *,
    series: str | None = "江苏工作简报",
    issuer: str | None = "江苏省某办公室",
    digest: bool = False,
) -> DocumentRecord:
    return DocumentRecord(
        id_, f"标题{id_}", series, issue, issuer, date, digest, f"{id_}.txt", "0" * 64, 1, 1
    )


def make_topic(words: Mapping[str, float], expansions: Sequence[Expansion] = ()) -> Topic:
    return Topic("".join(words), words, tuple(expansions))


CATALOGUE = (
    make_record("c", "20", datetime.date(2025, 11, 30)),
    make_record("b", "16", datetime.date(2025, 10, 15)),
    make_record("a", "01", datetime.date(2022, 1, 18)),
    make_record("z", "3", datetime.date(2024, 5, 6), series="浙江工作简报", issuer="浙江省某办公室"),
)


def make_holdings(places: Sequence[str]) -> Holdings:
    """The catalogue above; an article about each place, all in its first document."""
    articles = tuple(Article("c", n, f"{place}：做法", 0, 1, place) for n, place in enumerate(places))
    return Holdings(CATALOGUE, articles, frozenset(places))
