"""The draft check: what a draft claims is looked up in the sample bulletins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import HashEmbedder

import corpus
from benchmarks.check.measure import flagged, measure
from corpus.formats import FileParser
from corpus.places import load_gazetteer
from index.library import Library, open_library
from rag.check import LONGEST_DRAFT, Checker
from rag.checking.types import Finding, FindingKind
from rag.errors import DraftError


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The sample corpus, with an embedder that needs no model."""
    parser = FileParser(load_gazetteer())
    with open_library(tmp_path_factory.mktemp("check"), HashEmbedder()) as opened:
        paths = sorted((Path(corpus.__file__).parent / "sample").glob("*.txt"))
        opened.add(parser.parse(path.read_bytes(), path.name) for path in paths)
        yield opened


@pytest.fixture(scope="module")
def checker(library: Library) -> Checker:
    return Checker(library, load_gazetteer())


def told(checker: Checker, text: str, kind: FindingKind | None = None) -> list[tuple[str, str, str]]:
    """(draft's wording, verdict, bulletin's wording) of each finding, or of those of one kind."""
    findings = checker.check(text).findings
    return [(f.text, f.verdict, f.found) for f in findings if kind in {None, f.kind}]


def wrong(checker: Checker, text: str) -> list[Finding]:
    return [f for f in checker.check(text).findings if f.verdict == "inconsistent"]


def test_true_claims_are_consistent(checker: Checker) -> None:
    """However they are written, each with its sentence and reference."""
    check = checker.check("灌南县从九十八家单位选出二百三十八名“文明实践指导员”，受益群众69000人次。")
    assert [(f.kind, f.text, f.verdict, f.found) for f in check.findings] == [
        ("place", "灌南县", "consistent", "灌南县"),
        ("figure", "九十八家", "consistent", "98家"),
        ("figure", "二百三十八名", "consistent", "238名"),
        ("term", "文明实践指导员", "consistent", "文明实践指导员"),
        ("figure", "69000人次", "consistent", "6.9万人次"),
    ]
    assert (check.sentences[0].verdict, check.counts["consistent"]) == ("consistent", 5)
    assert {f.citation.reference for f in check.findings if f.citation} == {
        "江苏省精神文明建设办公室. 江苏精神文明建设简报（摘编，非原文）[Z]. 2025(20)."
    }


def test_every_quote_and_finding_stands_where_it_says(checker: Checker, library: Library) -> None:
    """Findings are slices of the draft, quotes slices of their document, counted in code points."""
    text = "😀发言\n\n灌南县选派240名“文明实践指导员”。2025年，丰县服务7100余位老人。"
    check = checker.check(text)
    assert [s.text for s in check.sentences] == [text[s.start : s.end] for s in check.sentences]
    assert len(check.findings) >= 5
    for finding in check.findings:
        assert text[finding.start : finding.end] == finding.text
        if finding.citation:
            document = library.document(finding.citation.document_id).document
            assert document.text[finding.citation.start : finding.citation.end] == finding.citation.quote


@pytest.mark.parametrize(
    ("text", "kind", "written", "found"),
    [
        ("灌南县选派240名“文明实践指导员”。", "figure", "240名", "238名"),
        ("灌南县的活动让6.9万户受益。", "figure", "6.9万户", "6.9万人次"),
        ("沛县的不见面办理率为95.8%。", "figure", "95.8%", "98.5%"),
        ("启东在2018年成为第六届全国文明城市。", "date", "2018年", "2020年"),
        ("2023年，沛县动员23家窗口单位。", "date", "2023年", "2025年11月30日"),
        ("丰县选派238名“文明实践指导员”，来自98家单位。", "place", "丰县", "灌南县"),
        ("沛县汉康社区（大屯街道）办了“长者食堂”。", "place", "大屯街道", "汉兴街道"),
        ("灌南税务打造“e心优”品牌，服务1.3万户企业。", "term", "e心优", "e心优+"),
        ("常熟的读本有《为新时代画像》。", "title", "为新时代画像", "为新时代塑像"),
        ("“中国好人”刘景泉加入了丰县的助老队伍。", "name", "刘景泉", "刘景全"),
        ("常熟市委宣传部部长周晓东作了介绍。", "name", "周晓东", "周晓"),
        ("溧阳的江苏正大集团推行“双向进入、交叉任职”。", "organisation", "正大集团", "正昌集团"),
        ("灌南县“一件事”联办把时限延长60%以上。", "negation", "延长", "压缩"),
        ("灌南县有惠民驿站28个。", "term", "惠民驿站", "惠泽驿站"),
    ],
)
def test_what_is_wrong_is_shown_beside_what_is_right(
    checker: Checker, text: str, kind: str, written: str, found: str
) -> None:
    """The one claim that differs, with the bulletin's wording."""
    assert [(f.kind, f.text, f.found) for f in wrong(checker, text)] == [(kind, written, found)]


