"""For a piece of a draft, the passage of the bulletins that it draws on, if any."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from corpus.places import Gazetteer
from corpus.sentences import split_sentences
from corpus.types import Article, Document, Passage
from index import tokenize
from index.errors import PassageNotFoundError
from index.library import Library
from index.types import Filters, Leg, SearchRequest
from rag.agreement import agreement
from rag.alignment import Figure, likeness_of, read_figures
from rag.checking.cells import figures_in_rows, is_in_row
from rag.checking.draft import Piece
from rag.claims import Claim, find_claims, plain_name
from rag.quantities import find_quantities
from rag.table import Table, tables_at
from rag.topic import GENERIC_WORDS

_WEIGHTS: tuple[tuple[Leg, float], ...] = (("dense", 0.3), ("lexical", 0.7))
_EVERYWHERE, _IN_PLACE = 12, 6
_FACTS, _PLACE = 0.6, 0.2
_PART = 0.5
_MOST_WORDS, _HALF_THE_WORDS, _SOME_WORDS = 0.75, 0.4, 0.25
_ENOUGH_WORDS = 4
_HALF = 0.5
_LIKE = 0.15
_NAMING = ("term", "title", "name", "organisation")
_NUMERAL = re.compile(r"[\d.,%一二两三四五六七八九十百千万亿余多]+")


class Source:
    """A passage with what is read of it to compare: sentences, figures, names."""

    def __init__(self, passage: Passage, article: Article, document: Document, gazetteer: Gazetteer) -> None:
        self.passage = passage
        self.article = article
        self.document = document
        self._gazetteer = gazetteer

    @cached_property
    def places(self) -> frozenset[str]:
        """The place it is about and those above it, full names, and those that its text names."""
        names = [self.passage.place or "", self.article.place or ""]
        known = [place for name in names if name and (place := self._gazetteer.resolve(name, names))]
        named = [p for claim in self.claims if claim.kind == "place" for p in claim.names]
        return frozenset([*filter(None, names), *(n for p in known for n in p.parents), *named])

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Spans within the passage's text."""
        return split_sentences(self.passage.text)

    @cached_property
    def claims(self) -> list[Claim]:
        context = [name for name in (self.article.place, self.document.issuer) if name]
        return find_claims(self.passage.text, self._gazetteer, context)

    def figures_for(self, piece: Piece) -> list[Figure]:
        """All of its sentences, an 一个 too; of the rows of a table those that ``piece`` speaks of."""
        return self._figures + figures_in_rows(self.passage, self._tables, piece)

    @cached_property
    def _tables(self) -> list[Table]:
        p = self.passage
        return tables_at(self.document.text, p.start, p.end) if "\t" in p.text else []

    @cached_property
    def _figures(self) -> list[Figure]:
        spans = [(c.start, c.end) for c in self.claims if c.kind == "place"]
        found = read_figures(self.passage.text, find_quantities(self.passage.text), spans)
        return [figure for figure in found if not is_in_row(self.passage, figure.quantity.start)]

    @cached_property
    def plain(self) -> str:
        """Text, title and headings as index terms see them."""
        p = self.passage
        return tokenize.normalise("\n".join([p.title, *p.heading, p.text]))

    @cached_property
    def names(self) -> str:
        """All that may hold a name, in the plain form of names."""
        p = self.passage
        document = self.document
        around = [p.title, *p.heading, self.article.author, document.title, document.series, document.issuer]
        return plain_name("\n".join([p.text, *(part for part in around if part)]))

    def sentences_of_several(self, figures: Sequence[Figure], own: Sequence[Figure]) -> set[tuple[int, int]]:
        """The sentences in which two of ``figures`` or more stand, as ``own`` tells: that is no chance."""
        numbers: dict[tuple[int, int], set[int]] = {}
        for number, figure in enumerate(figures):
            for mine in own:
                if agreement(figure.quantity, mine.quantity):
                    numbers.setdefault(self.sentence_at(mine.quantity.start), set()).add(number)
        return {sentence for sentence, found in numbers.items() if len(found) > 1}

    def sentence_at(self, offset: int) -> tuple[int, int]:
        """The sentence around an offset of the passage's text."""
        return next((s for s in self.sentences if s[0] <= offset < s[1]), (0, len(self.passage.text)))


@dataclass(frozen=True, slots=True)
class Found:
    """A source and how well it fits a piece. ``coverage``: the share of the piece's words in it, by rarity;
    ``facts``: the share of its figures and names that stand there (None: it has none); ``words``: how many
    telling words it has; ``borne_out``: how many of its figures and names stand there."""

    source: Source
    coverage: float
    facts: float | None
    score: float
    words: int
    borne_out: int

    @property
    def is_strong(self) -> bool:
        """Whether it is surely this that the piece draws on."""
        by_words = self.coverage >= _MOST_WORDS and self.words >= _ENOUGH_WORDS
        return by_words or (self.coverage >= _SOME_WORDS and (self.facts or 0.0) >= _HALF)

    @property
    def is_near(self) -> bool:
        """Whether it speaks of the same thing, as far as words can tell."""
        return self.coverage >= _HALF_THE_WORDS or (self.facts or 0.0) >= _HALF


