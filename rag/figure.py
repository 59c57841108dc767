"""The figure a question asks for: the clause that holds it, cut out of its sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index import tokenize
from rag.expected import Expected
from rag.expected_kinds import ROUGHLY
from rag.intent import strip_words_of_asking

_CLAUSE = re.compile(r"[^，,；;。！？：:\t\n]+")
_ITEM_NUMBER = re.compile(r"^\s*[（(]?\d{1,2}[.、．)）](?!\d)")
_NUMERAL = re.compile(
    r"\d|[一二两三四五六七八九十百千万半]\s*(?:余|多|几)?[万亿个名家支场次处条件成年月天户人元块折]|百分之"
)
_EACH = re.compile(r"分别|各(?!种|类|项|级|地|方|界)|都要")
_COMMON = frozenset("的了在是有和与为个人多少几一不各都被把到从年共市县区")
_LEAST = 2
"""Characters in common, below which a clause with a figure may be about anything."""
_OF_NOUN, _OF_FOCUS = 6, 3
_FOCUS = re.compile(r"([\u4e00-\u9fff]{1,6})(?:了|是|有|到|为|达)*(?:多少|几(?!个?[县市区镇])|多[大长高久])")
_NOW = re.compile(r"现在|目前|如今|眼下|至今|到现在|现如今")
_PART = re.compile(r"[^；;]+[；;]*")
_LEAST_OF_PART = 0.25
_QUOTED = re.compile(r"[“\"「『][^”\"」』]*[”\"」』]")
_MOST = 3
LEAST_FIT = 3
"""``figure_fit`` below which a sentence has figures of other things only."""
_SHARE_OF_THE_REST = 2
_BARE = re.compile(
    r"([\u4e00-\u9fff]{2,4}?)(?:分别|各自?|都|一共|总共)*(?:[变降增升涨][成为到至])?(?:了|是|有|到|为|达)*多少(?=[，,。？?]|$)"
)
_ALIKE = ("省节", "涨升增提", "降减少压缩", "花费耗销", "挣赚", "捐募筹")
"""Verbs that say the same of an amount."""
_OF_MONEY = re.compile(rf"钱(?:{ROUGHLY}|一共|总共)*多少")
_SPENT, _SAVED = re.compile("花|投入|造价|成本|耗资"), re.compile("节约|节省|省下|节支|少花|减支")
"""What is saved was not spent."""
_GOES_ON = re.compile(r"共|总|达|计|约|近|超|占|为")


def figure_clauses(sentence: str, question: str, expected: Sequence[Expected]) -> tuple[str, ...]:
    """The clauses of ``sentence`` that hold what ``expected`` asks for and speak of what ``question`` is
    about, as they stand and in their order, three at most.

    For each thing expected, the clause that has most in common with the question: with the thing that is
    counted, with the words just before the asking (缩短了多少), and with the rest. None where it has next to
    nothing: a figure of something else would be worse than none.
    """
    clauses = _clauses(_telling(sentence, question))
    return tuple(clauses[number] for number in sorted(fitting(clauses, question, expected))[:_MOST])


def fitting(clauses: Sequence[str], question: str, expected: Sequence[Expected]) -> dict[int, int]:
    """By their numbers, the clauses that `figure_clauses` chooses and how much each has in common with the
    question."""
    each = bool(_EACH.search(question))
    chosen: dict[int, int] = {}
    for one in expected:
        rated = _rated(clauses, question, one, alone=len(expected) == 1)
        best = max(rated.values(), default=0)
        if best >= _LEAST:
            least = _LEAST if each else best * 0.8
            kept = {number: rate for number, rate in rated.items() if rate >= max(least, _LEAST)}
            chosen |= {number: max(rate, chosen.get(number, 0)) for number, rate in kept.items()}
    return chosen


def counts(sentence: str, question: str, expected: Expected) -> bool:
    """Whether a clause that `figure_clauses` finds names the thing that is counted."""
    clauses = figure_clauses(sentence, question, [expected]) if expected.noun else ()
    return any(expected.noun in clause for clause in clauses)


def figure_fit(sentence: str, question: str, expected: Sequence[Expected]) -> int:
    """How much the best clause of ``sentence`` with an expected figure has in common with ``question``; with
    a figure in a telling unit (42万份) half of what the rest of the sentence has beyond that too. 0 where no
    clause has such a figure."""
    clauses, fit = _clauses(_telling(sentence, question)), 0
    whole = _in_common(sentence, tokenize.normalise(strip_words_of_asking(question)))
    for one in expected:
        rate = max(_rated(clauses, question, one, alone=len(expected) == 1).values(), default=0)
        rest = max(0, whole - rate) // _SHARE_OF_THE_REST if rate and one.unit else 0
        fit = max(fit, rate + rest)
    return fit


def parts_of(sentence: str) -> list[str]:
    """A sentence's parts between semicolons, with these."""
    return _PART.findall(sentence)


