"""From a request to a pack, over a library of two documents and an answer made by hand."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from export_makers import NEW, OLD
from fakes import HashEmbedder, make_parsed
from rag_makers import make_passage, make_query

from corpus.places import load_gazetteer
from index.errors import PassageNotFoundError
from index.library import Library, open_library
from index.types import Filters
from rag.errors import BadExportError, NothingToExportError
from rag.export.pack import Packer, whole_sentences
from rag.export.types import Choice, ExportRequest, MaterialPack
from rag.types import Answer, Citation, Coverage, Item, Question

TODAY = datetime.date(2026, 1, 5)
LIYANG = (
    "一、做法。驿站可以歇脚。志愿者有40人。药品随时可取。",
    "培训办了6场。学员都拿到了证书。",
    "街头添了长椅。",
)
GUANNAN = ("快递站建了78处。就业的村民有500名。", "年货进了城。")
QUESTION = Question("哪些县建了驿站？")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(tmp_path_factory.mktemp("library"), HashEmbedder()) as library:
        library.add(
            [
                make_parsed("new", LIYANG, title="溧阳市：驿站", place="溧阳市", date=NEW, issue="20"),
                make_parsed("old", GUANNAN, title="灌南县：新业态", place="灌南县", date=OLD, issue="3"),
                make_parsed("long", [f"第{n}件事办成了。" for n in range(1, 26)], title="要闻"),
            ]
        )
        yield library


class OneAnswer:
    """Gives the same answer to every question."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def answer(self, question: Question) -> Answer:
        return self._answer


def make_answer(library: Library, quotes: dict[str, str], **fields: Any) -> Answer:
    """An answer that cites these quotes, by passage id; more fields of it override."""
    citations = []
    for passage_id, quote in quotes.items():
        passage = library.passage(passage_id.split("/")[0])
        start = passage.start + passage.text.index(quote)
        citation = Citation(
            len(citations) + 1, passage.id, passage.document_id, quote, start, start + len(quote), "简报[Z]."
        )
        citations.append(citation)
    made: dict[str, Any] = {
        "query": make_query(QUESTION.text),
        "status": "answered",
        "text": "有。",
        "sentences": (),
        "items": (),
        "doubtful": (),
        "citations": tuple(citations),
        "passages": (),
        "coverage": Coverage(2, 2, (), "已查 2 期 2 篇"),
        "snapshot": "g1",
    }
    return Answer(**{**made, **fields})


def pack(library: Library, request: ExportRequest, answer: Answer | None = None) -> MaterialPack:
    answerer: Any = OneAnswer(answer or make_answer(library, {}))
    return Packer(library, answerer, load_gazetteer()).pack(request, TODAY)


def texts(made: MaterialPack) -> list[tuple[str, list[str]]]:
    return [(section.heading, [excerpt.text for excerpt in section.excerpts]) for section in made.sections]


def test_chosen_passages_go_in_whole(library: Library) -> None:
    """Each once, verbatim, numbered through, under its place, with both references."""
    made = pack(library, ExportRequest(passage_ids=("old-1", "new-2", "old-1", "new-0")))
    assert texts(made) == [
        ("连云港市灌南县", [GUANNAN[1]]),
        ("常州市溧阳市", [LIYANG[0], LIYANG[2]]),
    ]
    assert [excerpt.number for excerpt in made.excerpts] == [1, 2, 3]
    for excerpt in made.excerpts:
        text = library.document(excerpt.document_id).document.text
        assert text[excerpt.start : excerpt.end] == excerpt.text
    first = made.excerpts[0]
    assert (first.short_reference, first.reference) == (
        "《灌南县：新业态》2024年第3期",
        "灌南县：新业态[Z]. 2024(3): 1.",
    )
    assert made.title == "简报素材"
    assert made.about == (("选材", "共3段，涉及2地"), ("导出日期", "2026年1月5日"))


def test_chosen_passages_may_have_a_question(library: Library) -> None:
    """With chosen passages the question isn't asked: it only names the pack, unless a title does."""
    made = pack(library, ExportRequest(QUESTION, ("new-2",)))
    assert made.title == "简报素材：哪些县建了驿站"
    assert made.about[0] == ("选材", "共1段，涉及1地")
    named = pack(library, ExportRequest(QUESTION, ("new-2",), title=" 驿站\n素材 "))
    assert named.title == "驿站 素材"
    assert named.about[0] == ("问题", "哪些县建了驿站？")
    assert pack(library, ExportRequest(Question(" \n"), ("new-2",))).title == "简报素材"


def test_a_question_gives_its_passages(library: Library) -> None:
    """Those that its answer cites first, then the others that speak of it; whole."""
    answer = make_answer(library, {"old-0": "快递站建了78处。"}, relevant=("new-1", "old-0", "new-0"))
    made = pack(library, ExportRequest(QUESTION, group_by="none"), answer)
    assert texts(made) == [("", [GUANNAN[0], LIYANG[1], LIYANG[0]])]
    assert made.about == (
        ("检索范围", "已查 2 期 2 篇"),
        ("选材", "共3段，涉及2地"),
        ("导出日期", "2026年1月5日"),
    )


def test_a_list_gives_only_the_places_that_fit(library: Library) -> None:
    """Near misses are left out, their places too, and it is said that they were."""
    answer = make_answer(
        library,
        {"new-0": "驿站可以歇脚。", "old-0": "快递站建了78处。"},
        items=(Item("溧阳市", "驿站可以歇脚。", (1,)),),
        doubtful=(Item("灌南县", "快递站建了78处。", (2,), label="存疑"),),
        relevant=("new-0", "old-1", "new-2"),
    )
    for citations, expected in ((False, [LIYANG[0], LIYANG[2]]), (True, ["驿站可以歇脚。"])):
        made = pack(library, ExportRequest(QUESTION, citations=citations), answer)
        assert texts(made) == [("常州市溧阳市", expected)]
        assert made.cautions == ("回答另列的1地没有收入：灌南县（存疑）。",)


