"""The command line of the benchmark."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import platformdirs

from benchmarks.retrieval.embedder import AheadEmbedder
from benchmarks.retrieval.report import report
from benchmarks.retrieval.run import Figures, measure_set
from benchmarks.retrieval.sets import read_set
from benchmarks.retrieval.systems import baselines, sweep
from index.embed import open_embedder

RESULTS = Path(__file__).parent / "results.md"


def main(arguments: list[str] | None = None) -> int:
    """Measure and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval", description=__doc__)
    parser.add_argument("sets_folder", type=Path, help="folder that holds a folder for each set")
    parser.add_argument("--sets", nargs="+", help="names of sets; all of the folder without it")
    parser.add_argument("--sample", type=int, default=1000, help="questions of each set (fixed seed)")
    parser.add_argument("--full", action="store_true", help="all questions of each set")
    parser.add_argument("--no-sweep", action="store_true", help="leave the sweep over weights out")
    parser.add_argument("--cache", type=Path, default=platformdirs.user_cache_path("jianbao") / "benchmark")
    parser.add_argument("--model", default="bundled")
    parser.add_argument("--model-cache", type=Path, default=platformdirs.user_cache_path("jianbao"))
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    folders = sorted(path.parent for path in options.sets_folder.glob("*/corpus.jsonl"))
    chosen = [folder for folder in folders if not options.sets or folder.name in options.sets]
    if not chosen:
        parser.error(f"no set found in {options.sets_folder}")
    embedder = AheadEmbedder(open_embedder(options.model, options.model_cache))
    swept = [] if options.no_sweep else list(sweep())
    figures: dict[str, Figures] = {}
    counts: dict[str, tuple[int, int]] = {}
    for folder in chosen:
        found = read_set(folder).sample(None if options.full else options.sample)
        counts[found.name] = len(found.documents), len(found.queries)
        figures[found.name] = measure_set(found, [*baselines(), *swept], embedder, options.cache)
    asked = ["--full"] if options.full else ["--sample", str(options.sample)]
    asked += ["--sets", *options.sets] if options.sets else []
    command = " ".join(["python -m benchmarks.retrieval FOLDER", *asked])
    names = [system.name for system in swept]
    text = report(figures, counts, command, embedder.identity.name, names)
    options.output.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
