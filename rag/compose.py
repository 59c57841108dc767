"""Answers without a model: the bulletins' own sentences, chosen and ordered by what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from types import MappingProxyType

from corpus.place_data import short_form
from index import tokenize
from rag.evidence import is_headline
from rag.expected import Expected, asking_clauses, expected_answers
from rag.figure import LEAST_FIT, counts, figure_clauses, figure_fit
from rag.frames import Frame, frame_of, joined
from rag.intent import strip_words_of_asking
from rag.judge import Verdict
from rag.openings import with_opening
from rag.outcome import outcome_clauses
from rag.place_names import named_in_title
from rag.quoting import quotations
from rag.table import read_out
from rag.topic import GENERIC_WORDS
from rag.types import DraftSentence, Evidence, Language, Query

_NO_YEARS: Mapping[str, int] = MappingProxyType({})
_LONGEST_ANSWER = 225
_MOST_SENTENCES = 3
_LOOKED_AT = 12
_NEAR_BEST = 0.78
_MOST_OF_A_SIDE, _NEAR_OF_A_SIDE, _LONGEST_SIDE = 4, 0.4, 400
_MUCH, _LEAST_NEW = 0.4, 2


def compose(
    query: Query,
    evidence: Sequence[Evidence],
    expected: Sequence[Expected] = (),
    years: Mapping[str, int] = _NO_YEARS,
) -> list[DraftSentence]:
    """Draft sentences in the order they are to be read; ``evidence`` comes best first, ``expected`` is what
    the answer must hold, ``years`` those of the documents by id. Empty where there is no evidence."""
    drafts = _drafts(query, evidence, expected, years) if evidence else []
    return [replace(draft, text=read_out(draft.text)) for draft in drafts]


def _drafts(
    query: Query, evidence: Sequence[Evidence], expected: Sequence[Expected], years: Mapping[str, int]
) -> list[DraftSentence]:
    if query.intent == "compare":
        return _compare(query, evidence, years)
    if query.intent == "quote":
        return quotations(query, evidence)
    chosen = _with_each_asked(_covering(_best(evidence), evidence, query, expected), evidence, query)
    drafts = _plain(chosen, name_places=not query.places)
    if query.intent == "figure":
        return [*_figure(query, chosen, expected, drafts), *drafts]
    return drafts


def compose_list(verdicts: Sequence[Verdict], language: Language = "zh-Hans") -> list[DraftSentence]:
    """A line that sums up, a row per place, and the near misses, told apart."""
    sure = [v for v in verdicts if v.sure]
    if not sure:
        return []
    frame = frame_of(language)
    first = tuple(v.evidence[0] for v in sure)
    text = frame.lead.format(
        count=len(sure), places=joined([named_in_title(v.place, v.evidence) for v in sure], frame)
    )
    lead = DraftSentence(text, first, kind="lead")
    rows = [_row(v.place, v.evidence) for v in sure]
    doubtful = [
        DraftSentence(
            read_out(v.evidence[0].text), v.evidence[:1], v.place, "doubtful", v.label or frame.doubtful
        )
        for v in verdicts
        if not v.sure
    ]
    return [lead, *rows, *doubtful]


def _row(place: str, evidence: Sequence[Evidence], label: str = "") -> DraftSentence:
    """What is said of one place, in the order it is said there."""
    ordered = with_opening(_in_reading_order(evidence))
    text = "".join(read_out(e.text) for e in ordered)
    outcome = outcome_clauses([e.text for e in ordered])
    return DraftSentence(text, ordered, place, "item", label, outcome)


def _figure(
    query: Query, chosen: Sequence[Evidence], expected: Sequence[Expected], drafts: Sequence[DraftSentence]
) -> list[DraftSentence]:
    """The clauses with the figures that were asked for, before the sentences they are cut out of; nothing
    where the answer begins with them anyway."""
    found: dict[str, Evidence] = {}
    # first where a clause names what is counted (服务7100位老人, before 600个家庭, where 多少老人 is asked)
    for piece in sorted(chosen, key=lambda p: not any(counts(p.text, query.text, one) for one in expected)):
        for clause in figure_clauses(piece.text, query.text, expected):
            found.setdefault(clause, piece)
        if found and len(expected) < 2:
            break
    if not found or drafts[0].text.startswith(tuple(found)):
        return []
    frame = frame_of(query.language)
    evidence = tuple(dict.fromkeys(found.values()))
    place = drafts[0].place if drafts[0].evidence == evidence else None
    return [DraftSentence("；".join(found) + frame.stop, evidence, place, "figure")]


def _plain(chosen: Sequence[Evidence], *, name_places: bool) -> list[DraftSentence]:
    """In reading order. ``name_places``: a sentence that doesn't say where it speaks of gets its place before
    it, where the one before didn't have the same; and the best one what its brief begins with."""
    if name_places:
        own = [e for e in chosen if e.passage.id == chosen[0].passage.id]
        others = [e for e in chosen if e not in own]
        chosen = [*with_opening(_in_reading_order(own)), *others]
    ordered = _in_reading_order(chosen)
    drafts: list[DraftSentence] = []
    named: str | None = None
    for e in ordered:
        place = e.passage.place if name_places else None
        is_said = place is not None and (short_form(place) or place) in e.text
        drafts.append(DraftSentence(e.text, (e,), None if is_said or place == named else place))
        named = place
    return drafts


