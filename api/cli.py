"""The command ``jianbao``. What takes long to import is imported by the commands that need it."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.checking import add_check_command
from api.command_line import ChineseCommand, ChineseGroup, usage_message
from api.errors import KNOWN_ERRORS
from api.evaluating import add_eval_command
from api.exporting import add_export_command
from api.keys_cli import keys_app
from api.mcp_cli import add_mcp_command
from api.render import (
    counted,
    make_console,
    model_bar,
    print_json,
    show_answer,
    show_corrections,
    show_document,
    show_hits,
    show_records,
    show_sources,
    show_text,
)
from api.settings import Settings, read_settings
from api.upkeep import add_upkeep_commands
from rag.types import Question

if TYPE_CHECKING:
    from api.wiring import Application

DEMO_QUESTION = "哪些县做了新就业群体服务"

app = typer.Typer(
    cls=ChineseGroup,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="简报问答：收入简报，检索、提问，每句回答都有原文引文。离线，无需显卡。",
)

app.add_typer(keys_app, name="keys")

QuestionText = Annotated[str, typer.Argument(help="问题，含空格时加引号", metavar="问题", show_default=False)]
TopK = Annotated[int, typer.Option("--top-k", help="要几段原文（1 到 100）", metavar="段数")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON，与 HTTP 接口相同", show_default=False)]
DocumentIds = Annotated[list[str], typer.Argument(help="文件编号，见 jianbao list", metavar="编号…")]


@app.command(cls=ChineseCommand)
def add(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹，可以多个", metavar="路径…")],
    report: Annotated[
        Path | None,
        typer.Option(help="逐份的结果写到这个文件：.jsonl 或 .tsv", metavar="文件", show_default=False),
    ] = None,
) -> int:
    """收入简报：文件，或装着它们的文件夹。读不了的会列出，其余照常收入；中断后再收一次，接着做完。"""
    from api.adding import add_files

    with _opened() as application:
        return add_files(application, paths, report)


@app.command(cls=ChineseCommand)
def ask(
    question: QuestionText,
    top_k: TopK = 8,
    as_json: AsJson = False,
    explain: Annotated[bool, typer.Option("--explain", help="说明答案的由来", show_default=False)] = False,
) -> int:
    """提问，得到带引文的回答。"""
    from api.asking import ask_and_show

    console = make_console()
    # A screen gets the answer sentence by sentence; a pipe or file gets it whole.
    screen = console if console.is_terminal and not as_json else None
    with _opened(ahead=True) as application:
        answer = ask_and_show(application, Question(question, top_k=top_k, explain=explain), screen)
        if as_json:
            from api.present import Catalogue, query_out

            print_json(query_out(answer, Catalogue(application.library).records()))
            return 0
    if screen:
        show_sources(console, answer)
    else:
        show_answer(console, answer)
    if answer.explanation:
        from api.explanation import show_explanation

        show_explanation(console, answer.explanation)
    return 0


@app.command(cls=ChineseCommand)
def search(question: QuestionText, top_k: TopK = 8, as_json: AsJson = False) -> int:
    """只检索段落，不作回答。"""
    with _opened(ahead=True) as application:
        with make_console(stderr=True).status("正在查找……"):
            query, hits = application.answerer.search(Question(question, top_k=top_k))
        if as_json:
            from api.present import Catalogue, search_out

            records = Catalogue(application.library).records()
            print_json(search_out(query, hits, records, snapshot=application.library.snapshot, took_ms={}))
        else:
            show_corrections(make_console(), query)
            show_hits(make_console(), hits)
    return 0


@app.command("list", cls=ChineseCommand)
def list_documents() -> int:
    """列出收入的文件。"""
    with _opened(check_model=False) as application:
        records = application.library.documents()
    if records:
        show_records(make_console(), records)
    else:
        show_text(make_console(stderr=True), "还没有收入文件。用 jianbao add 路径 收入。")
    return 0


@app.command(cls=ChineseCommand)
def show(
    document: Annotated[
        str, typer.Argument(help="文件编号（或它的开头），或文件名；见 jianbao list", metavar="文件")
    ],
) -> int:
    """看一份文件读成了什么样：报头、各篇、各段。"""
    with _opened(check_model=False) as application:
        library = application.library
        show_document(make_console(), library.document(library.find(document)))
    return 0


@app.command(cls=ChineseCommand)
def remove(document_ids: DocumentIds) -> int:
    """删除文件。"""
    from index.errors import DocumentNotFoundError

    missing = 0
    with _opened(check_model=False) as application:
        for document_id in dict.fromkeys(document_ids):
            try:
                application.library.remove(document_id)
                show_text(make_console(), f"已删除 {document_id}。")
            except DocumentNotFoundError as error:
                missing += 1
                _print_error(str(error))
    return 1 if missing else 0


@app.command(cls=ChineseCommand)
def rebuild() -> int:
    """用现在的向量模型重建索引（换了模型之后用）。"""
    with _opened(check_model=False) as application:
        _rebuild(application)
        count = len(application.library.documents())
    show_text(make_console(), f"已重建 {count} 份文件的索引。")
    return 0


@app.command(cls=ChineseCommand)
def serve(
    host: Annotated[str | None, typer.Option(help="监听的地址", metavar="地址", show_default=False)] = None,
    port: Annotated[
        int | None, typer.Option(help="监听的端口，0 由系统挑选", metavar="端口", show_default=False)
    ] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure-no-auth", help="没有密钥也对外监听", show_default=False)
    ] = False,
) -> int:
    """启动 HTTP 服务（接口说明在 /docs）。默认 127.0.0.1:8000，只供本机；对外监听要先有密钥。"""
    from api.server import listen, run

    settings = read_settings()
    port = settings.port if port is None else port
    listener, reach = listen(host or settings.host, port, settings, insecure=insecure)
    with listener, _opened(settings, ahead=True) as application:
        run(application, listener, lambda text: show_text(make_console(), text), reach)
    return 0


@app.command(cls=ChineseCommand)
def demo() -> int:
    """用随附的示例简报（摘编）演示一遍：收入、提问、给出引文。不动你自己的资料。"""
    from importlib.resources import as_file, files

    from api.adding import add_files

    settings = read_settings()
    settings = settings.model_copy(update={"data": settings.cache / "demo"})
    console = make_console()
    with _opened(settings, check_model=False) as application, as_file(files("corpus") / "sample") as sample:
        if application.library.model not in (None, application.embedder.identity):
            _rebuild(application)
        code = add_files(application, sorted(sample.glob("*.txt")))
        console.print()
        show_text(console, f"问：{DEMO_QUESTION}", style="bold")
        console.print()
        with make_console(stderr=True).status("正在查找……"):
            answer = application.answerer.answer(Question(DEMO_QUESTION))
        show_answer(console, answer)
    console.print()
    show_text(console, "收入自己的简报：jianbao add 文件夹；启动服务：jianbao serve", style="dim")
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (None: that of the process) and return its exit code: 0 done; 1 an error that is
    told on stderr, or a file skipped; 2 a wrong command line; 130 interrupted."""
    try:
        code = app(args=arguments, prog_name="jianbao", standalone_mode=False)
    except KNOWN_ERRORS as error:
        _print_error(str(error))
        return 1
    except typer.TyperException as error:
        # Asking for nothing at all has already shown the help.
        if type(error).__name__ != "NoArgsIsHelpError":
            _print_error(usage_message(error))
        return error.exit_code
    if code == 130:
        _print_error("已中断；此前完成的都已保存。")
    return int(code or 0)


