"""Which place an article, and each of its passages, is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.columns import without_count
from corpus.headings import find_heading
from corpus.normalize import simplified
from corpus.place_data import short_form
from corpus.places import Gazetteer
from corpus.sentences import split_sentences
from corpus.turns import find_turns
from corpus.types import Place

_HEAD = 14
"""Characters of the first clause of a passage (its mark among them) in which its subject stands."""
_LEAD = re.compile(r"[^，。；：,;:]{2,12}[：:]")
_CELL = "\t"
_MANY = 3
_LONGEST_HEADING = 25
_MEETING = re.compile(r"召开|举行|会议")
_SENTENCE_END = re.compile(r"[。！？；]")
_CLAUSE_END = re.compile(r"[，。；：,;:\n]")


class Whereabouts:
    """Places by what a document's issuer and series (``context``) tell of its province."""

    def __init__(self, gazetteer: Gazetteer, context: Sequence[str]) -> None:
        self._gazetteer = gazetteer
        self._context = [simplified(text) for text in context]
        homes = (gazetteer.about(text, None, "") for text in self._context)
        self._home = next((p for p in homes if p and p.level == "county"), None)

    def of_article(self, title: str, author: str | None, opening: str) -> Place | None:
        """The place of a title, else of its author, else of its opening; None where there is none, or where
        the name has several meanings that nothing settles. What a county issues is about that county where
        it names no other: a township's or an office's article often doesn't name it."""
        place = self._about(title, author, opening)
        if self._home and (place is None or place.name in self._home.parents):
            return self._home
        return place

    def is_survey(self, place: Place | None, title: str, author: str | None, text: str) -> bool:
        """Whether an article's ``text`` passes from place to place: where it is about none, a province or a
        prefecture; or where neither title nor author names its county, and the text names three others, or
        begins sentences with two."""
        if place is None or place.level != "county":
            return True
        if place == self._home or self._about(title, author, ""):
            return False
        if (short_form(place.name) or place.name) in simplified(title):
            return False
        plain = simplified(text)
        mentions = self._gazetteer.find(plain, context=[*self._context, place.name, *place.parents])
        named = {m.places[0] for m in mentions if len(m.places) == 1 and m.places[0].level == "county"}
        begun = {t.place for t in find_turns(plain, self._gazetteer, self._context) if t.place in named}
        return len(named - {place}) >= _MANY or len(begun - {place}) > 1

    def _about(self, title: str, author: str | None, opening: str) -> Place | None:
        author = author and simplified(author)
        title = simplified(without_count(title))
        return self._gazetteer.about(title, author, simplified(opening), self._context)

    def of_note(self, text: str) -> Place | None:
        """The place of an editor's note: the one county that it names; None where it names none or several,
        for then it speaks of them all."""
        mentions = self._gazetteer.find(simplified(text), context=self._context)
        counties = {m.places for m in mentions if m.places[0].level == "county"}
        [places, *others] = counties or {()}
        return places[0] if len(places) == 1 and not others else None

    def of_passage(self, article: Place | None, heading: str, text: str) -> str | None:
        """The place of a passage: the county at its head where its article is about something above counties
        (全市各地、南通市 …), or the prefecture where it is about no place at all; else the article's."""
        if article is not None and article.level == "county":
            return article.unique_name
        if _CELL in text:  # a table has a row for each
            text = heading
        around = [*self._context, *((article.name, *article.parents) if article else ())]
        first, *others = text.split("\n")
        place = self._at_head(first, article, around) or self._at_head(heading, article, around)
        if place is None:
            # A few words lead over to the place that the next paragraph begins with (某县：…).
            leads = {self._at_head(part, article, around) for part in others if _LEAD.match(part)} - {None}
            place = leads.pop() if len(leads) == 1 else None
        place = place or article
        return place.unique_name if place else None

    def parts_of_passage(
        self, article: Place | None, heading: str, text: str, *, is_survey: bool
    ) -> list[tuple[int, int, str | None]]:
        """``text`` as spans that are each about one place, and that place. Where the article is no survey, it
        tells of other places for its own sake: one span."""
        place = self.of_passage(article, heading, text)
        if _CELL in text or not is_survey:
            return [(0, len(text), place)]
        common = article.unique_name if article and article.level != "province" else None
        parts: list[tuple[int, str | None]] = [(0, place)]
        for turn in find_turns(simplified(text), self._gazetteer, self._context):
            start = _with_its_heading(text, turn.start)
            name = turn.place.unique_name if turn.place else common
            if start == 0:
                parts = [(0, name or place)]
            elif name != parts[-1][1]:
                parts.append((start, name))
        ends = [start for start, _ in parts[1:]] + [len(text)]
        return [
            (
                start + len(text[start:end]) - len(text[start:end].lstrip()),
                start + len(text[start:end].rstrip()),
                name,
            )
            for (start, name), end in zip(parts, ends, strict=True)
        ]

    def _at_head(self, text: str, article: Place | None, around: Sequence[str]) -> Place | None:
        """The place of one meaning in the first clause, within the article's: a county; a prefecture only
        where the article is about no place."""
        clause = simplified(_CLAUSE_END.split(text, maxsplit=1)[0])
        head = clause[:_HEAD]
        named = (mention.places for mention in self._gazetteer.find(head, context=around))
        within = [p for p, *others in named if not others and (not article or article.name in p.parents)]
        if county := next((place for place in within if place.level == "county"), None):
            return county
        prefectures = {place for place in within if place.level == "prefecture"}
        # Several have done something together; where a meeting was held tells nothing of whom it was about.
        is_about_one = not article and len(prefectures) == 1 and not _MEETING.search(clause)
        return prefectures.pop() if is_about_one else None

    def ambiguous(self, title: str) -> str | None:
        """A warning where the first place of a title has several meanings that nothing settles."""
        for mention in self._gazetteer.find(simplified(title), context=self._context)[:1]:
            if len(mention.places) > 1:
                meanings = "、".join("".join(p.parents[-1:]) + p.name for p in mention.places)
                name = title[mention.start : mention.end]
                return f"《{title}》里的“{name}”可能是{meanings}，未能判定，请核对。"
        return None


def _with_its_heading(text: str, start: int) -> int:
    """``start``, or the start of what heads the text there: a short sentence with a mark (二是改造不实。), or
    the lines right above that are no sentences."""
    sentences = split_sentences(text[:start])
    last = text[slice(*sentences[-1])] if sentences else ""
    if len(last) <= _LONGEST_HEADING and find_heading(last):
        start = sentences[-1][0]
    lines = text[:start].split("\n")
    if lines[-1].strip():
        return start
    while len(lines) > 1 and not _SENTENCE_END.search(lines[-2]):
        lines.pop()
    return len("\n".join(lines[:-1])) + 1 if len(lines) > 1 else 0
