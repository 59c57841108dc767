"""The parsing process: limits of time and memory, crashes, and what comes after them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import psutil
import pytest
from bad_files import GOOD
from processes import heed_interrupts

from corpus.errors import ParsingLimitError, UnreadableFileError
from corpus.formats import FileParser
from corpus.places import load_gazetteer
from corpus.worker import ParsingWorker

MEMORY_LIMIT = 400 * 2**20
TIME_LIMIT = 3.0
"""Seconds; long enough that a busy machine reads a good file within it."""


@pytest.fixture(scope="module")
def hostile() -> Iterator[ParsingWorker]:
    """A worker allowed little memory whose reader does what the file says (see hostile_readers)."""
    worker = ParsingWorker(
        load_gazetteer(), memory_limit=MEMORY_LIMIT, readers="hostile_readers:build_readers"
    )
    yield worker
    worker.close()


def hurried() -> ParsingWorker:
    """A worker allowed little time, with the same reader."""
    return ParsingWorker(
        load_gazetteer(),
        time_limit=TIME_LIMIT,
        page_limit=TIME_LIMIT,
        readers="hostile_readers:build_readers",
    )


def children() -> set[int]:
    """The parsing processes that this one started; other fixtures have children of other kinds."""
    return {c.pid for c in psutil.Process().children() if any("worker_main" in word for word in c.cmdline())}


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (
            "ALLOCATE",
            "a.txt：解析时占用内存超过 400 MB，已放弃这个文件。可用环境变量 JIANBAO_MEMORY_LIMIT 放宽。",
        ),
        ("SEGFAULT", "a.txt：解析程序中途退出（内存访问错误），已放弃这个文件。"),
        ("EXIT", "a.txt：解析程序中途退出（退出码 3），已放弃这个文件。"),
    ],
)
def test_reader_that_runs_wild_is_ended_and_the_next_file_read(
    order: str, says: str, hostile: ParsingWorker
) -> None:
    """Neither an allocation without end nor a crash reaches the program; the reason is told."""
    before = psutil.Process().memory_info().rss
    with pytest.raises(ParsingLimitError) as refused:
        hostile.parse(order.encode(), "a.txt")
    assert str(refused.value) == says
    assert psutil.Process().memory_info().rss - before < 100 * 2**20
    assert hostile.parse(GOOD.encode(), "b.txt").document.issue == "3"


def test_reader_that_loops_is_ended_and_the_next_file_read() -> None:
    """A loop without end is ended at the limit of time, and the message says which limit."""
    worker = hurried()
    with pytest.raises(ParsingLimitError) as refused:
        worker.parse(b"LOOP", "a.txt")
    assert str(refused.value) == (
        "a.txt：解析超过 3 秒，已放弃这个文件。可用环境变量 JIANBAO_TIME_LIMIT、JIANBAO_PAGE_LIMIT 放宽。"
    )
    assert worker.parse(GOOD.encode(), "b.txt").document.issue == "3"


def test_plain_text_has_its_time_for_each_megabyte_begun() -> None:
    """A volume of two megabytes and a half in plain text gets three times the time of a bulletin."""
    worker = ParsingWorker(load_gazetteer(), time_limit=0.5, readers="hostile_readers:build_readers")
    with pytest.raises(ParsingLimitError, match=r"a\.txt：解析超过 1\.5 秒"):
        worker.parse(b"LOOP".ljust(5 * 2**19, b"."), "a.txt")
    worker.close()


@pytest.mark.parametrize(
    ("order", "says"), [("RAISE", "ZeroDivisionError: 除以零"), ("RECURSE", "内容嵌套太深")]
)
def test_error_in_a_reader_is_told_without_ending_the_process(
    order: str, says: str, hostile: ParsingWorker
) -> None:
    """An error that no reader foresaw becomes a refusal of the file, and the process serves on."""
    hostile.parse(GOOD.encode(), "b.txt")
    process = children()
    with pytest.raises(UnreadableFileError, match=says) as refused:
        hostile.parse(order.encode(), "a.txt")
    assert str(refused.value).startswith("a.txt：解析时出错")
    assert not isinstance(refused.value, ParsingLimitError)
    assert children() == process


def test_what_a_library_prints_does_not_mix_with_the_replies(hostile: ParsingWorker) -> None:
    """Output of libraries, to whatever descriptor, neither breaks the protocol nor fills a pipe."""
    assert hostile.parse(f"PRINT{GOOD}".encode(), "a.txt").document.issue == "3"


def test_every_page_extends_the_time_and_is_told() -> None:
    """Four pages of 0.4 s pass a limit of 1.5 s, since each shows that the reader goes on."""
    told: list[tuple[str, int, int]] = []
    worker = ParsingWorker(
        load_gazetteer(),
        time_limit=1.5,
        page_limit=1.5,
        progress=lambda *page: told.append(page),
        readers="hostile_readers:build_readers",
    )
    assert worker.parse(f"SLOW PAGES{GOOD}".encode(), "a.txt").document.issue == "3"
    assert told == [("a.txt", page, 4) for page in (1, 2, 3, 4)]


def test_pages_do_not_extend_the_time_for_a_whole_file() -> None:
    """A file that goes on giving pages is ended all the same."""
    worker = ParsingWorker(load_gazetteer(), longest=0.9, readers="hostile_readers:build_readers")
    with pytest.raises(ParsingLimitError, match=r"解析超过 0\.9 秒"):
        worker.parse(b"SLOW PAGES", "a.txt")


def test_document_is_the_same_as_parsed_in_this_process() -> None:
    """Nothing is lost or changed on the way between the processes."""
    gazetteer = load_gazetteer()
    data = GOOD.encode()
    assert ParsingWorker(gazetteer).parse(data, "a.txt") == FileParser(gazetteer).parse(data, "a.txt")


def test_process_starts_with_the_first_file_and_ends_with_the_worker() -> None:
    """No process before it is needed, one for many files, none afterwards, by close or by letting go."""
    program = (  # in a program of its own, whose children are all the worker's
        f"import sys; sys.path[:0] = {sys.path!r}\n"
        "from bad_files import GOOD\n"
        "from corpus.places import load_gazetteer\n"
        "from corpus.worker import ParsingWorker\n"
        "import psutil\n"
        "def children(): return [c.pid for c in psutil.Process().children(recursive=True)]\n"
        "worker = ParsingWorker(load_gazetteer())\n"
        "assert children() == []\n"
        "worker.parse(GOOD.encode(), 'a.txt')\n"
        "[first] = children()\n"
        "worker.parse(GOOD.encode(), 'b.txt')\n"
        "assert children() == [first]\n"
        "worker.close()\n"
        "assert children() == []\n"
        "worker.parse(GOOD.encode(), 'c.txt')\n"
        "[second] = children()\n"
        "assert second != first\n"
        "del worker\n"
        "assert children() == []\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_threads_share_a_worker() -> None:
    """Files from several threads at once each get their own document."""
    worker = ParsingWorker(load_gazetteer())
    issues: dict[int, str | None] = {}

    def parse(issue: int) -> None:
        data = GOOD.replace("第3期", f"第{issue}期").encode()
        issues[issue] = worker.parse(data, f"{issue}.txt").document.issue

    threads = [threading.Thread(target=parse, args=(issue,)) for issue in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert issues == {issue: str(issue) for issue in range(1, 9)}


def test_reader_module_that_does_not_import_is_told() -> None:
    """A broken installation is an error with a message, no wait."""
    worker = ParsingWorker(load_gazetteer(), readers="no_such_module:build")
    with pytest.raises(ParsingLimitError, match="解析程序启动不了"):
        worker.parse(GOOD.encode(), "a.txt")


@pytest.mark.parametrize("end", ["ctrl-c", "kill"])
def test_no_process_is_left_behind(end: str) -> None:
    """Ctrl-C in the middle of a file, or the sudden death of the program between files, leaves no child."""
    order = "LOOP" if end == "ctrl-c" else ""
    program = (
        f"import sys, time; sys.path[:0] = {sys.path!r}\n"
        "from bad_files import GOOD\n"
        "from corpus.places import load_gazetteer\n"
        "from corpus.worker import ParsingWorker\n"
        "import psutil\n"
        "worker = ParsingWorker(load_gazetteer(), readers='hostile_readers:build_readers')\n"
        "worker.parse(GOOD.encode(), 'a.txt')\n"
        "print(psutil.Process().children()[0].pid, flush=True)\n"
        f"worker.parse(b'LOOP', 'b.txt') if {bool(order)} else time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=heed_interrupts,  # noqa: PLW1509
    )
    assert process.stdout
    child = int(process.stdout.readline())
    time.sleep(0.3)
    os.kill(process.pid, signal.SIGINT if end == "ctrl-c" else signal.SIGKILL)
    _, errors = process.communicate(timeout=15)
    assert (b"KeyboardInterrupt" in errors) == (end == "ctrl-c")
    deadline = time.monotonic() + 5
    while psutil.pid_exists(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE
