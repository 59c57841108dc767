"""What each part is worth: the figures of a question file with that part switched off.

python -m benchmarks.ablation BULLETINS QUESTIONS [--model-cache FOLDER] [--output FILE]
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import platformdirs

from api.question_file import read_question_file
from corpus.load import Loader
from corpus.places import load_gazetteer
from corpus.types import ParsedDocument
from index.embed import open_embedder
from index.library import Library, open_library
from rag import answer as answer_module
from rag import found as found_module
from rag import retrieve as retrieve_module
from rag.answer import Answerer
from rag.evaluation.run import Evaluator
from rag.evaluation.scores import summarise
from rag.evaluation.types import EvaluationQuestion
from rag.found import order_passages
from rag.thesaurus import Thesaurus, load_thesaurus
from rag.types import Query

COLUMNS = ("recall@5", "recall@10", "mrr", "list-f1", "facts", "refused", "wrongly refused")


def parts() -> dict[str, Callable[[], AbstractContextManager[object]]]:
    """Name of a part and what switches it off; the thesaurus is switched off by an empty one instead."""
    hybrid = (("dense", 0.5), ("lexical", 0.5))
    intents = retrieve_module.WEIGHTS

    def weights(legs: tuple[tuple[str, float], ...]) -> AbstractContextManager[object]:
        return patch.dict(intents, dict.fromkeys(intents, legs))

    return {
        "全部": contextlib.nullcontext,
        "去掉晚交互的召回（仍用于挑句）": lambda: weights(hybrid),
        "去掉向量": lambda: weights((("lexical", 0.3), ("late", 0.7))),
        "去掉词语（BM25）": lambda: weights((("dense", 0.3), ("late", 0.7))),
        "去掉按句重排": lambda: patch.object(found_module, "order_passages", _as_retrieved),
        "去掉换词再问": lambda: patch.object(answer_module, "topic_variants", lambda *_, **__: ()),
        "去掉答案种类": lambda: patch.object(answer_module, "expected_answers", lambda _: ()),
        "去掉拒答": lambda: patch.object(answer_module, "find_fault", lambda *_: None),
        "去掉地点范围": _without_places,
    }


def _as_retrieved(retrieved: object, inside: object, used: Sequence[str], limit: int) -> object:
    return order_passages(retrieved, (), (), limit)  # type: ignore[arg-type]


@contextlib.contextmanager
def _without_places() -> Iterator[None]:
    read = answer_module.QuestionReader.read

    def reading(self: object, *arguments: object) -> Query:
        query: Query = read(self, *arguments)  # type: ignore[arg-type]
        return replace(query, places=())

    with patch.object(answer_module.QuestionReader, "read", reading):
        yield


def measure(
    library: Library, questions: Sequence[EvaluationQuestion]
) -> Iterator[tuple[str, dict[str, float]]]:
    """A row of figures for everything, and for each part left out."""
    gazetteer, thesaurus = load_gazetteer(), load_thesaurus()

    def figures(terms: Thesaurus) -> dict[str, float]:
        summary = summarise(list(Evaluator(Answerer(library, gazetteer, terms), library).rows(questions)))
        return {name: value for name, value in summary.figures.items() if value is not None}

    for name, switch_off in parts().items():
        with switch_off():
            yield name, figures(thesaurus)
    yield "去掉同义词表", figures(Thesaurus(()))


def main() -> None:
    """Prints a Markdown table, and writes it where told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bulletins", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--model-cache", type=Path, default=platformdirs.user_cache_path("jianbao"))
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    questions = read_question_file(arguments.questions)
    lines = [
        f"{datetime.date.today()}，{arguments.questions.name}，{len(questions)} 题。",
        "",
        f"| | {' | '.join(COLUMNS)} |",
        f"| --- |{' ---: |' * len(COLUMNS)}",
    ]
    loader = Loader(load_gazetteer())
    with tempfile.TemporaryDirectory() as folder:
        library = open_library(Path(folder), open_embedder("bundled", arguments.model_cache))
        paths = sorted(arguments.bulletins.glob("*.txt"))
        library.add([d for d in loader.load(paths) if isinstance(d, ParsedDocument)])
        for name, figures in measure(library, questions):
            cells = (f"{figures[c]:.3f}" if c in figures else "–" for c in COLUMNS)
            lines.append(f"| {name} | {' | '.join(cells)} |")
            print(lines[-1], flush=True)
        library.close()
    loader.close()
    if arguments.output:
        arguments.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