def _telling(sentence: str, question: str) -> str:
    """``sentence`` without those of its parts (between semicolons) that have next to nothing in common with
    the question where others have much: what is counted there is another thing."""
    parts = parts_of(sentence)
    asked = _asked(question)
    shared = [_in_common(part, asked) for part in parts]
    least = max(shared, default=0) * _LEAST_OF_PART
    return "".join(part for part, rate in zip(parts, shared, strict=True) if rate >= least)


def _asked(question: str) -> str:
    """What is asked, without the words of asking and of time (现在)."""
    return _NOW.sub("", tokenize.normalise(strip_words_of_asking(question)))


def _clauses(sentence: str) -> list[str]:
    return [match.group().strip() for match in _CLAUSE.finditer(_ITEM_NUMBER.sub("", sentence))]


def _rated(clauses: Sequence[str], question: str, expected: Expected, *, alone: bool) -> dict[int, int]:
    """By number of the clause; a clause that goes on from the one before (共123名) counts with that. Where
    some name the thing that is counted, none of the others."""
    asked = _asked(question)
    found = _FOCUS.finditer(_NOW.sub("", question)) if alone else ()
    focus = "".join(match.group(1) for match in found)
    # with no unit and no noun after it (成绩提高了多少) only the words before tell what is asked for
    is_bare = alone and not expected.noun and not _OF_MONEY.search(question)
    bare = _BARE.search(question) if is_bare else None
    told_by = {
        number: clauses[number - 1] + clause if number and _GOES_ON.match(clause) else clause
        for number, clause in _with_figures(clauses, expected)
    }
    names_it = {number for number, told in told_by.items() if _names(expected.noun, told)}
    rated = {}
    for number, told in told_by.items():
        alike = _alike(told, bare[1]) if bare else 0
        if (names_it and number not in names_it) or (bare and not alike and not _in_common(told, bare[1])):
            continue
        if _SPENT.search(question) and _SAVED.search(told) and not _SAVED.search(question):
            continue
        rated[number] = (
            _in_common(told, asked)
            + _OF_FOCUS * alike
            + _OF_FOCUS * _in_common(told, focus)
            + _OF_NOUN * sum(word in told for word in _words(expected.noun))
        )
    return rated


def _alike(told: str, asked: str) -> int:
    """How many verbs of ``asked`` stand in ``told`` as another (省下多少: 节粮5万斤)."""
    return sum(any(c in told for c in verbs) and any(c in asked for c in verbs) for verbs in _ALIKE)


def _with_figures(clauses: Sequence[str], expected: Expected) -> list[tuple[int, str]]:
    """Those that hold what is expected and a number that isn't part of a name; where any is in digits or of
    ten and more (近百支), those: 一批 and 一个 mostly are articles."""
    found = [
        (number, clause)
        for number, clause in enumerate(clauses)
        if expected.pattern.search(plain := _QUOTED.sub("", clause)) and _NUMERAL.search(plain)
    ]
    return [pair for pair in found if re.search(r"\d|[十百千]", pair[1])] or found


def _names(noun: str, told: str) -> bool:
    """Whether a clause names what is counted, in one piece or in several (电动车便民上牌点)."""
    words = [word for word in _words(noun) if len(word) > 1]
    return bool(noun) and (noun in told or (len(words) > 1 and all(word in told for word in words)))


def _words(noun: str) -> list[str]:
    return tokenize.query_words(noun) if noun else []


def _in_common(clause: str, asked: str) -> int:
    plain = tokenize.normalise(clause)
    characters = {c for c in asked if c.isalnum() and c not in _COMMON}
    pairs = set(tokenize.bigrams(asked))
    return sum(c in plain for c in characters) + 2 * sum(p in plain for p in pairs)
