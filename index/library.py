"""The one door into the index: documents go in and out here, and are searched here."""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Sized
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import numpy as np

from corpus.types import Article, ParsedDocument, Passage
from index import catalogue, fuse, kinship, tokenize
from index.changes import Ingest
from index.errors import DocumentNotFoundError, PassageNotFoundError
from index.filed import FiledPlaces
from index.former import Versions
from index.hits import make_hits
from index.late import nearest_tokens
from index.legs import Legs, LegScores
from index.originals import Originals
from index.recall import QueryVectors
from index.store import Store, library_state, model_identity, require_model
from index.types import (
    AddOutcome,
    DocumentRecord,
    Embedder,
    Filters,
    Hit,
    Leg,
    ModelIdentity,
    Progress,
    SearchRequest,
    SentenceMatches,
    SentenceRef,
    Vectors,
)
from index.vocabulary import Vocabulary

_T = TypeVar("_T")

_LOGGER = logging.getLogger(__name__)
_NO_FILTERS = Filters()


class Library:
    """Documents, their passages, and the ways to find them. Thread-safe; several processes may have the
    same folder open, and each sees what the others have changed at its next call.

    ``check_model`` False opens a library that another model filled, so that it can be rebuilt; searching
    and adding still raise ModelMismatchError there. ``batch_size`` texts are embedded at a time. ``notice``
    is told, in Chinese, of what was put right on the way. Raises StoreError where the folder can't be
    opened.
    """

    def __init__(
        self,
        folder: Path,
        embedder: Embedder,
        *,
        batch_size: int = 128,
        notice: Callable[[str], None] = _LOGGER.warning,
        check_model: bool = True,
    ) -> None:
        self._embedder = embedder
        self._store = Store(folder)
        try:
            if check_model:
                with self._store.read() as connection:
                    require_model(connection, embedder.identity)
            self._queries = QueryVectors(embedder)
            self._legs = Legs(self._store, folder, embedder.identity.dimension, notice)
            self._legs.catch_up()
        except BaseException:
            self._store.close()
            raise
        self._ingest = Ingest(self._store, embedder, batch_size)
        self.filed = FiledPlaces(self._store)
        self.originals = Originals(self._store)
        self.versions = Versions(self._store)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is lost without it; it only gives the files back."""
        self._store.close()

    def add(
        self,
        parsed: Iterable[ParsedDocument],
        progress: Progress | None = None,
        told: Callable[[AddOutcome], None] | None = None,
    ) -> list[AddOutcome]:
        """Put documents in, or replace those of the same id, of the very same file, or that they correct
        (see ``kinship.former_versions``). Each is taken when its turn comes and is a transaction of its
        own; ``told`` hears of it once it is kept, whatever ends the call later.

        Raises ModelMismatchError, ModelError and StoreError.
        """
        total = len(parsed) if isinstance(parsed, Sized) else 0
        outcomes: list[AddOutcome] = []
        try:
            for document in parsed:
                outcomes.append(self._ingest.add(document))
                if told:
                    told(outcomes[-1])
                if progress:
                    progress(len(outcomes), total)
        finally:
            self._legs.catch_up()
        return outcomes

    def remove(self, document_id: str) -> None:
        """Raises DocumentNotFoundError where there is no such document."""
        self._ingest.remove(document_id)
        self._legs.catch_up()

    def rebuild(self, progress: Progress | None = None) -> None:
        """Embed everything anew with the current model, from the stored text, in one transaction: until it
        is done the library is as it was. Others can read meanwhile, but not write."""
        self._ingest.rebuild(progress)
        self._legs.catch_up()

    @property
    def snapshot(self) -> str:
        """Names the present contents, as g12-1a2b3c4d: the changes so far, and the library."""
        with self._store.read() as connection:
            now = library_state(connection)
        return f"g{now.generation}-{now.library[:8]}"

    @property
    def model(self) -> ModelIdentity | None:
        """The model that filled the library; None where there is no document."""
        with self._store.read() as connection:
            return model_identity(connection)

    def has_file(self, sha256: str) -> str | None:
        """Id of the document in the file of these bytes, without reading it; None where the file isn't
        known, or was read by another version of the parser."""
        with self._store.read() as connection:
            return kinship.known_file(connection, sha256)

    def find(self, name: str) -> str:
        """The id of the document that ``name`` means: its id, its source name, or how its id begins.
        Raises DocumentNotFoundError where there is none, or more than one."""
        with self._store.read() as connection:
            return kinship.find_id(connection, name)

    def documents(self) -> list[DocumentRecord]:
        """Newest date first, then by title; undated ones last."""
        with self._store.read() as connection:
            return catalogue.records(connection)

    def document(self, document_id: str) -> ParsedDocument:
        """As it was given to ``add``. Raises DocumentNotFoundError."""
        with self._store.read() as connection:
            parsed = catalogue.parsed_document(connection, document_id)
        if parsed is None:
            raise DocumentNotFoundError(f"没有编号为 {document_id} 的文件。请用 jianbao list 查看现有文件。")
        return parsed

    def articles(self, filters: Filters = _NO_FILTERS) -> list[Article]:
        """Newest document first, in the document's order. An article is about a place also where one of its
        passages is."""
        with self._store.read() as connection:
            return catalogue.articles(connection, filters)

    def passage(self, passage_id: str) -> Passage:
        """Raises PassageNotFoundError."""
        return self.passages([passage_id])[0]

    def passages(self, ids: Sequence[str] | None = None, *, filters: Filters = _NO_FILTERS) -> list[Passage]:
        """Those of the ids, in their order (PassageNotFoundError where one doesn't exist); without ids,
        those that meet the filters, newest document first, in the document's order."""
        with self._store.read() as connection:
            if ids is None:
                return [passage for _, passage in catalogue.passages(connection, filters)]
            return [passage for _, passage in _numbered(connection, ids)]

    def neighbours(self, passage_id: str, n: int = 1) -> list[Passage]:
        """Up to ``n`` passages before and ``n`` after it in its document, in order, itself left out."""
        with self._store.read() as connection:
            [(_, passage)] = _numbered(connection, [passage_id])
            filters = Filters(document_ids=(passage.document_id,))
            around = [other for _, other in catalogue.passages(connection, filters)]
        return [other for other in around if 0 < abs(other.ordinal - passage.ordinal) <= n]

    def places(self) -> dict[str, int]:
        """Places the articles are about and how many articles each has, most first, then by name."""
        counts = Counter(article.place for article in self.articles() if article.place)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def consult(self, use: Callable[[Vocabulary], _T]) -> _T:
        """What ``use`` makes of what stands in the passages (with their titles and headings)."""
        return self._legs.consult(use)

    def search(self, request: SearchRequest) -> list[Hit]:
        """Best first. Scores are relative to this search (see fuse.weighted_sum); an empty text, or
        filters that leave nothing, find nothing. Raises ModelMismatchError."""
        if not request.text.strip() or request.limit == 0 or self.model is None:
            return []
        with self._store.read() as connection:
            legs = self._search_legs(connection, request)
            fused = fuse.weighted_sum([(legs[leg], weight) for leg, weight in request.weights])
            order = fuse.ranked(fused)[: request.limit]
            passages = catalogue.passages_by_number(connection, order)
        # A passage that another process has only just added isn't in this view of the library yet.
        return make_hits(request, [number for number in order if number in passages], passages, fused, legs)

    def leg_scores(self, request: SearchRequest) -> dict[Leg, dict[str, float]]:
        """What each leg says by itself, before anything is fused or cut to the limit: scores (each leg's
        own unit) by passage id, best first. Raises ModelMismatchError."""
        with self._store.read() as connection:
            legs = self._search_legs(connection, request)
            everything = {number for scores in legs.values() for number in scores}
            passages = catalogue.passages_by_number(connection, sorted(everything))
        return {
            leg: {passages[n].id: scores[n] for n in fuse.ranked(scores) if n in passages}
            for leg, scores in legs.items()
        }

    def prepare(self, texts: Sequence[str]) -> None:
        """Embed questions that will be asked next, together: quicker than one by one. Raises ModelError."""
        self._queries.prepare(texts)

    def sentence_matches(self, text: str, passage_ids: Sequence[str]) -> SentenceMatches:
        """Every sentence of the passages, in the order of the ids and then of the text, and how near it is
        to ``text``. Raises PassageNotFoundError and ModelMismatchError."""
        query = self._queries.get(text)
        refs: list[SentenceRef] = []
        vectors: list[Vectors] = []
        packed: list[bytes] = []
        with self._store.read() as connection:
            require_model(connection, self._embedder.identity)
            passages = _numbered(connection, passage_ids)
            numbers = [number for number, _ in passages]
            found = catalogue.sentences_of(connection, numbers, len(query.text_vector))
            for number, passage in passages:
                if number not in found:
                    continue
                spans, matrix, tokens = found[number]
                refs += [SentenceRef(passage.id, start, end) for start, end in spans]
                vectors.append(matrix)
                packed += tokens
        dimension = len(query.text_vector)
        matrix = np.concatenate([np.zeros((0, dimension), np.float32), *vectors])
        return SentenceMatches(
            tuple(refs),
            np.clip(matrix @ query.text_vector, -1.0, 1.0),
            nearest_tokens(query.vectors, packed),
            query.spans,
            self._legs.token_weights(text, query.spans),
        )

    def holds(self, term: str) -> bool:
        """Whether some passages hold every word of ``term``."""
        return all(self._legs.frequencies(tokenize.words(term)))

    def rarity(self, words: Sequence[str]) -> dict[str, float]:
        """How rare each word is among the passages (inverse document frequency, as in BM25; see
        ``index.weights``). A word that no passage holds is the rarest."""
        return self._legs.rarity(words)

    def _search_legs(self, connection: sqlite3.Connection, request: SearchRequest) -> LegScores:
        is_vector_search = any(leg != "lexical" for leg, _ in request.weights)
        query = self._queries.get(request.text) if is_vector_search else None
        require_model(connection, self._embedder.identity)
        allowed = None
        if request.filters != _NO_FILTERS:
            allowed = catalogue.passage_numbers(connection, request.filters)
        return self._legs.search(connection, request, query, allowed)


def open_library(
    folder: Path,
    embedder: Embedder,
    *,
    batch_size: int = 128,
    notice: Callable[[str], None] = _LOGGER.warning,
    check_model: bool = True,
) -> Library:
    """The library in ``folder``, made there if there is none. Raises ModelMismatchError where another
    model filled it (unless ``check_model`` is False), and StoreError."""
    return Library(folder, embedder, batch_size=batch_size, notice=notice, check_model=check_model)


def _numbered(connection: sqlite3.Connection, ids: Sequence[str]) -> list[tuple[int, Passage]]:
    found = catalogue.passages_by_id(connection, ids)
    if missing := [id_ for id_ in ids if id_ not in found]:
        raise PassageNotFoundError(f"没有编号为 {'、'.join(missing)} 的段落，所在文件可能已被删除或替换。")
    return [found[id_] for id_ in ids]
