"""Typer, in Chinese: help pages and what is said of a wrong command line."""

from __future__ import annotations

import re

import typer
from typer import core

_PHRASES: tuple[tuple[str, str], ...] = (
    (r"Missing command\.", "缺少命令。"),
    (r"Missing (?:argument|option|parameter) '?([^'.]+)'?\.", r"缺少 \1。"),
    (r"No such command '(.+?)'\.(?: Did you mean (.+)\?)?", r"没有命令 \1。"),
    (r"No such option: (\S+?)(?: \(Possible options: (.+)\))?", r"没有选项 \1。"),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.+)\)", r"多出了参数 \1；含空格的内容请加引号。"),
    (r"Option '(.+?)' requires an argument\.?", r"选项 \1 后面要有值。"),
    (r"Option '(.+?)' does not take a value\.", r"选项 \1 后面不带值。"),
    (r"Invalid value for '?(.+?)'?: Input should be a valid integer.*", r"\1 应为整数。"),
    (r"Invalid value for '?(.+?)'?: Value error, (.+) is not one of (.+)\.", r"\1 应为 \3 之一，实为 \2。"),
    (r"Invalid value for '?(.+?)'?: (.+)", r"\1：\2"),
)


class ChineseGroup(core.TyperGroup):
    """A group of commands whose help is in Chinese."""

    def format_help(self, ctx: typer.Context, formatter: object) -> None:  # type: ignore[override]
        _speak_chinese()
        super().format_help(ctx, formatter)  # type: ignore[arg-type]

    def format_usage(self, ctx: typer.Context, formatter: object) -> None:  # type: ignore[override]
        _write_usage(self, ctx, formatter)

    def get_help_option(self, ctx: typer.Context) -> core.TyperOption | None:  # type: ignore[override]
        return _explained(super().get_help_option(ctx))


class ChineseCommand(core.TyperCommand):
    """A command whose help is in Chinese."""

    def format_help(self, ctx: typer.Context, formatter: object) -> None:  # type: ignore[override]
        _speak_chinese()
        super().format_help(ctx, formatter)  # type: ignore[arg-type]

    def format_usage(self, ctx: typer.Context, formatter: object) -> None:  # type: ignore[override]
        _write_usage(self, ctx, formatter)

    def get_help_option(self, ctx: typer.Context) -> core.TyperOption | None:  # type: ignore[override]
        return _explained(super().get_help_option(ctx))


def usage_message(error: typer.TyperException) -> str:
    """What is wrong with the command line, and where to look."""
    original = " ".join(error.format_message().split())
    message = original
    for pattern, chinese in _PHRASES:
        match = re.fullmatch(pattern, original)
        if match:
            message = match.expand(chinese)
            break
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "jianbao"
    return f"{message}\n用法见 {command} --help"


def _write_usage(command: core.TyperGroup | core.TyperCommand, ctx: typer.Context, formatter: object) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    words = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 …"}
    for english, chinese in words.items():
        pieces = pieces.replace(english, chinese)
    formatter.write_usage(ctx.command_path, pieces, prefix="用法：")  # type: ignore[attr-defined]


def _explained(option: core.TyperOption | None) -> core.TyperOption | None:
    if option is not None:
        option.help = "显示这份说明"
    return option


def _speak_chinese() -> None:
    """Set the titles of typer's help panels, which it keeps as constants of a module."""
    from typer import rich_utils  # noqa: PLC0415 - a sixth of a second, and only help pages need it

    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.REQUIRED_LONG_STRING = "[必填]"
    rich_utils.DEFAULT_STRING = "[默认：{}]"
