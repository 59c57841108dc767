"""How the service bears many clients at once: ``python -m benchmarks.load`` (``--help`` tells the rest).

Starts ``jianbao serve`` on the sample corpus with the real model, and lets each of the clients ask one
question after the other, all at the same time. Each has a connection of its own and waits for its answer
before it asks again, so that never more than that many questions are under way. Loopback only; it stops by
itself.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import platformdirs

from benchmarks.ingest import processor
from benchmarks.service import Service, started

RESULTS = Path(__file__).parent / "load.md"
QUESTIONS = (
    "哪些县做了新就业群体服务",
    "灌南县怎样服务快递员和外卖骑手",
    "溧阳市的志愿服务有什么做法",
    "东海县做了什么",
    "哪些地方开展了移风易俗",
    "昆明市怎样服务快递员",
    "文明实践活动参加了多少人",
    "2022年第1期讲了什么",
)
"""Lists, facts, a figure, an issue, and one that the bulletins don't answer."""


@dataclass(slots=True)
class Outcome:
    """What came of a run: answers by status, what went wrong, and seconds of each answer."""

    statuses: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0

    def quantile(self, share: float) -> float:
        """In milliseconds."""
        return 1000 * float(np.quantile(self.seconds, share))


async def ask_for(service: Service, clients: int, seconds: float) -> Outcome:
    """``clients`` at once, until ``seconds`` are over and each has its last answer."""
    outcome = Outcome()
    begin = time.perf_counter()

    async def client(number: int) -> None:
        headers = {"Authorization": f"Bearer {service.reader}"}
        async with httpx.AsyncClient(base_url=service.address, headers=headers, timeout=120) as http:
            turn = number
            while time.perf_counter() - begin < seconds:
                asked = time.perf_counter()
                try:
                    reply = await http.post("/v1/query", json={"question": QUESTIONS[turn % len(QUESTIONS)]})
                except httpx.HTTPError as error:
                    outcome.errors[type(error).__name__] += 1
                    continue
                outcome.seconds.append(time.perf_counter() - asked)
                if reply.status_code == 200:
                    outcome.statuses[reply.json()["status"]] += 1
                else:
                    outcome.errors[f"HTTP {reply.status_code}"] += 1
                turn += 1

    await asyncio.gather(*(client(number) for number in range(clients)))
    outcome.elapsed = time.perf_counter() - begin
    return outcome


def wait_until_ready(service: Service) -> None:
    """Until the model and the index are loaded; two minutes at most."""
    deadline = time.monotonic() + 120
    while httpx.get(f"{service.address}/readyz", timeout=60).status_code != 200:
        if time.monotonic() > deadline:
            raise SystemExit("the service did not get ready")
        time.sleep(0.2)


def describe(
    clients: int, seconds: float, alone: Outcome, crowd: Outcome, memory: tuple[float, float, float]
) -> str:
    """The results as Markdown."""
    errors = ", ".join(f"{name} {count}" for name, count in crowd.errors.items()) or "none"
    statuses = ", ".join(f"{status} {count}" for status, count in sorted(crowd.statuses.items()))
    return f"""# {clients} clients at once

`python -m benchmarks.load --clients {clients} --seconds {seconds:.0f}`, {datetime.date.today()},
{processor()}.

`jianbao serve` on the sample corpus (3 documents) with the bundled model; {len(QUESTIONS)} questions in turn
to `POST /v1/query`, each client on a connection of its own, the next question when the answer is there. The
clients run on the same cores as the service.

| | one client | {clients} clients |
|---|---|---|
| seconds | {alone.elapsed:.0f} | {crowd.elapsed:.0f} |
| answers | {sum(alone.statuses.values())} | {sum(crowd.statuses.values())} ({statuses}) |
| errors | {sum(alone.errors.values()) or "none"} | {errors} |
| answers a second | {len(alone.seconds) / alone.elapsed:.1f} | {len(crowd.seconds) / crowd.elapsed:.1f} |
| p50, ms | {alone.quantile(0.5):.0f} | {crowd.quantile(0.5):.0f} |
| p99, ms | {alone.quantile(0.99):.0f} | {crowd.quantile(0.99):.0f} |

Resident memory of the service, MiB: {memory[0]:.0f} when ready, {memory[1]:.0f} after one client,
{memory[2]:.0f} after all of them.
"""


def main(arguments: list[str] | None = None) -> int:
    """Measure and write; returns 1 where anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--cache", type=Path, default=platformdirs.user_cache_path("jianbao"))
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, started(Path(name), options.cache) as service:
        wait_until_ready(service)
        memory = [service.memory]
        alone = asyncio.run(ask_for(service, 1, min(10, options.seconds)))
        memory.append(service.memory)
        crowd = asyncio.run(ask_for(service, options.clients, options.seconds))
        memory.append(service.memory)
    text = describe(options.clients, options.seconds, alone, crowd, (memory[0], memory[1], memory[2]))
    options.output.write_text(text, "utf-8")
    print(text)
    return 1 if alone.errors or crowd.errors else 0


if __name__ == "__main__":
    sys.exit(main())
