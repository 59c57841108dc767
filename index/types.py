"""The nouns of the index."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.types import Passage

Vectors = NDArray[np.float32]
"""Shape (n, dimension), rows of length 1 (L2)."""

Progress = Callable[[int, int], None]
"""Called with (done, total); total is 0 where it isn't known."""

Leg = Literal["dense", "sentence", "lexical", "late"]
"""Ways of finding a passage: its vector, its best sentence's vector, BM25 over words and character pairs, and
late interaction between the question's tokens and those of its best sentence."""


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """What an index remembers of the model that filled it.

    Vectors of two models can be compared only where all fields are equal. ``fingerprint`` is the
    SHA-256 (hex) of the model's weights, or of what stands for them.
    """

    name: str
    fingerprint: str
    dimension: int
    query_prompt: str
    document_prompt: str


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """A text's vector and those of its tokens (prompt and special tokens left out), from one pass.

    ``text_vector``: (dimension,); ``vectors``: (tokens, dimension), rows of length 1; ``spans``: where each
    token stands in the text, in code points, in order.
    """

    text_vector: NDArray[np.float32]
    vectors: Vectors
    spans: tuple[tuple[int, int], ...]


class Embedder(Protocol):
    """Turns text into unit vectors. Knowing ``identity`` must not load the weights."""

    @property
    def identity(self) -> ModelIdentity: ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors: ...

    def embed_documents(self, texts: Sequence[str]) -> Vectors: ...

    def embed_query_tokens(self, texts: Sequence[str]) -> list[TokenVectors]: ...

    def embed_document_tokens(self, texts: Sequence[str]) -> list[TokenVectors]: ...


@dataclass(frozen=True, slots=True)
class Filters:
    """What a passage's document or article must be. An empty field asks for nothing; a filled one is met
    by any of its values; all fields must be met. Dates are inclusive."""

    years: tuple[int, ...] = ()
    issues: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    document_ids: tuple[str, ...] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """``weights`` need not sum to 1; a leg that is absent is not searched. ``limit`` None asks for all."""

    text: str
    filters: Filters = Filters()
    limit: int | None = 50
    weights: tuple[tuple[Leg, float], ...] = (("dense", 0.5), ("lexical", 0.5))
    expansions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LegScore:
    """What one leg said of a passage: its own score (its own unit) and its rank there, from 1."""

    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage. ``score`` is the fused score in [0, 1], ``rank`` counts from 1; ``legs`` tells where
    the score came from, ``matched`` which words of the question (or its expansions) stand in the text."""

    passage: Passage
    score: float
    rank: int
    legs: dict[Leg, LegScore] = field(default_factory=dict)
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SentenceRef:
    """A sentence of a passage. Offsets are the document's."""

    passage_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SentenceMatches:
    """How near each sentence is to a question.

    ``cosines``: (sentences,), of sentence and question. ``tokens``: (question's tokens, sentences), the
    cosine of each token of the question with the nearest token of the sentence. ``spans``: where those
    tokens stand in the question; ``weights``: (question's tokens,), how much each counts, summing to 1.
    """

    sentences: tuple[SentenceRef, ...]
    cosines: NDArray[np.float32]
    tokens: NDArray[np.float32]
    spans: tuple[tuple[int, int], ...]
    weights: NDArray[np.float32]

    @property
    def late(self) -> NDArray[np.float32]:
        """(sentences,): the weighted mean over the question's tokens, in [-1, 1]."""
        scores: NDArray[np.float32] = self.weights @ self.tokens
        return scores


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A line of the catalogue."""

    id: str
    title: str
    series: str | None
    issue: str | None
    issuer: str | None
    date: datetime.date | None
    digest: bool
    source_name: str
    sha256: str
    articles: int
    passages: int


@dataclass(frozen=True, slots=True)
class Original:
    """The file that a document was read from, as it came. ``size`` is in bytes; ``sha256`` is theirs."""

    document_id: str
    source_name: str
    media_type: str
    sha256: str
    size: int


AddStatus = Literal["added", "unchanged", "replaced"]


@dataclass(frozen=True, slots=True)
class Reprint:
    """The article ``title`` of an added document stands in the article ``original_title`` of another
    document, which was there before."""

    title: str
    document_id: str
    document_title: str
    original_title: str


@dataclass(frozen=True, slots=True)
class AddOutcome:
    """What became of one document that was given to the library."""

    document_id: str
    source_name: str
    status: AddStatus
    passages: int
    reprints: tuple[Reprint, ...] = ()
