"""Whether the evidence supports an answer to this question, not only whether it is similar to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.place_data import short_form
from index import tokenize
from rag.evidence import holds
from rag.existence import by_other_means, may_not_exist, not_spoken_of, stands_in
from rag.expected import Expected, asks_for_more, has_figures
from rag.figure import LEAST_FIT, figure_fit, parts_of
from rag.refusal import LEAST_COVERAGE, Refusal, measured, subject
from rag.topic import Topic, quoted_names
from rag.types import Evidence, Query

_LEAST_NEARNESS, _LEAST_NEARNESS_OF_A_PLACE = 0.785, 0.80
_LEAST_NEARNESS_FOREIGN = 0.68
_LEAST_NEARNESS_UNNAMED = 0.835
"""For a list whose topic no sentence names: only what comes very near is more than chance."""
_LEAST_MATCH = 0.5
_CLOSE, _CLOSE_ENOUGH = 0.035, 0.1
_MOSTLY = 0.85
_TOLD_NEAR, _TOLD_COVERAGE = 0.87, 0.5
"""What comes as near as this and shares half the question's words answers a bare 多少 (一人多少: 30元)."""
_TOLD_IN_OTHER_WORDS = 0.83
"""What shares no word with a question and doesn't come as near as this tells of something else."""
_COUNTS = re.compile(r"[一二两三四五六七八九十几][个大项条免有][\u4e00-\u9fff]{1,2}")
"""“三个一” counts what is then named; it is told in other words elsewhere."""
_PERIOD = re.compile(r"[一每]([年月天周次餐顿节])[^，。；]{0,2}(?:多少|几)")
_RANK = re.compile(r"[一二三四五六七八九]星(?!期)|[A-D]{1,3}级|[一二三]等奖|(?:国家|省)级")
_ZONE = (
    r"(?:国家级)?(?:(?:工业|产业|科技|文创|软件|物流)?园区|高新(?:技术)?(?:产业)?(?:开发)?区|经开区|"
    r"(?:经济)?(?:技术)?开发区|保税区)"
)
_KINDS_OF_ZONES = tuple(map(re.compile, ("园区", "高新", "经开区|开发区", "保税")))
_NEAR_ENOUGH_WITHOUT_NAME, _LEAST_NAME = 0.86, 4
_FITS_WELL = 16
"""`figure_fit` of a sentence that tells the figure in the words of the question."""
_FITS = 12
"""The same of one that doesn't hold the rarest of those words."""
_SAME = 1e-5
_LOOKED_AT = 5


def find_fault(
    query: Query,
    topic: Topic,
    evidence: Sequence[Evidence],
    everywhere: Sequence[Evidence],
    expected: Sequence[Expected],
) -> Refusal | None:
    """Why ``evidence`` (best first, within what the question asks about) supports no answer; None where it
    does. ``everywhere`` is evidence from outside that, to tell where a named thing does stand.

    Looked at in turn: no passage speaks of the zone that is named; a thing named in quotation marks stands
    only elsewhere; nothing comes near to the question; what is asked for (an amount, a count, a name of some
    kind) is in none of the near sentences; a question whether something exists shares too little with the
    best of them; it is to be done by means that no passage speaks of; nothing comes near enough to a question
    of no place.
    """
    if not evidence:
        return Refusal(subject(query), check="no_passages")
    nearest = _nearest(evidence)
    least, covered = _least_nearness(query), topic.coverage(nearest.text)
    if query.intent == "list" and not _is_named_somewhere(topic, evidence):
        least = max(least, _LEAST_NEARNESS_UNNAMED)
    fault = _zone_not_told_of(query, evidence) or _named_elsewhere(query, evidence, everywhere)
    if fault is None and topic.words and nearest.nearness < least and covered < LEAST_COVERAGE:
        numbers = measured(nearness=nearest.nearness, least_nearness=least, coverage=covered)
        fault = Refusal(subject(query), check="too_far", numbers=numbers)
    if fault is None and query.intent in {"fact", "figure"}:
        most = max(0.01, *(e.coverage for e in evidence))
        near = [e for e in evidence if e.nearness >= nearest.nearness - _CLOSE or e.coverage >= most]
        near += [e for e in evidence[:1] if e.coverage >= _MOSTLY * most]
        # what is counted is named: that tells enough, a little further off too
        near += [
            e
            for e in evidence
            if e.nearness >= nearest.nearness - _CLOSE_ENOUGH
            and any(one.noun and holds(e.text, one, topic) for one in expected)
        ]
        near += _going_on(nearest, evidence, query, expected)
        fault = (
            (_lacks_what_is_asked(near, topic, expected) if not asks_for_more(query.text) else None)
            or _lacks_rank(query, near, topic, expected)
            or _tells_other_figures(query, topic, evidence, expected)
            or (may_not_exist(query, near, everywhere, topic) if not expected else None)
        )
    if fault is None and query.intent == "list":
        fault = may_not_exist(query, evidence, everywhere, topic)
    wide = [*evidence, *everywhere]
    return fault or by_other_means(query, topic, wide) or not_spoken_of(query, topic, evidence, wide)


