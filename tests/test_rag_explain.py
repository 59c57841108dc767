"""Explanations: where filters come from, why a place is in a list or not, why nothing was answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fakes import HashEmbedder, make_parsed

from corpus.places import load_gazetteer
from index.library import Library, open_library
from index.types import Filters
from rag.answer import Answerer
from rag.explain import applied_filters, explained_refusal
from rag.explained import AppliedFilter, Explanation
from rag.refusal import Check, Refusal
from rag.thesaurus import load_thesaurus
from rag.types import Query, Question

QUERY = Query("原", "问", "问", "fact", Filters(years=(2025,), issues=("20",)))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Three counties, two of which speak of couriers, one of them by another word."""
    texts = {
        "沛县": "沛县给快递员建了驿站。快递员可以歇脚。",
        "丰县": "丰县的步道修好了。步道边上种了树。",
        "东海县": "东海县评选水晶工艺师。工艺师收徒授艺。",
    }
    with open_library(tmp_path_factory.mktemp("explained"), HashEmbedder()) as library:
        library.add(
            [make_parsed(f"d{i}", [text], place=place) for i, (place, text) in enumerate(texts.items())]
        )
        yield library


def explanation(library: Library, text: str, **fields: object) -> Explanation:
    question = replace(Question(text, explain=True), **fields)  # type: ignore[arg-type]
    found = Answerer(library, load_gazetteer(), load_thesaurus()).answer(question).explanation
    assert found is not None
    return found


def test_nothing_is_explained_unasked(library: Library) -> None:
    """Without ``explain`` an answer has no explanation, and is otherwise the same."""
    answerer = Answerer(library, load_gazetteer(), load_thesaurus())
    plain = answerer.answer(Question("沛县的驿站", top_k=1))
    explained = answerer.answer(Question("沛县的驿站", top_k=1, explain=True))
    assert plain.explanation is None
    assert explained.passages == plain.passages
    assert explained.text == plain.text


def test_filters_say_who_set_them() -> None:
    """A filter the client set is the client's even where the question says it too; the rest was said."""
    found = applied_filters(Filters(years=(2025,)), replace(QUERY, places=("沛县",), excluded=("丰县",)))
    assert found == (
        AppliedFilter("years", ("2025",), "client"),
        AppliedFilter("issues", ("20",), "said"),
        AppliedFilter("places", ("沛县",), "said"),
        AppliedFilter("excluded_places", ("丰县",), "said"),
    )


def test_passages_carry_legs_and_their_best_sentence(library: Library) -> None:
    """Each passage has the score and rank of every leg that was searched, and its best sentence."""
    found = explanation(library, "步道边上种了什么", top_k=1)
    first = found.passages[0]
    assert len(found.passages) == 3
    assert first.place == "丰县"
    assert {leg: said.rank for leg, said in first.legs.items()} == {"dense": 1, "lexical": 1, "late": 1}
    assert first.sentence in {"丰县的步道修好了。", "步道边上种了树。"}
    assert first.inside
    assert first.nearness is not None
    assert found.topic["边上"] > 0


def test_every_place_of_a_list_has_its_reason(library: Library) -> None:
    """What is in the list reached the threshold; what isn't fell below it, or was ruled out."""
    found = explanation(library, "除了东海县，哪些县给快递员建了驿站")
    places = {place.place: place for place in found.places}
    assert found.intent == "list"
    assert places["沛县"].decision == "sure"
    assert (places["沛县"].score or 0) >= (places["沛县"].threshold or 1)
    assert places["丰县"].decision == "below_threshold"
    assert (places["丰县"].score or 0) < (places["丰县"].threshold or 0)
    assert places["东海县"].decision == "filtered_out"
    assert places["东海县"].score is None


def test_a_place_known_by_another_word_says_which(library: Library) -> None:
    """Where only a term of the thesaurus stands in the sentence, it is named."""
    found = explanation(library, "哪些县关心新就业群体")
    wording = {place.place: place.other_wording for place in found.places}
    assert "快递员" in wording["沛县"]
    assert any("快递员" in used.terms for used in found.expansions)


def test_a_place_outside_the_corpus_is_told(library: Library) -> None:
    """A question about a place of no article says so, and looks at nothing."""
    found = explanation(library, "昆山市的驿站怎么建")
    assert found.refusal is not None
    assert found.refusal.check == "not_held"
    assert "昆山市" in found.refusal.reason


@pytest.mark.parametrize(
    ("check", "numbers", "said"),
    [
        ("not_held", (), "资料库里没有所问的经费"),
        ("no_passages", (), "范围内没有可看的段落（经费）"),
        ("named_elsewhere", (), "经费不见于所问的范围，只见于别处"),
        (
            "too_far",
            (("nearness", 0.7), ("least_nearness", 0.785), ("coverage", 0.1), ("least_coverage", 0.35)),
            "最接近的一句与问题的接近度为 0.700，应不低于 0.785；含主题词的比例为 0.100，应不低于 0.350",
        ),
        ("kind_missing", (("near_sentences", 4),), "最接近的 4 句里都没有所问的经费"),
        (
            "existence",
            (("coverage", 0.2), ("least_coverage", 0.35)),
            "问有没有，而最接近的句子含主题词的比例只有 0.200，应不低于 0.350",
        ),
    ],
)
def test_a_refusal_names_its_check_with_the_numbers(
    check: Check, numbers: tuple[tuple[str, float], ...], said: str
) -> None:
    """Each check has its sentence, which gives what was measured and what was asked for."""
    found = explained_refusal(Refusal("经费", None, check, numbers))
    assert (found.check, found.reason, dict(found.numbers)) == (check, said, dict(numbers))
