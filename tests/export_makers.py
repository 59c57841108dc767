"""Makers of pieces and packs by hand, shared by the tests of export."""

from __future__ import annotations

import datetime

from rag_makers import make_passage, make_record

from rag.export.types import Excerpt, MaterialPack, Piece, Section

NEW, OLD = datetime.date(2025, 11, 30), datetime.date(2024, 5, 6)


def make_piece(
    place: str | None = None,
    city: str | None = None,
    *,
    date: datetime.date | None = NEW,
    document_id: str = "d",
    start: int = 0,
    title: str = "各地做法",
    digest: bool = False,
) -> Piece:
    """A whole passage."""
    passage = make_passage("一句话。", place, document_id=document_id, start=start, title=title)
    document = make_record(document_id, "20", date, digest=digest)
    return Piece(passage, passage.start, passage.end, document, city)


def make_excerpt(
    number: int, text: str, *, title: str, place: str, headings: tuple[str, ...] = ()
) -> Excerpt:
    return Excerpt(
        number=number,
        text=text,
        start=0,
        end=len(text),
        passage_id=f"d-p{number:03d}",
        document_id="d",
        title=title,
        headings=headings,
        place=place,
        date=NEW,
        short_reference="《江苏工作简报》2025年第20期",
        reference=f"江苏省某办公室. 江苏工作简报[Z]. 2025(20): {number}.",
    )


def make_pack() -> MaterialPack:
    """Three excerpts in two sections: one of two lines, two of one article, one with what Markdown takes for
    markup."""
    first = make_excerpt(
        1, "一是建书房。全县建成28家。\n乡镇\t12家", title="柳湾县：书房进村", place="甲市柳湾县"
    )
    second = make_excerpt(
        2,
        "读者*很多*，<办证>免押金。",
        title="柳湾县：书房进村",
        place="甲市柳湾县",
        headings=("二是优服务",),
    )
    third = make_excerpt(3, "- 学《读书_手册》[第1版]。", title="评《手册》", place="")
    return MaterialPack(
        title="书房素材",
        about=(("检索范围", "已查 3 期 12 篇"), ("导出日期", "2026年1月5日")),
        cautions=("其中1段出自摘编。",),
        sections=(Section("甲市柳湾县", (first, second)), Section("未标明地方", (third,))),
    )
