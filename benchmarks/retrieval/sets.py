"""Public retrieval sets in one form: corpus.jsonl (id, text, title), queries.jsonl (id, text), qrels.jsonl
(query_id, doc_id, relevance)."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.types import Article, Document, ParsedDocument, Passage


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """``documents``: as the library takes them, one passage each, under the document's id. ``queries``: text
    by id; ``relevance``: {query id: {document id: grade}}."""

    name: str
    documents: tuple[ParsedDocument, ...]
    queries: Mapping[str, str]
    relevance: Mapping[str, Mapping[str, int]]

    def sample(self, count: int | None, seed: int = 0) -> RetrievalSet:
        """At most ``count`` of the queries, always the same ones for a seed; all for None."""
        if count is None or count >= len(self.queries):
            return self
        chosen = sorted(random.Random(seed).sample(sorted(self.queries), count))
        return replace(
            self,
            queries={key: self.queries[key] for key in chosen},
            relevance={key: self.relevance[key] for key in chosen},
        )


def read_set(folder: Path) -> RetrievalSet:
    """Queries without a relevant document are left out, as they can't be measured. Raises OSError,
    json.JSONDecodeError and KeyError where the folder isn't of the form above."""
    relevance: dict[str, dict[str, int]] = {}
    for line in _lines(folder / "qrels.jsonl"):
        relevance.setdefault(line["query_id"], {})[line["doc_id"]] = line["relevance"]
    queries = {line["id"]: line["text"] for line in _lines(folder / "queries.jsonl")}
    return RetrievalSet(
        name=folder.name,
        documents=tuple(_document(line) for line in _lines(folder / "corpus.jsonl")),
        queries={key: text for key, text in queries.items() if relevance.get(key)},
        relevance={key: grades for key, grades in relevance.items() if key in queries},
    )


def _document(line: Mapping[str, str]) -> ParsedDocument:
    id_, text, title = line["id"], line["text"], line.get("title") or ""
    digest = hashlib.sha256(f"{id_}\n{title}\n{text}".encode()).hexdigest()
    document = Document(id_, text, digest, title, f"{id_}.txt", "text/plain")
    article = Article(id_, 0, title, 0, len(text))
    passage = Passage(id_, id_, 0, 0, text, 0, len(text), title)
    return ParsedDocument(document, (article,), (passage,))


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)
