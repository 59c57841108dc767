"""A follow-up question becomes one that stands by itself, by rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.intent import strip_words_of_asking
from rag.types import Turn

_GREATEST = re.compile(
    r"^(?:那么?|其中|这里面|这些里)?[，,]?(?:(?:是|在)?哪(?:一?个|里|儿|家)?(?:县市?区?|市|区|地方|镇|村)?|谁)的?最[高多大长好强快低少小短慢]"
    r"|^(?:那么?|其中)?[，,]?最[高多大长好强快低少小短慢]的?(?:县市?区?|市|区|地方)?(?:是|在)?(?:哪|谁)"
)

FindPlaces = Callable[[str], Sequence[tuple[int, int, str]]]
"""(start, end, full name) of each place named in a text."""

_LEANS = re.compile(
    r"^(?:那么?|还有|另外|此外|其中|它|他们|她们|这|该|上述|同样|继续)|呢[？?。]?$|呢[，,]|这方面|这个|这些|那个|那里|那儿|该"
)
_SAME_TOPIC = re.compile(
    r"(?:在)?(?:这(?:个)?方面|这一块|这件事上?|同样的?事|同样)|呢[？?。]?$|(?:那边|那里|那儿)呢|相似|类似|一样的"
)
_ITS_THING = re.compile(
    r"^(?:那么?)?(?:这|那|该)(?:一?[个项种支套]|些)?(?:项目|品牌|做法|活动|平台|队伍?|机制|工程|课程|办法|模式|行动)"
)
_AND_THERE = re.compile(r"(?:那边|那里|那儿)?呢[，,？?]\s*(?=\S)")
_LATER_ON = re.compile(r"^(?:那么?|还有)?[，,]?(?:接下来|下一步|后来|往后|今后|之后|以后|现在|目前|如今)")
_MUCH = 6
_LITTLE = 7
_SHORT = 30
_OPENING = re.compile(r"^(?:那么?|还有|另外|此外|继续)[，,、]?")


def stand_alone(text: str, history: Sequence[Turn], find_places: FindPlaces) -> str:
    """``text`` with what it leaves unsaid taken from ``history``.

    A question that names another place and leans on the last topic (泰州在这方面呢), or says nothing else
    (那泰州的有多少), takes over the last question with the place put in; one that names no place gets that
    of the last question, or else of the last answer. One for the greatest of all (哪个县最高) gets what the
    last question was about, without its places; so does one that goes on about another place (睢宁呢，定的是
    多少) or a later time (接下来还打算加多少). A question that stands by itself is returned as it is.
    """
    earlier = [turn.content for turn in history if turn.role == "user"]
    if not earlier:
        return text
    own = find_places(text)
    if own and (_means_the_same(text, own) or _is_only_asked(text, own)):
        return _with_place(earlier[-1], own, find_places) or text
    if not own and _GREATEST.search(text):
        topic = _topic(earlier, find_places)
        return f"{topic}，{_OPENING.sub('', text)}" if topic else text
    if own:
        return _of_another_place(text, own, earlier[-1], find_places)
    if not _LEANS.search(text) and len(text) > _SHORT:
        return text
    answers = [turn.content for turn in history if turn.role == "assistant"]
    return _of_the_same(text, earlier[-1], answers[-1:], find_places)


def _of_another_place(
    text: str, own: Sequence[tuple[int, int, str]], before: str, find_places: FindPlaces
) -> str:
    """What goes on about another place (睢宁呢，定的是多少), with the topic of the question before."""
    there = _AND_THERE.match(text, own[-1][1])
    if there is None or len(_said(text[there.end() :])) > _LITTLE:
        return text
    return f"{'和'.join(_names(own))}{_topic([before], find_places)}，{text[there.end() :]}"


def _of_the_same(text: str, before: str, answers: Sequence[str], find_places: FindPlaces) -> str:
    """What names no place, with that of the question before or of its answer, and what that was about."""
    subject = _subject(before, find_places)
    for source in (before, *answers):
        names = _names(find_places(source))
        if names and len(names) <= 2:
            if not subject and (_ITS_THING.search(text) or _LATER_ON.search(text)):
                subject = _topic([before], find_places)
            return f"{'和'.join(names)}{subject}，{_OPENING.sub('', text)}"
    return f"{subject}，{_OPENING.sub('', text)}" if subject and _LEANS.search(text) else text


def _means_the_same(text: str, own: Sequence[tuple[int, int, str]]) -> bool:
    """Whether a question about other places leans on the last one's topic and says little of its own."""
    if not _SAME_TOPIC.search(text):
        return False
    return len(_said(_SAME_TOPIC.sub("", _without(text, own))).replace("有", "")) < _MUCH


def _is_only_asked(text: str, own: Sequence[tuple[int, int, str]]) -> bool:
    """Whether nothing is left beside the places and the words of asking (那广汉的有多少条)."""
    return not _said(_without(text, own))


def _said(text: str) -> str:
    """What ``text`` says beside the words of asking and of leaning on what went before."""
    return re.sub(r"[那么的呢里也又\W]", "", strip_words_of_asking(text))


def _topic(questions: Sequence[str], find_places: FindPlaces) -> str:
    """What the last of the questions that says so was about, without its places."""
    topics = (strip_words_of_asking(_without(q, find_places(q))) for q in reversed(questions))
    return next(filter(None, (topic.strip("那么的和与、是有为达各 ") for topic in topics)), "")


def _names(places: Sequence[tuple[int, int, str]]) -> list[str]:
    """Each once, in the order in which they are named."""
    return list(dict.fromkeys(name for _, _, name in places))


def _without(text: str, places: Sequence[tuple[int, int, str]]) -> str:
    for start, end, _ in reversed(places):
        text = text[:start] + text[end:]
    return text


def _with_place(question: str, own: Sequence[tuple[int, int, str]], find_places: FindPlaces) -> str | None:
    """The earlier question about the place that is now named."""
    former = find_places(question)
    names = "和".join(_names(own))
    if not former:
        topic = strip_words_of_asking(question)
        return f"{names}在{topic}方面有什么做法？" if topic else None
    start, end = former[0][0], former[-1][1]
    return question[:start] + names + question[end:]


def _subject(question: str, find_places: FindPlaces) -> str:
    """The thing the earlier question was about: its quoted or 的-joined noun before the asking begins."""
    quoted = re.search(r"[“\"「《]([^”\"」》]{2,20})[”\"」》]", question)
    if quoted:
        return quoted.group(1)
    places = find_places(question)
    rest = question[places[-1][1] :] if places else ""
    match = re.match(
        r"的([\u4e00-\u9fffA-Za-z0-9+]{2,8}?)(?=老师|从|在|是|有|由|怎|如何|什么|哪|多少|几|，|？|的|到|给|对)",
        rest,
    )
    return "的" + match.group(1) if match else ""
