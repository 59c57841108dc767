"""Sentences are spans that a reader would call sentences."""

import pytest

from corpus.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("天晴了。我们出门！", ["天晴了。", "我们出门！"]),
        ("他说：“明天来。”说完就走。", ["他说：“明天来。”", "说完就走。"]),
        ("提出“群众要什么。就做什么。”的办法。好。", ["提出“群众要什么。就做什么。”的办法。", "好。"]),
        ("比例达98.5%。共3.15万人。", ["比例达98.5%。", "共3.15万人。"]),
        ("It works. So do we.", ["It works.", "So do we."]),
        ("标题一\n正文。", ["标题一", "正文。"]),
        ("（见附件。另行通知。）好。", ["（见附件。另行通知。）", "好。"]),
        ("没有句号", ["没有句号"]),
        (" \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    """Stops end sentences, closing marks stay with them, decimals and asides stay whole."""
    assert [text[start:end] for start, end in split_sentences(text)] == expected


def test_everything_but_white_space_is_covered() -> None:
    """No character of the text is lost between two sentences."""
    text = "一是甲。 二是乙；丙！\n丁“戊。”己。"
    covered = "".join(text[start:end] for start, end in split_sentences(text))
    assert covered == "".join(text.split())
