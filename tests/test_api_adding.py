"""Adding a folder from the command line: what is told, and that a run can be broken off and gone on with."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bad_files import GOOD
from fakes import HashEmbedder
from processes import ROOT, environment, heed_interrupts
from rich.console import Console

import api.embedding
import corpus.pool
from api.cli import main
from api.report import FileReport, show_report
from corpus.types import ParsedDocument
from index.library import open_library
from index.types import Reprint

pytestmark = pytest.mark.slow

Shown = pytest.CaptureFixture[str]
REPORT = "驿站全天免费开放。外卖骑手可以休息。驿站配有微波炉。驿站设有“阅读角”。志愿者每周值守。"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data and a cache folder of the test's own, and an embedder that needs no model."""
    for name in ("DATA", "CACHE"):
        monkeypatch.setenv(f"JIANBAO_{name}", str(tmp_path / name.lower()))
    monkeypatch.setattr(api.embedding, "open_embedder", lambda model, cache, **_: HashEmbedder(model))
    (tmp_path / "简报").mkdir()
    return tmp_path


def bulletin(issue: int, body: str = "") -> bytes:
    return (GOOD.replace("第3期", f"第{issue}期") + body).encode()


def add(capsys: Shown, *arguments: object) -> tuple[int, str]:
    code = main(["add", *map(str, arguments)])
    return code, capsys.readouterr().out


