"""Sentences are packed into chunks."""

from __future__ import annotations

from itertools import pairwise

from langchain_text_splitters import TextSplitter

from corpus.sentences import split_sentences

_LONGEST_HEADLINE = 18


class SentenceSplitter(TextSplitter):
    """Packs whole sentences into chunks, by langchain's own merging (as its NLTK and spaCy splitters do)."""

    def split_text(self, text: str) -> list[str]:
        """Chunks of whole sentences, each as long as ``chunk_size`` allows; a longer sentence stays whole."""
        starts = [0]
        for (start, end), (following, _) in pairwise(split_sentences(text)):
            # a headline of a few words (搭平台、引资源。) stays with the sentence that it heads
            if end - start > _LONGEST_HEADLINE or starts[-1] != start:
                starts.append(following)
        ends = [*starts[1:], len(text)]
        return self._merge_splits([text[s:e] for s, e in zip(starts, ends, strict=True)], "")
