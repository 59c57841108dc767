"""What the model and the lexical index read of a passage or sentence: more than its bare text.

Title before the text gains more than any way of fusing, so how it is put there is said once, here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.sentences import split_sentences
from corpus.types import ParsedDocument, Passage
from index.errors import ModelError
from index.late import pack
from index.types import Embedder, Vectors

_CHARACTERS = 10_000


@dataclass(frozen=True, slots=True)
class EmbeddedDocument:
    """A document ready to be stored.

    ``passage_vectors``: (passages, dimension), in the order of ``parsed.passages``. ``sentences``: for
    each passage the spans of its sentences in offsets of the document. ``sentence_vectors``:
    (sentences, dimension), all passages' sentences one after the other; ``sentence_tokens`` likewise, the
    vectors of each one's tokens as `index.late.pack` packs them.
    """

    parsed: ParsedDocument
    passage_vectors: Vectors
    sentences: tuple[tuple[tuple[int, int], ...], ...]
    sentence_vectors: Vectors
    sentence_tokens: tuple[bytes, ...]

    def sentence_texts(self) -> list[str]:
        """Every sentence as the document has it, in order."""
        return [self.parsed.document.text[start:end] for spans in self.sentences for start, end in spans]


def passage_input(passage: Passage) -> str:
    """Title, heading path and text, a line each."""
    return "\n".join(part for part in (passage.title, *passage.heading, passage.text) if part)


def sentence_input(passage: Passage, sentence: str) -> str:
    """The sentence, with the place it is about before it where that is known."""
    return f"{passage.place}：{sentence}" if passage.place else sentence


def embed_document(parsed: ParsedDocument, embedder: Embedder, batch_size: int) -> EmbeddedDocument:
    """Split into sentences and embed both. Raises ModelError where vectors have not the right shape, and
    ValueError where a passage isn't the document's text at its place."""
    sentences = tuple(_sentences(parsed, passage) for passage in parsed.passages)
    text = parsed.document.text
    sentence_texts = [
        sentence_input(passage, text[start:end])
        for passage, spans in zip(parsed.passages, sentences, strict=True)
        for start, end in spans
    ]
    texts = [*sentence_texts, *map(passage_input, parsed.passages)]
    vectors: list[NDArray[np.float32]] = []
    packed: list[bytes] = []
    # One after the other in the same calls, so that a small document too makes full batches.
    for part in _parts(texts, batch_size):
        found = embedder.embed_document_tokens(part)
        vectors += [tokens.text_vector for tokens in found]
        packed += [pack(tokens.vectors) for tokens in found[: len(sentence_texts) - len(packed)]]
    checked = _checked(vectors, len(texts), embedder)
    count = len(sentence_texts)
    return EmbeddedDocument(parsed, checked[count:], sentences, checked[:count], tuple(packed))


def _parts(texts: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    """In order; each of at most ``most`` texts, and not much longer than keeps its tokens' vectors small (20
    MiB)."""
    first = characters = 0
    for place, text in enumerate(texts):
        if place - first == most or characters > _CHARACTERS:
            yield texts[first:place]
            first, characters = place, 0
        characters += len(text)
    if first < len(texts):
        yield texts[first:]


def _sentences(parsed: ParsedDocument, passage: Passage) -> tuple[tuple[int, int], ...]:
    if parsed.document.text[passage.start : passage.end] != passage.text:
        raise ValueError(f"passage {passage.id} is not the document's text at its place")
    spans = split_sentences(passage.text)
    return tuple((passage.start + start, passage.start + end) for start, end in spans)


def _checked(vectors: Sequence[NDArray[np.float32]], count: int, embedder: Embedder) -> Vectors:
    dimension = embedder.identity.dimension
    shapes = {vector.shape for vector in vectors} or {(dimension,)}
    if len(vectors) != count or shapes != {(dimension,)}:
        raise ModelError(
            f"向量模型 {embedder.identity.name} 的输出不对：应为 {count} 个 {dimension} 维向量，"
            f"实为 {len(vectors)} 个，形状 {sorted(shapes)}。请检查模型文件是否完整。"
        )
    return np.array(vectors, dtype=np.float32).reshape(count, dimension)
