"""A reply's sentences become drafts: plain ones, or rows of one place each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from corpus.place_data import short_form
from index.tokenize import normalise
from rag.binding import Binder, Source
from rag.errors import UnsupportedError
from rag.evidence import is_headline
from rag.language import is_chinese
from rag.markers import Cut, Part, read_markers, without_markers
from rag.outcome import outcome_clauses
from rag.types import DraftSentence, Evidence, Query, Rejected
from rag.unwanted import cleaned, require_wanted

_NAMED = re.compile(r"^(?P<name>[\u4e00-\u9fff0-9][\u4e00-\u9fff0-9 ]{1,20})[：:]\s*")
_PLACE_ENDS = "省市县区旗州盟镇乡村"
_LONGEST_SHOWN = 200
_MOST_SENTENCES = 8
"""Of an answer without rows; a reply that goes on is talking round the question."""


class Editor:
    """Takes the sentences of one reply as they come. ``rows`` are those of the answer without a model, by
    what they are called; without any the answer is plain. What holds comes back as a draft, what doesn't
    as rejected."""

    def __init__(
        self,
        query: Query,
        sources: Mapping[int, Source],
        rows: Mapping[str, DraftSentence],
        binder: Binder,
    ) -> None:
        self._query = query
        self._sources = sources
        self._rows = rows
        self._names = {word: name for name in rows for word in (name, short_form(name) or name)}
        self._binder = binder
        self._seen: set[str] = set()
        self._row_name = ""
        self._row: list[DraftSentence] = []
        self._done: set[str] = set()
        self.written: list[DraftSentence] = []

    @property
    def is_full(self) -> bool:
        """Whether nothing more is wanted."""
        return not self._rows and len(self.written) >= _MOST_SENTENCES

    def take(self, sentence: Cut) -> Iterator[DraftSentence | Rejected]:
        """What comes of the next sentence: a plain one at once, a row when its line ends."""
        text = cleaned(sentence.text)
        if text:
            try:
                draft = self._drafted(text)
            except UnsupportedError as error:
                yield Rejected(without_markers(text)[:_LONGEST_SHOWN], str(error))
            else:
                yield from self._kept(draft)
        if sentence.ends_line:
            yield from self.finish()

    def finish(self) -> Iterator[DraftSentence]:
        """The row that is under way, if any."""
        if self._row:
            evidence = tuple(dict.fromkeys(e for draft in self._row for e in draft.evidence))
            text = "".join(draft.text for draft in self._row)
            composed = self._rows[self._row_name]
            row = replace(composed, text=text, evidence=evidence, outcome=outcome_clauses([text]))
            self._done.add(self._row_name)
            self._row = []
            self.written.append(row)
            yield row

    def _kept(self, draft: DraftSentence) -> Iterator[DraftSentence]:
        if self._rows:
            self._row.append(draft)
        else:
            self.written.append(draft)
            yield draft

    def _drafted(self, text: str) -> DraftSentence:
        """The sentence with its quotes. Raises UnsupportedError."""
        name, text = self._take_off_name(text)
        parts = read_markers(text, len(self._sources))
        shown = "".join(part.text for part in parts)
        if self._query.language != "en" and not all(is_chinese(part.text) for part in parts):
            raise UnsupportedError("不是用提问的语言写的")
        # Told before binding, which would only say that nothing of the kind is there.
        require_wanted(shown, self._cited(parts))
        evidence = tuple(dict.fromkeys(e for part in parts for e in self._binder.bind(part, self._sources)))
        if all(is_headline(e.text) for e in evidence):
            raise UnsupportedError("所引的只是小标题")
        require_wanted(shown, "\n".join(e.text for e in evidence))
        if self._query.intent == "quote" and not _is_verbatim(shown, evidence):
            raise UnsupportedError("要的是原文，这一句改动了原文")
        key = normalise(shown)
        if key in self._seen:
            raise UnsupportedError("重复了前面的句子")
        row = self._row_of(name, evidence) if self._rows else ""
        draft = DraftSentence(shown, evidence, kind="quotation" if self._query.intent == "quote" else "plain")
        self._binder.require(draft)
        self._row_name = row
        self._seen.add(key)
        return draft

    def _cited(self, parts: Sequence[Part]) -> str:
        """The whole text of the passages cited."""
        numbers = dict.fromkeys(number for part in parts for number in part.numbers)
        return "\n".join(passage.text for number in numbers for passage in self._sources[number].passages)

    def _take_off_name(self, text: str) -> tuple[str, str]:
        """The row whose name a text begins with, and what comes after; empty where there is no name. Raises
        UnsupportedError for a place that isn't wanted."""
        match = _NAMED.match(text) if self._rows else None
        if not match:
            return "", text
        said = match["name"].replace(" ", "")
        name = self._names.get(said, "")
        if not name and said[-1] in _PLACE_ENDS:
            raise UnsupportedError("不在所列的地方之中")
        return name, text[match.end() :] if name else text

    def _row_of(self, name: str, evidence: Sequence[Evidence]) -> str:
        """The row that a sentence belongs to: the one named, the one under way, or the only one that its
        quotes are of. Raises UnsupportedError where its quotes are of another."""
        fitting = [row for row in self._rows if all(_is_of(e, self._rows[row]) for e in evidence)]
        name = name or (self._row_name if self._row else "")
        if not name and len(fitting) == 1:
            name = fitting[0]
        if name not in fitting:
            raise UnsupportedError("所引段落不是这一行所写的地方的")
        if self._row and self._row_name != name:
            raise UnsupportedError("一行写了几个地方")
        if name in self._done:
            raise UnsupportedError("这个地方前面已经写过")
        return name


def name_of(row: DraftSentence) -> str:
    """What a row is called: its place, and the year where that parts it from another of the same place."""
    return f"{row.label}{row.place or ''}".replace(" ", "")


def _is_of(evidence: Evidence, row: DraftSentence) -> bool:
    """Whether a quote speaks of a row's place, and of its year where the row has one (its label)."""
    return any(
        evidence.passage.place == own.passage.place
        and (not row.label or evidence.passage.document_id == own.passage.document_id)
        for own in row.evidence
    )


def _is_verbatim(text: str, evidence: Sequence[Evidence]) -> bool:
    """Whether a text stands in its quotes, but for white space and marks around it."""
    wanted = re.sub(r"\s+", "", text).strip("“”\"'。，；")
    return wanted in re.sub(r"\s+", "", "".join(e.text for e in evidence))
