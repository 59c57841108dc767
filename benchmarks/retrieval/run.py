"""One set: its library is made (or found in the cache), its questions asked, the systems measured."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.retrieval.embedder import AheadEmbedder
from benchmarks.retrieval.measure import measure
from benchmarks.retrieval.sets import RetrievalSet
from benchmarks.retrieval.systems import Ranking, System, leg_scores
from corpus.sentences import split_sentences
from index import inputs
from index.library import Library, open_library

_BATCH = 512

Figures = dict[str, dict[str, float]]
"""{system: {measure: value}}"""

_LOGGER = logging.getLogger(__name__)


def measure_set(
    found: RetrievalSet, systems: Iterable[System], embedder: AheadEmbedder, cache: Path
) -> Figures:
    """Every system on the set's queries; the library is kept in ``cache`` for the next time."""
    systems = list(systems)
    rankings: dict[str, dict[str, Ranking]] = {system.name: {} for system in systems}
    with filled_library(found, embedder, cache) as library:
        queries = list(found.queries.items())
        for first in range(0, len(queries), _BATCH):
            batch = queries[first : first + _BATCH]
            embedder.prepare([text for _, text in batch])
            for key, text in batch:
                legs = leg_scores(library, text)
                for system in systems:
                    rankings[system.name][key] = system.rank(legs)
            _LOGGER.info("%s: %d of %d questions", found.name, first + len(batch), len(queries))
    return {name: measure(ranking, found.relevance) for name, ranking in rankings.items()}


def filled_library(found: RetrievalSet, embedder: AheadEmbedder, cache: Path) -> Library:
    """The set's library, in a folder named by everything its vectors depend on."""
    library = open_library(cache / f"{found.name}-{_key(found, embedder)}", embedder)
    held = {record.id for record in library.documents()}
    missing = [parsed for parsed in found.documents if parsed.document.id not in held]
    if missing:
        library.add(missing, _progress(found.name))
        lost = len(found.documents) - len(library.documents())
        if lost:
            _LOGGER.warning("%s: %d documents were taken for copies of others", found.name, lost)
    return library


def _key(found: RetrievalSet, embedder: AheadEmbedder) -> str:
    key = hashlib.sha256(embedder.identity.fingerprint.encode())
    for parsed in found.documents:
        for passage in parsed.passages:
            key.update(inputs.passage_input(passage).encode())
            for start, end in split_sentences(passage.text):
                key.update(inputs.sentence_input(passage, passage.text[start:end]).encode())
    return key.hexdigest()[:12]


def _progress(name: str) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        if done % 500 == 0:
            _LOGGER.info("%s: %d of %d documents", name, done, total)

    return tell