@dataclass(slots=True)
class SourceFinder:
    """Finds sources; remembers what it has read of passages. For one check of one draft."""

    library: Library
    gazetteer: Gazetteer
    _documents: dict[str, tuple[Document, Mapping[int, Article]]] = field(default_factory=dict)
    _sources: dict[str, Source] = field(default_factory=dict)

    def find(self, piece: Piece, document_id: str | None = None) -> list[Found]:
        """Best first; of one document where its id is given."""
        words = self._words(piece)
        places = piece.places or piece.carried
        sources = self._candidates(piece.text, places, (document_id,) if document_id else ())
        figures = read_figures(
            piece.text,
            [c.quantity for c in piece.claims if c.quantity],
            [(c.start, c.end) for c in piece.claims if c.kind == "place"],
        )
        found = [self._judge(source, piece, words, figures, places) for source in sources]
        return sorted(found, key=lambda f: (-f.score, f.source.passage.id))

    def source(self, passage: Passage) -> Source:
        if passage.id not in self._sources:
            document, articles = self._document(passage.document_id)
            if passage.article not in articles:
                raise PassageNotFoundError(f"段落 {passage.id} 刚被替换，请再核对一次。")
            self._sources[passage.id] = Source(passage, articles[passage.article], document, self.gazetteer)
        return self._sources[passage.id]

    def neighbours(self, source: Source) -> list[Source]:
        """The other passages of the same article."""
        key = source.passage.article_key
        passages = self.library.document(key[0]).passages
        return [self.source(p) for p in passages if p.article == key[1] and p.id != source.passage.id]

    def opening(self, article: Article) -> tuple[Document, Passage]:
        """The document of an article, and its first passage."""
        parsed = self.library.document(article.document_id)
        own = (p for p in parsed.passages if p.article == article.ordinal)
        return parsed.document, next(own, parsed.passages[0])

    def _candidates(self, text: str, places: Sequence[str], document_ids: tuple[str, ...]) -> list[Source]:
        filters = Filters(document_ids=document_ids)
        hits = self.library.search(SearchRequest(text, filters, _EVERYWHERE, _WEIGHTS))
        if places:
            inside = replace(filters, places=tuple(places))
            hits += self.library.search(SearchRequest(text, inside, _IN_PLACE, _WEIGHTS))
        return [self.source(passage) for passage in {hit.passage.id: hit.passage for hit in hits}.values()]

    def _document(self, document_id: str) -> tuple[Document, Mapping[int, Article]]:
        if document_id not in self._documents:
            parsed = self.library.document(document_id)
            self._documents[document_id] = parsed.document, {a.ordinal: a for a in parsed.articles}
        return self._documents[document_id]

    def _words(self, piece: Piece) -> dict[str, float]:
        """The content words of a piece and their rarity, without its places and figures."""
        text = list(piece.text)
        for claim in piece.claims:
            if claim.kind in {"figure", "date"} or (claim.kind == "place" and not claim.key):
                text[claim.start : claim.end] = "，" * (claim.end - claim.start)
        runs = tokenize.content_runs(tokenize.normalise("".join(text)))
        words = [w for run in runs for w in run if len(w) > 1 and not _NUMERAL.fullmatch(w)]
        rarity = self.library.rarity(list(dict.fromkeys(words)))
        return {w: r * (0.3 if w in GENERIC_WORDS else 1.0) for w, r in rarity.items()}

    def _judge(
        self,
        source: Source,
        piece: Piece,
        words: Mapping[str, float],
        figures: Sequence[Figure],
        places: Sequence[str],
    ) -> Found:
        total = sum(words.values())
        held = sum(rare * _held(word, source.plain) for word, rare in words.items())
        coverage = held / total if total else 0.0
        hits = _facts(source, piece, figures)
        facts = sum(hits) / len(hits) if hits else None
        here = bool(source.places & set(places)) if places else False
        score = coverage + _FACTS * (facts or 0.0) + _PLACE * here
        telling = len(words.keys() - GENERIC_WORDS)
        return Found(source, coverage, facts, score, telling, sum(hits))


def _held(word: str, plain: str) -> float:
    """1 where a word stands in a text; a part where most of a longer one does."""
    if word in plain:
        return 1.0
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    return _PART * sum(pair in plain for pair in pairs) / len(pairs) if len(pairs) > 1 else 0.0


def _facts(source: Source, piece: Piece, figures: Sequence[Figure]) -> list[bool]:
    """A figure counts where an agreeing one stands in like surroundings, or beside another that agrees; a
    name where it stands at all."""
    named = [c for c in piece.claims if c.kind in _NAMING or (c.kind == "place" and c.key)]
    hits = [any(name in source.names for name in map(plain_name, c.names)) for c in named]
    own = source.figures_for(piece) if figures else []
    together = source.sentences_of_several(figures, own)
    for figure in figures:
        agreeing = [s for s in own if agreement(figure.quantity, s.quantity)]
        is_alike = any(likeness_of(figure, s) >= _LIKE for s in agreeing)
        hits.append(is_alike or any(source.sentence_at(s.quantity.start) in together for s in agreeing))
    return hits
