"""What the look over the thesaurus tells."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.thesaurus import across_words, common_terms, groups_of, read_paragraphs
from rag.thesaurus import Group


def test_groups_of_a_term() -> None:
    """A term tells every group it stands in, in whatever role."""
    groups = (Group("驿站", same=("歇脚点",)), Group("便民设施", lay=("歇脚点",), english=("stop",)))
    assert groups_of(groups) == {"驿站": ["驿站"], "歇脚点": ["驿站", "便民设施"], "便民设施": ["便民设施"]}


def test_common_terms() -> None:
    """A term of two paragraphs in four is common, one of one in five isn't."""
    paragraphs = ["志愿者来了", "志愿者走了", "驿站开了", "食堂开了", "路灯亮了"]
    assert common_terms(["志愿者", "驿站"], paragraphs) == {"志愿者": 0.4}


def test_terms_across_words() -> None:
    """民需 stands only inside 居民 and 需求; 居民 is a word."""
    paragraphs = ["了解居民需求", "按居民需求办", "问居民需求"]
    assert across_words(["民需", "居民"], paragraphs) == {"民需": (3, 3)}


def test_paragraphs_are_read(tmp_path: Path) -> None:
    """From the texts of a folder and the lines of a .jsonl, normalised; scraps are left out."""
    (tmp_path / "甲.txt").write_text("驛站裡可以歇腳喝水充電。\n\n短\n", encoding="utf-8")
    lines = tmp_path / "乙.jsonl"
    lines.write_text(json.dumps({"text": "食堂给老人做饭，一天两顿。"}) + "\n", encoding="utf-8")
    assert read_paragraphs([tmp_path, lines]) == ["驿站里可以歇脚喝水充电。", "食堂给老人做饭,一天两顿。"]
