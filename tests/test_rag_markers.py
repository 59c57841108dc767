"""Replies cut into sentences, and their markers."""

from __future__ import annotations

import pytest

from rag.errors import UnsupportedError
from rag.markers import Cut, Part, cut, read_markers, without_markers

REPLIES = [
    (
        "甲县建了3.5万个站[1]。乙县也建了。[2] 丙县说：“好。真好。”[3]大家高兴[1][2]。",
        [
            Cut("甲县建了3.5万个站[1]。"),
            Cut("乙县也建了。[2]"),
            Cut("丙县说：“好。真好。”[3]"),
            Cut("大家高兴[1][2]。", ends_line=True),
        ],
    ),
    (
        "甲县：建站[1]。\n乙县：办学[2]。办班[3]。",
        [Cut("甲县：建站[1]。", ends_line=True), Cut("乙县：办学[2]。"), Cut("办班[3]。", ends_line=True)],
    ),
    (
        "It built 3.5 stations [1]. So did B. [2] C says hello.",
        [Cut("It built 3.5 stations [1]."), Cut("So did B. [2]"), Cut("C says hello.", ends_line=True)],
    ),
    ("甲（见附件。共二页）办学[1]。", [Cut("甲（见附件。共二页）办学[1]。", ends_line=True)]),
    ("依苏办〔2025〕3号办理[2]。", [Cut("依苏办〔2025〕3号办理[2]。", ends_line=True)]),
    ("没有写完", [Cut("没有写完", ends_line=True)]),
    ("字" * 1000, [Cut("字" * 600), Cut("字" * 400, ends_line=True)]),
]


@pytest.mark.parametrize(("reply", "sentences"), REPLIES)
def test_sentences_with_their_markers(reply: str, sentences: list[Cut]) -> None:
    """A stop ends a sentence outside quotes, markers after it belong to it, a line break always ends one."""
    assert list(cut(reply)) == sentences


@pytest.mark.parametrize("reply", [reply for reply, _ in REPLIES[:-1]])
def test_pieces_make_no_difference(reply: str) -> None:
    """However a reply is cut into pieces on its way, its sentences are the same."""
    for size in (2, 3, 7, 1000):
        assert list(cut(reply[i : i + size] for i in range(0, len(reply), size))) == list(cut(reply))


def test_a_sentence_leaves_when_the_next_begins() -> None:
    """A sentence doesn't wait for the reply's end."""
    pieces = iter(["甲县建站[1]", "。", "乙"])
    assert next(cut(pieces)) == Cut("甲县建站[1]。")
    assert list(pieces) == []


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("甲县建站[1]。", (Part("甲县建站。", (1,)),)),
        ("甲县建站。[1][3]", (Part("甲县建站。", (1, 3)),)),
        ("甲县建站[1, 3]。", (Part("甲县建站。", (1, 3)),)),
        ("甲县建站[1、3]。", (Part("甲县建站。", (1, 3)),)),
        ("甲县建站[1]，乙县办学[2]。", (Part("甲县建站", (1,)), Part("，乙县办学。", (2,)))),
        ("甲县[1]建站。", (Part("甲县建站。", (1,)),)),
        ("依苏办〔2025〕3号、[2024]4号[2]。", (Part("依苏办〔2025〕3号、[2024]4号。", (2,)),)),
    ],
)
def test_markers_say_what_holds_up_which_part(sentence: str, parts: tuple[Part, ...]) -> None:
    """Each part of a sentence has the passages named right after it; years in brackets are no markers."""
    assert read_markers(sentence, 5) == parts


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("甲县建站。", "没有注明出处"),
        ("依〔2025〕3号建站。", "没有注明出处"),
        ("甲县建站[9]。", "引用了没有给出的段落：[9]"),
        ("甲县建站[0]。", "引用了没有给出的段落：[0]"),
        ("甲县建站[1][6]。", "引用了没有给出的段落：[6]"),
        ("甲县建站[1,6]。", "引用了没有给出的段落：[1,6]"),
        ("甲县建站[1-3]。", "引文标注的写法不合要求：[1-3]"),
        ("甲县建站【1】。", "引文标注的写法不合要求：【1】"),
        ("甲县建站〔1〕。", "引文标注的写法不合要求：〔1〕"),
        ("甲县建站［1］。", "引文标注的写法不合要求：［1］"),
        ("甲县建站[１]。", "引文标注的写法不合要求：[１]"),
        ("甲县建站[^1]。", "引文标注的写法不合要求：[^1]"),
        ("甲县建站[段落1]。", "引文标注的写法不合要求：[段落1]"),
        ("甲县建站[1][2-3]。", "引文标注的写法不合要求：[2-3]"),
    ],
)
def test_invented_markers_are_refused(sentence: str, reason: str) -> None:
    """A marker that names no passage given, or isn't [n], is told as it stands."""
    with pytest.raises(UnsupportedError) as error:
        read_markers(sentence, 5)
    assert str(error.value) == reason


def test_rejected_text_has_no_markers() -> None:
    """What is listed as rejected can't be taken for cited."""
    assert without_markers("甲县[1]建站【2】，办学[1-3]。[９]") == "甲县建站，办学。"
