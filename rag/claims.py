"""What in a sentence can be checked: figures, dates, places, people with their titles, names in marks,
organisations, and what it denies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from corpus.place_finder import word_boundaries
from corpus.places import Gazetteer
from rag.dates import DateMention, find_dates
from rag.expected_kinds import PERSON
from rag.marks import Span, fold, overlaps, quoted_spans, title_spans
from rag.quantities import Quantity, find_quantities

ClaimKind = Literal[
    "figure", "date", "place", "name", "title", "term", "quotation", "organisation", "negation"
]

_LONGEST_TERM = 24
_SPEECH = re.compile(r"[，。；！？,;!?]")
_OFFICE = (
    "书记|部长|市长|县长|区长|镇长|乡长|主任|局长|厅长|科长|处长|校长|院长|所长|队长|站长|会长|馆长|行长|社长|秘书长|理事长|"
    "董事长|总经理|经理|主席|委员|常委|教授|老师|医生|教师|负责人|带头人|代表|同志"
)
_HONOUR = (
    "好人|劳模|模范|先进个人|先锋|楷模|工匠|志愿者|人士|党员|村民|居民|员工|职工|骑手|快递员|网格员|队员|"
    "记者|作者"
)
_AFTER_NAME = (
    r"(?:[在说对向从与及就也还则便曾已将是的了等带讲谈获]|和(?:[王李张刘陈]|其)|作(?:了|出|为|报|交)|介绍|表示|"
    r"强调|指出|提出|认为|要求|主持|参加|出席|加入|担任|当选)"
)
"""What goes on after a name and is no part of it; the segmenter takes some of it in (周晓在会上)."""
_NAME = rf"{PERSON}[\u4e00-\u9fff](?:(?!{_AFTER_NAME})[\u4e00-\u9fff])?"
_TITLED_NAME = re.compile(rf"(?:{_OFFICE}|{_HONOUR})[”\"’）)：:]?\s?(?P<name>{_NAME})")
_NAME_IN_LIST = re.compile(rf"(?<=、)(?P<name>{_NAME})(?=等|、|（|\()")
_NAME_BEFORE = re.compile(rf"(?P<name>{_NAME})(?=（“|\(\"|（\"|同志|老师|等(?:人|爱心|\d|多|一批|志愿))")
_SETTLEMENT = re.compile(
    r"(?:街道|社区|镇(?!江)|乡(?!村|镇|风|土|亲|愁|贤)|村(?!庄|民|干|口|级|居|企|社|委|镇|BA))"
)
_BODY = re.compile(
    r"集团|公司|协会|基金会|商会|学会|银行|农商行|医院|小学|中学|大学|学院|纪念馆|博物馆|图书馆|文化馆|科技馆|美术馆|公园|"
    r"陵园|合作社|出版社|研究院|剧院|书院"
)
_LONGEST_STEM = 10
_STEM_ENDS = re.compile(r"[\W_]|[的在和与及到至由从把被向对让给为了是有等将以于]|\d[个家名处所支]?")
_NEGATION = re.compile(
    r"(?P<cue>从未|从来没有|从没有?|尚未|并未|未曾|未能|还没有?|并没有|没有|没能|没(?![事收落])|并非|不再|不曾|拒绝|取消了?|停止了?|停办|"
    r"(?<![尚并从])未(?![来成必婚知央])|(?P<not>(?:并|也|都)?不(?P<known>(?=[对给为让向把用允能可会需提设开办收做]))?))"
)
_NEGATIVE_WORDS = re.compile(
    r"不(?:断|仅|但|只|光|止|少|同|论|管|足|到|超过|低于|高于|下于|忘|懈|停|久|禁|妨|愧|文明|打烊|见面|可或缺|"
    r"得不|会不|能不|可不|过|如|由|息|动产|一定|对称|用说)|"
    r"(?<=[\u4e00-\u9fff])不(?:走|了|下|完|住(?!院)|起(?!诉)|开(?![设办展放通]))|无(?:不|非)|没有?不|不是没有"
)
_AUXILIARY = frozenset(["可以", "能够", "应该", "需要", "已经", "进行", "继续"])
_LONGEST_CLAUSE = 40
_STRONG = re.compile(r"从|尚|未|没|非|再|曾|拒绝|取消|停")


@dataclass(frozen=True, slots=True)
class Claim:
    """``text[start:end]`` of a sentence, as written, and what it was read as.

    ``names``: for a place, the full names it may mean; for a name in marks, its plain form. ``key``: for a
    negation, the word that is denied; for a place below the county and for an organisation that has a name
    of its own, the ending (街道, 集团).
    """

    kind: ClaimKind
    start: int
    end: int
    text: str
    quantity: Quantity | None = None
    date: DateMention | None = None
    names: tuple[str, ...] = ()
    key: str = ""


def find_claims(text: str, gazetteer: Gazetteer, context: Sequence[str] = ()) -> list[Claim]:
    """In order of their beginning. ``context``: names that help to settle which place is meant."""
    terms = list(_terms(text))
    inside = [(claim.start, claim.end) for claim in terms if claim.kind != "quotation"]
    places = list(_places(text, gazetteer, context, inside))
    claims = [
        *terms,
        *(Claim("figure", q.start, q.end, q.text, quantity=q) for q in find_quantities(text) if not q.weak),
        *(Claim("date", d.start, d.end, d.text, date=d) for d in find_dates(text)),
        *places,
        *find_people(text),
        *_organisations(text, inside, [(c.start, c.end) for c in places]),
        *find_negations(text),
    ]
    return sorted(claims, key=lambda claim: (claim.start, claim.end))


def plain_name(name: str) -> str:
    """A name without what writing may change: width, case, script, spaces, quotation marks, dashes."""
    return re.sub(r"[\s“”‘’\"'「」『』《》\-—–·•]+", "", fold(name))


def find_people(text: str) -> list[Claim]:
    """People who are named with an office or an honour, before or behind."""
    found: dict[Span, Claim] = {}
    for pattern in (_TITLED_NAME, _NAME_BEFORE, _NAME_IN_LIST):
        for match in pattern.finditer(text):
            span = _name_span(text, match.start("name"), match.end("name"))
            if span and not overlaps(*span, list(found)):
                found[span] = Claim("name", *span, text[slice(*span)], names=(text[slice(*span)],))
    return sorted(found.values(), key=lambda claim: claim.start)


def find_negations(text: str) -> list[Claim]:
    """What a text denies: the cue, and in ``key`` the word that it denies. 不断, 不少于 and “办不成事” deny
    nothing."""
    plain = fold(text)
    skipped = [*quoted_spans(text), *(match.span() for match in _NEGATIVE_WORDS.finditer(plain))]
    found = []
    boundaries = word_boundaries(plain) if "不" in plain else frozenset()
    for match in _NEGATION.finditer(plain):
        # 不 is a word of its own, not a part of one (不力), or stands before a verb that it always denies
        is_word = match["not"] is None or match["known"] is not None or match.end() in boundaries
        if is_word and not overlaps(*match.span(), skipped):
            word = _next_word(plain, match.end())
            found.append(Claim("negation", *match.span(), text[slice(*match.span())], key=word))
    return found


def is_strong(claim: Claim) -> bool:
    """Whether a negation denies that something was done (没有, 未, 尚未 …), rather than tells how (不用)."""
    return bool(_STRONG.search(claim.text))


def _terms(text: str) -> Iterator[Claim]:
    for start, end in title_spans(text):
        yield Claim("title", start, end, text[start:end], names=(plain_name(text[start:end]),))
    for start, end in quoted_spans(text):
        inner = text[start:end]
        if any(c.isalnum() for c in inner) and not overlaps(start, end, title_spans(text)):
            is_speech = len(inner) > _LONGEST_TERM or (len(inner) > 12 and _SPEECH.search(inner))
            yield Claim("quotation" if is_speech else "term", start, end, inner, names=(plain_name(inner),))


def _places(text: str, gazetteer: Gazetteer, context: Sequence[str], inside: list[Span]) -> Iterator[Claim]:
    """Provinces to counties by the gazetteer; streets, towns, villages and communities by their endings."""
    mentions = [m for m in gazetteer.find(text, context=context) if not overlaps(m.start, m.end, inside)]
    for mention in mentions:
        names = tuple(dict.fromkeys(n for p in mention.places for n in (p.name, p.unique_name)))
        yield Claim("place", mention.start, mention.end, text[mention.start : mention.end], names=names)
    taken = [(mention.start, mention.end) for mention in mentions]
    for match in _SETTLEMENT.finditer(text):
        start = _stem_start(text, match.start(), taken, longest=4)
        stem = text[start : match.start()]
        if len(stem) >= 2 and not overlaps(start, match.end(), [*taken, *inside]) and _is_settlement(stem):
            name = text[start : match.end()]
            taken.append((start, match.end()))
            yield Claim("place", start, match.end(), name, names=(name,), key=match.group())


def _organisations(text: str, inside: list[Span], places: list[Span]) -> Iterator[Claim]:
    for match in _BODY.finditer(text):
        start = _stem_start(text, match.start(), places, longest=_LONGEST_STEM)
        if match.start() - start >= 2 and not overlaps(start, match.end(), inside):
            name = text[start : match.end()]
            key = "" if _is_common(text[start : match.start()]) else match.group()
            yield Claim("organisation", start, match.end(), name, names=(name,), key=key)


def _stem_start(text: str, end: int, taken: list[Span], *, longest: int) -> int:
    """Where the name that ends at ``end`` begins: after the last mark, figure, function word, verb or
    place."""
    start = max(0, end - longest)
    for match in _STEM_ENDS.finditer(text, start, end):
        start = match.end()
    start = max([start, *(last for _, last in taken if last <= end)])
    at = start
    for word, tag in _tagged(text[start:end]):
        at += len(word)
        if at < end and tag[0] in "vdpcrqmzuf" and tag != "vn":
            start = at
    return start


def _is_settlement(stem: str) -> bool:
    if stem[-1] in "村乡镇" or re.search("[不出全各本该此其某多每近新旧一两几个]", stem):
        return False
    return not _is_common(stem)


def _is_common(stem: str) -> bool:
    """Whether a stem is a common word (行政, 三甲, 城市) rather than somebody's own name."""
    words = _tagged(stem)
    return all(
        _segmenter().has_word(word) and tag not in {"nr", "ns", "nz", "nrt"} for word, tag in words
    ) or (len(words) == 1 and stem in {"城市", "农村", "文明", "居民", "老旧"})