def run() -> None:
    """`main` as a process of its own, which ends at once: the interpreter would take half a second to give
    back, piece by piece, what the system takes back with the process."""
    code = main()
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


@contextlib.contextmanager
def _opened(
    settings: Settings | None = None, *, check_model: bool = True, ahead: bool = False
) -> Iterator[Application]:
    settings = settings or read_settings()
    errors = make_console(stderr=True)

    def notice(text: str) -> None:
        show_text(errors, text)

    # What is imported here takes longer than --help may take.
    from api.embedding import open_model

    with model_bar(errors) as progress:
        embedder = open_model(settings, notice, progress, ahead=ahead)
    # Not before: the model loads while the index, the answering and their libraries are imported.
    from api.wiring import assemble

    application = assemble(settings, embedder, notice, check_model=check_model)
    _collect_from_now_on()
    with contextlib.closing(application):
        yield application


def _collect_from_now_on() -> None:
    """Garbage again, which `api.start` left for later, but no more of what is there now."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _settings_for_upkeep() -> Settings:
    """Checking and backing up a large library opens none here, and takes long."""
    _collect_from_now_on()
    return read_settings()


add_export_command(app, _opened)
add_check_command(app, _opened)
add_eval_command(app, _opened)
add_mcp_command(app, _opened)
add_upkeep_commands(app, _settings_for_upkeep)


def _rebuild(application: Application) -> None:
    with counted(make_console(stderr=True), "重建") as progress:
        application.library.rebuild(progress)


def _print_error(message: str) -> None:
    show_text(make_console(stderr=True), message, style="red")
