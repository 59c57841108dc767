"""The question in the corpus's own words: what it says but the bulletins never do is put otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from index import tokenize
from rag.topic import Topic

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


def topic_variants(topic: Topic, *, members: bool) -> tuple[Variant, ...]:
    """Variants of a topic, at most seven.

    One with every term that no passage holds replaced by its first synonym that one does (电线 → 空中缆线).
    With ``members``, one more for each other name or member of a class that the corpus holds
    (新就业群体 → 快递员): a list must see those too.
    """
    variants: list[Variant] = []
    rewritten, is_held = topic.text, topic.is_written
    for expansion in topic.expansions:
        # a class in place of its member (0.8) would say more than was asked
        if expansion.strength != _CLASS and expansion.found in rewritten and not is_held(expansion.found):
            term = next((t for t in expansion.terms if is_held(t)), None)
            if term:
                rewritten = rewritten.replace(expansion.found, term)
    if rewritten != topic.text:
        variants.append(Variant(rewritten, _REWRITTEN))
    if members:
        proven = ((e, term) for e in topic.expansions if e.strength >= _PROVEN for term in e.terms)
        held = [(e, tokenize.normalise(t)) for e, t in proven if e.found in topic.text and is_held(t)]
        others = [(e, term) for e, term in held if term not in topic.text]
        variants += [
            Variant(topic.text.replace(e.found, term), e.strength, term)
            for e, term in list(dict.fromkeys(others))[:_MOST]
        ]
    return tuple(variants)
