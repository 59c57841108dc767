"""Every invariant of a library, looked at one by one: what is found wrong is told, nothing is changed."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from corpus.types import ParsedDocument, Passage
from index import catalogue
from index.connection import is_read_only
from index.damage import DamagedIndexError
from index.kept import FOLDER_NAME
from index.lexical import LexicalIndex
from index.store import existing_store, library_state, model_identity, revision
from index.types import Filters, Progress

Check = Literal["file", "text", "sentences", "vectors", "originals", "lexical"]
CHECKS: tuple[Check, ...] = ("file", "text", "sentences", "vectors", "originals", "lexical")
_UNIT = 1e-3
"""How far a vector's length may be from 1: bfloat16 computes, float32 is kept."""
_CHUNK = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that isn't as it must be; ``text`` says it in Chinese."""

    check: Check
    text: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and what was wrong with it. ``is_current`` False: the lexical index lags or is
    missing, which the next question puts right by itself, or lies where nothing can be written, and so can't
    be used."""

    documents: int
    passages: int
    sentences: int
    originals: int
    generation: int
    problems: tuple[Problem, ...]
    is_current: bool


def verify(folder: Path, progress: Progress | None = None) -> Verified:
    """Look at the whole library in ``folder``, at one moment of it. Raises StoreError where it can't be read
    at all."""
    with closing(existing_store(folder)) as store, store.read() as connection:
        problems = [Problem("file", text) for text in _file(connection)]
        documents, passages, sentences, originals = (
            int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for table in ("documents", "passages", "sentences", "originals")
        )
        for done, document_id in enumerate(catalogue.document_ids(connection), start=1):
            problems += _document(connection, document_id)
            if progress:
                progress(done, documents)
        problems += [Problem("vectors", text) for text in _numbers(connection)]
        problems += [Problem("originals", text) for text in _originals(connection)]
        lexical = _lexical(connection, folder)
        is_current = lexical is not None
        problems += [Problem("lexical", text) for text in lexical or ()]
        generation = revision(connection).generation
    return Verified(documents, passages, sentences, originals, generation, tuple(problems), is_current)


def _file(connection: sqlite3.Connection) -> Iterator[str]:
    for (found,) in connection.execute("PRAGMA integrity_check"):
        if found != "ok":
            yield f"数据库文件有损坏：{found}"
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"{table} 第 {row} 行所属的 {parent} 不存在"
    if model_identity(connection) is None and catalogue.document_ids(connection):
        yield "没有记下向量是哪个模型的"


def _document(connection: sqlite3.Connection, document_id: str) -> Iterator[Problem]:
    parsed = catalogue.parsed_document(connection, document_id)
    if parsed is None:
        return
    length = len(parsed.document.text)
    for article in parsed.articles:
        if not 0 <= article.start < article.end <= length:
            yield Problem(
                "text",
                f"{document_id} 第 {article.ordinal + 1} 篇的位置"
                f" {article.start} 到 {article.end} 不在全文里",
            )
    for passage in parsed.passages:
        if parsed.document.text[passage.start : passage.end] != passage.text:
            yield Problem("text", f"{passage.id} 与全文 {passage.start} 到 {passage.end} 处的文字不同")
    yield from _sentences(connection, parsed)


def _sentences(connection: sqlite3.Connection, parsed: ParsedDocument) -> Iterator[Problem]:
    identity = model_identity(connection)
    numbered = dict(catalogue.passages(connection, Filters(document_ids=(parsed.document.id,))))
    dimension = identity.dimension if identity else 0
    where = "WHERE number IN (SELECT value FROM json_each(?))"
    vectors = dict(
        connection.execute(f"SELECT number, vector FROM passage_vectors {where}", (json.dumps([*numbered]),))
    )
    for number, passage in numbered.items():
        yield from _vector(vectors.get(number), dimension, passage.id)
        rows = connection.execute(
            'SELECT s.ordinal, s.start, s."end", v.vector, t.tokens FROM sentences s'
            " LEFT JOIN sentence_vectors v ON v.number = s.number"
            " LEFT JOIN sentence_tokens t ON t.number = s.number"
            " WHERE s.passage = ? ORDER BY s.ordinal",
            (number,),
        )
        yield from _sentences_of(passage, rows.fetchall(), dimension)


def _sentences_of(
    passage: Passage, rows: list[tuple[int, int, int, bytes, bytes]], dimension: int
) -> Iterator[Problem]:
    last = passage.start
    for expected, (ordinal, start, end, vector, tokens) in enumerate(rows):
        name = f"{passage.id} 第 {ordinal + 1} 句"
        if ordinal != expected or not last <= start < end <= passage.end:
            yield Problem("sentences", f"{name}的位置 {start} 到 {end} 不在段落里，或次序不对")
        last = end
        yield from _vector(vector, dimension, name)
        if tokens is None:
            yield Problem("vectors", f"{name}没有逐词向量")


def _vector(vector: bytes | None, dimension: int, name: str) -> Iterator[Problem]:
    if vector is None:
        yield Problem("vectors", f"{name}没有向量")
        return
    if len(vector) != 4 * dimension:
        yield Problem("vectors", f"{name}的向量应为 {dimension} 维，实有 {len(vector)} 字节")
        return
    length = float(np.linalg.norm(np.frombuffer(vector, np.float32)))
    if not abs(length - 1) <= _UNIT:
        yield Problem("vectors", f"{name}的向量长度应为 1，实为 {length:.4f}")


def _numbers(connection: sqlite3.Connection) -> Iterator[str]:
    for owner, table in (
        ("passages", "passage_vectors"),
        ("sentences", "sentence_vectors"),
        ("sentences", "sentence_tokens"),
    ):
        (missing,) = connection.execute(
            f"SELECT count(*) FROM {table} WHERE number NOT IN (SELECT number FROM {owner})"
        ).fetchone()
        if missing:
            yield f"{table} 里有 {missing} 个向量不属于任何文字"


def _originals(connection: sqlite3.Connection) -> Iterator[str]:
    for number, sha256, size in connection.execute("SELECT number, sha256, size FROM originals").fetchall():
        digest = hashlib.sha256()
        with connection.blobopen("originals", "data", number, readonly=True) as blob:
            length = len(blob)
            while piece := blob.read(_CHUNK):
                digest.update(piece)
        if (digest.hexdigest(), length) != (sha256, size):
            yield f"原文件 {sha256[:12]} 与收入时不同"


def _lexical(connection: sqlite3.Connection, folder: Path) -> list[str] | None:
    """What is wrong with the lexical index; None where it isn't at the library's state yet, or can't be used
    because the folder is read-only."""
    if not (folder / FOLDER_NAME).exists() or is_read_only(folder):
        return None
    try:
        index = LexicalIndex(folder / FOLDER_NAME)
        built_to, held = index.state(), index.numbers()
    except DamagedIndexError as error:
        return [f"词语索引损坏（{error}），下次提问时会自动重建"]
    if built_to != library_state(connection):
        return None
    wanted = catalogue.passage_numbers(connection)
    lacking, extra = len(np.setdiff1d(wanted, held)), len(np.setdiff1d(held, wanted))
    return [f"词语索引缺 {lacking} 段，多 {extra} 段"] if lacking or extra else []