def test_citations_are_trimmed_to_whole_sentences(library: Library) -> None:
    """A cited clause brings its sentence; sentences that follow one another stay together, others apart; the
    heading that was cut off is kept above."""
    answer = make_answer(
        library, {"new-0": "志愿者有40人", "new-0/2": "药品随时可取。", "new-1": "学员都拿到了证书。"}
    )
    made = pack(library, ExportRequest(QUESTION, citations=True, group_by="theme"), answer)
    assert texts(made) == [("溧阳市：驿站", ["志愿者有40人。药品随时可取。", "学员都拿到了证书。"])]
    assert [excerpt.headings for excerpt in made.excerpts] == [("一、做法",), ("一、做法",)]


def test_sentences_that_are_not_neighbours_stay_apart() -> None:
    """Nothing that wasn't cited is taken in between."""
    passage = make_passage("甲成了。乙成了。丙成了。", start=100)
    cited = [Citation(n, "p", "d", "", start, start + 2, "") for n, start in ((1, 108), (2, 100))]
    assert whole_sentences(passage, cited) == [(100, 104), (108, 112)]


def test_citations_of_chosen_passages(library: Library) -> None:
    """With passages chosen, only what the answer cites of them."""
    answer = make_answer(library, {"new-0": "驿站可以歇脚。", "old-0": "快递站建了78处。"})
    made = pack(library, ExportRequest(QUESTION, ("old-0", "old-1"), citations=True), answer)
    assert texts(made) == [("连云港市灌南县", ["快递站建了78处。"])]
    with pytest.raises(NothingToExportError, match="所选段落里没有这个回答的引文"):
        pack(library, ExportRequest(QUESTION, ("new-1",), citations=True), answer)


def test_the_choice_is_told(library: Library) -> None:
    """How many were found, how many taken, and by which rules."""
    choice = Choice(per_city=1, per_place=1, newest_first=True)
    made = pack(library, ExportRequest(passage_ids=("old-0", "new-0", "new-1"), choice=choice))
    assert texts(made) == [("常州市溧阳市", [LIYANG[0]]), ("连云港市灌南县", [GUANNAN[0]])]
    told = "找到3段，选入2段，涉及2地（每个设区市最多1段、每地最多1段、新的在前）"
    assert made.about[0] == ("选材", told)


def test_a_question_gives_twenty_unless_told_otherwise(library: Library) -> None:
    """Chosen passages all go in, a question's are twenty at most."""
    ids = tuple(f"long-{n}" for n in range(25))
    assert len(pack(library, ExportRequest(passage_ids=ids)).excerpts) == 25
    answer = make_answer(library, {}, relevant=ids)
    made = pack(library, ExportRequest(QUESTION), answer)
    assert [excerpt.text for excerpt in made.excerpts] == [f"第{n}件事办成了。" for n in range(1, 21)]
    assert made.sections[0].heading == "未标明地方"
    assert made.about[1] == ("选材", "找到25段，选入20段（总共最多20段）")
    more = pack(library, ExportRequest(QUESTION, choice=Choice(limit=25)), answer)
    assert len(more.excerpts) == 25


def test_nothing_found_makes_nothing(library: Library) -> None:
    """Without evidence there is no pack; what was not found is said."""
    answer = make_answer(library, {}, status="no_evidence", text="简报中未见驿站的内容。")
    for citations in (False, True):
        with pytest.raises(NothingToExportError, match=r"^简报中未见驿站的内容。"):
            pack(library, ExportRequest(QUESTION, citations=citations), answer)


@pytest.mark.parametrize(
    ("request_", "field", "words"),
    [
        (ExportRequest(), "question", "至少要给一项"),
        (ExportRequest(passage_ids=("new-0",), citations=True), "citations", "要有 question"),
        (
            ExportRequest(Question("问", filters=Filters(years=(2025,))), ("new-0",)),
            "filters",
            "filters 不起作用",
        ),
        (ExportRequest(QUESTION, tuple(map(str, range(101)))), "passage_ids", "最多 100 个，实有 101 个"),
        (ExportRequest(QUESTION, title="题" * 101), "title", "最多 100 个字，实有 101 个"),
        (ExportRequest(QUESTION, choice=Choice(per_city=0)), "per_city", "应在 1 到 100 之间，实为 0"),
        (ExportRequest(QUESTION, choice=Choice(limit=101)), "limit", "应在 1 到 100 之间，实为 101"),
    ],
)
def test_a_wrong_request_is_told(library: Library, request_: ExportRequest, field: str, words: str) -> None:
    """What is wrong is named, with its field."""
    with pytest.raises(BadExportError, match=words) as caught:
        pack(library, request_)
    assert caught.value.field == field


@pytest.mark.parametrize("citations", [False, True])
def test_an_unknown_passage_is_told(library: Library, citations: bool) -> None:
    """An id that doesn't exist is an error, however many others do."""
    answer = make_answer(library, {"new-0": "驿站可以歇脚。"})
    with pytest.raises(PassageNotFoundError, match="没有编号为 none-7 的段落"):
        pack(library, ExportRequest(QUESTION, ("new-0", "none-7"), citations=citations), answer)
