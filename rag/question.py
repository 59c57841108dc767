"""A question is understood: what it asks for, of where and when, and in what form."""

from __future__ import annotations

import functools
import itertools
import logging
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from corpus.place_data import short_form
from corpus.places import Gazetteer, levels_for
from corpus.types import Article, Place, PlaceMention
from index.types import DocumentRecord, Filters
from rag.errors import BadQuestionError, ChatModelError, UnsupportedError
from rag.followup import stand_alone
from rag.frames import language_of, to_simplified
from rag.intent import asked_place_word, find_intent, strip_words_of_asking, take_out_negation
from rag.rewrite import Rewriter
from rag.romanised import RomanisedNames, may_name_one
from rag.said_filters import SaidFilters, merge, read_filters, read_outside, read_province, read_series
from rag.spelling import Spelt, ask_which
from rag.types import Correction, Query, Question, Turn
from rag.wishes import without_background, without_wishes

logger = logging.getLogger(__name__)

LONGEST_QUESTION = 2000
"""Characters. A question is a few lines; a whole draft goes to another door."""
MOST_PASSAGES = 100
_NO_FILTERS = asdict(Filters())

_EXCEPT = re.compile(
    r"(?:除了?|不(?:要|算|看|含|包括)|排除)(?P<what>[^，。？?]{1,30}?)(?:(?:之外|以外|外)(?:的)?(?:还有|其他的?)?|[，,]|$)"
)
_BELOW = re.compile(
    r"^(?:市)?(?:的|各|下辖的?|下属的?|所辖的?|范围内的?|下面的?|境内的?)*(?:(?:都|一共|总共|共)?有?(?:哪些|哪几个|几个|多少个?)|各|所有)?(?:县市区|县区|县市|县|区|市)"
    # 市民夜校、市场监管、区域 … are words of their own, not what lies below
    r"(?![民场政容委级直长值集监域块城])(?!区别)"
)


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the corpus holds, as far as understanding a question needs it. ``places`` are those
    that articles and passages are filed under; ``speaks_of`` tells whether any passage holds a word, whatever
    its article is about; ``spell`` puts slips of the pen right."""

    documents: tuple[DocumentRecord, ...]
    articles: tuple[Article, ...]
    places: frozenset[str]
    speaks_of: Callable[[str], bool] = lambda word: False
    spell: Callable[[str], Spelt] = Spelt


class QuestionReader:
    """Reads questions. Thread-safe."""

    def __init__(self, gazetteer: Gazetteer, rewriter: Rewriter | None = None) -> None:
        self._gazetteer = gazetteer
        self._rewriter = rewriter

    def settled(self, question: Question, holdings: Holdings) -> Question:
        """With places of its filters named as the articles are: 郑州市金水区 is 金水区, and 鼓楼区 each of
        that name."""
        names: list[str] = []
        for name in question.filters.places:
            place = self._gazetteer.resolve(name)
            places = (place,) if place else self._gazetteer.by_name(name)
            held = [p.unique_name for p in places if p.unique_name in holdings.places]
            names += held or [place.unique_name if place else name]
        return replace(question, filters=replace(question.filters, places=tuple(names)))

    def read(self, question: Question, holdings: Holdings) -> Query:
        """The query that ``question`` means over these holdings. Raises BadQuestionError."""
        check(question)
        finder = _PlaceFinder(self._gazetteer, lambda: self._romanised, sorted(holdings.places))
        text, corrections, notices = self._stand_alone(question, holdings, finder)
        text_without, excluded = self._take_out_exceptions(without_background(text), finder)
        excluded += tuple(name for name in self._below(excluded) if name in holdings.places)
        said = self._filters(text_without, holdings)
        asked, is_negated = take_out_negation(said.text)
        asked, is_outside = read_outside(asked)
        said = replace(said, text=asked)
        named, below = finder.places(said.text)
        places = list(dict.fromkeys(itertools.chain.from_iterable(named)))
        scope, only_mentioned = self._scope(places, below, holdings)
        heard = replace(said.filters, **{name: _NO_FILTERS[name] for name in question.ignore_said})
        filters = merge(question.filters, heard)
        # a place in two years is two sides
        sides = 0 if below else len(named) * max(1, len(filters.years))
        intent = find_intent(said.text, places=sides)
        kinds = levels_for(asked_place_word(said.text))
        universe = self._universe(places, kinds, holdings) if is_negated and intent == "list" else ()
        province = (
            read_province(said.text, self._provinces(said.text)) if intent == "list" and not places else ""
        )
        return Query(
            original=question.text,
            text=said.text,
            topic=strip_words_of_asking(
                finder.without_places(without_wishes(said.text), keep=only_mentioned)
            ),
            intent=intent,
            filters=filters,
            places=scope,
            excluded=excluded,
            unknown=said.unknown,
            partly_unknown=said.partly_unknown,
            asked_kinds=tuple(sorted(kinds)),
            universe=universe,
            language=language_of(question.text),
            corrections=corrections,
            notices=notices,
            named=() if below else tuple(place.unique_name for place in places),
            province=province,
            is_outside=is_outside,
        )

    def plain(self, text: str) -> str:
        """One line in Simplified characters and half width (but for Chinese punctuation)."""
        folded = "".join(
            unicodedata.normalize("NFKC", c) if c not in "，。？！：；（）“”‘’、…" else c for c in text
        )
        return re.sub(r"\s+", " ", to_simplified(folded)).strip()

    @functools.cached_property
    def _romanised(self) -> RomanisedNames:
        return RomanisedNames(self._gazetteer.places)

    def _stand_alone(
        self, question: Question, holdings: Holdings, finder: _PlaceFinder
    ) -> tuple[str, tuple[Correction, ...], tuple[str, ...]]:
        """The question with its slips put right, and with what it leaves unsaid taken from the history; what
        was put right; and what is to be told of that."""
        history = [replace(turn, content=self.plain(turn.content)) for turn in question.history]
        asked = holdings.spell(self.plain(question.text))
        asked = asked if history else ask_which(asked)
        corrections = list(asked.corrections)
        for place in [n for n, turn in enumerate(history) if turn.role == "user"][-1:]:
            earlier = holdings.spell(history[place].content)
            history[place] = Turn("user", earlier.text)
            corrections += earlier.corrections
        text, notices = self._taken_over(asked.text, history, finder)
        return text, tuple(c for c in dict.fromkeys(corrections) if c.read_as in text), notices

    def _taken_over(
        self, text: str, history: Sequence[Turn], finder: _PlaceFinder
    ) -> tuple[str, tuple[str, ...]]:
        """By the chat model where there is one and it does it well, else by rules."""
        notices: tuple[str, ...] = ()
        if self._rewriter and any(turn.role == "user" for turn in history):
            try:
                return self.plain(self._rewriter.rewrite(text, history, finder.spans)), ()
            except ChatModelError as error:
                notices = (f"追问没有用模型补全（{error}），按规则补全。",)
            except UnsupportedError as error:
                logger.info("the chat model's rewriting of a follow-up isn't used: %s", error)
        return stand_alone(text, history, finder.spans), notices

    def _provinces(self, text: str) -> list[str]:
        named = [p for m in self._gazetteer.find(text) for p in m.places if p.level == "province"]
        return [short_form(p.name) or p.name for p in named]

    def _filters(self, text: str, holdings: Holdings) -> SaidFilters:
        series = read_series(text, holdings.documents, self._provinces(text))
        said = read_filters(series.text, holdings.documents)
        return replace(said, filters=merge(series.filters, said.filters))

    def _take_out_exceptions(self, text: str, finder: _PlaceFinder) -> tuple[str, tuple[str, ...]]:
        match = _EXCEPT.search(text)
        names = tuple(name for _, _, name in finder.spans(match["what"])) if match else ()
        if not match or not names:
            return text, ()
        return (text[: match.start()] + text[match.end() :]).strip("，, "), names

    def _below(self, names: Iterable[str]) -> Iterator[str]:
        """What lies under the places of these names."""
        for place in filter(None, map(self._gazetteer.resolve, names)):
            yield from (child.unique_name for child in self._gazetteer.children(place))

    def _universe(
        self, places: Sequence[Place], kinds: Collection[str], holdings: Holdings
    ) -> tuple[str, ...]:
        """All that 哪些县 means: what the gazetteer has under the places named, else what is held."""
        if places:
            under = [c for place in places for c in self._gazetteer.children(place)]
            return tuple(c.unique_name for c in under if not kinds or c.kind in kinds)
        held = ((name, self._gazetteer.resolve(name)) for name in sorted(holdings.places))
        return tuple(name for name, place in held if not kinds or place is None or place.kind in kinds)

    def _scope(
        self, places: Sequence[Place], below: bool, holdings: Holdings
    ) -> tuple[tuple[str, ...], frozenset[str]]:
        """The places whose articles are meant, and those named that have no article but are spoken of.

        A place stands for what lies under it where that is asked (南通的县), or where only that has
        articles. One that is only spoken of is looked for in the articles of the place above it, or
        everywhere; one that is not even spoken of stays, to be reported as not there.
        """
        scope: list[str] = []
        only_mentioned: set[str] = set()
        for place in places:
            children = (c.unique_name for c in self._gazetteer.children(place))
            under = [name for name in children if name in holdings.places]
            if under and (below or place.unique_name not in holdings.places):
                scope += under
            elif place.unique_name in holdings.places or not any(
                holdings.speaks_of(name) for name in (place.name, short_form(place.name)) if name
            ):
                scope.append(place.unique_name)
            else:
                only_mentioned.add(place.unique_name)
                scope += [name for name in place.parents[-1:] if name in holdings.places]
        return tuple(dict.fromkeys(scope)), frozenset(only_mentioned)


class _PlaceFinder:
    """Finds places in a question, those of the corpus first in mind."""

    def __init__(
        self, gazetteer: Gazetteer, romanised: Callable[[], RomanisedNames], known: Sequence[str]
    ) -> None:
        self._gazetteer = gazetteer
        self._romanised = romanised
        self._known = known

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        return [(m.start, m.end, self._choose(m.places).unique_name) for m in self._mentions(text)]

    def places(self, text: str) -> tuple[list[tuple[Place, ...]], bool]:
        """The places named, those that one name means together, and whether the question means what lies
        below them instead."""
        mentions = [m for m in self._mentions(text) if self._choose(m.places).level != "province"]
        below = any(_BELOW.match(text[m.end :]) for m in mentions) and len(mentions) == 1
        return list(dict.fromkeys(self._all_meant(m.places) for m in mentions)), below

    def without_places(self, text: str, *, keep: Collection[str] = ()) -> str:
        for mention in reversed(self._mentions(text)):
            if self._choose(mention.places).unique_name not in keep:
                text = text[: mention.start] + text[mention.end :]
        return text

    def _mentions(self, text: str) -> list[PlaceMention]:
        found = self._gazetteer.find(text, context=self._known)
        if may_name_one(text):
            found += self._romanised().find(text, self._known)
        return self._chained(sorted(found, key=lambda mention: mention.start))

    def _chained(self, mentions: Sequence[PlaceMention]) -> list[PlaceMention]:
        """With a place and what it lies in right before it (福州市鼓楼区) as one mention of the place."""
        chained: list[PlaceMention] = []
        for mention in mentions:
            before = chained[-1] if chained else None
            above = self._choose(mention.places).parents
            if before and before.end == mention.start and self._choose(before.places).name in above:
                mention = replace(mention, start=chained.pop().start)  # noqa: PLW2901
            chained.append(mention)
        return chained

    def _choose(self, places: Sequence[Place]) -> Place:
        return self._all_meant(places)[0]

    def _all_meant(self, places: Sequence[Place]) -> tuple[Place, ...]:
        """Those of one name that the corpus is about (both 鼓楼区 of a province), else the first."""
        held = [p for p in places if p.unique_name in self._known]
        return tuple(p for p in held if p.name == held[0].name) or tuple(places[:1])


def check(question: Question) -> None:
    """Raises BadQuestionError where a question can't be asked as it stands."""
    length = len(question.text.strip())
    if not length:
        raise BadQuestionError("question", "question（问题）是空的，请写出要问什么。")
    if length > LONGEST_QUESTION:
        raise BadQuestionError(
            "question", f"question（问题）有 {length} 个字，超过上限 {LONGEST_QUESTION} 个字，请缩短后再问。"
        )
    if not any(c.isalnum() for c in question.text):
        raise BadQuestionError("question", "question（问题）里没有文字，请写出要问什么。")
    if not 1 <= question.top_k <= MOST_PASSAGES:
        raise BadQuestionError(
            "top_k", f"top_k（返回段落数）应在 1 到 {MOST_PASSAGES} 之间，收到的是 {question.top_k}。"
        )
