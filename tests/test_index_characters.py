"""Characters that are written for one another."""

from __future__ import annotations

import pytest

from index.characters import Likeness, SimilarCharacters


@pytest.fixture(scope="module")
def similar() -> SimilarCharacters:
    return SimilarCharacters()


@pytest.mark.parametrize(
    ("written", "meant", "likeness"),
    [
        ("裙", "群", "sound"),
        ("伍", "物", "sound"),
        ("兰", "南", "near_sound"),
        ("色", "社", "near_sound"),
        ("音", "营", "near_sound"),
        ("航", "行", "near_sound"),
        ("沐", "沭", "shape"),
        ("末", "未", "shape"),
        ("惟", "淮", "shape"),
        ("簿", "薄", "shape"),
        ("愿", "原", "sound"),
        ("巷", "港", "shape"),
        ("窒", "室", "shape"),
        ("己", "已", "shape"),
        ("授", "援", "shape"),
    ],
)
def test_what_is_alike(similar: SimilarCharacters, written: str, meant: str, likeness: Likeness) -> None:
    """The nearest likeness is named: the same sound before the shape, the shape before a near sound."""
    assert similar.similar_to(written).get(meant) == likeness


@pytest.mark.parametrize(
    ("one", "other"), [("群", "众"), ("江", "河"), ("铁", "铜"), ("县", "市"), ("裙", "补")]
)
def test_what_is_not_alike(similar: SimilarCharacters, one: str, other: str) -> None:
    """Characters that share a meaning, or a common radical only, aren't written for one another."""
    assert other not in similar.similar_to(one)


def test_a_character_is_not_its_own_slip(similar: SimilarCharacters) -> None:
    """It is left out; what is no character of the data has nothing like it."""
    assert "群" not in similar.similar_to("群")
    assert similar.similar_to("Q") == {}


def test_likeness_by_shape_goes_both_ways(similar: SimilarCharacters) -> None:
    """If one may have been written for the other, so may the other for the one."""
    for one in "沐末惟簿室己授家港":
        shapes = {other for other, likeness in similar.similar_to(one).items() if likeness == "shape"}
        assert {other for other in shapes if one not in similar.similar_to(other)} == set()
