"""Names that are nearly the same: a character off, or other characters of the same sound (惠民驿站 for
惠泽驿站, 精心办 for 晶心办)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from index.pinyin import syllables

_JOINTS = re.compile(r"(?<=\w)[+加与和及、&](?=\w)")
_LEAST_ALIKE = 0.6
_LEAST_SOUND = 0.85


def resemblance(first: str, second: str) -> float:
    """0 to 1, over plain names: the better of how alike they are written and, a little less, how alike they
    sound."""
    if first == second:
        return 1.0
    written = fuzz.ratio(first, second) / 100
    sound = fuzz.ratio(sound_of(first), sound_of(second)) / 100
    return max(written, 0.98 * sound if sound >= _LEAST_SOUND else 0.0)


def nearest(name: str, others: Iterable[str]) -> str | None:
    """The one of ``others`` that ``name`` is most likely a slip for; None where none is near enough."""
    scored = [(resemblance(name, other), other) for other in others if other != name]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= _LEAST_ALIKE else None


def is_one_slip(first: str, second: str) -> bool:
    """Whether one character more, less or other makes ``first`` of ``second``, or they sound the same."""
    if first == second:
        return False
    if Levenshtein.distance(first, second, score_cutoff=1) <= 1:
        return True
    # 西安 isn't 先; and the readings take a tenth of a second to load.
    return len(first) == len(second) and sound_of(first) == sound_of(second)


def is_truncated(name: str, marked: Iterable[str], whole: str) -> bool:
    """Whether ``name`` stands in the plain text ``whole`` only as a name in marks with one character more
    (e心优 of “e心优+”)."""
    names = list(marked)
    longer = [other for other in names if name in other and is_one_slip(name, other)]
    return bool(longer) and name not in names and whole.count(name) <= sum(whole.count(o) for o in longer)


def is_same(first: str, second: str) -> bool:
    """Whether two plain names differ at most in how their parts are joined (党建+班组, 党建与班组)."""
    return first == second or _JOINTS.sub("", first) == _JOINTS.sub("", second)


@cache
def sound_of(name: str) -> str:
    """Its syllables without tones, each character by its commonest reading; what has none stands as it is."""
    return "".join(next(iter(syllables(character)), character) for character in name)
