"""What a pack says in words, the same in every format."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from corpus.numerals import an2cn
from rag.export.types import Choice, Excerpt, Piece, Section
from rag.reference import in_title_marks
from rag.types import Answer

OVERVIEW = "素材一览"
OVERVIEW_COLUMNS = ("序号", "地方", "篇目", "出处", "段落编号")
NO_PLACE = "未标明地方"
_LONGEST_QUESTION_IN_TITLE = 40
_END = "？?。 "


def title_of(question: str | None) -> str:
    """A pack's title where none is given."""
    if question is None or len(question) > _LONGEST_QUESTION_IN_TITLE:
        return "简报素材"
    return f"简报素材：{question.rstrip(_END)}"


def about_lines(
    title: str,
    question: str | None,
    answer: Answer | None,
    found: Sequence[Piece],
    chosen: Sequence[Piece],
    choice: Choice,
    today: datetime.date,
) -> tuple[tuple[str, str], ...]:
    """What stands under the title: the question (unless the title says it), what was looked through, how the
    choice was made, the day."""
    lines = [
        ("问题", question if question and not title.endswith(question.rstrip(_END)) else ""),
        ("检索范围", answer.coverage.note if answer else ""),
        ("选材", _chosen_text(found, chosen, choice)),
        ("导出日期", day(today)),
    ]
    return tuple((name, text) for name, text in lines if text)


def cautions(answer: Answer | None, chosen: Sequence[Piece]) -> tuple[str, ...]:
    """What one must know before quoting: digests are no originals, and near misses were left out."""
    lines = []
    digests = sum(piece.document.digest for piece in chosen)
    if digests:
        which = "所收段落" if digests == len(chosen) else f"其中{digests}段"
        lines.append(f"{which}出自摘编，文字不是简报原文，公开引用前请核对原件。")
    if answer and answer.doubtful:
        named = [f"{item.place}（{item.label}）" if item.label else item.place for item in answer.doubtful]
        lines.append(f"回答另列的{len(named)}地没有收入：{'、'.join(named)}。")
    return tuple(lines)


def numbered(number: int, heading: str) -> str:
    """一、heading, as official documents number their first level (GB/T 9704-2012, 7.3.3)."""
    numeral = an2cn(number)
    return f"{numeral.removeprefix('一') if numeral.startswith('一十') else numeral}、{heading}"


def titled(section: Section) -> Iterator[tuple[str, Excerpt]]:
    """Each excerpt with its article's title, in title marks, where that is new; else with an empty one."""
    title = section.heading
    for excerpt in section.excerpts:
        yield "" if excerpt.title == title else in_title_marks(excerpt.title), excerpt
        title = excerpt.title


def paragraphs(excerpt: Excerpt) -> list[str]:
    """The lines of its text that aren't empty."""
    return [line for line in excerpt.text.split("\n") if line.strip()]


def source_of(excerpt: Excerpt) -> str:
    """Place and short reference, to stand by a quotation."""
    return "，".join(filter(None, (excerpt.place, excerpt.short_reference)))


def note(excerpt: Excerpt) -> str:
    """The text of an excerpt's note: article, short reference and day, full reference."""
    date = day(excerpt.date) if excerpt.date else ""
    # without an issue the short reference already holds the day
    parts = (excerpt.short_reference, "" if date in excerpt.short_reference else date)
    return f"{in_title_marks(excerpt.title)}，{'，'.join(filter(None, parts))}。{excerpt.reference}"


def overview_row(excerpt: Excerpt) -> tuple[str, ...]:
    """The cells of an excerpt under ``OVERVIEW_COLUMNS``."""
    return (
        str(excerpt.number),
        excerpt.place or NO_PLACE,
        excerpt.title,
        excerpt.short_reference,
        excerpt.passage_id,
    )


def day(date: datetime.date) -> str:
    """2025年11月30日."""
    return f"{date.year}年{date.month}月{date.day}日"


def _chosen_text(found: Sequence[Piece], chosen: Sequence[Piece], choice: Choice) -> str:
    rules = [
        f"每个设区市最多{choice.per_city}段" if choice.per_city else "",
        f"每地最多{choice.per_place}段" if choice.per_place else "",
        f"总共最多{choice.limit}段" if choice.limit and len(chosen) == choice.limit < len(found) else "",
        "新的在前" if choice.newest_first else "",
    ]
    places = {piece.passage.place for piece in chosen if piece.passage.place}
    how = "、".join(rule for rule in rules if rule)
    picked = f"找到{len(found)}段，选入{len(chosen)}段" if len(chosen) < len(found) else f"共{len(chosen)}段"
    where = f"，涉及{len(places)}地" if places else ""
    return f"{picked}{where}{f'（{how}）' if how else ''}"
