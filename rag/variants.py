"""The question in the corpus's own words: what it says but the bulletins never do is put otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index import tokenize
from rag.thesaurus import Expansion

_MOST = 6
_REWRITTEN = 0.95
_PROVEN = _CLASS = 0.8


@dataclass(frozen=True, slots=True)
class Variant:
    """``text`` is the topic put otherwise. ``term``, where set, is the word that a passage must hold for the
    variant to count there; ``strength`` is how much it counts beside the topic itself."""

    text: str
    strength: float
    term: str | None = None


def topic_variants(
    topic: str, expansions: Sequence[Expansion], is_held: Callable[[str], bool], *, members: bool
) -> tuple[Variant, ...]:
    """Variants of a (normalised) topic, at most seven.

    One with every term that no passage holds replaced by its first synonym that one does (电线 → 空中缆线).
    With ``members``, one more for each other name or member of a class that the corpus holds
    (新就业群体 → 快递员): a list must see those too.
    """
    variants: list[Variant] = []
    rewritten = topic
    for expansion in expansions:
        # a class in place of its member (0.8) would say more than was asked
        if expansion.strength != _CLASS and expansion.found in rewritten and not is_held(expansion.found):
            term = next((t for t in expansion.terms if is_held(t)), None)
            if term:
                rewritten = rewritten.replace(expansion.found, term)
    if rewritten != topic:
        variants.append(Variant(rewritten, _REWRITTEN))
    if members:
        proven = ((e, term) for e in expansions if e.strength >= _PROVEN for term in e.terms)
        held = [(e, tokenize.normalise(t)) for e, t in proven if e.found in topic and is_held(t)]
        others = [(e, term) for e, term in held if term not in topic]
        variants += [
            Variant(topic.replace(e.found, term), e.strength, term)
            for e, term in list(dict.fromkeys(others))[:_MOST]
        ]
    return tuple(variants)
