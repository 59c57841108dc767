"""What a brief begins with is told with what it says."""

from __future__ import annotations

import pytest
from rag_makers import make_passage, make_query

from rag.compose import compose, compose_list
from rag.judge import Verdict
from rag.openings import with_opening
from rag.types import Evidence


def second_of(text: str, place: str | None = "丰县") -> Evidence:
    """The sentence after the first full stop."""
    passage = make_passage(text, place, start=100)
    first = text.index("。") + 1
    return Evidence(passage, 100 + first, 100 + len(text), text[first:], 0.5, 0.5, 0.9)


def test_the_name_and_the_place_stand_before_what_is_done() -> None:
    """Without the number, at its own place in the document."""
    told = second_of("3.丰县设立“候鸟小屋”。暑期照看外地孩子。")
    opening, same = with_opening([told])
    assert (opening.text, opening.start, opening.end, same) == ("丰县设立“候鸟小屋”。", 102, 113, told)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("丰县修了一间小屋。暑期照看外地孩子。", "丰县"),
        ("“候鸟小屋”开放了。暑期照看外地孩子。", "丰县"),
        ("丰县设立“候鸟小屋”。“候鸟小屋”照看外地孩子。", "丰县"),
        ("丰县设立“候鸟小屋”。暑期照看外地孩子。", None),
        ("丰县的家长们都说，“真好，放心了”。暑期照看外地孩子。", "丰县"),
        (
            "丰县在全县城乡每一个街道、每一个乡镇的每一个村庄里面都一一设立了由退休教师照看的各种各样的“候鸟小屋”。暑期开放。",
            "丰县",
        ),
    ],
)
def test_other_openings_are_left_alone(text: str, place: str | None) -> None:
    """One that names no thing, or not the place; one that tells nothing new; of no place; a saying; a long
    one."""
    told = second_of(text, place)
    assert with_opening([told]) == (told,)


def test_lists_and_answers_begin_with_it() -> None:
    """A row of a list, and the best sentence where the question names no place; not where it does."""
    told = second_of("丰县设立“候鸟小屋”。暑期照看外地孩子。")
    whole = told.passage.text
    assert compose_list([Verdict("丰县", 0.9, (told,), True)])[1].text == whole
    assert [d.text for d in compose(make_query("谁照看孩子"), [told])] == [whole[:11], told.text]
    assert [d.text for d in compose(make_query("谁照看孩子", places=("丰县",)), [told])] == [told.text]


def test_an_opening_that_is_chosen_anyway_is_told_once() -> None:
    """Whatever its score."""
    told = second_of("丰县设立“候鸟小屋”供外地孩子用。暑期由老师照看外地来的孩子。")
    passage = told.passage
    first = Evidence(passage, 100, told.start, passage.text[: told.start - 100], 0.45, 0.5, 0.9)
    drafts = compose(make_query("谁照看孩子"), [told, first])
    assert [d.text for d in drafts] == [first.text, told.text]