def _nearest(evidence: Sequence[Evidence]) -> Evidence:
    """The best of those that are equally near: processors differ in a vector's last digits."""
    greatest = max(e.nearness for e in evidence)
    return next(e for e in evidence if e.nearness >= greatest - _SAME)


def _going_on(
    nearest: Evidence, evidence: Sequence[Evidence], query: Query, expected: Sequence[Expected]
) -> list[Evidence]:
    """Sentences of the nearest's article that tell the figure in the question's words (服务7100余位老人
    answers 服务了多少老人): the article has said before who does it."""
    named = [one for one in expected if one.noun]
    own = [e for e in evidence if e.passage.article_key == nearest.passage.article_key] if named else []
    return [e for e in own if figure_fit(e.text, query.text, named) >= _FITS_WELL]


def _zone_not_told_of(query: Query, evidence: Sequence[Evidence]) -> Refusal | None:
    """A zone within a place (苏州工业园区) that no passage of the place speaks of: what is done elsewhere in
    the place isn't done there."""
    for place in query.named:
        for name in filter(None, (place, short_form(place))):
            match = re.search(re.escape(name) + _ZONE, query.text)
            if match is None:
                continue
            kind = next(kind for kind in _KINDS_OF_ZONES if kind.search(match.group()))
            if not any(kind.search(f"{e.passage.title}\n{e.passage.text}") for e in evidence):
                return Refusal(match.group(), evidence[0])
    return None


def _is_named_somewhere(topic: Topic, evidence: Sequence[Evidence]) -> bool:
    return any(topic.rarest_match(e.text) >= _LEAST_MATCH or topic.expansion_match(e.text) for e in evidence)


def _named_elsewhere(
    query: Query, evidence: Sequence[Evidence], everywhere: Sequence[Evidence]
) -> Refusal | None:
    """A thing named in quotation marks that stands, even misspelt, only outside the scope."""
    inside = {e.passage.id: e.passage for e in evidence}.values()
    names = quoted_names(query.text)
    if query.places and max(e.nearness for e in evidence) < _NEAR_ENOUGH_WITHOUT_NAME:
        # what the bulletins put in quotation marks the question may name without
        titles = (name for e in everywhere for name in quoted_names(e.passage.text))
        names += [n for n in dict.fromkeys(titles) if len(n) >= _LEAST_NAME and n in query.text]
    for name in names:
        if not _COUNTS.fullmatch(name) and not any(stands_in(name, f"{p.title}\n{p.text}") for p in inside):
            elsewhere = next((e for e in everywhere if stands_in(name, e.passage.text)), None)
            if elsewhere:
                return Refusal(f"“{name}”", elsewhere, "named_elsewhere")
    return None


def _lacks_what_is_asked(
    near: Sequence[Evidence], topic: Topic, expected: Sequence[Expected]
) -> Refusal | None:
    """``near``: the sentences that come nearest to the question; not empty."""
    if not expected or any(holds(e.text, one, topic) for e in near for one in expected):
        return None
    labels = "、".join(dict.fromkeys(e.label for e in expected))
    return Refusal(labels, near[0], "kind_missing", (("near_sentences", len(near)),))


def _lacks_rank(
    query: Query, near: Sequence[Evidence], topic: Topic, expected: Sequence[Expected]
) -> Refusal | None:
    """How many have a rank (五星的有几所) is told only where that stands: the count of all is another."""
    rank = _RANK.search(query.text) if has_figures(expected) else None
    if rank is None:
        return None
    telling = (e for e in near if rank.group() in e.text)
    if any(holds(e.text, one, topic) for e in telling for one in expected):
        return None
    told = expected[0].label if expected[0].noun else "数量"
    return Refusal(f"“{rank.group()}”的{told}", near[0], "other_figures")


