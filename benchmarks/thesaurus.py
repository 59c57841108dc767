"""What to look over after editing the thesaurus: python -m benchmarks.thesaurus TEXTS [TEXTS ...]

TEXTS are folders of .txt, or .jsonl with a text in each line. Lists the terms that stand in several groups,
those that stand in many paragraphs of the texts (they drag in everything), and those that mostly stand
across the words of the texts (the 民需 of 居民需求); then how long loading and looking up take.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import rjieba

from index.tokenize import normalise
from rag.standing import TermFinder
from rag.thesaurus import Group, load_thesaurus

QUESTION = "哪些县为快递小哥和外卖骑手建了驿站，老人吃饭怎么解决，夜校有多少课程？"
_COMMON = 0.2
_ACROSS, _LEAST_SEEN = 0.5, 3


def groups_of(groups: Iterable[Group]) -> dict[str, list[str]]:
    """{Chinese term, normalised: names of its groups}."""
    found: dict[str, list[str]] = {}
    for group in groups:
        for term in (group.name, *group.same, *group.narrower, *group.lay):
            found.setdefault(normalise(term), []).append(group.name)
    return found


def common_terms(terms: Iterable[str], paragraphs: Sequence[str]) -> dict[str, float]:
    """Terms that stand in more than a fifth of the (normalised) paragraphs, and in what share."""
    finder = TermFinder(frozenset(terms))
    counts: Counter[str] = Counter()
    for paragraph in paragraphs:
        counts.update({term for _, term in finder.find(paragraph)})
    shares = {term: count / len(paragraphs) for term, count in counts.most_common()}
    return {term: share for term, share in shares.items() if share > _COMMON}


def across_words(terms: Iterable[str], paragraphs: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Terms of up to three characters of which most occurrences begin or end inside a word: (those, all)."""
    finder = TermFinder(frozenset(term for term in terms if len(term) <= 3))
    seen: Counter[str] = Counter()
    across: Counter[str] = Counter()
    for paragraph in paragraphs:
        bounds = set(_bounds(paragraph))
        for place, term in finder.find(paragraph):
            seen[term] += 1
            across[term] += not {place, place + len(term)} <= bounds
    return {
        term: (count, seen[term])
        for term, count in across.most_common()
        if seen[term] >= _LEAST_SEEN and count > _ACROSS * seen[term]
    }


def _bounds(text: str) -> Iterator[int]:
    place = 0
    for word in rjieba.cut(text):
        yield place
        place += len(word)
    yield place


def read_paragraphs(sources: Iterable[Path]) -> list[str]:
    """Normalised, of ten characters and more."""
    texts: list[str] = []
    for source in sources:
        if source.suffix == ".jsonl":
            lines = source.read_text(encoding="utf-8").splitlines()
            texts += [str(json.loads(line).get("text", "")) for line in lines]
        else:
            texts += [path.read_text(encoding="utf-8") for path in sorted(source.glob("*.txt"))]
    found = (normalise(part).strip() for text in texts for part in text.split("\n\n"))
    return [paragraph for paragraph in found if len(paragraph) >= 10]


def _milliseconds(work: Callable[[], object], times: int = 9) -> float:
    def once() -> float:
        started = time.perf_counter()
        work()
        return 1000 * (time.perf_counter() - started)

    return min(once() for _ in range(times))


def _show(title: str, rows: Mapping[str, object]) -> None:
    print(f"\n{title}（{len(rows)}）")
    for term, told in rows.items():
        print(f"  {term}　{told}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path, nargs="+")
    paragraphs = read_paragraphs(parser.parse_args().texts)
    thesaurus = load_thesaurus()
    terms = groups_of(thesaurus.groups)
    print(f"{len(thesaurus.groups)} 组，{len(terms)} 个中文词；{len(paragraphs)} 段文字。")
    _show("在三组以上的词", {term: "、".join(names) for term, names in terms.items() if len(names) > 2})
    _show("超过两成段落都有的词", {t: f"{s:.0%}" for t, s in common_terms(terms, paragraphs).items()})
    crossing = across_words(terms, paragraphs)
    _show("多半跨在别的词上的词", {t: f"{bad}/{n}　{terms[t][0]}" for t, (bad, n) in crossing.items()})
    load, look_up = _milliseconds(load_thesaurus), _milliseconds(lambda: thesaurus.expand(QUESTION), 50)
    print(f"\n读入 {load:.0f} 毫秒，查一个问题 {look_up:.2f} 毫秒。")


if __name__ == "__main__":
    main()
