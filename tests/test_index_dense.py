from __future__ import annotations

import numpy as np
import pytest

from index.dense import DenseIndex

VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
QUERY = np.array([0.8, 0.6], dtype=np.float32)


@pytest.fixture
def index() -> DenseIndex:
    made = DenseIndex(2)
    made.add(np.array([10, 20, 30]), VECTORS)
    return made


def found(index: DenseIndex, **options: object) -> dict[int, float]:
    numbers, scores = index.search(QUERY, **options)  # type: ignore[arg-type]
    return dict(zip(numbers.tolist(), scores.tolist(), strict=True))


def test_all_scores_best_first(index: DenseIndex) -> None:
    """Without a limit everything comes back, best first: 0.96, 0.8, 0.6 by hand."""
    assert list(found(index)) == [30, 10, 20]
    assert found(index) == pytest.approx({30: 0.96, 10: 0.8, 20: 0.6})


def test_limit_and_allowed(index: DenseIndex) -> None:
    """Only allowed numbers are found, and no more than asked for."""
    assert list(found(index, allowed=np.array([10, 20, 99]))) == [10, 20]
    assert list(found(index, limit=1, allowed=np.array([10, 20]))) == [10]
    assert found(index, allowed=np.zeros(0, dtype=np.int64)) == {}


def test_remove(index: DenseIndex) -> None:
    """What is removed isn't found, and unknown numbers don't matter."""
    index.remove(np.array([30, 99]))
    assert list(found(index)) == [10, 20]
    assert sorted(index.numbers.tolist()) == [10, 20]


def test_empty() -> None:
    """An empty index finds nothing."""
    assert found(DenseIndex(2)) == {}


def test_wrong_shape(index: DenseIndex) -> None:
    """Vectors of another length are refused."""
    with pytest.raises(ValueError, match="expected"):
        index.add(np.array([40]), np.zeros((1, 3), dtype=np.float32))
