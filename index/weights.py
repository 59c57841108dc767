"""How much the words and tokens of a question count: rare ones more, words of asking little."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index import tokenize

_ASKING = 0.15
"""What a function word or punctuation counts beside a content word of middling rarity (1)."""


def rarity(frequency: int, passages: int) -> float:
    """Inverse document frequency as in BM25 (Robertson and Spärck Jones, 1976, with Lucene's +1)."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def token_weights(
    text: str, spans: Sequence[tuple[int, int]], rarity_of: Callable[[Sequence[str]], Mapping[str, float]]
) -> NDArray[np.float32]:
    """(tokens,): the square root of the rarity of the word a token lies in, summing to 1.

    ``spans`` are where the tokens stand in ``text``. Tokens of function words and punctuation count little.
    """
    words = _word_spans(text)
    rare = rarity_of([word for _, _, word in words])
    weights = np.full(len(spans), _ASKING, dtype=np.float32)
    for number, (start, end) in enumerate(spans):
        inside = [rare[word] for first, last, word in words if first < end and start < last]
        if inside:
            weights[number] = max(_ASKING, math.sqrt(max(inside)))
    total = float(weights.sum())
    return weights / total if total else weights


def _word_spans(text: str) -> list[tuple[int, int, str]]:
    """Content words of ``text``, normalised, and where they stand in it."""
    normalised = tokenize.normalise(text)
    if len(normalised) != len(text):  # a character that normalises to several: places no longer match
        normalised = text.lower()
    spans, place = [], 0
    for run in tokenize.content_runs(normalised):
        for word in run:
            place = normalised.index(word, place)
            spans.append((place, place + len(word), word))
            place += len(word)
    return spans
