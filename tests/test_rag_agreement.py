"""A figure may say less than the bulletin, never more."""

from __future__ import annotations

import pytest

from rag.agreement import agreement
from rag.quantities import find_quantities


def agree(written: str, source: str) -> str | None:
    return agreement(find_quantities(written)[0], find_quantities(source)[0])


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("二百三十八名", "238名"),
        ("238位", "238名"),
        ("69000人次", "6.9万人次"),
        ("0.12亿元", "1200万元"),
        ("六成", "60%"),
        ("百分之六十以上", "超六成"),
        ("两万多册", "超2万册"),
        ("逾2万册", "2万余册"),
        ("将近一千场", "近千场"),
        ("13000家", "1.3万户"),
        ("三大", "三家"),
        ("4至5家", "四五家"),
    ],
)
def test_the_same(written: str, source: str) -> None:
    """Other writing, other words for the modifier, a measure word of the same class."""
    assert agree(written, source) == "same"


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("近7万人次", "6.9万人次"),
        ("超2万册", "2.1万册"),
        ("十几家", "15家"),
        ("200余名", "238名"),
        ("约240名", "238名"),
        ("超7000位", "7100余位"),
    ],
)
def test_rounded(written: str, source: str) -> None:
    """Coarser, and true."""
    assert agree(written, source) == "rounded"


@pytest.mark.parametrize(
    ("written", "source"), [("2万册", "超2万册"), ("60%", "60%以上"), ("约100个", "近100个")]
)
def test_a_modifier_lost(written: str, source: str) -> None:
    """Still true, and told apart."""
    assert agree(written, source) == "loose"


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("240名", "238名"),
        ("超2万册", "1.9万册"),
        ("超2万册", "2万册"),
        ("2万册", "近2万册"),
        ("近百个", "百余个"),
        ("1200元", "1200万元"),
        ("6.9万户", "6.9万人次"),
        ("6.9万人", "6.9万人次"),
        ("46户", "46名"),
        ("60%", "60个"),
        ("第20期", "20期"),
        ("八成", "60%以上"),
        ("4次", "3—5次"),
    ],
)
def test_what_doesn_t_agree(written: str, source: str) -> None:
    """Another number, more than the bulletin says, another measure, a share for a count."""
    assert agree(written, source) is None
