"""Question files: what is read, and what is said of a line that is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.errors import QuestionFileError
from api.question_file import read_question_file
from rag.types import Turn

GOOD = '{"id": 7, "question": "步道有多长？", "type": "figure"}'


def write(folder: Path, *lines: str) -> Path:
    path = folder / "题.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_line_is_read_whole(tmp_path: Path) -> None:
    """Quotes, places, facts and history come as written; notes in other fields are passed over."""
    line = {
        "id": "a",
        "question": "多少？",
        "type": "followup",
        "evidence": [{"doc": "2025-20", "place": "丰县", "quote": "步道有3000米"}],
        "places": ["丰县"],
        "places_ok": ["沛县"],
        "facts": ["3000米"],
        "history": [{"role": "user", "content": "丰县的步道呢？"}],
        "note": "自己的备注",
    }
    [question] = read_question_file(write(tmp_path, "", json.dumps(line, ensure_ascii=False)))
    assert (question.id, question.type, question.text) == ("a", "followup", "多少？")
    assert question.quotes == ("步道有3000米",)
    assert (question.places, question.places_ok, question.facts) == (("丰县",), ("沛县",), ("3000米",))
    assert question.history == (Turn("user", "丰县的步道呢？"),)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "b", ', "第 3 行：不是完整的 JSON 对象"),
        ('["b"]', "第 3 行：整行 应为 JSON 对象，实为列表"),
        ('{"id": "b", "type": "fact"}', "第 3 行：question 缺少这一项"),
        (
            '{"id": "b", "question": "好？", "type": "fact", "facts": "好"}',
            "第 3 行：facts 应为列表，实为 '好'",
        ),
        (
            '{"id": "b", "question": "好？", "type": "fact", "evidence": [{"doc": "d"}]}',
            "第 3 行：evidence[0].quote 缺少这一项",
        ),
        ('{"id": "b", "question": "？？", "type": "fact"}', "第 3 行：question（问题）里没有文字"),
        ('{"id": "7", "question": "好？", "type": "fact"}', "第 3 行：id 7 与第 1 行重复"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    """The message tells the line, the field, what was expected and what was found."""
    with pytest.raises(QuestionFileError) as error:
        read_question_file(write(tmp_path, GOOD, "", line))
    assert said in str(error.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A missing file, one of another encoding and an empty one each have their message."""
    with pytest.raises(QuestionFileError, match="读不了问题文件"):
        read_question_file(tmp_path / "没有.jsonl")
    (tmp_path / "国标.jsonl").write_bytes("问题".encode("gb18030"))
    with pytest.raises(QuestionFileError, match="应为 UTF-8 编码"):
        read_question_file(tmp_path / "国标.jsonl")
    with pytest.raises(QuestionFileError, match="里没有问题"):
        read_question_file(write(tmp_path, "", " "))
