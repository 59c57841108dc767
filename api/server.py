"""Runs the HTTP service in this process."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable

import uvicorn

from api.app import create_app
from api.errors import AddressError
from api.wiring import Application


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address, taken before anything slow is done. Raises AddressError."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OverflowError as error:
        raise AddressError(f"端口应在 0 到 65535 之间，实为 {port}。") from error
    except socket.gaierror as error:
        raise AddressError(f"找不到地址 {host}。请核对 --host，本机用 127.0.0.1，对外用 0.0.0.0。") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = (
                f"端口 {port} 已被占用。请换一个：jianbao serve --port {port + 1}，或先停掉占用它的程序。"
            )
        elif error.errno == errno.EACCES:
            message = f"没有权限使用端口 {port}。请用 1024 以上的端口，例如 jianbao serve --port 8000。"
        else:
            message = f"不能在 {host}:{port} 上监听：{error.strerror or error}。请核对地址。"
        raise AddressError(message) from error


def run(application: Application, listener: socket.socket, announce: Callable[[str], None]) -> None:
    """Serve on ``listener`` until the process is told to stop. ``announce`` is told the address, once."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    config = uvicorn.Config(
        create_app(application), log_level=application.settings.log_level, timeout_graceful_shutdown=10
    )
    announce(f"简报服务：http://{shown}:{port}　接口说明：http://{shown}:{port}/docs　停止：Ctrl+C")
    uvicorn.Server(config).run(sockets=[listener])
