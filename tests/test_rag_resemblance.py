"""Names that are nearly the same."""

from __future__ import annotations

import pytest

from rag.resemblance import is_one_slip, is_same, is_truncated, nearest


@pytest.mark.parametrize(
    ("name", "others", "expected"),
    [
        ("惠民驿站", ["惠泽驿站", "银发照相馆"], "惠泽驿站"),
        ("医心常护", ["医xin长护", "打不烊"], "医xin长护"),
        ("圆顶家园", ["圆鼎家园"], "圆鼎家园"),
        ("口袋公园", ["惠泽驿站"], None),
    ],
)
def test_nearest(name: str, others: list[str], expected: str | None) -> None:
    """A character off, or the same sound in other characters."""
    assert nearest(name, others) == expected


def test_one_slip() -> None:
    """One character more, less or other, or the same sound; a name isn't a slip for itself."""
    assert is_one_slip("e心优", "e心优+")
    assert is_one_slip("精心办", "晶心办")
    assert not is_one_slip("晶心办", "晶心办")
    assert not is_one_slip("红色讲师团", "红色讲师团进企业")


def test_joints_don_t_count() -> None:
    """党建+班组 and 党建与班组 are one name; a plus at the end belongs to the name."""
    assert is_same("党建+班组", "党建与班组")
    assert not is_same("e心优+", "e心优")


def test_truncated() -> None:
    """A name that stands there only as the beginning of a longer one in marks."""
    assert is_truncated("e心优", ["e心优+"], "打造e心优+品牌")
    assert not is_truncated("e心优", ["e心优+"], "打造e心优+品牌,e心优深入人心")
    assert not is_truncated("书香银行", ["书香特色银行", "书香银行"], "书香特色银行书香银行")
