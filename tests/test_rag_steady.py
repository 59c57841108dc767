"""Answers while the library is being changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fakes import HashEmbedder, make_parsed

from corpus.places import Gazetteer
from index.errors import DocumentNotFoundError, PassageNotFoundError
from index.library import Library, open_library
from index.types import SentenceMatches
from rag.answer import Answerer
from rag.check import Checker
from rag.steady import steadily
from rag.thesaurus import load_thesaurus
from rag.types import Question

TEXTS = ["灌南县为快递员建设驿站十二处，免费开放。", "灌南县请外卖骑手担任社区监督员，共有二十人。"]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, HashEmbedder()) as library:
        library.add([make_parsed(f"d{n}", [*TEXTS, f"另有{n}人报名。"], place="灌南县") for n in range(3)])
        yield library


def test_what_is_taken_out_meanwhile_is_read_anew(library: Library) -> None:
    """The second look finds what the first one lost; where nothing was changed, the error is told at once."""
    looks: list[str] = []

    def read() -> str:
        looks.append("look")
        if len(looks) == 1:
            library.remove("d0")
        return library.document("d0" if len(looks) == 1 else "d1").document.id

    assert steadily(library, read) == "d1"
    assert len(looks) == 2
    with pytest.raises(PassageNotFoundError):
        steadily(library, lambda: looks.append("again") or library.passage("none"))  # type: ignore[func-returns-value]
    assert looks == ["look", "look", "again"]


def test_a_passage_replaced_between_two_looks_is_read_anew(
    library: Library, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A correction that comes between the looks at a passage's sentences changes where they stand: the answer
    is made again, of the new text."""
    look, looks = library.sentence_matches, []

    def sentence_matches(text: str, passage_ids: Sequence[str]) -> SentenceMatches:
        found = look(text, passage_ids)
        looks.append(text)
        if len(looks) == 1:
            texts = ["此处更正。", *TEXTS]
            library.add([make_parsed(f"d{n}", [*texts, f"第{n}份。"], place="灌南县") for n in range(3)])
        return found

    monkeypatch.setattr(library, "sentence_matches", sentence_matches)
    answer = Answerer(library, gazetteer, load_thesaurus()).answer(Question("灌南县怎样服务快递员和外卖骑手"))
    assert answer.status == "answered"
    assert len(looks) > 2
    for citation in answer.citations:
        text = library.document(citation.document_id).document.text
        assert text[citation.start : citation.end] == citation.quote


def test_a_library_that_never_rests_is_told(library: Library) -> None:
    """Where each look finds the library changed, the last one's error comes out."""

    def read() -> None:
        library.add([make_parsed("d0", ["另一段。"])])
        library.remove("d0")
        library.document("d0")

    with pytest.raises(DocumentNotFoundError):
        steadily(library, read)


@pytest.mark.slow
def test_answers_and_checks_while_documents_come_and_go(library: Library, gazetteer: Gazetteer) -> None:
    """No question and no draft fails, every quote stands in its document as the answer's snapshot has it, and
    a library whose documents were all replaced many times weighs words as before."""
    answerer, checker = Answerer(library, gazetteer, load_thesaurus()), Checker(library, gazetteer)
    done = threading.Event()
    failures: list[Exception] = []

    def change() -> None:
        number = 0
        while not done.is_set():
            number += 1
            name = f"d{number % 3}"
            if number % 4 == 0:
                library.remove(name)
            library.add(
                [make_parsed(name, [*TEXTS, f"第{number}次改，另有{number}人报名。"], place="灌南县")]
            )

    changing = threading.Thread(target=change)
    changing.start()
    answered = 0
    try:
        for _ in range(25):
            answer = answerer.answer(Question("灌南县怎样服务快递员和外卖骑手"))
            answered += answer.status == "answered"
            for citation in answer.citations:
                assert citation.quote in "\n".join(TEXTS)
            assert checker.check("灌南县建设驿站十二处。").sentences[0].verdict == "consistent"
    except Exception as error:
        failures.append(error)
    finally:
        done.set()
        changing.join()
    assert failures == []
    assert answered == 25
    assert library.rarity(["驿站"])["驿站"] < library.rarity(["报到"])["报到"]