def _name_span(text: str, start: int, end: int) -> Span | None:
    """The name that begins at ``start``: two or three characters that end with a word, the first of them no
    adverb or verb (负责人曾花……)."""
    at = 0
    ends = {}
    for word, tag in _tagged(text):
        ends[at + len(word)] = tag
        if at == start and tag[0] in "vdpcumrqf":
            return None
        at += len(word)
    is_word_start = start == 0 or start in ends
    fits = (e for e in (end, end - 1) if e - start >= 2 and (e in ends or re.match(_AFTER_NAME, text[e:])))
    return next(((start, e) for e in fits if is_word_start), None)


def _next_word(plain: str, at: int) -> str:
    """The first verb of the rest of the clause, or what stands for one."""
    rest = re.split(r"[，。；！？,;!?]", plain[at : at + _LONGEST_CLAUSE])[0]
    words = [(word, tag) for word, tag in _tagged(rest) if word not in _AUXILIARY and len(word) > 1]
    verbs = [word for word, tag in words if tag[0] in "vl"]
    return next(iter(verbs or [word for word, tag in words if tag[0] in "nai"]), rest.strip()[:1])


def _tagged(text: str) -> list[tuple[str, str]]:
    return list(_segmenter().tag(text))


@cache
def _segmenter() -> Any:
    import rjieba  # noqa: PLC0415 - its dictionary loads here, not at import

    return rjieba
