"""Whether two sentences of the same thing say the contrary of each other: by a word (压缩, 延长) or by a
denial."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.claims import Claim, find_negations
from rag.marks import Span, overlaps, quoted_spans

_OPPOSITES = tuple(
    tuple(tuple(side.split("|")) for side in pair.split(" "))
    for pair in (
        "压缩|缩短|减少|降低|下降|缩减|减至|降至|降到 延长|增加|增长|提高|上升|提升|增至|升至|拉长",
        "免费|无偿|分文不收|不收费 收费|付费|有偿",
        "扩大|拓展|扩展 缩小|收缩",
        "开放|公开 关闭|封闭",
        "取消|停办|停止|撤销|关停 开办|新建|新设|开设|设立|建立|开展",
    )
)
_UNDONE = "打破|破除|消除|避免|解决|防止|杜绝|化解|告别|遏制|根治|整治"
_WILLED = re.compile(r"[要需须会]$")


@dataclass(frozen=True, slots=True)
class Contrary:
    """``text[start:end]`` of one sentence, and the words of the other that say the contrary."""

    start: int
    end: int
    other: str
    by_denial: bool


def contraries(text: str, source: str) -> Iterator[Contrary]:
    """Where ``text`` says the contrary of ``source``, given that they are about the same thing. What ``text``
    itself denies is not among them (see ``denies``)."""
    if find_negations(text):
        return
    yield from _affirmed(text, source)
    for pair in _OPPOSITES:
        for mine, theirs in (pair, pair[::-1]):
            word, other = _first(mine, text), _first(theirs, source)
            if word and other and not _first(mine, source) and not _first(theirs, text):
                yield Contrary(*word, source[slice(*other)], False)


def denies(claim: Claim, source: str) -> bool:
    """Whether ``source`` bears out a denial: it denies the same word, or undoes it (打破分散 is 不再分散)."""
    keys = {theirs.key for theirs in find_negations(source)}
    undone = rf"(?:{_UNDONE})[^，。；]{{0,12}}{re.escape(claim.key)}"
    return claim.key in keys or (bool(claim.key) and re.search(undone, source) is not None)


def _affirmed(text: str, source: str) -> Iterator[Contrary]:
    """What ``source`` denies and ``text`` says in the same words."""
    for theirs in find_negations(source):
        at = text.find(theirs.key) if theirs.key else -1
        if at < 0 or source.count(theirs.key) > 1 or overlaps(at, at + 1, quoted_spans(text)):
            continue
        if len(theirs.key) > 1 or _WILLED.search(text[:at]):
            yield Contrary(at, at + len(theirs.key), f"{theirs.text}{theirs.key}", True)


def _first(words: tuple[str, ...], text: str) -> Span | None:
    quoted = quoted_spans(text)
    found = [match.span() for word in words for match in re.finditer(rf"(?<![不未]){word}", text)]
    return min((span for span in found if not overlaps(*span, quoted)), default=None)
