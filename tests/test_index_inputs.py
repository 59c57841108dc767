"""A document's texts are embedded in parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from fakes import HashEmbedder

from corpus.types import Article, Document, ParsedDocument, Passage
from index.inputs import embed_document
from index.late import pack
from index.types import TokenVectors


class _Recording(HashEmbedder):
    def __init__(self) -> None:
        super().__init__()
        self.calls: list[list[str]] = []

    def embed_document_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        self.calls.append(list(texts))
        return super().embed_document_tokens(texts)


def _document(paragraphs: Sequence[str]) -> ParsedDocument:
    text, passages, start = "\n".join(paragraphs), [], 0
    for number, paragraph in enumerate(paragraphs):
        end = start + len(paragraph)
        passages.append(Passage(f"p{number}", "d", 0, number, paragraph, start, end, "", None, (), None))
        start = end + 1
    document = Document("d", text, "0" * 64, "", "d.txt", "text/plain")
    return ParsedDocument(document, (Article("d", 0, "", 0, len(text)),), tuple(passages))


def test_long_documents_are_embedded_in_parts() -> None:
    """At most the given number of texts, or 10,000 characters and a text, at once; every text once, sentences
    first, and every vector where its text stands."""
    paragraphs = [f"第{number}段有{chr(0x4E00 + number) * 3000}。又一句。" for number in range(12)]
    embedder = _Recording()
    found = embed_document(_document(paragraphs), embedder, batch_size=10)
    sentences = [part for text in paragraphs for part in (text[: text.index("。") + 1], "又一句。")]
    assert [text for call in embedder.calls for text in call] == [*sentences, *paragraphs]
    assert [len(call) for call in embedder.calls] == [7, 8, 8, 5, 4, 4]
    expected = HashEmbedder().embed_document_tokens([*sentences, *paragraphs])
    assert found.sentence_tokens == tuple(pack(tokens.vectors) for tokens in expected[:24])
    vectors = [tokens.text_vector for tokens in expected]
    np.testing.assert_array_equal(found.sentence_vectors, vectors[:24])
    np.testing.assert_array_equal(found.passage_vectors, vectors[24:])
