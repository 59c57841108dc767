"""Runs the HTTP service in this process."""

from __future__ import annotations

import errno
import ipaddress
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn

from api.access import Reach
from api.admission import Admission
from api.app import create_app
from api.errors import AddressError, ExposedError
from api.keys import KeyFile
from api.logs import configure_logs
from api.settings import Settings
from api.wiring import Application

_CLOSING_SECONDS = 5
"""For the last words of what didn't end in time."""


def listen(
    host: str, port: int, settings: Settings, *, insecure: bool = False
) -> tuple[socket.socket, Reach]:
    """A socket bound to the address, taken before anything slow is done, and where it can be reached from.

    Raises AddressError; ExposedError where that is more than this machine, there is no key, and nobody said
    that this be so (``insecure``); KeyFileError.
    """
    family, address = _resolve(host, port)
    reach: Reach = "loopback"
    if not _is_loopback(str(address[0])):
        reach = "network"
        if not KeyFile(settings.data).keys():
            if not insecure:
                raise ExposedError(
                    f"{host} 可以从别的机器访问，而还没有密钥，任何人都能读写资料。请先建立密钥："
                    "jianbao keys add --role reader；或只监听本机（127.0.0.1）；"
                    "确实要不设密钥，加上 --insecure-no-auth。"
                )
            reach = "unguarded"
    try:
        # bound to what was looked at, not to what the name may mean a moment later
        return socket.create_server(address, family=family, backlog=2048), reach
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


def run(
    application: Application,
    listener: socket.socket,
    announce: Callable[[str], None],
    reach: Reach = "loopback",
) -> None:
    """Serve on ``listener`` until the process is told to stop. ``announce`` is told the address, once."""
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    settings = application.settings
    configure_logs(settings)
    admission = Admission(settings)
    config = uvicorn.Config(
        create_app(application, reach=reach, admission=admission),
        log_config=None,
        access_log=False,
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=_CLOSING_SECONDS,
    )
    announce(f"简报服务：http://{shown}:{port}　接口说明：http://{shown}:{port}/docs　停止：Ctrl+C")
    if reach == "unguarded":
        announce("注意：没有密钥，凡能连到这台机器的人都能读写资料（--insecure-no-auth）。")
    GracefulServer(config, admission, settings.stop_timeout, application.loader.close).run(sockets=[listener])


class GracefulServer(uvicorn.Server):
    """Told to stop, it first answers what is under way, for at most ``timeout`` seconds, and refuses what
    comes new with 503; then it closes. ``give_up`` is called where time is over. Told once more, it closes at
    once. After SIGTERM the process ends with code 0."""

    def __init__(
        self, config: uvicorn.Config, admission: Admission, timeout: float, give_up: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._admission = admission
        self._timeout = timeout
        self._give_up = give_up
        self._deadline = 0.0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """In place of uvicorn's own, which closes the door at once and raises the signal again at the end."""
        if self._admission.stopping:
            super().handle_exit(sig, frame)
            return
        self._admission.stopping = True
        self._deadline = time.monotonic() + self._timeout
        if sig == signal.SIGINT:
            self._captured_signals.append(sig)  # Ctrl+C stays Ctrl+C for who called

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second."""
        if self._admission.stopping and not self.should_exit:
            is_late = time.monotonic() >= self._deadline
            if is_late and self._admission.running:
                self._give_up()
            self.should_exit = is_late or not self._admission.running
        return await super().on_tick(counter)


def _resolve(host: str, port: int) -> tuple[socket.AddressFamily, tuple[Any, ...]]:
    if not 0 <= port <= 65535:  # getaddrinfo would take 70000 for 4464
        raise AddressError(f"端口应在 0 到 65535 之间，实为 {port}。")
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise AddressError(f"找不到地址 {host}。请核对 --host，本机用 127.0.0.1，对外用 0.0.0.0。") from error
    return family, address


def _is_loopback(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback
