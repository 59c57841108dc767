"""How the service bears what means no good: ``python -m benchmarks.robustness`` (``--help`` tells the rest).

Starts ``jianbao serve`` with keys on the sample corpus, has schemathesis make requests from its OpenAPI
description, and then sends the requests of ``benchmarks.hostile``. Loopback only; it stops by itself.
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import platformdirs

from benchmarks.hostile import Damage, attack, contents
from benchmarks.load import wait_until_ready
from benchmarks.service import Service, started

RESULTS = Path(__file__).parent / "robustness.md"
CONFIG = Path(__file__).parent / "fuzz.toml"


def fuzz(service: Service, examples: int, folder: Path, seconds: int) -> dict[str, Any]:
    """Schemathesis's own report of a run over all operations with an editor's key, with at most ``examples``
    for each operation and phase. All its checks are on but what fuzz.toml says."""
    report = folder / "fuzz.json"
    command = [Path(sys.executable).parent / "schemathesis", "--config-file", CONFIG, "--no-color", "run"]
    command += [f"{service.address}/openapi.json", "-H", f"Authorization: Bearer {service.editor}"]
    command += [
        "-n",
        str(examples),
        "--seed",
        "1",
        "--workers",
        "3",
        "--continue-on-failure",
        "--max-failures",
        "100",
    ]
    command += ["--request-timeout", "60", "--report", "json", "--report-json-path", report]
    with (folder / "fuzz.txt").open("w", encoding="utf-8") as output:
        subprocess.run(
            list(map(str, command)), cwd=folder, stdout=output, stderr=output, timeout=seconds, check=False
        )
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return found


def statuses(log: Path) -> Counter[int]:
    """Of all requests that the service has logged."""
    lines = (json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{"))
    return Counter(line["status"] for line in lines if line.get("event") == "request")


def describe(
    model: str, report: dict[str, Any], seen: Counter[int], damage: Damage, count: int, changed: list[str]
) -> str:
    """The results as Markdown."""
    cases, operations = report["test_cases"], report["operations"]
    failures = [f"- {f['title']}: {f['count']} ({', '.join(f['operations'])})" for f in report["failures"]]
    kinds = "\n".join(
        f"| {kind} | {sum(found.values())} | {_counts(found)} |"
        for kind, found in sorted(damage.statuses.items())
    )
    told = "\n".join(["", *failures, ""]) if failures else ""
    return f"""# What means no good

`python -m benchmarks.robustness`, {datetime.date.today()}: the service with keys on the sample corpus, with
{model}.

## Requests made from the OpenAPI description

schemathesis {report["schemathesis_version"]}, all phases (examples, coverage, fuzzing, stateful), all checks
but what `fuzz.toml` leaves out with its reason: {operations["tested"]} of {operations["total"]} operations,
**{cases["generated"]} cases, {cases["unique_failures"]} failures**.
{told}
Answers by status, as the service logged them: {_counts(seen)}.

## Hostile requests

**{count} requests, {len(damage.wrong)} wrong answers** (a status of 500 or more, somebody let in without a
key, a reader who wrote, a traceback). The data folder before and after, every file and every row:
**{"the same" if not changed else "changed: " + ", ".join(changed)}**. Status 0 is a connection closed
without an answer.

| what | requests | answers by status |
|---|---|---|
{kinds}
"""


def _counts(found: Counter[int]) -> str:
    return ", ".join(f"{status}: {count}" for status, count in sorted(found.items()))


def main(arguments: list[str] | None = None) -> int:
    """Measure and write; returns 1 where anything was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.robustness", description=__doc__)
    parser.add_argument("--examples", type=int, default=340, help="for each operation and phase")
    parser.add_argument("--hostile", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=3600, help="the most that schemathesis may take")
    parser.add_argument("--cache", type=Path, default=platformdirs.user_cache_path("jianbao"))
    parser.add_argument("--stand-in", action="store_true", help="without the model, as in the tests")
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    cache = None if options.stand_in else options.cache
    settings = {"JIANBAO_LOG_FORMAT": "json", "JIANBAO_RATE_LIMIT": "0"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with started(folder, cache, **settings) as service:
            wait_until_ready(service)
            service.log.write_text("", "utf-8")  # what was asked until it was ready doesn't count
            report = fuzz(service, options.examples, folder, options.seconds)
            seen = statuses(service.log)
            before = contents(service.data)
            keys = {"reader": service.reader, "editor": service.editor}
            damage = attack(service.address, keys, options.hostile)
            after = contents(service.data)
            told = (folder / "fuzz.txt").read_text("utf-8")
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    model = "the tests' stand-in for the model (`--stand-in`)" if options.stand_in else "the bundled model"
    text = describe(model, report, seen, damage, options.hostile, changed)
    options.output.write_text(text, "utf-8")
    print(text)
    if report["failures"] or report["errors"]:
        print(told)
    print("\n".join(damage.wrong))
    return 1 if report["failures"] or report["errors"] or damage.wrong or changed else 0


if __name__ == "__main__":
    sys.exit(main())
