"""Text becomes search terms. What stands here is only for finding: nobody ever reads the normalised form.

Words come from rjieba (search mode), bigrams from runs of Chinese characters. Both are taken of the
normalised text, so that Traditional, full-width and upper-case writing finds its plain counterpart.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

_FUNCTION_WORDS = """
哪 哪些 哪个 哪里 哪儿 哪家 哪几 哪几个 什么 什么样 怎么 怎么样 怎样 如何 为什么 为何 多少 几 几个 谁 何
是否 有没有 有无 吗 呢 吧 啊 呀 的 地 得 了 着 过 和 与 及 以及 或 在 是 有 也 都 就 被 把 对 从 于 以 为 等
我 你 您 请 请问 帮 帮我 一下 介绍 关于 告诉 知道 想 能 能否 可以 会 要 说 做 个 各 都有 其 这 那 这些 那些
"""
STOP_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Function words of questions. They are left out of queries only; the index keeps every word."""

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af〇々"
_BIGRAM_RUNS = re.compile(f"(?P<han>[{_HAN}]+)|[^\\W_{_HAN}]+(?:[.\\-_][^\\W_{_HAN}]+)*")
# OpenCC keeps 著 throughout; the mainland writes 着 but for these words (著名, 显著, 编著 …).
_ZHU_AS_ZHE = re.compile("(?<![显名编卓原专土论昭巨译合])著(?![名作称者书述录于])")


_ALL_WORDS = 60_101_967
"""The sum of the frequencies in rjieba's dictionary (which is jieba's)."""
_RARE = 1.5
"""About 30 in sixty million."""


@functools.cache
def _simplifier() -> Any:
    import opencc  # noqa: PLC0415 - its dictionaries load here, not at import

    return opencc.OpenCC("t2s")


@functools.cache
def _segmenter() -> Any:
    import rjieba  # noqa: PLC0415 - its dictionary loads here, not at import

    return rjieba


@functools.lru_cache(maxsize=1024)
def normalise(text: str) -> str:
    """NFKC, lower case, Traditional to Simplified. The length may change; offsets don't carry over. Kept for
    the last texts: questions meet the same passages again and again."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return _ZHU_AS_ZHE.sub("着", _simplifier().convert(folded))


def words(text: str) -> list[str]:
    """Words of ``text`` in order, long words followed by their parts too; punctuation left out."""
    tokens = " ".join(_segmenter().cut_for_search(normalise(text))).split()
    return [token for token in tokens if _is_word(token)]


def bigrams(text: str) -> list[str]:
    """Overlapping pairs of Chinese characters in order, a lone character as itself; latin words and
    numbers whole. No pair spans punctuation, a space or a latin word."""
    return list(bigrams_of(normalise(text)))


def query_words(text: str) -> list[str]:
    """``words`` without function words, each once; all of them where nothing else would be left."""
    found = list(dict.fromkeys(words(text)))
    return [word for word in found if word not in STOP_WORDS] or found


def query_bigrams(text: str) -> list[str]:
    """``bigrams`` of the content runs, each once; of the whole text where there is no content run."""
    runs = ["".join(run) for run in content_runs(normalise(text))] or [normalise(text)]
    return list(dict.fromkeys(gram for run in runs for gram in bigrams_of(run)))


def content_runs(normalised: str) -> list[list[str]]:
    """Words of an already normalised text, grouped where no function word, space or mark parts them.

    A plus sign inside or after a word stays with it (党建+, e心优+), as bulletins name their brands so.
    """
    runs: list[list[str]] = [[]]
    for token in _segmenter().cut(normalised):
        belongs = (_is_word(token) and token not in STOP_WORDS) or (token == "+" and bool(runs[-1]))
        if belongs:
            runs[-1].append(token)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def dictionary_spans(text: str) -> list[tuple[int, int]]:
    """For each character of ``text``, where the word it lies in starts and ends; a character of no word in
    the segmenter's dictionary is one by itself."""
    spans: list[tuple[int, int]] = []
    for word in _segmenter().cut(text, False):
        spans += [(len(spans), len(spans) + len(word))] * len(word)
    return spans


def is_common_word(text: str) -> bool:
    """Whether the segmenter's dictionary has ``text``, and not as one of its rarest words: among those are
    slips of the pen (照像馆)."""
    return bool(_segmenter().has_word(text)) and commonness(text) >= _RARE


@functools.lru_cache(maxsize=4096)
def commonness(text: str) -> float:
    """The logarithm (to base 10) of how often ``text`` would be met in as much text as the segmenter's
    dictionary was counted in, were its words independent of each other."""
    words = _segmenter().cut(text, False)
    # The frequency of a word of the dictionary, and 1 for a character that isn't there.
    frequencies = (math.log10(_segmenter().suggest_freq(word)) for word in words)
    return sum(frequencies) - (len(words) - 1) * math.log10(_ALL_WORDS)


def _is_word(token: str) -> bool:
    # most tokens are words all through, which is told five times as quickly
    return token.isalnum() or any(character.isalnum() for character in token)


def bigrams_of(normalised: str) -> Iterator[str]:
    for match in _BIGRAM_RUNS.finditer(normalised):
        run = match.group()
        if match["han"] is None or len(run) == 1:
            yield run
        else:
            yield from (run[place : place + 2] for place in range(len(run) - 1))
