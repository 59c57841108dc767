"""``jianbao check``, with an embedder that needs no model."""

from __future__ import annotations

import io
import json
from pathlib import Path

import docx
import pytest
from rich.console import Console

from api.check_table import show_check
from api.cli import main
from corpus.places import load_gazetteer
from index.library import open_library
from rag.check import Checker

DRAFT = "灌南县从98家单位选派240名“文明实践指导员”。\n昆山市建成35个口袋公园。久久为功！\n"
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def draft(filled: Path) -> Path:
    path = filled / "讲话.txt"
    path.write_text(DRAFT, encoding="utf-8")
    return path


def test_a_line_for_each_finding_in_a_pipe(draft: Path, capsys: Shown) -> None:
    """Tab-separated: sentence, verdict, kind, both wordings, note, marker, quote, reference; then counts."""
    assert main(["check", str(draft)]) == 0
    *rows, summary = capsys.readouterr().out.splitlines()
    assert [row.split("\t")[:5] for row in rows] == [
        ["1", "一致", "地名", "灌南县", "灌南县"],
        ["1", "一致", "数字", "98家", "98家"],
        ["1", "不一致", "数字", "240名", "238名"],
        ["1", "一致", "名称", "文明实践指导员", "文明实践指导员"],
        ["2", "未见", "地名", "昆山市", ""],
        ["2", "未见", "数字", "35个", ""],
    ]
    assert rows[2].split("\t")[-1].endswith("[Z]. 2025(20).")
    assert summary == "共 3 句，核对 6 处：一致 3，不一致 1，未见 2。另有 1 句没有可核对的内容。"


def test_json_is_that_of_the_service(draft: Path, capsys: Shown) -> None:
    """--json prints the reply of HTTP, with the file's name, and nothing else."""
    assert main(["check", str(draft), "--json"]) == 0
    reply = json.loads(capsys.readouterr().out)
    assert reply["source_name"] == "讲话.txt"
    assert reply["summary"]["findings"] == {"consistent": 3, "inconsistent": 1, "not_found": 3}


def test_the_marked_draft_is_written(draft: Path, capsys: Shown) -> None:
    """To the docx that is named, which isn't replaced unless it is said so."""
    output = draft.with_name("核稿.docx")
    assert main(["check", str(draft), "--output", str(output)]) == 0
    assert f"带批注的稿件已写入 {output}。" in capsys.readouterr().err
    assert any("238名" in comment.text for comment in docx.Document(str(output)).comments)
    assert main(["check", str(draft), "--output", str(output)]) == 1
    assert "已经存在，没有改动它" in capsys.readouterr().err
    assert main(["check", str(draft), "--output", str(output), "--force"]) == 0


@pytest.mark.parametrize(
    ("name", "content", "arguments", "message"),
    [
        ("没有.txt", None, [], "没有文件 "),
        ("空.txt", b"", [], "空.txt：文件是空的"),
        ("坏.docx", b"PK\x03\x04junk", [], "坏.docx："),
        ("长.txt", "字。".encode() * 30_000, [], "一次最多核对 50000 字"),
        ("稿.txt", b"x", ["--output", "稿.pdf"], "文件名请以 .docx 结尾"),
    ],
)
def test_what_is_refused(
    home: Path, capsys: Shown, name: str, content: bytes | None, arguments: list[str], message: str
) -> None:
    """A missing, empty, broken or too long draft, and a name that is no docx: exit code 1, in Chinese."""
    path = home / name
    if content is not None:
        path.write_bytes(content)
    assert main(["check", str(path), *arguments]) == 1
    told = capsys.readouterr()
    assert message in told.err
    assert told.out == ""


def test_a_table_in_colours_on_a_screen(filled: Path) -> None:
    """Green, red and yellow verdicts, the quotes below, the counts last."""
    from fakes import HashEmbedder

    with open_library(filled / "data", HashEmbedder("bundled")) as library:
        check = Checker(library, load_gazetteer()).check(DRAFT)
    target = io.StringIO()
    show_check(
        Console(file=target, force_terminal=True, color_system="standard", width=100, markup=False), check
    )
    shown = target.getvalue()
    assert "\x1b[32m一致" in shown
    assert "\x1b[1;31m不一致" in shown
    assert "\x1b[33m未见" in shown
    assert "[1] 灌南县挑选238名“文明实践指导员”" in shown
    assert "共 3 句，核对 6 处" in shown.splitlines()[-1]
