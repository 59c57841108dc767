"""Stand-ins and makers shared by tests; nothing here is random, nothing needs a model."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Generator, Sequence

import numpy as np

from corpus.types import Anchor, Article, Document, ParsedDocument, Passage
from index.tokenize import bigrams
from index.types import ModelIdentity, TokenVectors, Vectors
from rag.chat import Limits, Message

Said = str | Callable[[str], str] | Exception
Reply = Said | tuple[Said, ...]


class HashEmbedder:
    """Counts of hashed character bigrams, at length 1: texts that share bigrams are near each other."""

    def __init__(self, name: str = "hash", dimension: int = 64) -> None:
        self._identity = ModelIdentity(name, hashlib.sha256(name.encode()).hexdigest(), dimension, "", "")
        self.queries_embedded = 0
        self.documents_embedded = 0

    @property
    def identity(self) -> ModelIdentity:
        return self._identity

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        self.queries_embedded += len(texts)
        return self._embed(texts)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        self.documents_embedded += len(texts)
        return self._embed(texts)

    def embed_query_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        self.queries_embedded += len(texts)
        return self._tokens(texts)

    def embed_document_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        self.documents_embedded += len(texts)
        return self._tokens(texts)

    def _tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """A token per character; equal characters have equal vectors."""
        found = []
        for text, vector in zip(texts, self._embed(texts), strict=True):
            spans = tuple((place, place + 1) for place, character in enumerate(text) if character.isalnum())
            found.append(TokenVectors(vector, self._embed([text[start:end] for start, end in spans]), spans))
        return found

    def _embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.full((len(texts), self._identity.dimension), 1e-6, dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for gram in bigrams(text):
                row[int(hashlib.sha256(gram.encode()).hexdigest(), 16) % len(row)] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def make_parsed(
    document_id: str,
    passages: Sequence[str],
    *,
    title: str = "工作简报",
    place: str | None = None,
    date: datetime.date | None = None,
    issue: str | None = None,
    sha256: str | None = None,
    source_name: str = "简报.txt",
) -> ParsedDocument:
    """A document of one article: its title, then each passage on a line of its own."""
    text = "\n".join([title, *passages])
    document = Document(
        id=document_id,
        text=text,
        sha256=sha256 or hashlib.sha256(text.encode()).hexdigest(),
        title=title,
        source_name=source_name,
        media_type="text/plain",
        issue=issue,
        date=date,
        anchors=(Anchor(0, 1, 1), Anchor(len(title) + 1, 1, 2)),
    )
    found, start = [], len(title) + 1
    for ordinal, passage in enumerate(passages):
        end = start + len(passage)
        id_ = f"{document_id}-{ordinal}"
        found.append(
            Passage(id_, document_id, 0, ordinal, passage, start, end, title, place, ("一、做法",), 1)
        )
        start = end + 1
    article = Article(document_id, 0, title, 0, len(text), place)
    return ParsedDocument(document, (article,), tuple(found))


class ScriptedChat:
    """A chat model that says what it is told to: each reply is a text, or is made of the prompt; an error in
    place of a text, or after it, is raised. The last reply is given again and again."""

    def __init__(self, *replies: Reply, name: str = "假模型", piece: int = 5) -> None:
        self.replies = list(replies)
        self.prompts: list[str] = []
        self.closed = 0
        self._name = name
        self._piece = piece

    @property
    def name(self) -> str:
        return self._name

    def warm(self) -> None:
        pass

    def stream(self, messages: Sequence[Message], limits: Limits) -> Generator[str, None, None]:
        self.prompts.append(messages[-1].content)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        parts = reply if isinstance(reply, tuple) else (reply,)
        try:
            for part in parts:
                if isinstance(part, Exception):
                    raise part
                text = part if isinstance(part, str) else part(self.prompts[-1])
                yield from (text[start : start + self._piece] for start in range(0, len(text), self._piece))
        finally:
            self.closed += 1