def _in_reading_order(evidence: Sequence[Evidence]) -> list[Evidence]:
    return sorted(evidence, key=lambda e: (e.passage.document_id, e.start))


def _best(
    evidence: Sequence[Evidence],
    most: int = _MOST_SENTENCES,
    near: float = _NEAR_BEST,
    longest: int = _LONGEST_ANSWER,
) -> list[Evidence]:
    """The best sentence, and up to ``most`` with it that come near it and don't make the answer long. A
    headline says little by itself: only where there is nothing else."""
    evidence = [e for e in evidence if not is_headline(e.text)] or evidence
    chosen = [evidence[0]]
    length = len(evidence[0].text)
    for candidate in evidence[1:]:
        if len(chosen) == most or candidate.score < evidence[0].score * near:
            break
        if length + len(candidate.text) <= longest:
            chosen.append(candidate)
            length += len(candidate.text)
    return chosen


def _covering(
    chosen: list[Evidence], evidence: Sequence[Evidence], query: Query, expected: Sequence[Expected]
) -> list[Evidence]:
    """``chosen`` with a sentence more for each of several things asked for that none of them holds, where a
    good one does, or where none counts the one thing that is counted and another of the first one's article
    does; the last of the others give way, so that the answer stays short."""
    if query.intent != "figure" or not expected:
        return chosen
    looked_at = evidence[:_LOOKED_AT]
    needed: list[Evidence] = []
    if len(expected) == 1:
        needed = _counting(chosen, looked_at, query, expected[0]) or (
            _only_price(chosen[0], looked_at, expected[0])
        )
    else:
        for asked, one in _asked_apart(query.text, expected):
            if not any(figure_fit(e.text, asked, [one]) >= LEAST_FIT for e in (*chosen[:1], *needed)):
                pool = [e for e in looked_at if figure_fit(e.text, asked, [one]) >= LEAST_FIT]
                own = [e for e in pool if e.passage.article_key == chosen[0].passage.article_key]
                needed += (own or pool or _only_price(chosen[0], looked_at, one))[:1]
    rest = [e for e in chosen[1:] if e not in needed]
    return [*chosen[:1], *needed, *rest][:_MOST_SENTENCES]


def _only_price(best: Evidence, evidence: Sequence[Evidence], one: Expected) -> list[Evidence]:
    """The one sentence of the best one's passage with an amount of money, where that is asked for, in words
    of the asker's own (学一门课多少钱: 每门12课时只收50元)."""
    own = [e for e in evidence if e.passage.id == best.passage.id and one.pattern.search(e.text)]
    return own if one.is_of_money and len(own) == 1 and one.is_once_in(own[0].text) else []


