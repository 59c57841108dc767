"""Parsing in a child process, with limits of time and memory: no file can hang or crash the program."""

from __future__ import annotations

import contextlib
import json
import math
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import BinaryIO

import psutil

from corpus.errors import FileTooLargeError, ParsingLimitError, UnreadableFileError
from corpus.places import Gazetteer
from corpus.sniff import Format
from corpus.types import ParsedDocument
from corpus.worker_main import Found, Page, Ready, Refusal, Start, megabytes_begun

FileProgress = Callable[[str, int, int], None]
"""Told after each page of a slow file: its name, pages done, pages in all."""

_SLOW: frozenset[Format] = frozenset({"pdf", "image", "office", "rtf", "odt"})
_PLAIN: frozenset[Format] = frozenset({"text", "markdown", "html"})
_START_SECONDS = 120.0
_POLL_SECONDS = 0.1
_MORE_TIME = "可用环境变量 JIANBAO_TIME_LIMIT、JIANBAO_PAGE_LIMIT 放宽。"
_MORE_MEMORY = "可用环境变量 JIANBAO_MEMORY_LIMIT 放宽。"
_COMMAND = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from corpus.worker_main import main; main()"
)


class ParsingWorker:
    """Parses files one at a time in a child process that starts with the first and is kept for the next.

    A file passes its limit when it isn't done in ``time_limit`` seconds, plain text and html in as many for
    each megabyte begun; a pdf, an image or what LibreOffice converts, when ``page_limit`` seconds go by
    without a new page, or ``longest`` in all. Any file does when the child (with what it started) holds more
    than ``memory_limit`` bytes. The child is then killed, and the next file gets a new one. ``readers`` names
    the function, as ``module:function``, that builds the child's readers.

    Safe to share among threads. The child ends with ``close``, with this object or with the program.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        *,
        time_limit: float = 30.0,
        page_limit: float = 150.0,
        longest: float = 3600.0,
        memory_limit: int = 2 * 2**30,
        progress: FileProgress | None = None,
        readers: str = "corpus.formats:build_readers",
    ) -> None:
        self._start = Start(gazetteer, readers, math.ceil(max(time_limit, page_limit)) + 10)
        self._time_limit = time_limit
        self._page_limit = page_limit
        self._longest = longest
        self._memory_limit = memory_limit
        self._progress = progress
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._at_end: Callable[[], object] = lambda: None

    def parse(self, data: bytes, name: str) -> ParsedDocument:
        """The document in ``data``. Raises UnreadableFileError, and ParsingLimitError where a limit was
        passed or the child died; both name the file."""
        with self._lock:
            try:
                reply = self._exchange(data, name)
            except BaseException:  # Ctrl-C too: a child left in the middle of a file can't take the next
                self._stop()
                raise
            if self._child and self._child.memory() > self._memory_limit * 3 // 4:
                self._stop()
        if isinstance(reply, ParsedDocument):
            return reply
        if reply.kind == "too_large":
            raise FileTooLargeError(reply.message)
        if reply.kind == "unreadable":
            raise UnreadableFileError(reply.message)
        raise UnreadableFileError(
            f"{name}：解析时出错（{reply.message}），文件可能已损坏。请重新另存后再添加。"
        )

    def close(self) -> None:
        """End the child, at once: a file it is in the middle of raises ParsingLimitError. The worker can be
        used again; a new child then starts."""
        if child := self._child:
            child.kill()

    def _exchange(self, data: bytes, name: str) -> ParsedDocument | Refusal:
        child = self._running_child()
        with contextlib.suppress(OSError):  # a child that died meanwhile is told by its last reply
            child.send((data, name))
        megabytes = megabytes_begun(data)
        clock = _Clock(self._time_limit, self._longest)
        while True:
            try:
                reply = child.replies.get(timeout=min(_POLL_SECONDS, clock.left()))
            except queue.Empty:
                reply = None
            match reply:
                case ParsedDocument() | Refusal():
                    return reply
                case _Ended():
                    raise ParsingLimitError(f"{name}：解析程序中途退出（{child.end()}），已放弃这个文件。")
                case Found(kind) if kind in _SLOW:
                    clock.allow(self._page_limit)
                case Found(kind) if kind in _PLAIN:
                    clock.allow(self._time_limit * megabytes)
                case Page(done, pages):
                    clock.allow(self._page_limit)
                    if self._progress:
                        self._progress(name, done, pages)
            if clock.left() <= 0:
                raise ParsingLimitError(f"{name}：解析超过 {clock.passed:g} 秒，已放弃这个文件。{_MORE_TIME}")
            if child.memory() > self._memory_limit:
                size = f"{self._memory_limit / 2**20:.0f} MB"
                raise ParsingLimitError(f"{name}：解析时占用内存超过 {size}，已放弃这个文件。{_MORE_MEMORY}")

    def _running_child(self) -> _Child:
        if self._child and not self._child.alive():
            self._stop()
        if self._child is None:
            self._child = _Child(self._start)
            self._at_end = weakref.finalize(self, self._child.kill)
            self._child.wait_until_ready()
        return self._child

    def _stop(self) -> None:
        if self._child:
            self._at_end()
            self._child = None


class _Clock:
    """The time a file has left: until ``seconds`` after the last page, and ``longest`` in all."""

    def __init__(self, seconds: float, longest: float) -> None:
        self._last = time.monotonic() + longest
        self._longest = longest
        self.allow(seconds)

    def allow(self, seconds: float) -> None:
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds

    def left(self) -> float:
        return max(0.0, min(self._deadline, self._last) - time.monotonic())

    @property
    def passed(self) -> float:
        """The limit, in seconds, that comes first."""
        return self._seconds if self._deadline <= self._last else self._longest


class _Ended:
    """The child closed its end: it is gone."""


class _Child:
    """One child process. It leads a process group of its own, so that Ctrl-C at the terminal reaches only
    the parent, and what a reader starts (LibreOffice) dies with it."""

    def __init__(self, start: Start) -> None:
        path = [entry or str(os.getcwd()) for entry in sys.path]  # noqa: PTH109 - a string is wanted
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _COMMAND, json.dumps(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert self._process.stdin and self._process.stdout
        self._requests = self._process.stdin
        self._usage = psutil.Process(self._process.pid)
        self._start = start
        self._killing = threading.Lock()
        self.replies: queue.Queue[object] = queue.Queue()
        threading.Thread(
            target=_receive, args=(self._process.stdout, self.replies), name="parsing-replies", daemon=True
        ).start()

    def wait_until_ready(self) -> None:
        """Raises ParsingLimitError."""
        with contextlib.suppress(OSError):
            self.send(self._start)
        try:
            reply = self.replies.get(timeout=_START_SECONDS)
        except queue.Empty:
            raise ParsingLimitError(f"解析程序 {_START_SECONDS:.0f} 秒内没有启动，请检查安装。") from None
        if not isinstance(reply, Ready):
            raise ParsingLimitError(f"解析程序启动不了（{self.end()}），请检查安装。")

    def send(self, message: object) -> None:
        pickle.dump(message, self._requests, protocol=5)
        self._requests.flush()

    def alive(self) -> bool:
        return self.replies.empty() and self._usage.is_running()

    def memory(self) -> int:
        """Bytes in use by the child and what it started; 0 once it is gone."""
        total = 0
        with contextlib.suppress(psutil.Error):
            for process in (self._usage, *self._usage.children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    total += process.memory_info().rss
        return total

    def kill(self) -> None:
        """End the child and what it started, and clear it away. Does nothing the second time."""
        with self._killing:
            if self._process.returncode is not None:
                return
            with contextlib.suppress(OSError):
                if sys.platform == "win32":
                    self._process.kill()
                else:
                    # before wait(): until then nobody else can have this number
                    os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        with contextlib.suppress(OSError):
            self._requests.close()

    def end(self) -> str:
        """How it ended, for a message. Call it when the child has closed its end."""
        self.kill()  # what it started may live on; its own exit code stands already
        code = self._process.returncode
        if code >= 0:
            return f"退出码 {code}"
        names = {signal.SIGSEGV: "内存访问错误", signal.SIGKILL: "被系统终止，可能是内存不够"}
        return names.get(signal.Signals(-code), f"信号 {-code}")


class _ReplyUnpickler(pickle.Unpickler):
    """Takes only what the child has to say: a parser that a file took over can't run code here."""

    def find_class(self, module: str, name: str) -> object:
        allowed = module in {"corpus.types", "corpus.worker_main"} or (module, name) == ("datetime", "date")
        if not allowed:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return super().find_class(module, name)


def _receive(pipe: BinaryIO, replies: queue.Queue[object]) -> None:
    """Move replies from the pipe to the queue until the pipe ends or carries anything else."""
    with pipe:
        while True:
            try:
                replies.put(_ReplyUnpickler(pipe).load())
            except Exception:  # end of file or a broken reply: both mean that the child is of no more use
                replies.put(_Ended())
                return
