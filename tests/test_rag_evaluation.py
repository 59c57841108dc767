"""Scores of answers, by hand-made answers and by our own questions over the sample corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

import corpus
from api.question_file import read_question_file
from corpus.places import load_gazetteer
from corpus.types import Passage
from index.library import Library
from index.types import Filters, Hit
from rag.answer import Answerer
from rag.evaluation.run import Evaluator
from rag.evaluation.scores import plain, rank_of, score_answer, summarise
from rag.evaluation.types import EvaluationQuestion, QuoteTrace, Row
from rag.thesaurus import load_thesaurus
from rag.types import Answer, Citation, Coverage, Item, Query, Sentence, Status

SAMPLE = Path(corpus.__file__).parent / "sample"
OURS = Path(__file__).parent.parent / "benchmarks" / "questions" / "sample.jsonl"
TEXT = "步道修好了。步道有3,000米。\n夜里有灯。"


def hit(text: str, rank: int) -> Hit:
    return Hit(Passage(f"p{rank}", "d", 0, rank, text, 0, len(text), "标题", "丰县"), 1.0, rank)


def make_answer(
    text: str = "步道修好了。[1]",
    *,
    status: Status = "answered",
    passages: tuple[str, ...] = (),
    citations: tuple[Citation, ...] = (),
    sentences: tuple[Sentence, ...] = (),
    places: tuple[str, ...] = (),
) -> Answer:
    return Answer(
        query=Query("问", "问", "问", "fact", Filters()),
        status=status,
        text=text,
        sentences=sentences,
        items=tuple(Item(place, "做了。", (1,)) for place in places),
        doubtful=(),
        citations=citations,
        passages=tuple(hit(passage, rank) for rank, passage in enumerate(passages, 1)),
        coverage=Coverage(1, 1, (), ""),
        snapshot="g1",
    )


def score(question: EvaluationQuestion, answer: Answer) -> Row:
    return score_answer(question, answer, lambda document_id: TEXT)


def citation(quote: str, start: int) -> Citation:
    return Citation(1, "p1", "d", quote, start, start + len(quote), "简报[Z].")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("灌南縣的 驛站", "灌南县的驿站"),
        ("服务１.３万户（企业）", "服务1.3万户(企业)"),
        ("1,200万元[12]", "1200万元"),
        ("**重点**：E心", "重点:e心"),
    ],
)
def test_writing_makes_no_difference(one: str, other: str) -> None:
    """Width, script, spaces, case, separators, markers and Markdown are left out of comparisons."""
    assert plain(one) == plain(other)


def test_rank_is_that_of_the_first_passage_that_holds_the_whole_quote() -> None:
    """Half a quote is no find."""
    assert rank_of("步道 修好了", [plain("步道"), plain("新步道修好了"), plain("步道修好了")]) == 2
    assert rank_of("没有", [plain("步道")]) is None


def test_recall_counts_every_quote_and_mrr_the_first() -> None:
    """Of two quotes at ranks 1 and 6, recall is 0.5 at 1 and 5, 1 at 10, and the reciprocal rank 1."""
    passages = ("甲甲", *("别的",) * 4, "乙乙")
    row = score(
        EvaluationQuestion("1", "fact", "问", quotes=("甲甲", "乙乙")), make_answer(passages=passages)
    )
    assert row.ranks == (1, 6)
    assert [row.recall(depth) for depth in (1, 5, 10)] == [0.5, 0.5, 1.0]
    assert row.reciprocal_rank == 1.0
    assert row.missed == ()


def test_a_list_is_scored_by_its_places() -> None:
    """Two of three places and one wrong one: precision 2/3, recall 2/3; a tolerated place changes nothing."""
    wanted = EvaluationQuestion(
        "1", "list", "哪些县", places=("丰县", "沛县", "东海县"), places_ok=("灌南县",)
    )
    row = score(wanted, make_answer(places=("丰县", "沛县", "泰兴市", "灌南县")))
    assert row.list_f1 == pytest.approx(2 / 3)
    assert row.list_missed == ("东海县",)
    assert row.list_wrong == ("泰兴市",)
    assert score(wanted, make_answer()).list_f1 == 0.0


def test_facts_of_a_short_answer_count_only_at_its_beginning() -> None:
    """What stands beyond 240 characters is found in a list's answer, not in a fact's."""
    text = "说" * 240 + "3000米"
    for kind, found in (("fact", 0.5), ("list", 1.0)):
        row = score(EvaluationQuestion("1", kind, "多长", facts=("说", "3,000米")), make_answer(text))
        assert row.facts == found
    assert score(EvaluationQuestion("1", "fact", "问"), make_answer()).facts is None


def test_quotes_are_true_to_the_character() -> None:
    """A quote that isn't the document's text at its place is false; an answer without citations has none."""
    answer = make_answer(
        citations=(citation("步道修好了。", 0), citation("步道有3000米。", 6)),
        sentences=(Sentence("步道修好了。[1]", 0, 9, (1,)), Sentence("灯亮。", 9, 12, ())),
    )
    row = score(EvaluationQuestion("1", "fact", "问"), answer)
    assert (row.quotes_true, row.cited) == (0.5, 0.5)
    bare = score(EvaluationQuestion("1", "fact", "问"), make_answer())
    assert (bare.quotes_true, bare.cited) == (0.0, 0.0)
    refused = score(EvaluationQuestion("1", "fact", "问"), make_answer(status="no_evidence"))
    assert (refused.quotes_true, refused.cited) == (None, None)


def test_summary_tells_refusals_apart() -> None:
    """Refusing is right of an unanswerable question and wrong of any other."""
    rows = [
        score(EvaluationQuestion("1", "unanswerable", "问"), make_answer(status="no_evidence")),
        score(EvaluationQuestion("2", "unanswerable", "问"), make_answer()),
        score(EvaluationQuestion("3", "fact", "问"), make_answer(status="no_evidence")),
        score(EvaluationQuestion("4", "fact", "问", facts=("步道",)), make_answer()),
    ]
    summary = summarise(rows)
    assert summary.figures["refused"] == 0.5
    assert summary.figures["wrongly refused"] == 0.5
    assert summary.figures["facts"] == 1.0
    assert summary.figures["recall@5"] is None
    assert summary.by_type["fact"]["refused"] == 0.5
    assert summary.by_type["unanswerable"]["n"] == 2


@pytest.mark.parametrize(
    ("dense", "fused", "final", "lost"),
    [(3, 2, 1, None), (3, 2, 11, "final"), (3, 12, None, "fused"), (40, None, None, "legs")],
)
def test_a_lost_quote_is_laid_to_the_stage_that_lost_it(
    dense: int, fused: int | None, final: int | None, lost: str | None
) -> None:
    """The first stage that no longer has it among ten is to blame; legs, where none had it."""
    trace = QuoteTrace("话", {"dense": dense, "lexical": None, "fused": fused, "final": final})
    assert trace.lost_at(10) == lost
    assert trace.found_by(10) == (("dense",) if dense <= 10 else ())


def test_our_questions_quote_the_sample() -> None:
    """Each quote stands in its file exactly once, and no id comes twice."""
    texts = "\n".join(path.read_text("utf-8") for path in sorted(SAMPLE.glob("*.txt")))
    questions = read_question_file(OURS)
    assert [q for question in questions for q in question.quotes if texts.count(q) != 1] == []
    assert {question.type for question in questions} >= {"list", "fact", "compare", "unanswerable"}


@pytest.mark.slow
def test_the_sample_is_answered_as_well_as_measured(library: Library) -> None:
    """With the bundled model no figure falls below its floor, which is a little under what was measured."""
    answerer = Answerer(library, load_gazetteer(), load_thesaurus())
    summary = summarise(list(Evaluator(answerer, library).rows(read_question_file(OURS))))
    figures = {name: value for name, value in summary.figures.items() if value is not None}
    assert figures["quotes true"] == 1.0
    assert figures["cited"] == 1.0
    floors = {
        "recall@5": 0.92,
        "recall@10": 0.94,
        "mrr": 0.80,
        "list-f1": 0.84,
        "facts": 0.78,
        "refused": 0.6,
    }
    assert {name: figures[name] for name, floor in floors.items() if figures[name] < floor} == {}
    assert figures["wrongly refused"] <= 0.03
    assert set(summary.by_stage) == {"dense", "sentence", "lexical", "late", "fused", "final"}
    assert (summary.by_stage["final"]["r@5"] or 0) == pytest.approx(figures["recall@5"])
