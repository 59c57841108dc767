"""The command line of the benchmark: python -m benchmarks.check [--output FILE] [--details]"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import platformdirs

import corpus
from benchmarks.check.measure import SETS, Outcome, flagged, measure
from corpus.formats import FileParser
from corpus.places import load_gazetteer
from index.embed import open_embedder
from index.library import open_library
from rag.check import Checker

_SORTS = {"true": "同一句，未埋错", "rewritten": "数字换了写法", "unsaid": "简报没有说到"}
_SETS = {
    "first": "第一组：调整时用的句子",
    "unseen": "第二组：另写的句子（首测之后也看过、改过规则）",
    "spoken": "第三组：讲话口吻的句子",
}


def main(arguments: list[str] | None = None) -> int:
    """Measure and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check", description=__doc__)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--model", default="bundled")
    parser.add_argument("--model-cache", type=Path, default=platformdirs.user_cache_path("jianbao"))
    parser.add_argument("--output", type=Path, help="a file for the report; stdout without it")
    parser.add_argument("--details", action="store_true", help="show what went wrong")
    options = parser.parse_args(arguments)
    gazetteer = load_gazetteer()
    parse = FileParser(gazetteer).parse
    sample = sorted((Path(corpus.__file__).parent / "sample").glob("*.txt"))
    lines = ["# 核稿：查出多少错，错怪多少句", ""]
    embedder = open_embedder(options.model, options.model_cache)
    with tempfile.TemporaryDirectory() as folder, open_library(Path(folder), embedder) as library:
        library.add(parse(path.read_bytes(), path.name) for path in sample)
        checker = Checker(library, gazetteer)
        for name in options.sets:
            found = measure(checker, name)
            lines += [f"## {_SETS[name]}", "", *_table(found), ""]
            if options.details:
                _show_details(found)
    report = "\n".join(lines)
    if options.output:
        options.output.write_text(report, encoding="utf-8")
    else:
        sys.stdout.write(report)
    return 0


def _table(found: Mapping[str, Sequence[Outcome]]) -> list[str]:
    kinds: dict[str, list[Outcome]] = defaultdict(list)
    for one in found["planted"]:
        kinds[one.kind].append(one)
    rows = [_planted_row(f"埋错：{kind}", of) for kind, of in kinds.items()]
    rows.append(_planted_row("**埋错合计**", found["planted"]))
    for sort, words in _SORTS.items():
        of = found[sort]
        confirmed = sum(o.confirmed for o in of)
        rows.append(f"| {words} | {len(of)} | {flagged(of)} | 处处一致的 {confirmed} |")
    return ["| 句子 | 句数 | 判为不一致 | 正在埋错处 |", "|---|---|---|---|", *rows]


def _planted_row(words: str, outcomes: Sequence[Outcome]) -> str:
    at_place = sum(o.at_place for o in outcomes)
    return f"| {words} | {len(outcomes)} | {flagged(outcomes)} | {at_place} |"


def _show_details(found: Mapping[str, Sequence[Outcome]]) -> None:
    """Planted errors that were missed, and sentences that were wrongly flagged, with their findings."""
    for sort, outcomes in found.items():
        for one in outcomes:
            if one.at_place if sort == "planted" else not one.flagged:
                continue
            sys.stderr.write(f"{sort} {one.id} {one.text}\n")
            for f in one.findings:
                sys.stderr.write(f"    {f.kind} {f.verdict}: {f.text} / {f.found} {f.note}\n")


if __name__ == "__main__":
    sys.exit(main())
