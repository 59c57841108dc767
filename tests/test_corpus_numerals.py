"""Chinese numerals: those read here as the library reads them."""

from __future__ import annotations

from typing import Literal

import cn2an as library
import pytest

from corpus.numerals import an2cn, cn2an


@pytest.mark.parametrize("mode", ["strict", "normal", "smart"])
def test_common_numerals_are_read_as_the_library_reads_them(
    mode: Literal["strict", "normal", "smart"],
) -> None:
    """Up to 99, and round ones, they don't reach it."""
    written = [library.an2cn(number) for number in range(1, 121)]
    written += [text.removeprefix("一") for text in written[9:19]]
    written += [f"{digit}{unit}" for digit in "一二五九" for unit in "百千万亿"]
    assert [cn2an(text, mode) for text in written] == [library.cn2an(text, mode) for text in written]


def test_numbers_are_written_and_read_back() -> None:
    """Beyond 99 too, and what is no numeral is refused."""
    assert [cn2an(an2cn(number)) for number in (0, 7, 10, 42, 99, 100, 2025)] == [0, 7, 10, 42, 99, 100, 2025]
    with pytest.raises(ValueError):
        cn2an("十个")