def _asked_apart(question: str, expected: Sequence[Expected]) -> list[tuple[str, Expected]]:
    """Each thing expected with the clause that asks for it, where each clause asks for one."""
    clauses = [(clause, expected_answers(clause)) for clause in asking_clauses(question)]
    apart = [(clause, ones[0]) for clause, ones in clauses if len(ones) == 1]
    return apart if len(apart) == len(clauses) > 1 else [(question, one) for one in expected]


def _with_each_asked(
    chosen: Sequence[Evidence], evidence: Sequence[Evidence], query: Query
) -> list[Evidence]:
    """``chosen`` with a sentence more of the first one's article for a second question in one (分几档？评为哪
    一档会被清出) that shares next to nothing with them and much with it."""
    asking = asking_clauses(query.text)
    own = [e for e in evidence[:_LOOKED_AT] if e.passage.article_key == chosen[0].passage.article_key]
    found = list(chosen)
    for clause in asking if len(asking) > 1 else ():
        asked = _telling_words(strip_words_of_asking(clause))
        words = {word for word in asked if not any(word in place for place in query.places)}
        told = set().union(*(_held(words, e) for e in found))
        new = {e: len(_held(words, e) - told) for e in own if not is_headline(e.text)}
        best = max(new, key=lambda e: new[e], default=None)
        if best and new[best] >= max(min(_LEAST_NEW, len(words)), _MUCH * len(words), 1):
            found.append(best)
    return found[:_MOST_SENTENCES]


def _telling_words(text: str) -> set[str]:
    """The words of ``text`` that not any bulletin holds."""
    return {w for w in tokenize.query_words(text) if len(w) > 1 and w not in GENERIC_WORDS}


def _held(words: Set[str], piece: Evidence) -> Set[str]:
    plain = tokenize.normalise(piece.text)
    return {word for word in words if word in plain}


def _counting(
    chosen: Sequence[Evidence], evidence: Sequence[Evidence], query: Query, one: Expected
) -> list[Evidence]:
    """The best sentence of the first one's article that counts what is asked for, where none of ``chosen``
    does."""
    found = [e for e in evidence if counts(e.text, query.text, one)]
    if any(e in chosen for e in found):
        return []
    return [e for e in found if e.passage.article_key == chosen[0].passage.article_key][:1]


def _compare(query: Query, evidence: Sequence[Evidence], years: Mapping[str, int]) -> list[DraftSentence]:
    """Each side's best sentences, in the order the question names them. One place (or none) in several years
    has a side for each year, oldest first: those that are named, else those of the bulletins that tell."""
    asked = sorted(query.filters.years) if len(query.filters.years) > 1 else []
    if not asked and len(query.places) == 1:
        asked = sorted({years[e.passage.document_id] for e in evidence if e.passage.document_id in years})
    frame = frame_of(query.language)
    drafts: list[DraftSentence] = []
    for place in query.places or ("",):
        for year in asked or [0]:
            side = [
                e
                for e in evidence
                if place in {"", e.passage.place} and year in {0, years.get(e.passage.document_id)}
            ]
            if side:
                best = _best(side, _MOST_OF_A_SIDE, _NEAR_OF_A_SIDE, _LONGEST_SIDE)
                best = _with_each_aspect(best, side, query)
                drafts.append(_row(place or best[0].passage.place or "", best, _label(frame, year)))
    return drafts or _plain(_best(evidence), name_places=True)


def _with_each_aspect(best: list[Evidence], side: Sequence[Evidence], query: Query) -> list[Evidence]:
    """``best`` with a sentence more for each thing that is to be compared (驿站和违法量) which only another
    sentence of the side speaks of."""
    words = _telling_words(query.topic)
    found = list(best)
    for word in sorted(words - set().union(*(_held(words, e) for e in found))):
        telling = [e for e in side if _held({word}, e) and not is_headline(e.text)]
        if telling and telling[0] not in found and len(found) <= _MOST_OF_A_SIDE:
            found.append(telling[0])
    return found


def _label(frame: Frame, year: int) -> str:
    return frame.year.format(year=year).strip() if year else ""
