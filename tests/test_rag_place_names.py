"""How a place is called in an answer."""

from __future__ import annotations

import pytest
from rag_makers import GAZETTEER, make_evidence

from rag.place_names import called_plainly, named_in_title
from rag.types import Item


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("郑州市金水区：让骑手有处歇脚", "郑州市金水区"),
        ("河南省郑州市金水区: 让骑手有处歇脚", "河南省郑州市金水区"),
        ("金水区：让骑手有处歇脚", "金水区"),
        ("让骑手在郑州市金水区有处歇脚", "金水区"),
        ("郑州市、金水区：让骑手有处歇脚", "金水区"),
        ("", "金水区"),
    ],
)
def test_the_title_says_where_it_lies(title: str, name: str) -> None:
    """The province or city before it is kept, where nothing but that stands before it."""
    assert named_in_title("金水区", [make_evidence("设驿站。", "金水区", title=title)]) == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("鼓楼区：让骑手有处歇脚", "鼓楼区"),
        ("徐州市鼓楼区：让骑手有处歇脚", "徐州市鼓楼区"),
        ("江苏省徐州市鼓楼区：让骑手有处歇脚", "江苏省徐州市鼓楼区"),
        ("让骑手有处歇脚", "徐州市鼓楼区"),
    ],
)
def test_a_name_that_places_share(title: str, name: str) -> None:
    """It is filed with its city, and called as the title has it."""
    assert named_in_title("徐州市鼓楼区", [make_evidence("设驿站。", "徐州市鼓楼区", title=title)]) == name


def test_what_is_of_another_place_tells_nothing() -> None:
    """Only titles of the place's own articles count; no place has no name."""
    other = make_evidence("设驿站。", "开封市", title="郑州市金水区：让骑手有处歇脚")
    assert named_in_title("金水区", [other]) == "金水区"
    assert named_in_title(None, [other]) == ""


def test_a_place_is_called_by_its_own_name_where_that_tells_it() -> None:
    """海州区 is filed behind its city, since another city has one too; of two 鼓楼区 that are held each keeps
    its city."""
    held = ["连云港市海州区", "南京市鼓楼区", "徐州市鼓楼区", "沛县"]
    items = [Item(name, "设驿站。", (1,)) for name in held]
    called = called_plainly(items, held, GAZETTEER)
    assert [item.place for item in called] == ["海州区", "南京市鼓楼区", "徐州市鼓楼区", "沛县"]
