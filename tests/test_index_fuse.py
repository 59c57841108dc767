from __future__ import annotations

import pytest

from index import fuse


def test_min_max() -> None:
    """The best gets 1, the worst 0, the others in proportion."""
    assert fuse.min_max({1: 0.9, 2: 0.7, 3: 0.8}) == pytest.approx({1: 1.0, 2: 0.0, 3: 0.5})


def test_min_max_of_equals() -> None:
    """Scores that can't be told apart all get 1."""
    assert fuse.min_max({1: 0.4, 2: 0.4}) == {1: 1.0, 2: 1.0}
    assert fuse.min_max({}) == {}


def test_weighted_sum() -> None:
    """Weights are shares of their sum, and a leg that doesn't know a passage gives it 0."""
    dense = {1: 0.9, 2: 0.7, 3: 0.8}
    lexical = {2: 12.0, 4: 4.0, 3: 6.0}
    assert fuse.weighted_sum([(dense, 3.0), (lexical, 1.0)]) == pytest.approx(
        {1: 0.75, 2: 0.25, 3: 0.375 + 0.0625, 4: 0.0}
    )


def test_weighted_sum_refuses_negative_weights() -> None:
    """A negative weight would leave [0, 1]."""
    with pytest.raises(ValueError, match="negative"):
        fuse.weighted_sum([({1: 1.0}, -1.0)])


def test_reciprocal_rank_fusion() -> None:
    """Only ranks count: 1/(10+1) + 1/(10+2) for first and second."""
    fused = fuse.reciprocal_rank_fusion([({1: 0.9, 2: 0.1}, 1.0), ({2: 50.0, 1: 1.0, 3: 0.5}, 1.0)])
    assert fused == pytest.approx({1: 1 / 11 + 1 / 12, 2: 1 / 12 + 1 / 11, 3: 1 / 13})


def test_ranked_breaks_ties_by_key() -> None:
    """Equal scores always come in the same order."""
    assert fuse.ranked({7: 0.5, 3: 0.5, 5: 0.9}) == [5, 3, 7]
