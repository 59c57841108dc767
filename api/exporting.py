"""``jianbao export``: a material pack into a file."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from api.command_line import ChineseCommand
from api.errors import ExportFileError
from api.render import make_console, show_text
from rag.export.types import Choice, ExportRequest, Format, GroupBy
from rag.types import Question

if TYPE_CHECKING:
    from api.wiring import Application


def _option(name: str, text: str, metavar: str | None = None) -> typer.models.OptionInfo:
    option = typer.Option(name, help=text, metavar=metavar, show_default=False)
    assert isinstance(option, typer.models.OptionInfo)
    return option


QuestionText = Annotated[
    str | None, typer.Argument(help="问题，含空格时加引号", metavar="问题", show_default=False)
]
Output = Annotated[Path, _option("--output", "写到这个文件", "文件")]
FileFormat = Annotated[str | None, _option("--format", "docx、md 或 txt；不写则看文件名", "格式")]
Passages = Annotated[str | None, _option("--passages", "只要这些段落，编号用逗号分开", "编号")]
Citations = Annotated[bool, _option("--citations", "只要回答的引文，不要整段")]
PerCity = Annotated[int | None, _option("--per-city", "每个设区市最多几段", "段数")]
PerPlace = Annotated[int | None, _option("--per-place", "每个地方最多几段", "段数")]
Limit = Annotated[int | None, _option("--limit", "总共最多几段；由问题找来的，不写为 20", "段数")]
NewestFirst = Annotated[bool, _option("--newest-first", "先取新的")]
Grouping = Annotated[
    str, _option("--group-by", "怎样分组：place 按地方（不写即是），theme 按篇目，none 不分", "分组")
]
Title = Annotated[str, _option("--title", "文件里的标题", "标题")]
Force = Annotated[bool, _option("--force", "文件已经存在时覆盖它")]


def add_export_command(app: typer.Typer, opened: Callable[[], AbstractContextManager[Application]]) -> None:
    """Give ``app`` the command; ``opened`` opens the library when it runs."""

    @app.command(cls=ChineseCommand)
    def export(
        output: Output,
        question: QuestionText = None,
        passages: Passages = None,
        citations: Citations = False,
        per_city: PerCity = None,
        per_place: PerPlace = None,
        limit: Limit = None,
        newest_first: NewestFirst = False,
        group_by: Grouping = "place",
        title: Title = "",
        file_format: FileFormat = None,
        force: Force = False,
    ) -> int:
        """导出讲话素材（Word、Markdown 或纯文本）：与问题有关的原文段落，逐段注明出处。"""
        chosen_format = format_of(output, file_format)
        refuse_to_overwrite(output, force=force, example="素材.docx")
        request = ExportRequest(
            Question(question) if question is not None else None,
            tuple(filter(None, re.split(r"[,，\s]+", passages or ""))),
            citations,
            Choice(per_place, per_city, limit, newest_first),
            _group_by(group_by),
            title,
        )
        with opened() as application:
            return _export(application, request, output, chosen_format)


def format_of(output: Path, wanted: str | None) -> Format:
    """The format that is wanted or that the file's ending says. Raises ExportFileError."""
    name = (wanted or output.suffix.removeprefix(".")).lower()
    for file_format in get_args(Format):
        if name == file_format:
            return file_format  # type: ignore[no-any-return]
    found = f"格式 {wanted}" if wanted else f"文件名 {output.name} 的结尾"
    raise ExportFileError(
        f"不认得{found}：可以是 docx、md 或 txt。请改文件名的结尾，或用 --format 写明格式。"
    )


def write_whole(path: Path, content: bytes) -> None:
    """The file is there whole or not at all. Raises ExportFileError where it can't be written."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            temporary.write_bytes(content)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise ExportFileError(f"写不到 {path}（{error.strerror}）。请换一个路径。") from error


def refuse_to_overwrite(output: Path, *, force: bool, example: str) -> None:
    """Raises ExportFileError where ``output`` is a folder (``example`` is a name to take in it), or is there
    already and may not be replaced."""
    if output.is_dir():
        raise ExportFileError(f"{output} 是文件夹。请写明文件名，例如 {output / example}。")
    if output.exists() and not force:
        raise ExportFileError(f"{output} 已经存在，没有改动它。请换一个文件名，或加 --force 覆盖。")


def _export(application: Application, request: ExportRequest, output: Path, file_format: Format) -> int:
    # Word's library takes longer to import than --help may take.
    from rag.export.writers import write

    with make_console(stderr=True).status("正在查找……"):
        pack = application.packer.pack(request, datetime.date.today())
        content = write(pack, file_format)
    write_whole(output, content)
    console = make_console()
    show_text(console, f"已写入 {output}。")
    for name, text in pack.about:
        show_text(console, f"{name}：{text}", indent=2)
    for caution in pack.cautions:
        show_text(console, f"注意：{caution}", indent=2, style="yellow")
    return 0


def _group_by(name: str) -> GroupBy:
    for group_by in get_args(GroupBy):
        if name == group_by:
            return group_by  # type: ignore[no-any-return]
    raise ExportFileError(f"不认得分组 {name}：可以是 place（按地方）、theme（按篇目）或 none（不分）。")
