"""The command ``jianbao keys``: who may use the HTTP service."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from api.command_line import ChineseCommand, ChineseGroup
from api.keys import Key, KeyFile, Role
from api.render import make_console, show_text
from api.settings import read_settings

keys_app = typer.Typer(
    cls=ChineseGroup,
    no_args_is_help=True,
    help="HTTP 服务的密钥：建立、列出、撤销。运行中的服务立刻认得新的，也立刻不认撤销的。",
)
_ROLES: dict[Role, str] = {"reader": "reader（只读）", "editor": "editor（可增删文件）"}


@keys_app.command(cls=ChineseCommand)
def add(
    role: Annotated[Role, typer.Option(help="reader 只能提问和查看；editor 还能增删文件", metavar="角色")],
    name: Annotated[str, typer.Option(help="给谁用的", metavar="名字", show_default=False)] = "",
    rate_limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="每分钟最多多少个请求，代替 JIANBAO_RATE_LIMIT",
            metavar="个数",
            show_default=False,
        ),
    ] = None,
    largest_request: Annotated[
        int | None,
        typer.Option(
            min=1, help="一个请求的上限（字节），不能超过服务的上限", metavar="字节", show_default=False
        ),
    ] = None,
) -> int:
    """建立一个密钥。密钥只显示这一次，存下来的只是它的摘要。"""
    key, secret = KeyFile(read_settings().data).add(
        role, name, rate_limit=rate_limit, largest_request=largest_request
    )
    told = f"已建立密钥 {key.name}（编号 {key.id}），{_ROLES[key.role]}。密钥只显示这一次，请妥善保存："
    show_text(make_console(stderr=True), told)
    # alone on stdout and never folded, so that a script can take it
    sys.stdout.write(secret + "\n")
    return 0


@keys_app.command("list", cls=ChineseCommand)
def list_keys() -> int:
    """列出密钥（不含密钥本身）。"""
    keys = KeyFile(read_settings().data).keys()
    if not keys:
        show_text(make_console(stderr=True), "还没有密钥。用 jianbao keys add --role reader 建立。")
    for key in keys:
        sys.stdout.write("\t".join(_row(key)) + "\n")
    return 0


@keys_app.command(cls=ChineseCommand)
def revoke(
    names: Annotated[
        list[str], typer.Argument(help="密钥的编号或名字，见 jianbao keys list", metavar="密钥…")
    ],
) -> int:
    """撤销密钥，立刻生效。"""
    file = KeyFile(read_settings().data)
    for name in dict.fromkeys(names):
        key = file.revoke(name)
        show_text(make_console(), f"已撤销密钥 {key.name}（编号 {key.id}）。")
    return 0


def _row(key: Key) -> list[str]:
    limits = [
        f"每分钟 {key.rate_limit} 个请求" if key.rate_limit else "",
        f"请求不超过 {key.largest_request} 字节" if key.largest_request else "",
    ]
    created = key.created.astimezone().strftime("%Y-%m-%d %H:%M")
    return [key.id, key.role, key.name, created, "，".join(filter(None, limits))]
