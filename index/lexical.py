"""BM25 over words and character bigrams (tantivy), in a folder or in memory.

Derived from SQLite and never trusted over it.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index import tokenize
from index.damage import guarded
from index.store import LibraryState
from index.vocabulary import TextsOf, Vocabulary

if TYPE_CHECKING:
    import tantivy

Numbers = NDArray[np.int64]

FORMAT = 1
"""To be raised whenever fields or tokens change: an index of another format is built anew."""

_COUNTED_EXACTLY = 10_000
"""tantivy's own figure counts what was taken out; counting takes 10 ns a passage."""
_WRITER_BYTES = 50_000_000
_STATE_NUMBER = 0  # passage numbers begin at 1


class BusyIndexError(Exception):
    """Another process keeps writing. Never leaves this package."""


@dataclass(frozen=True, slots=True)
class LexicalWeights:
    """What BM25 scores of the fields are multiplied by; and those of terms only an expansion brought."""

    words: float = 1.0
    bigrams: float = 1.0
    expansion: float = 0.5


class LexicalIndex:
    """Passages under their numbers. ``folder`` None keeps all in memory.

    Every method raises DamagedIndexError where the files can't be used. One writer at a time over all
    processes; a lock dies with its process.
    """

    def __init__(self, folder: Path | None, weights: LexicalWeights = LexicalWeights()) -> None:
        import tantivy  # noqa: PLC0415 - only loaded where something is searched or added

        self._tantivy = tantivy
        self._weights = weights
        self._schema = _schema()
        with guarded():
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, path=None if folder is None else str(folder))
            analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            self._index.register_tokenizer("whitespace", analyzer)

    def reload(self) -> None:
        """See what other processes have committed."""
        with guarded():
            self._index.reload()

    def state(self) -> LibraryState | None:
        """None for a new index, and for one of another format."""
        with guarded():
            searcher = self._index.searcher()
            query = self._tantivy.Query.term_query(self._schema, "passage", _STATE_NUMBER)
            hits = searcher.search(query, limit=1, count=False).hits
            if not hits:
                return None
            state = json.loads(str(searcher.doc(hits[0][1]).get_first("state")))
        return LibraryState(**state) if state.pop("format", None) == FORMAT else None

    def numbers(self) -> Numbers:
        """Passage numbers held, ascending."""
        with guarded():
            found, _ = self._collect(self._tantivy.Query.all_query(), None)
        return np.setdiff1d(found, [_STATE_NUMBER])

    @contextlib.contextmanager
    def writing(self, timeout: float) -> Iterator[tantivy.IndexWriter]:
        """The right to write. Raises BusyIndexError where it isn't had within ``timeout`` seconds."""
        deadline = time.monotonic() + timeout
        while (writer := self._try_writer()) is None:
            if time.monotonic() > deadline:
                raise BusyIndexError
            time.sleep(0.05)
        try:
            yield writer
        finally:
            # Also gives the lock back; without a commit before it, nothing is kept.
            with guarded():
                writer.wait_merging_threads()
                self._index.reload()

    def update(
        self,
        writer: tantivy.IndexWriter,
        removed: Iterable[int],
        added: Iterable[tuple[int, str]],
        state: LibraryState,
    ) -> None:
        """Take out and put in (number, text) and note the new state, all in one commit."""
        with guarded():
            # delete_documents_by_term takes the number for a signed one and finds nothing.
            gone = [_STATE_NUMBER, *removed]
            writer.delete_documents_by_query(
                self._tantivy.Query.term_set_query(self._schema, "passage", gone)
            )
            for number, text in added:
                writer.add_document(self._document(number, text))
            note = self._tantivy.Document()
            note.add_unsigned("passage", _STATE_NUMBER)
            note.add_text("state", json.dumps(asdict(state) | {"format": FORMAT}))
            writer.add_document(note)
            writer.commit()

    def clear(self, writer: tantivy.IndexWriter) -> None:
        """Take everything out, with the next ``update``."""
        with guarded():
            writer.delete_all_documents()

    def search(
        self,
        text: str,
        expansions: Sequence[str] = (),
        limit: int | None = None,
        allowed: Numbers | None = None,
    ) -> tuple[Numbers, NDArray[np.float32]]:
        """Numbers and BM25 scores, best first; only passages with a term of the query.

        ``allowed`` are the only numbers looked at; None looks at all.
        """
        query = self._query(text, expansions)
        if query is None or (allowed is not None and len(allowed) == 0):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        with guarded():
            if allowed is not None:
                query = self._restricted(query, allowed)
            return self._collect(query, limit)

    def frequencies(self, words: Sequence[str]) -> tuple[list[int], int]:
        """In how many passages each (normalised) word stands, and how many passages there are.

        Exact up to 10,000; of more common words passages that were taken out count as well until their
        segment is merged, but never more than there are passages.
        """
        with guarded():
            searcher = self._index.searcher()
            passages = max(0, searcher.num_docs - 1)
            return [min(self._frequency(searcher, word), passages) for word in words], passages

    def _frequency(self, searcher: tantivy.Searcher, word: str) -> int:
        frequency = searcher.doc_freq("words", word)
        if not 0 < frequency <= _COUNTED_EXACTLY:
            return frequency
        query = self._tantivy.Query.term_query(self._schema, "words", word)
        return int(searcher.search(query, limit=1, count=True).count or 0)  # type: ignore[attr-defined]

    def vocabulary(self, texts_of: TextsOf) -> Vocabulary:
        """What stands in the passages as they are now; may be read for as long as the index is open."""
        with guarded():
            return Vocabulary(self._tantivy, self._schema, self._index.searcher(), texts_of)

    def _try_writer(self) -> tantivy.IndexWriter | None:
        with guarded():
            try:
                return self._index.writer(_WRITER_BYTES, 1)
            except ValueError as error:
                if "LockBusy" in str(error):
                    return None
                raise

    def _document(self, number: int, text: str) -> tantivy.Document:
        document = self._tantivy.Document()
        document.add_unsigned("passage", number)
        document.add_text("words", " ".join(tokenize.words(text)))
        document.add_text("bigrams", " ".join(tokenize.bigrams(text)))
        return document

    def _query(self, text: str, expansions: Sequence[str]) -> tantivy.Query | None:
        terms: dict[tuple[str, str], float] = {}
        for source, factor in ((text, 1.0), *((term, self._weights.expansion) for term in expansions)):
            for word in tokenize.query_words(source):
                terms.setdefault(("words", word), factor * self._weights.words)
            for gram in tokenize.query_bigrams(source):
                terms.setdefault(("bigrams", gram), factor * self._weights.bigrams)
        query, should = self._tantivy.Query, self._tantivy.Occur.Should
        parts = [
            (should, query.boost_query(query.term_query(self._schema, field, term, "freq"), weight))
            for (field, term), weight in terms.items()
            if weight > 0
        ]
        return query.boolean_query(parts) if parts else None

    def _restricted(self, query: tantivy.Query, allowed: Numbers) -> tantivy.Query:
        kind, must = self._tantivy.Query, self._tantivy.Occur.Must
        among = kind.const_score_query(kind.term_set_query(self._schema, "passage", allowed.tolist()), 0.0)
        return kind.boolean_query([(must, query), (must, among)])

    def _collect(self, query: tantivy.Query, limit: int | None) -> tuple[Numbers, NDArray[np.float32]]:
        searcher = self._index.searcher()
        size = max(1, searcher.num_docs if limit is None else limit)
        hits = searcher.search(query, limit=size, count=False).hits
        numbers = searcher.fast_field_values("passage", [address for _, address in hits])
        scores = np.array([score for score, _ in hits], dtype=np.float32)
        return np.array(numbers, dtype=np.int64), scores


def _schema() -> tantivy.Schema:
    import tantivy  # noqa: PLC0415

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("passage", indexed=True, fast=True)
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("bigrams", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("state", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()
