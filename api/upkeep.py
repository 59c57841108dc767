"""``jianbao backup``, ``restore``, ``verify`` and ``gc``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from api.command_line import ChineseCommand
from api.render import counted, make_console, show_text
from api.settings import Settings

BackupPath = Annotated[Path, typer.Argument(help="备份文件", metavar="文件")]
Sure = Annotated[bool, typer.Option("--yes", help="不再询问", show_default=False)]
_SHOWN = 50


def add_upkeep_commands(app: typer.Typer, settings: Callable[[], Settings]) -> None:
    """Give ``app`` the commands; ``settings`` reads the settings when one runs."""

    @app.command(cls=ChineseCommand)
    def backup(target: BackupPath) -> int:
        """把资料库备份成一个文件，可以在服务运行时做。"""
        from index.upkeep import back_up

        with counted(make_console(stderr=True), "备份") as progress:
            size = back_up(settings().data, target, progress)
        show_text(make_console(), f"已备份到 {target}（{size / 2**20:.1f} MB）。恢复用 jianbao restore。")
        return 0

    @app.command(cls=ChineseCommand)
    def restore(source: BackupPath, yes: Sure = False) -> int:
        """用备份换掉现有的资料库，可以在服务运行时做。"""
        from index.upkeep import restore as put_back

        folder = settings().data
        if not yes and not typer.confirm(f"{folder} 里现有的资料会全部换成备份里的，确定吗？"):
            show_text(make_console(), "没有恢复，资料没有变。")
            return 1
        with counted(make_console(stderr=True), "恢复") as progress:
            put_back(source, folder, progress)
        show_text(make_console(), f"已从 {source} 恢复。")
        return 0

    @app.command(cls=ChineseCommand)
    def verify() -> int:
        """逐项检查资料库：文字位置、句子、向量、原文件、索引。只看不改；有问题时退出码为 1。"""
        from index.connection import is_read_only
        from index.verify import verify as look

        with counted(make_console(stderr=True), "检查") as progress:
            found = look(settings().data, progress)
        console = make_console()
        for problem in found.problems[:_SHOWN]:
            show_text(console, f"有问题　{problem.text}", style="red")
        if len(found.problems) > _SHOWN:
            show_text(console, f"另有 {len(found.problems) - _SHOWN} 处。")
        looked = (
            f"已检查 {found.documents} 份文件、{found.passages} 段、{found.sentences} 句、"
            f"{found.originals} 个原文件（第 {found.generation} 次改动）"
        )
        end = f"：有 {len(found.problems)} 处问题。" if found.problems else "：没有问题。"
        show_text(console, looked + end)
        if not found.is_current:
            show_text(
                console,
                "资料目录只读，词语索引没有检查：提问时在内存中另建。"
                if is_read_only(settings().data)
                else "词语索引还没有跟上资料库，下次提问时会自动补上。",
            )
        return 1 if found.problems else 0

    @app.command(cls=ChineseCommand)
    def gc() -> int:
        """清掉被替换的旧版本，收回磁盘空间。清掉后，从前的回答所引的旧版本就查不到了。"""
        from index.upkeep import collect

        freed = collect(settings().data)
        show_text(make_console(), f"清掉 {freed.versions} 个旧版本，收回 {freed.size / 2**20:.1f} MB。")
        return 0
