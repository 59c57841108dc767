"""The figures as a Markdown page."""

from __future__ import annotations

import datetime
import importlib.metadata
import platform
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks.retrieval.measure import MEASURES
from benchmarks.retrieval.run import Figures

_PACKAGES = ("torch", "sentence-transformers", "faiss-cpu", "tantivy", "rjieba", "ir_measures")


def report(
    figures: Mapping[str, Figures],
    counts: Mapping[str, tuple[int, int]],
    command: str,
    model: str,
    swept: Sequence[str] = (),
) -> str:
    """``figures`` and ``counts`` (documents, questions asked) by set; ``swept`` are the systems of the sweep,
    of which only nDCG@10 is shown."""
    lines = [
        "# Retrieval on public sets",
        "",
        f"Date: {datetime.date.today().isoformat()}. Processor: {processor()}. Model: {model}.",
        f"Python {platform.python_version()}; {', '.join(_versions())}.",
        "",
        f"Command: `{command}`",
        "",
        "Late interaction looks at the first 200 passages of dense + BM25 unless a depth is named. The rows"
        " named by weights are what `index.library.Library.search` does with those weights.",
        "",
    ]
    for name, of_set in figures.items():
        documents, questions = counts[name]
        systems = [system for system in of_set if system not in swept]
        lines += [f"## {name}: {documents:,} documents, {questions:,} questions", ""]
        lines += _table(
            ["system", *MEASURES],
            [[s, *(f"{of_set[s][measure]:.3f}" for measure in MEASURES)] for s in systems],
        )
    if swept:
        lines += ["## nDCG@10 by weights", ""]
        lines += _table(
            ["weights", *figures, "mean"],
            [[s, *_with_mean([of_set[s]["nDCG@10"] for of_set in figures.values()])] for s in swept],
        )
    return "\n".join(lines)


def processor() -> str:
    """The processor's own name, where Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0]}, {len(names)} threads" if names else platform.machine()


def _with_mean(values: Sequence[float]) -> list[str]:
    return [f"{value:.3f}" for value in (*values, sum(values) / len(values))]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    rule = ["---", *("---:" for _ in head[1:])]
    return [*(f"| {' | '.join(row)} |" for row in (head, rule, *rows)), ""]


def _versions() -> list[str]:
    return [f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES]
