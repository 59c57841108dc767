"""Half an hour of everything at once: ``python -m benchmarks.mixed`` (``--help`` tells the rest).

Starts ``jianbao serve`` on the sample corpus with the bundled model. Readers ask (whole and as a stream),
search, check drafts, export, read passages and the page's counts; an editor puts in made bulletins, corrects
and deletes them, so that the library stays of one size and its history grows. What is looked at is whether
memory stays flat and nothing fails. Loopback only; it stops by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import platformdirs

from benchmarks.ingest import bulletin, processor
from benchmarks.load import QUESTIONS, wait_until_ready
from benchmarks.service import Service, started

RESULTS = Path(__file__).parent / "mixed.md"
_PARTS = 10
_KEPT = 12
"""So many made bulletins stand in the library at most."""
_PAUSE = 1.0
_DRAFT = "东海县各类网点设晶暖驿站。灌南县挑选了238名文明实践指导员。如东县有100个村。"


@dataclass(slots=True)
class Course:
    """What was done (by kind), what went wrong, and the service's memory (seconds since the start, MiB)."""

    done: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, float]] = field(default_factory=list)

    def told(self, kind: str, reply: httpx.Response, expected: tuple[int, ...] = (200,)) -> None:
        self.done[kind] += 1
        if reply.status_code not in expected:
            self.errors[f"{kind}: HTTP {reply.status_code}"] += 1


def reading(http: httpx.AsyncClient, course: Course) -> dict[str, Callable[[str], Awaitable[None]]]:
    """Everything a reader does, each given a question."""

    async def ask(question: str) -> None:
        course.told("ask", await http.post("/v1/query", json={"question": question}))

    async def stream(question: str) -> None:
        async with http.stream("POST", "/v1/query", json={"question": question, "stream": True}) as reply:
            text = (await reply.aread()).decode()
        course.told("stream", reply)
        if "event: answer" not in text:
            course.errors["stream: no answer"] += 1

    async def search(question: str) -> None:
        found = await http.post("/v1/search", json={"question": question})
        course.told("search", found)
        for passage in found.json().get("passages", [])[:2]:
            # The editor may have taken it out meanwhile.
            course.told("passage", await http.get(f"/v1/passages/{passage['id']}"), (200, 404))

    async def check(question: str) -> None:
        course.told("check", await http.post("/v1/check", json={"text": _DRAFT + question + "。"}))

    async def export(question: str) -> None:
        reply = await http.post("/v1/export", json={"question": question, "format": "docx"})
        course.told("export", reply, (200, 404))

    async def chat(question: str) -> None:
        body = {"model": "jianbao", "messages": [{"role": "user", "content": question}]}
        course.told("chat", await http.post("/v1/chat/completions", json=body))

    async def look(_: str) -> None:
        course.told("facets", await http.get("/v1/facets"))
        course.told("documents", await http.get("/v1/documents"))
        course.told("metrics", await http.get("/metrics"))

    return {f.__name__: f for f in (ask, stream, search, check, export, chat, look)}


async def reader(service: Service, course: Course, until: float, seed: int) -> None:
    """One after the other, in random order."""
    choose = random.Random(seed)
    headers = {"Authorization": f"Bearer {service.reader}"}
    async with httpx.AsyncClient(base_url=service.address, headers=headers, timeout=120) as http:
        acts = reading(http, course)
        while time.monotonic() < until:
            act = choose.choice(sorted(acts))
            try:
                await acts[act](choose.choice(QUESTIONS))
            except (httpx.HTTPError, ValueError) as error:
                course.errors[f"{act}: {type(error).__name__}"] += 1


async def editor(service: Service, course: Course, until: float) -> None:
    """Puts in, corrects (a third of the time) and takes out, with a pause between."""
    choose = random.Random(0)
    held: dict[int, str] = {}
    headers = {"Authorization": f"Bearer {service.editor}"}
    async with httpx.AsyncClient(base_url=service.address, headers=headers, timeout=120) as http:
        number = 0
        while time.monotonic() < until:
            is_correction = bool(held) and choose.random() < 1 / 3
            chosen = choose.choice(sorted(held)) if is_correction else (number := number + 1)
            text = bulletin(chosen, random.Random(chosen))
            text += f"另有{choose.randrange(10, 99)}个村报名。\n" if is_correction else ""
            reply = await http.post("/v1/documents", files=[("files", (f"{chosen}.txt", text.encode()))])
            course.told("correct" if is_correction else "add", reply)
            if reply.status_code == 200 and reply.json()["documents"]:
                held[chosen] = reply.json()["documents"][0]["id"]
            while len(held) > _KEPT:
                gone = held.pop(choose.choice(sorted(held)))
                course.told("delete", await http.delete(f"/v1/documents/{gone}"), (200, 204))
            await asyncio.sleep(_PAUSE)


async def watch(service: Service, course: Course, begun: float) -> None:
    """Notes the memory every five seconds until it is cancelled."""
    while True:
        course.memory.append((time.monotonic() - begun, service.memory))
        await asyncio.sleep(5)


async def run(service: Service, readers: int, seconds: float) -> Course:
    """All at once for so long."""
    course, begun = Course(), time.monotonic()
    watching = asyncio.create_task(watch(service, course, begun))
    until = begun + seconds
    await asyncio.gather(
        editor(service, course, until), *(reader(service, course, until, n) for n in range(readers))
    )
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    return course


def describe(course: Course, readers: int, seconds: float, ready: float) -> str:
    """The results as Markdown."""
    length = seconds / _PARTS
    rows = []
    for part in range(_PARTS):
        within = [memory for at, memory in course.memory if part * length <= at < (part + 1) * length]
        if within:
            rows.append(
                f"| {part * length / 60:.0f}–{(part + 1) * length / 60:.0f} "
                f"| {np.median(within):.0f} | {max(within):.0f} |"
            )
    table = "\n".join(rows)
    done = ", ".join(f"{kind} {count:,}" for kind, count in sorted(course.done.items()))
    errors = ", ".join(f"{kind} ({count})" for kind, count in course.errors.items()) or "none"
    return f"""# Everything at once

`python -m benchmarks.mixed --readers {readers} --seconds {seconds:.0f}`, {datetime.date.today()},
{processor()}.

`jianbao serve` on the sample corpus with the bundled model, {readers} readers who each wait for one answer
before the next, and an editor who changes the library every second. The clients run on the same cores.

Done: {done}. Errors: {errors}.

Resident memory of the service, {ready:.0f} MiB when ready:

| minutes | median, MiB | most, MiB |
| --- | ---: | ---: |
{table}
"""


def main(arguments: list[str] | None = None) -> int:
    """Measure and write; returns 1 where anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mixed", description=__doc__)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--cache", type=Path, default=platformdirs.user_cache_path("jianbao"))
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, started(Path(name), options.cache) as service:
        wait_until_ready(service)
        ready = service.memory
        course = asyncio.run(run(service, options.readers, options.seconds))
    text = describe(course, options.readers, options.seconds, ready)
    options.output.write_text(text, "utf-8")
    print(text)
    return 1 if course.errors else 0


if __name__ == "__main__":
    sys.exit(main())
