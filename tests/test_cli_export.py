"""``jianbao export``, with an embedder that needs no model."""

from __future__ import annotations

import json
import re
from pathlib import Path

import docx
import pytest

from api.cli import main
from api.schemas import ExportIn

QUESTION = "哪些县做了新就业群体服务"
Shown = pytest.CaptureFixture[str]


def test_a_pack_is_written(filled: Path, capsys: Shown) -> None:
    """The format goes by the file's ending, and what went in is told."""
    for name in ("素材.docx", "素材.md", "素材.TXT"):
        output = filled / name
        assert main(["export", QUESTION, "--output", str(output), "--per-city", "1"]) == 0
        shown = capsys.readouterr().out
        assert shown.startswith(f"已写入 {output}。\n  检索范围：已查 3 期 12 篇，符合 ")
        assert "（每个设区市最多1段" in shown
        assert "出自摘编" in shown
    title = f"简报素材：{QUESTION}"
    assert docx.Document(str(filled / "素材.docx")).paragraphs[0].text == title
    assert (filled / "素材.md").read_text("utf-8").startswith(f"# {title}\n")
    assert (filled / "素材.TXT").read_text("utf-8").startswith(f"{title}\n")
    assert sorted(path.name for path in filled.iterdir() if path.is_file()) == [
        "素材.TXT",
        "素材.docx",
        "素材.md",
    ]


def test_chosen_passages(filled: Path, capsys: Shown) -> None:
    """Ids are parted by commas of either width; their order is kept where nothing is grouped."""
    main(["search", "快递员", "--top-k", "2", "--json"])
    first, second = json.loads(capsys.readouterr().out)["passages"]
    output = filled / "out"
    command = ["export", "--output", str(output), "--format", "txt", "--group-by", "none", "--title", "快递"]
    assert main([*command, "--passages", f"{second['id']}，{first['id']},"]) == 0
    text = output.read_text("utf-8")
    assert text.startswith("快递\n")
    assert text.index(f"{second['text']}[1]") < text.index(f"{first['text']}[2]")


def test_a_file_that_is_there_is_kept(filled: Path, capsys: Shown) -> None:
    """An edited pack isn't written over, unless that is asked for; a folder that isn't there is told."""
    output = filled / "素材.md"
    output.write_text("改过的", encoding="utf-8")
    assert main(["export", QUESTION, "--output", str(output)]) == 1
    assert "已经存在，没有改动它" in capsys.readouterr().err
    assert output.read_text("utf-8") == "改过的"
    assert main(["export", QUESTION, "--output", str(output), "--force"]) == 0
    assert output.read_text("utf-8").startswith("# 简报素材")
    nowhere = filled / "none" / "a.docx"
    assert main(["export", QUESTION, "--output", str(nowhere)]) == 1
    assert f"写不到 {nowhere}（No such file or directory）。" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["昆明市怎样服务快递员", "--output", "a.docx"], "简报中未见"),
        (["--output", "a.docx"], "至少要给一项"),
        (["--citations", "--passages", "x", "--output", "a.docx"], "要有 question"),
        (["--passages", "none-1", "--output", "a.docx"], "没有编号为 none-1 的段落"),
        ([QUESTION, "--output", "a.pdf"], "不认得文件名 a.pdf 的结尾：可以是 docx、md 或 txt。"),
        ([QUESTION, "--output", "a.docx", "--format", "pdf"], "不认得格式 pdf"),
        ([QUESTION, "--output", "a.docx", "--group-by", "city"], "不认得分组 city"),
        ([QUESTION, "--output", "a.docx", "--limit", "0"], "limit 应在 1 到 100 之间，实为 0。"),
        ([QUESTION, "--output", ".", "--format", "md"], ". 是文件夹。请写明文件名"),
        ([" ", "--output", "a.docx"], "question（问题）是空的"),
    ],
)
def test_what_goes_wrong_is_told(
    home: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    """One message in Chinese, code 1, and no file."""
    monkeypatch.chdir(home)
    assert main(["export", *arguments]) == 1
    told = capsys.readouterr()
    assert message in told.err
    assert told.out == ""
    assert [path.name for path in home.iterdir() if path.is_file()] == []


def test_the_file_must_be_named(home: Path, capsys: Shown) -> None:
    """Without --output the command line is wrong."""
    assert main(["export", QUESTION]) == 2
    assert capsys.readouterr().err == "缺少 --output。\n用法见 jianbao export --help\n"


def test_the_manual_names_what_there_is(home: Path, capsys: Shown) -> None:
    """Every option of the command and every field of the request is in docs/export.md, and no other."""
    manual = (Path(__file__).parent.parent / "docs" / "export.md").read_text("utf-8")
    assert main(["export", "--help"]) == 0
    options = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out)) - {"--help"}
    assert set(re.findall(r"--[a-z][a-z-]+", manual)) == options
    fields = re.findall(r"^\| ((?:`[a-z_]+`、?)+) \|", manual, re.MULTILINE)
    assert set(re.findall(r"[a-z_]+", " ".join(fields))) == set(ExportIn.model_fields)
