"""Known files, corrected files, reprints."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import HashEmbedder, make_parsed

import index.changes
import index.kinship
from corpus.types import ParsedDocument
from index.errors import DocumentNotFoundError
from index.kinship import sentence_digest
from index.library import Library, open_library
from index.types import Reprint

REPORT = ["驿站全天免费开放。外卖骑手可以休息。", "驿站配有微波炉。驿站设有“阅读角”。志愿者每周值守。"]


@pytest.fixture
def library(tmp_path: Path, fake_embedder: HashEmbedder) -> Iterator[Library]:
    with open_library(tmp_path, fake_embedder, notice=pytest.fail) as opened:
        yield opened


def issue(
    number: str, passages: list[str], title: str = "灌南县建设驿站", **options: object
) -> ParsedDocument:
    options.setdefault("date", datetime.date(2025, int(number), 1))
    return make_parsed(f"2025-{number}", passages, title=title, issue=number, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        "驿站 设有\n“阅读角”１２个。",
        '驿站设有"阅读角"12个。',
        "驿站设有「阅读角」12 个。",
        "驿站设有阅读角12个。",
    ],
)
def test_a_digest_knows_no_spaces_widths_and_quotation_marks(other: str) -> None:
    """The same words set in another way have the same digest; another figure has not."""
    assert sentence_digest(other) == sentence_digest("驿站设有“阅读角”12个。")
    assert sentence_digest(other) != sentence_digest("驿站设有“阅读角”13个。")
    assert -(2**63) <= sentence_digest(other) < 2**63


def test_a_reprint_is_told_and_kept(library: Library) -> None:
    """An article with 4 of 5 sentences in another issue is told with that issue, and goes in all the same."""
    assert library.add([issue("01", REPORT)])[0].reprints == ()
    changed = [
        REPORT[0].replace("。", " 。"),
        REPORT[1].replace("“阅读角”", "「阅读角」").replace("每周", "每天"),
    ]
    [outcome] = library.add([issue("02", changed, title="暖心驿站")])
    assert outcome.status == "added"
    assert outcome.reprints == (Reprint("暖心驿站", "2025-01", "灌南县建设驿站", "灌南县建设驿站"),)
    assert len(library.documents()) == 2


def test_less_than_four_fifths_or_three_sentences_is_no_reprint(library: Library) -> None:
    """3 of 5 sentences in common, or an article of two sentences, tell nothing."""
    library.add([issue("01", REPORT)])
    changed = [REPORT[0], REPORT[1].replace("每周", "每天").replace("微波炉", "冰箱")]
    assert library.add([issue("02", changed)])[0].reprints == ()
    assert library.add([issue("03", REPORT[:1])])[0].reprints == ()


def test_a_longer_article_is_no_reprint_of_its_digest(library: Library) -> None:
    """What stands in the other counts, not the other way round."""
    library.add([issue("01", REPORT)])
    longer = [*REPORT, "下一步还将建设十座。每座都有专人管理。群众普遍叫好。经费由县里承担。"]
    assert library.add([issue("02", longer)])[0].reprints == ()
    [outcome] = library.add([issue("03", REPORT, sha256="c" * 64)])
    assert [reprint.document_id for reprint in outcome.reprints] == ["2025-01"]


def test_a_corrected_issue_is_no_reprint_of_itself(library: Library) -> None:
    """What is replaced isn't an other document."""
    library.add([issue("01", REPORT)])
    [outcome] = library.add([issue("01", [*REPORT, "另有更正。"])])
    assert (outcome.status, outcome.reprints) == ("replaced", ())


def test_a_corrected_file_without_masthead_replaces_its_former_version(library: Library) -> None:
    """Of the same name and with half of the sentences in common: the former version is gone."""
    library.add([make_parsed("doc-aaaa", REPORT, source_name="驿站.docx")])
    corrected = make_parsed(
        "doc-bbbb", [REPORT[0], "驿站配有冰箱。", "志愿者每周值守。"], source_name="驿站.docx"
    )
    [outcome] = library.add([corrected])
    assert outcome.status == "replaced"
    assert [record.id for record in library.documents()] == ["doc-bbbb"]


@pytest.mark.parametrize(
    ("stored", "name", "passages"),
    [
        ("doc-aaaa", "驿站.docx", ["读书会每月一次。农家书屋免费开放。"]),
        ("doc-aaaa", "另一份.docx", [*REPORT, "又及。"]),
        ("2025-01", "驿站.docx", [*REPORT, "又及。"]),
        ("doc-aaaa", "驿站.docx", [*REPORT, "一加。二加。三加。四加。五加。六加。"]),
    ],
)
def test_other_files_stay_two_documents(
    library: Library, stored: str, name: str, passages: list[str]
) -> None:
    """Other content, another name, or a masthead on the stored one: both are kept."""
    library.add([make_parsed(stored, REPORT, source_name="驿站.docx")])
    assert library.add([make_parsed("doc-bbbb", passages, source_name=name)])[0].status == "added"
    assert {record.id for record in library.documents()} == {stored, "doc-bbbb"}


def test_every_file_of_a_document_is_known_until_the_parser_changes(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file it came from and another with the same text are known, also after a rebuild; a new version
    of the parser knows neither, and a document taken out leaves no file behind."""
    parsed = issue("01", REPORT, sha256="a" * 64)
    copy = ParsedDocument(replace(parsed.document, sha256="b" * 64), parsed.articles, parsed.passages)
    assert library.has_file("a" * 64) is None
    assert [outcome.status for outcome in library.add([parsed, copy])] == ["added", "unchanged"]
    library.rebuild()
    assert [library.has_file(letter * 64) for letter in "abc"] == ["2025-01", "2025-01", None]
    monkeypatch.setattr(index.kinship, "PARSER_VERSION", 999)
    monkeypatch.setattr(index.changes, "PARSER_VERSION", 999)
    assert library.has_file("a" * 64) is None
    assert library.add([parsed])[0].status == "unchanged"
    assert library.has_file("a" * 64) == "2025-01"
    library.remove("2025-01")
    assert library.has_file("a" * 64) is None


def test_a_replaced_file_is_known_no_more(library: Library) -> None:
    """After a correction the former version's file is unknown, so that it can be put back."""
    library.add([issue("01", REPORT, sha256="a" * 64), issue("01", REPORT[:1], sha256="b" * 64)])
    assert [library.has_file(letter * 64) for letter in "ab"] == [None, "2025-01"]


def test_a_document_is_found_by_id_name_or_beginning(library: Library) -> None:
    """An id, a source name with or without its folder, a unique beginning; several or none are told."""
    library.add(
        [issue("01", REPORT, source_name="简报/第1期.pdf"), issue("02", REPORT[1:], source_name="第2期.pdf")]
    )
    for name in ("2025-01", "简报/第1期.pdf", "第1期.pdf"):
        assert library.find(name) == "2025-01"
    library.add([make_parsed("doc-1234", REPORT[:1])])
    assert library.find("doc-12") == "doc-1234"
    with pytest.raises(DocumentNotFoundError, match="“2025”可以指 2 份文件：2025-01、2025-02。"):
        library.find("2025")
    for name in ("", "第3期.pdf", "%"):
        with pytest.raises(DocumentNotFoundError, match="没有编号为"):
            library.find(name)
