"""Documents are embedded and stored, replaced, taken out: each in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace

from corpus.types import PARSER_VERSION, ParsedDocument
from index import catalogue, former, originals
from index.errors import DocumentNotFoundError
from index.inputs import embed_document
from index.kinship import files_of, former_versions, remember_files, reprints
from index.store import Store, mark_change, require_model, set_model_identity
from index.types import AddOutcome, AddStatus, Embedder


class Ingest:
    """Writes to the store. Embedding comes before the transaction, so that others needn't wait for it."""

    def __init__(self, store: Store, embedder: Embedder, batch_size: int) -> None:
        self._store = store
        self._embedder = embedder
        self._batch_size = batch_size

    def add(self, parsed: ParsedDocument) -> AddOutcome:
        """Raises ModelMismatchError where another model filled the library."""
        document = parsed.document
        files = [(document.sha256, PARSER_VERSION)]
        with self._store.read() as connection:
            require_model(connection, self._embedder.identity)
            is_known = _holds(connection, parsed)
        if is_known:
            with self._store.write() as connection:
                # Another process may have taken it out meanwhile.
                if _holds(connection, parsed):
                    remember_files(connection, document.id, files)
                    originals.keep(connection, parsed)
                    return AddOutcome(document.id, document.source_name, "unchanged", len(parsed.passages))
        embedded = embed_document(parsed, self._embedder, self._batch_size)
        status: AddStatus = "added"
        with self._store.write() as connection:
            require_model(connection, self._embedder.identity)
            corrected = former_versions(connection, parsed, embedded.sentence_texts())
            replaced = sorted({*catalogue.same_file(connection, document), *corrected})
            former.keep(connection, replaced, document.id)
            for document_id in replaced:
                catalogue.delete(connection, document_id)
                status = "replaced"
            catalogue.insert(connection, embedded)
            remember_files(connection, document.id, files)
            originals.keep(connection, parsed)
            if status == "replaced":
                originals.drop_unused(connection)
            found = reprints(connection, document.id)
            set_model_identity(connection, self._embedder.identity)
            former.stamp(connection, document.id, mark_change(connection))
        return AddOutcome(document.id, document.source_name, status, len(parsed.passages), found)

    def remove(self, document_id: str) -> None:
        """Raises DocumentNotFoundError where there is no such document."""
        with self._store.write() as connection:
            if not catalogue.delete(connection, document_id):
                raise DocumentNotFoundError(
                    f"没有编号为 {document_id} 的文件。请用 jianbao list 查看现有文件。"
                )
            originals.drop_unused(connection)
            former.forget(connection, document_id)
            mark_change(connection)

    def rebuild(self, progress: Callable[[int, int], None] | None) -> None:
        """Here the embedding stands inside: nothing may be added meanwhile with the model of before."""
        with self._store.write() as connection:
            ids = catalogue.document_ids(connection)
            for done, document_id in enumerate(ids, start=1):
                if (parsed := catalogue.parsed_document(connection, document_id)) is not None:
                    embedded = embed_document(parsed, self._embedder, self._batch_size)
                    files = files_of(connection, document_id)
                    generation = former.born(connection, document_id)
                    catalogue.delete(connection, document_id)
                    catalogue.insert(connection, embedded)
                    remember_files(connection, document_id, files)
                    former.stamp(connection, document_id, generation)
                if progress:
                    progress(done, len(ids))
            set_model_identity(connection, self._embedder.identity)
            mark_change(connection)


def _holds(connection: sqlite3.Connection, parsed: ParsedDocument) -> bool:
    stored = catalogue.parsed_document(connection, parsed.document.id)
    return stored is not None and _same_content(stored, parsed)


def _same_content(stored: ParsedDocument, given: ParsedDocument) -> bool:
    """Whether nothing a reader could see would change. Of the same file everything counts but its name (a
    better parser must get through); of another file with the same text, its pages don't."""
    is_same_file = stored.document.sha256 == given.document.sha256
    return _content(stored, is_same_file) == _content(given, is_same_file)


def _content(parsed: ParsedDocument, with_file: bool) -> ParsedDocument:
    document = replace(parsed.document, source_name="")
    passages = parsed.passages
    if not with_file:
        document = replace(document, sha256="", media_type="", anchors=())
        passages = tuple(replace(passage, page=None) for passage in passages)
    return ParsedDocument(document, parsed.articles, passages)
