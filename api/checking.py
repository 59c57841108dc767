"""``jianbao check``: what a draft says, beside what the bulletins say."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.command_line import ChineseCommand
from api.errors import ExportFileError
from api.exporting import refuse_to_overwrite, write_whole
from api.render import make_console, show_text

if TYPE_CHECKING:
    from api.wiring import Application
    from rag.checking.types import DraftCheck

DraftPath = Annotated[Path, typer.Argument(help="稿件：docx、txt、md 等", metavar="稿件")]
Output = Annotated[
    Path | None,
    typer.Option("--output", help="带底色和批注的稿件写到这个 docx", metavar="文件", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON，与 HTTP 接口相同", show_default=False)]
Force = Annotated[bool, typer.Option("--force", help="文件已经存在时覆盖它", show_default=False)]


def add_check_command(app: typer.Typer, opened: Callable[[], AbstractContextManager[Application]]) -> None:
    """Give ``app`` the command; ``opened`` opens the library when it runs."""

    @app.command(cls=ChineseCommand)
    def check(draft: DraftPath, output: Output = None, as_json: AsJson = False, force: Force = False) -> int:
        """核稿：稿件里的数字、日期、地名、人名、名称，逐一与简报对照。"""
        if output:
            _refuse(output, force=force)
        with opened() as application:
            return _check(application, draft, output, as_json=as_json)


def _check(application: Application, path: Path, output: Path | None, *, as_json: bool) -> int:
    # What reads and checks takes longer to import than --help may take.
    from api.check_replies import check_out
    from api.check_table import show_check
    from api.draft_file import open_draft_file

    draft = open_draft_file(application.loader, path)
    with make_console(stderr=True).status("正在核对……"):
        found = application.checker.check(draft.text)
    if output:
        _write(output, found, draft.docx)
    if as_json:
        sys.stdout.write(check_out(found, draft.name, draft.warnings).model_dump_json(indent=2) + "\n")
        return 0
    for warning in draft.warnings:
        show_text(make_console(stderr=True), f"提醒：{warning}", style="yellow")
    show_check(make_console(), found)
    if output:
        show_text(make_console(stderr=True), f"带批注的稿件已写入 {output}。", style="dim")
    return 0


def _write(output: Path, found: DraftCheck, original: bytes | None) -> None:
    from api.marked_docx import marked_docx

    write_whole(output, marked_docx(found, original))


def _refuse(output: Path, *, force: bool) -> None:
    refuse_to_overwrite(output, force=force, example="核稿.docx")
    if output.suffix.lower() != ".docx":
        raise ExportFileError(f"{output}：带批注的稿件是 Word 文档，文件名请以 .docx 结尾。")