def test_known_files_are_not_read_again(home: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second run parses nothing: every file is known by its bytes, under another name too."""
    folder = home / "简报"
    for issue in (1, 2, 3):
        (folder / f"{issue}.txt").write_bytes(bulletin(issue))
    assert add(capsys, folder)[0] == 0
    (folder / "3.txt").rename(folder / "三.txt")

    def fail(*_: object) -> ParsedDocument:
        pytest.fail("a known file was read")

    monkeypatch.setattr(corpus.pool.ParsingPool, "parse", fail)
    code, shown = add(capsys, folder)
    assert code == 0
    assert shown.startswith("完成：新增 0，替换 0，未变 3，跳过 0。\n")
    assert "　三.txt\n" in shown


def test_a_duplicate_is_no_failure(home: Path, capsys: Shown) -> None:
    """The same bytes twice in a run count once, are told, and leave the exit code 0."""
    for name in ("a.txt", "b.txt"):
        (home / "简报" / name).write_bytes(bulletin(1))
    code, shown = add(capsys, home / "简报")
    assert code == 0
    assert shown.startswith("完成：新增 1，替换 0，未变 0，跳过 0，重复 1。\n")
    assert f"重复　{home / '简报' / 'b.txt'}：与 a.txt 内容相同，只收一份。" in shown


def test_two_versions_in_a_folder_are_told(home: Path, capsys: Shown) -> None:
    """Two files of the same issue: the later one stays, and a person is told which."""
    (home / "简报" / "a.txt").write_bytes(bulletin(1))
    (home / "简报" / "b.txt").write_bytes(bulletin(1, "另有更正一处。\n"))
    code, shown = add(capsys, home / "简报")
    assert code == 0
    assert shown.startswith("完成：新增 1，替换 1，未变 0，跳过 0。\n")
    assert "提醒　b.txt：与 a.txt 是同一期（编号 " in shown


def test_the_report_file_has_every_file(home: Path, capsys: Shown) -> None:
    """A line for each file, as JSON or as a table that Excel opens; reprints and reasons are in it."""
    folder = home / "简报"
    first = "驿站关爱新群体\n" + REPORT
    (folder / "a.txt").write_text(first, "utf-8")
    (folder / "b.txt").write_text(first.replace("每周", "每天"), "utf-8")
    (folder / "c.txt").write_bytes(b"")
    code, shown = add(capsys, folder, "--report", home / "r.jsonl")
    assert code == 1
    assert f"逐份的结果见 {home / 'r.jsonl'}。" in shown
    a, b, c = [json.loads(line) for line in (home / "r.jsonl").read_text("utf-8").splitlines()]
    assert [(line["name"], line["status"]) for line in (a, b)] == [("a.txt", "added"), ("b.txt", "added")]
    assert b["reprints"] == [
        {
            "title": "驿站关爱新群体",
            "document_id": a["document_id"],
            "document_title": "驿站关爱新群体",
            "original_title": "驿站关爱新群体",
        }
    ]
    assert "转载　b.txt：《驿站关爱新群体》与驿站关爱新群体的同名文章相同" in shown
    assert (c["status"], c["reason"]) == ("skipped", "c.txt：文件是空的，没有可读的文字。")
    assert add(capsys, folder, "--report", home / "r.tsv")[0] == 1
    text = (home / "r.tsv").read_bytes().decode("utf-8-sig")
    assert [line.split("\t")[:2] for line in text.splitlines()] == [
        ["状态", "文件"],
        ["未变", "a.txt"],
        ["未变", "b.txt"],
        ["跳过", str(folder / "c.txt")],
    ]
    assert main(["add", str(folder), "--report", str(home / "none" / "r.tsv")]) == 1
    assert capsys.readouterr().err.startswith(f"报告写不到 {home / 'none' / 'r.tsv'}（")


def test_a_thousand_files_are_told_in_thirty_lines(capsys: Shown) -> None:
    """Like things go together, the most first, and what is left out is named with the way to see it."""
    reprint = Reprint("甲县：建驿站", "2025-20", "简报2025年第20期", "甲县：建驿站")
    files = [FileReport(f"{n}.txt", "added", f"2025-{n}", 5) for n in range(900)]
    files += [FileReport(f"/x/{n}.pdf", "skipped", reason=f"{n}.pdf：解析超过 {n} 秒。") for n in range(40)]
    files += [FileReport("/x/锁.pdf", "skipped", reason="锁.pdf：文件有密码。")]
    files += [
        FileReport(f"/x/{n}", "duplicate", reason=f"{n}：与 1.txt 内容相同，只收一份。") for n in range(9)
    ]
    files += [FileReport(f"r{n}", "replaced", f"2024-{n}", 5, reprints=(reprint,)) for n in range(20)]
    doubtful = tuple(f"第{page}页识别可信度低（0.61），请核对。" for page in (1, 2))
    files += [
        FileReport(f"s{n}", "added", f"2023-{n}", 5, warnings=(*doubtful, "没有找到报头。")) for n in range(9)
    ]
    show_report(Console(markup=False, width=200), files)
    shown = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert len(shown) <= 30
    assert shown[0] == "完成：新增 909，替换 20，未变 0，跳过 41，重复 9。"
    assert "跳过　40 份：解析超过 0 秒。（/x/0.pdf、/x/1.pdf、/x/2.pdf 等）" in shown
    assert "跳过　/x/锁.pdf：文件有密码。" in shown
    assert "转载　r0：《甲县：建驿站》与简报2025年第20期的同名文章相同" in shown
    assert "转载　……共 20 处" in shown
    assert "核对　s0：第2页识别可信度低（0.61），请核对。" in shown
    assert "提醒　9 份：没有找到报头。（s0、s1、s2 等）" in shown
    assert shown[-1] == "要看逐份的结果，加上 --report 文件名（.tsv 或 .jsonl）。"


ADD = """
import sys
sys.path.insert(0, sys.argv[1])
import api.embedding
from fakes import HashEmbedder
api.embedding.open_embedder = lambda model, cache, **_: HashEmbedder(model)
from api.cli import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize("ending", ["SIGKILL", "SIGINT"])
def test_a_broken_off_run_is_gone_on_with(home: Path, capsys: Shown, ending: str) -> None:
    """After kill -9 or Ctrl+C in the middle, every file told as added is there; the next run takes the rest."""
    folder, report = home / "简报", home / "r.jsonl"
    for issue in range(1, 301):
        (folder / f"{issue:03d}.txt").write_bytes(bulletin(issue))
    env = environment(JIANBAO_DATA=str(home / "data"), JIANBAO_CACHE=str(home / "cache"))
    command = [sys.executable, "-c", ADD, str(ROOT / "tests"), "add", str(folder), "--report", str(report)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command,
        env=env,
        stdout=pipe,
        stderr=pipe,
        preexec_fn=heed_interrupts,  # noqa: PLW1509
    ) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and (not report.exists() or report.read_bytes().count(b"\n") < 5):
            time.sleep(0.01)
        process.send_signal(getattr(signal, ending))
        process.communicate(timeout=30)
    assert process.returncode == (130 if ending == "SIGINT" else -signal.SIGKILL)
    told = [json.loads(line) for line in report.read_text("utf-8").splitlines() if line.endswith("}")]
    with open_library(home / "data", HashEmbedder("bundled")) as library:
        stored = {record.id for record in library.documents()}
    assert 5 <= len(told) < 300
    assert {line["document_id"] for line in told} <= stored
    code, shown = add(capsys, folder)
    assert code == 0
    assert shown.startswith(f"完成：新增 {300 - len(stored)}，替换 0，未变 {len(stored)}，跳过 0。\n")
