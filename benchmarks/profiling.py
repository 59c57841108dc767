"""Where the time goes: ``python -m benchmarks.profiling`` (``--help`` tells the rest).

Samples of the calling thread's stack, a thousand a second, while sample questions are answered from the
bundled sample corpus and while made bulletins are added; waiting counts (for the threads of OpenVINO, for the
process that parses). Time in a library is that of the function here that called it.
"""

from __future__ import annotations

import argparse
import datetime
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import platformdirs
from pyinstrument import Profiler
from pyinstrument.frame import Frame

import corpus
from api.question_file import read_question_file
from benchmarks.ingest import ROOT, processor, write_folder
from corpus.load import Loader
from corpus.places import load_gazetteer
from corpus.types import ParsedDocument
from index.embed import open_embedder
from index.library import Library, open_library
from rag.answer import Answerer
from rag.thesaurus import load_thesaurus
from rag.types import Question

RESULTS = Path(__file__).parent / "profile.md"
QUESTIONS = Path(__file__).parent / "questions" / "sample.jsonl"
_PACKAGES = ("corpus", "index", "rag", "api")
_SHOWN = 20


def own_name(frame: Frame) -> str | None:
    """``package/module.py function`` of a frame of this project, None of any other."""
    path = Path(frame.file_path or "")
    if not path.is_relative_to(ROOT) or path.relative_to(ROOT).parts[0] not in _PACKAGES:
        return None
    return f"{path.relative_to(ROOT).as_posix()} {frame.function}"


def shares(frame: Frame, within: str, found: Counter[str]) -> None:
    """Adds the seconds of each function of ours, with those of the libraries it calls."""
    name = own_name(frame) or within
    found[name] += frame.time - sum(child.time for child in frame.children)
    for child in frame.children:
        shares(child, name, found)


def profiled(run: Callable[[], object]) -> tuple[float, Counter[str]]:
    """Seconds, and those of each function."""
    profiler = Profiler(interval=0.001)
    with profiler:
        run()
    session = profiler.last_session
    root = session.root_frame() if session else None
    if root is None:
        raise RuntimeError("no sample was taken: the run was too short")
    found: Counter[str] = Counter()
    shares(root, "elsewhere", found)
    return root.time, found


def section(title: str, found: tuple[float, Counter[str]]) -> str:
    """A table of the functions that take most."""
    whole, seconds = found
    rows = "\n".join(f"| {name} | {share / whole:.1%} |" for name, share in seconds.most_common(_SHOWN))
    return f"## {title}\n\n| | share |\n| --- | ---: |\n{rows}\n"


def fill(folder: Path, library: Library) -> None:
    """As ``jianbao add`` does, but for the report."""
    loader = Loader(load_gazetteer())
    found = loader.load(sorted(folder.glob("*.txt")))
    library.add(document for document in found if isinstance(document, ParsedDocument))
    loader.close()


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profiling", description=__doc__)
    parser.add_argument("--files", type=int, default=40)
    parser.add_argument("--cache", type=Path, default=platformdirs.user_cache_path("jianbao"))
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    embedder = open_embedder("bundled", options.cache)
    embedder.embed_document_tokens(["预热"] * 4)
    questions = read_question_file(QUESTIONS)
    with tempfile.TemporaryDirectory() as name:
        with open_library(Path(name) / "sample", embedder) as library:
            fill(Path(corpus.__file__).parent / "sample", library)
            answerer = Answerer(library, load_gazetteer(), load_thesaurus())
            answerer.answer(Question("哪些地方提到了志愿服务"))
            asking = profiled(lambda: [answerer.answer(Question(asked.text)) for asked in questions])
        made = Path(name) / "made"
        made.mkdir()
        write_folder(made, options.files)
        with open_library(Path(name) / "filled", embedder) as library:
            adding = profiled(lambda: fill(made, library))
    about = " ".join((__doc__ or "").split("\n\n")[1].split())
    text = f"""# Where the time goes

`python -m benchmarks.profiling --files {options.files}`, {datetime.date.today()}, {processor()}.

{about}

"""
    text += section(f"Answering: {1000 * asking[0] / len(questions):.0f} ms a question", asking) + "\n"
    text += section(f"Adding: {options.files / adding[0]:.1f} bulletins a second", adding)
    options.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
