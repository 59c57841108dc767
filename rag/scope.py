"""What a question looks at: the documents and articles in its scope, and what it names that isn't there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.types import Passage
from index.catalogue import issue_key
from index.types import DocumentRecord, Filters
from rag.question import Holdings
from rag.retrieve import Retrieved
from rag.types import Coverage, Item, Query


def missing(query: Query, holdings: Holdings) -> tuple[str, ...]:
    """What the question names that the corpus doesn't have: issues, years, and places of no article."""
    absent = tuple(place for place in query.places if place not in holdings.places)
    gone = absent if absent and len(absent) == len(query.places) else ()
    return (*query.unknown, *gone)


def within(retrieved: Retrieved, filters: Filters, holdings: Holdings) -> Retrieved:
    """Without the hits that the client's own ``filters`` rule out. What is ruled out only by words of the
    question may still be shown, after the rest."""
    ids = ids_meeting(holdings, filters)
    outside = (
        hit
        for hit in retrieved.outside
        if hit.passage.document_id in ids and (not filters.places or hit.passage.place in filters.places)
    )
    return replace(retrieved, outside=tuple(outside))


def of_documents_asked(query: Query, retrieved: Retrieved, holdings: Holdings) -> tuple[Passage, ...]:
    """Best first, the passages found in the documents that the query asks for, whatever place they are filed
    under: a table tells of many. Only what is inside where the client restricts places."""
    ids = ids_meeting(holdings, query.filters)
    hits = retrieved.inside if query.filters.places else (*retrieved.inside, *retrieved.outside)
    return tuple(hit.passage for hit in hits if hit.passage.document_id in ids)


def coverage(
    query: Query, holdings: Holdings, items: Sequence[Item] = (), doubtful: Sequence[Item] = ()
) -> Coverage:
    """What was looked through: documents and articles that meet the query's filters; for a list also how many
    places were found."""
    filters = query.filters
    ids = ids_meeting(holdings, filters)
    articles = [
        a
        for a in holdings.articles
        if a.document_id in ids and (not filters.places or a.place in filters.places)
    ]
    documents = len({a.document_id for a in articles}) if filters.places else len(ids)
    places = tuple(dict.fromkeys(a.place for a in articles if a.place))
    note = f"已查 {documents} 期 {len(articles)} 篇"
    if query.intent == "list":
        note += f"，符合 {len(items)} 地" + (f"，另列 {len(doubtful)} 地" if doubtful else "")
    return Coverage(documents, len(articles), places, note)


def ids_meeting(holdings: Holdings, filters: Filters) -> set[str]:
    """Of the documents that the filters ask for."""
    return {d.id for d in holdings.documents if meets(d, filters)}


def meets(document: DocumentRecord, filters: Filters) -> bool:
    """Whether a document is one that the filters ask for; places are looked at article by article."""
    date = document.date
    # as the library compares them: 08, 8 and 第8期 are one
    issues = {issue_key(issue) for issue in filters.issues}
    return (
        (not filters.years or (date is not None and date.year in filters.years))
        and (not issues or (document.issue is not None and issue_key(document.issue) in issues))
        and (not filters.document_ids or document.id in filters.document_ids)
        and (not filters.since or (date is not None and date >= filters.since))
        and (not filters.until or (date is not None and date <= filters.until))
    )
