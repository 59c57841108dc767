"""Whether a piece says that something was done, or the contrary, as the bulletin does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index import tokenize
from rag.checking.findings import Comparison
from rag.checking.types import Finding
from rag.claims import Claim, find_negations, is_strong
from rag.marks import Span, overlaps, quoted_spans

_OPPOSITES = tuple(
    tuple(tuple(side.split("|")) for side in pair.split(" "))
    for pair in (
        "压缩|缩短|减少|降低|下降|缩减|减至|降至|降到 延长|增加|增长|提高|上升|提升|增至|升至|拉长",
        "免费|无偿|分文不收|不收费 收费|付费|有偿",
        "扩大|拓展|扩展 缩小|收缩",
        "开放|公开 关闭|封闭",
        "取消|停办|停止|撤销|关停 开办|新建|新设|开设|设立|建立|开展",
        "首次|首创 再次",
        "统一 分散",
    )
)
_LEAST_SHARED = 0.5
_UNDONE = re.compile(r"打破|破除|消除|避免|解决|防止|杜绝|化解|告别|遏制|根治|整治")
"""Verbs that deny by themselves: what is 打破 is 不再."""


def check_polarity(comparison: Comparison) -> Iterator[Finding]:
    """Only what is the contrary, or a denial that nothing bears out, is told."""
    home = comparison.home
    if home is None or not home.is_near:
        return
    yield from _denials(comparison)
    yield from _denied_there(comparison)
    yield from _opposites(comparison)


def _denials(comparison: Comparison) -> Iterator[Finding]:
    """What the piece denies and the sentence at hand does not."""
    assert comparison.home
    source = comparison.home.source
    citation = comparison.nearest_sentence(source)
    theirs = find_negations(citation.quote)
    is_undone = bool(_UNDONE.search(citation.quote))
    for claim in comparison.piece.claims:
        if claim.kind != "negation" or (claim.key and claim.key in {t.key for t in theirs}):
            continue
        rest = re.split(r"[，。；！？,;]", comparison.piece.text[claim.end :])[0]
        is_told = _shared(rest, citation.quote) >= _LEAST_SHARED
        is_of_this = is_told or (is_strong(claim) and comparison.home.coverage >= _LEAST_SHARED)
        if is_of_this and not theirs and not is_undone:
            note = "稿中是否定的说法，简报没有这样说"
            yield comparison.finding(claim, "inconsistent", citation.quote, note, citation)
        else:
            yield comparison.finding(claim, "not_found", note="简报中未见这样的否定")


def _denied_there(comparison: Comparison) -> Iterator[Finding]:
    """What the sentence at hand denies and the piece affirms in the same words."""
    assert comparison.home
    piece = comparison.piece
    citation = comparison.nearest_sentence(comparison.home.source)
    if any(claim.kind == "negation" for claim in piece.claims):
        return
    for theirs in find_negations(citation.quote):
        at = piece.text.find(theirs.key) if theirs.key else -1
        if at < 0 or citation.quote.count(theirs.key) > 1 or overlaps(at, at + 1, quoted_spans(piece.text)):
            continue
        if len(theirs.key) > 1 or re.search(r"[要需须会]$", piece.text[:at]):
            claim = Claim("negation", at, at + len(theirs.key), theirs.key)
            written = f"{theirs.text}{theirs.key}"
            yield comparison.finding(claim, "inconsistent", written, "简报是否定的说法", citation)


def _opposites(comparison: Comparison) -> Iterator[Finding]:
    """压缩 in the bulletin, 延长 in the piece."""
    assert comparison.home
    piece = comparison.piece
    citation = comparison.nearest_sentence(comparison.home.source)
    for pair in _OPPOSITES:
        for mine, theirs in (pair, pair[::-1]):
            word = _first(mine, piece.text)
            other = _first(theirs, citation.quote)
            if not word or not other or _first(mine, citation.quote) or _first(theirs, piece.text):
                continue
            text = piece.text[slice(*word)]
            if any(c.kind == "negation" for c in piece.claims):
                continue
            claim = Claim("negation", *word, text)
            yield comparison.finding(
                claim, "inconsistent", citation.quote[slice(*other)], "说法相反", citation
            )


def _first(words: tuple[str, ...], text: str) -> Span | None:
    quoted = quoted_spans(text)
    found = [m.span() for w in words for m in re.finditer(rf"(?<!不)(?<!未){w}", text)]
    return min((span for span in found if not overlaps(*span, quoted)), default=None)


def _shared(text: str, other: str) -> float:
    """The share of the content words of ``text`` that stand in ``other``."""
    words = [w for run in tokenize.content_runs(tokenize.normalise(text)) for w in run if len(w) > 1]
    plain = tokenize.normalise(other)
    return sum(word in plain for word in words) / len(words) if words else 0.0