def _tells_other_figures(
    query: Query, topic: Topic, evidence: Sequence[Evidence], expected: Sequence[Expected]
) -> Refusal | None:
    """A figure is asked for, and the best sentences have figures of other things only. Not for questions in
    other languages, which share no words with the bulletins, nor where one tells it in other words."""
    if query.intent != "figure" or not expected or query.language == "en":
        return None
    evidence = _of_the_named(query, evidence)
    fit = best_fit(evidence, query, expected)
    with_figures = [e for e in evidence[:_LOOKED_AT] if any(holds(e.text, one, topic) for one in expected)]
    is_told = (
        fit >= LEAST_FIT
        and (fit > 2 * LEAST_FIT or not _is_of_nothing_asked(topic, evidence))
        and not _counts_beside_the_named(query, topic, evidence, expected, fit)
    )
    if is_told or _is_told_otherwise(query, topic, evidence[0], with_figures, expected):
        return None
    labels = "、".join(dict.fromkeys(e.label for e in expected))
    numbers = (("fit", float(fit)), ("least_fit", float(LEAST_FIT)))
    return Refusal(labels, evidence[0], "other_figures", numbers)


def _is_told_otherwise(
    query: Query,
    topic: Topic,
    best: Evidence,
    with_figures: Sequence[Evidence],
    expected: Sequence[Expected],
) -> bool:
    """Whether a sentence tells the figure in words that the question doesn't share: it has another name for
    what is asked, or so much for each period, or comes very near to a bare 多少; or the ``best`` one, which
    has half of the question's words, has one amount of money."""
    if any(topic.is_put_otherwise(e.text) for e in with_figures):
        return True
    period = _PERIOD.search(query.text)  # 保险一年多少钱: 每人每年80元
    if period and any(
        re.search(rf"每[人户]?每?{period[1]}[^，。；]{{0,4}}\d", e.text) and e.coverage >= LEAST_COVERAGE
        for e in with_figures
    ):
        return True
    is_bare = all(one.is_bare for one in expected)
    if is_bare and any(e.nearness >= _TOLD_NEAR and e.coverage >= _TOLD_COVERAGE for e in with_figures):
        return True
    is_one_amount = any(one.is_of_money and one.is_once_in(best.text) for one in expected)
    return is_one_amount and best.coverage >= _TOLD_COVERAGE


def _is_of_nothing_asked(topic: Topic, evidence: Sequence[Evidence]) -> bool:
    """Whether the best sentences share no word with a question of several, nor come very near to it."""
    best = evidence[:_LOOKED_AT]
    return len(topic.words) > 1 and all(e.coverage == 0 and e.nearness < _TOLD_IN_OTHER_WORDS for e in best)


def _of_the_named(query: Query, evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """What articles say that speak of a thing that the question names in quotation marks, where any does:
    figures of others are not of it."""
    names = quoted_names(query.text)
    naming = {
        e.passage.article_key
        for e in evidence
        if any(stands_in(name, f"{e.passage.title}\n{e.passage.text}") for name in names)
    }
    return [e for e in evidence if e.passage.article_key in naming] if naming else evidence


def _counts_beside_the_named(
    query: Query, topic: Topic, evidence: Sequence[Evidence], expected: Sequence[Expected], fit: int
) -> bool:
    """Whether the rarest thing that is named (小哥公寓) stands in the bulletins without such a figure, and
    what has one shares but a few words with the question (“凉州小哥”志愿服务队870人)."""
    rarest = topic.rarest
    named = [e for e in evidence if rarest and rarest in tokenize.normalise(e.text)]
    if not named or fit >= _FITS:
        return False
    own = [part for e in named for part in parts_of(e.text) if rarest in tokenize.normalise(part)]
    counted = (part for part in own if any(holds(part, one, topic) for one in expected))
    return not any(figure_fit(part, query.text, expected) >= LEAST_FIT for part in counted)


def best_fit(evidence: Sequence[Evidence], query: Query, expected: Sequence[Expected]) -> int:
    """The greatest `figure_fit` of the best five sentences; ``evidence`` comes best first."""
    return max((figure_fit(e.text, query.text, expected) for e in evidence[:_LOOKED_AT]), default=0)


def _least_nearness(query: Query) -> float:
    if not re.search(r"[\u4e00-\u9fff]", query.text):
        return _LEAST_NEARNESS_FOREIGN
    return _LEAST_NEARNESS_OF_A_PLACE if query.places else _LEAST_NEARNESS