def test_a_denial_is_found(checker: Checker) -> None:
    """没有 against a bulletin that says it was done."""
    [finding] = wrong(checker, "沛县没有设立“职工驿站”。")
    assert (finding.kind, finding.text) == ("negation", "没有")
    assert finding.citation is not None
    assert "“职工驿站”" in finding.citation.quote


def test_what_the_bulletins_don_t_say_is_not_called_wrong(checker: Checker) -> None:
    """Claims without a source are not found, and cite nothing."""
    check = checker.check("灌南县建成了12个城市公园。昆山市的“昆小薇”有15家门店。")
    assert {f.verdict for f in check.findings} == {"not_found"}
    assert {f.citation for f in check.findings} == {None}
    assert check.sentence_counts["not_found"] == 2


def test_a_sentence_without_claims_is_told_as_such(checker: Checker) -> None:
    """Rhetoric is not found as a sentence; a heading isn't told at all."""
    check = checker.check("主持词\n让我们携手并肩，久久为功！")
    assert [(f.kind, f.text, f.verdict) for f in check.findings] == [
        ("sentence", "让我们携手并肩，久久为功！", "not_found")
    ]


def test_a_modifier_lost_is_consistent_and_noted(checker: Checker) -> None:
    """藏书2万册 for 超2万册 is no error, but told; 近 that is lost claims more than the bulletin."""
    [finding] = [f for f in checker.check("沛县书香特色银行藏书2万册。").findings if f.kind == "figure"]
    assert (finding.verdict, finding.found) == ("consistent", "超2万册")
    assert "略去" in finding.note
    assert told(checker, "沛县书香特色银行面积500平方米。", "figure") == [
        ("500平方米", "inconsistent", "近500平方米")
    ]


def test_the_place_of_a_heading_goes_on(checker: Checker) -> None:
    """Sentences below a heading are looked up under its place, until another is named."""
    text = "灌南县\n文明实践指导员有238名，来自98家单位。沛县则动员了23家窗口单位。"
    assert wrong(checker, text) == []
    assert [t for t, v, _ in told(checker, text, "figure") if v == "consistent"] == ["238名", "98家", "23家"]


def test_another_place_s_fact_in_the_same_paragraph_is_seen(checker: Checker) -> None:
    """The second sentence names no place, so it speaks of the first one's."""
    [finding] = wrong(
        checker, "灌南县挑选238名“文明实践指导员”。还有1887名快递员技能得到提升，46名取得专业技术职称。"
    )
    assert (finding.kind, finding.found, finding.note) == ("place", "东海县", "承上文说的是灌南县")


def test_two_places_in_one_sentence_are_told_apart(checker: Checker) -> None:
    """Each half is looked up under its own place."""
    found = wrong(checker, "沛县有28个“惠泽驿站”，灌南县动员了23家窗口单位。")
    assert [(f.text, f.found) for f in found] == [("沛县", "灌南县"), ("灌南县", "沛县")]


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("《江苏精神文明建设简报》2025年第20期介绍了灌南县。", ["consistent"] * 4),
        (
            "《江苏精神文明建设简报》2024年第20期介绍了灌南县。",
            ["consistent", "inconsistent", "consistent", "consistent"],
        ),
        ("《江苏精神文明建设简报》2025年第21期介绍了灌南县。", ["not_found"] * 3),
    ],
)
def test_a_bulletin_that_is_named_is_looked_up(checker: Checker, text: str, verdicts: list[str]) -> None:
    """Title, year and issue are held against the mastheads."""
    found = [f.verdict for f in checker.check(text).findings]
    assert found[: len(verdicts)] == verdicts


@pytest.mark.parametrize(
    ("text", "message"),
    [(" \n", "稿件是空的"), ("字" * (LONGEST_DRAFT + 1), f"稿件有 {LONGEST_DRAFT + 1} 字，一次最多核对")],
)
def test_a_draft_that_can_t_be_checked(checker: Checker, text: str, message: str) -> None:
    """Empty, or too long, with the limit."""
    with pytest.raises(DraftError, match=message):
        checker.check(text)


def test_an_empty_library_finds_nothing(tmp_path: Path) -> None:
    """Everything is not found, nothing fails."""
    with open_library(tmp_path, HashEmbedder()) as library:
        check = Checker(library, load_gazetteer()).check("灌南县选派240名指导员，没有休息。")
    assert {f.verdict for f in check.findings} == {"not_found"}


@pytest.mark.slow
def test_planted_errors_are_found_and_true_sentences_left_alone(checker: Checker) -> None:
    """60 sentences with an error planted in each, of eight kinds: at least 57 are found. Of the same without
    it and of 60 with other numerals at most 3 are flagged, of 20 that the bulletins don't speak of none."""
    found = measure(checker, "first")
    assert [len(found[sort]) for sort in ("planted", "true", "rewritten", "unsaid")] == [60, 60, 60, 20]
    assert sum(outcome.at_place for outcome in found["planted"]) >= 57
    assert flagged(found["true"]) <= 3
    assert flagged(found["rewritten"]) <= 3
    assert flagged(found["unsaid"]) == 0
