"""How a place is called in an answer: as the title of its article has it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from corpus.place_data import short_form
from corpus.places import Gazetteer
from rag.types import Evidence, Item

_UNIT = r"[\u4e00-\u9fff]{2,9}?(?:省|自治区|市|自治州|州|盟|地区)"
_ABOVE = rf"(?:{_UNIT})+"


def written_names(places: Iterable[str]) -> frozenset[str]:
    """Full names, and what they are called in short (睢宁县, 睢宁)."""
    return frozenset(name for place in places for name in (place, short_form(place) or place))


def named_in_title(place: str | None, evidence: Sequence[Evidence]) -> str:
    """``place`` with the province or city that the title of its article puts before it (郑州市金水区：…): it
    tells the place from others of its name. Without those it is filed under (徐州市鼓楼区) where the title
    leaves them out (鼓楼区：…); as it is filed where the title doesn't name it, and empty for None."""
    if not place:
        return ""
    short = re.sub(rf"^{_UNIT}(?=.)", "", place)
    whole = re.compile(rf"\s*({_ABOVE}{re.escape(place)}|{re.escape(place)}|{re.escape(short)})\s*[：:]")
    titles = (one.passage.title for one in evidence if one.passage.place == place)
    return next((match[1] for title in titles if (match := whole.match(title))), place)


def called_plainly(items: Sequence[Item], held: Collection[str], gazetteer: Gazetteer) -> tuple[Item, ...]:
    """``items`` with places by their own names (海州区, filed as 连云港市海州区 since another city has one
    too) where no other place of that name is ``held``."""

    def called(name: str) -> str:
        place = gazetteer.resolve(name)
        if place is None or place.unique_name != name or place.name in held:
            return name
        bearers = [other for other in gazetteer.by_name(place.name) if other.unique_name in held]
        return place.name if len(bearers) == 1 else name

    return tuple(replace(item, place=called(item.place)) for item in items)
