"""``jianbao mcp``: the library as tools for a program on this machine."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import typer

from api.command_line import ChineseCommand

if TYPE_CHECKING:
    from api.wiring import Application


def add_mcp_command(app: typer.Typer, opened: Callable[[], AbstractContextManager[Application]]) -> None:
    """Give ``app`` the command; ``opened`` opens the library when it runs."""

    @app.command(cls=ChineseCommand)
    def mcp() -> int:
        """在标准输入输出上提供 MCP 工具（search、fetch、ask、check），供本机的智能体使用。"""
        from api.mcp_server import serve_stdio

        with opened() as application:
            serve_stdio(application)
        return 0
