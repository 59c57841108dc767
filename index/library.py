"""The one door into the index: documents go in and out here, and are searched here."""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import numpy as np

from corpus.types import Article, ParsedDocument, Passage
from index import catalogue, fuse, tokenize
from index.changes import Ingest
from index.errors import DocumentNotFoundError, ModelMismatchError, PassageNotFoundError
from index.hits import make_hits
from index.inputs import passage_input
from index.late import nearest_tokens
from index.legs import Legs
from index.recall import QueryVectors
from index.store import Revision, Store, model_identity, revision
from index.types import (
    AddOutcome,
    DocumentRecord,
    Embedder,
    Filters,
    Hit,
    ModelIdentity,
    SearchRequest,
    SentenceMatches,
    SentenceRef,
    Vectors,
)

Progress = Callable[[int, int], None]
"""Called with (done, total); total is 0 where it isn't known."""

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
        batch_size: int = 64,
        notice: Callable[[str], None] = _LOGGER.warning,
        check_model: bool = True,
    ) -> None:
        self._embedder = embedder
        self._store = Store(folder)
        try:
            if check_model:
                with self._store.read() as connection:
                    self._require_model(connection)
            self._queries = QueryVectors(embedder)
            self._legs = Legs(self._store, folder, embedder.identity.dimension, notice)
            self._legs.catch_up()
        except BaseException:
            self._store.close()
            raise
        self._ingest = Ingest(self._store, embedder, batch_size)
        self._vocabulary: tuple[Revision, Mapping[str, int]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is lost without it; it only gives the files back."""
        self._store.close()

    def add(self, parsed: Iterable[ParsedDocument], progress: Progress | None = None) -> list[AddOutcome]:
        """Put documents in, or replace those of the same id (or of the very same file). Each is a
        transaction of its own: when an error ends the call, the documents before it are kept.

        Raises ModelMismatchError, ModelError and StoreError.
        """
        total = len(parsed) if isinstance(parsed, Sized) else 0
        outcomes: list[AddOutcome] = []
        try:
            for document in parsed:
                with self._store.read() as connection:
                    self._require_model(connection)
                outcomes.append(self._ingest.add(document, self._require_model))
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
        return f"g{self._store.revision().generation}-{self._store.library_id[:8]}"

    @property
    def model(self) -> ModelIdentity | None:
        """The model that filled the library; None where there is no document."""
        with self._store.read() as connection:
            return model_identity(connection)

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

    def vocabulary(self) -> Mapping[str, int]:
        """Words of the passages with their titles and headings (normalised, see tokenize.words) and in how
        many passages each stands. Counted once for each state of the library."""
        with self._store.read() as connection:
            now = revision(connection)
            if self._vocabulary is None or self._vocabulary[0] != now:
                counts: Counter[str] = Counter()
                for _, passage in catalogue.passages(connection, _NO_FILTERS):
                    counts.update(set(tokenize.words(passage_input(passage))))
                self._vocabulary = now, MappingProxyType(dict(counts))
            return self._vocabulary[1]

    def search(self, request: SearchRequest) -> list[Hit]:
        """Best first. Scores are relative to this search (see fuse.weighted_sum); an empty text, or
        filters that leave nothing, find nothing. Raises ModelMismatchError."""
        if not request.text.strip() or request.limit == 0 or self.model is None:
            return []
        is_vector_search = any(leg != "lexical" for leg, _ in request.weights)
        query = self._queries.get(request.text) if is_vector_search else None
        with self._store.read() as connection:
            self._require_model(connection)
            allowed = None
            if request.filters != _NO_FILTERS:
                allowed = catalogue.passage_numbers(connection, request.filters)
            legs = self._legs.search(connection, request, query, allowed)
            fused = fuse.weighted_sum([(legs[leg], weight) for leg, weight in request.weights])
            order = fuse.ranked(fused)[: request.limit]
            passages = catalogue.passages_by_number(connection, order)
        # A passage that another process has only just added isn't in this view of the library yet.
        return make_hits(request, [number for number in order if number in passages], passages, fused, legs)

    def sentence_matches(self, text: str, passage_ids: Sequence[str]) -> SentenceMatches:
        """Every sentence of the passages, in the order of the ids and then of the text, and how near it is
        to ``text``. Raises PassageNotFoundError and ModelMismatchError."""
        query = self._queries.get(text)
        refs: list[SentenceRef] = []
        vectors: list[Vectors] = []
        packed: list[bytes] = []
        with self._store.read() as connection:
            self._require_model(connection)
            for number, passage in _numbered(connection, passage_ids) if passage_ids else []:
                spans, matrix, tokens = catalogue.sentences_of(connection, number, len(query.text_vector))
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

    def rarity(self, words: Sequence[str]) -> dict[str, float]:
        """How rare each word is among the passages (inverse document frequency, as in BM25; see
        ``index.weights``). A word that no passage holds is the rarest."""
        return self._legs.rarity(words)

    def _require_model(self, connection: sqlite3.Connection) -> None:
        stored, current = model_identity(connection), self._embedder.identity
        if stored is not None and stored != current:
            raise ModelMismatchError(
                f"资料库是用向量模型 {_described(stored)} 建立的，现在用的是 {_described(current)}，"
                "两者的向量不能比较。请改回原来的模型，或运行 jianbao rebuild 用现在的模型重建。"
            )


def open_library(
    folder: Path,
    embedder: Embedder,
    *,
    batch_size: int = 64,
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


def _described(model: ModelIdentity) -> str:
    return (
        f"「{model.name}」（{model.dimension} 维，指纹 {model.fingerprint[:8]}，"
        f"提示语 {model.query_prompt!r} 与 {model.document_prompt!r}）"
    )
