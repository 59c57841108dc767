"""How the runtimes' benchmark compares vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.runtimes import Agreement, Figures, agreement, best

_QUESTIONS = [[1, 0], [0, 1]]


def _folder(place: Path, passages: list[list[float]], tokens: list[list[float]]) -> Path:
    place.mkdir()
    for name, rows in (("questions", _QUESTIONS), ("passages", passages), ("tokens", tokens)):
        np.save(place / f"{name}.npy", np.array(rows, np.float32))
    return place


def test_agreement_is_of_each_vector_with_its_own(tmp_path: Path) -> None:
    """Lowest and mean cosine of passages and tokens, row by row, and the share of equal neighbours: here the
    ten nearest of eleven differ in one for one of the two questions."""
    rows = [[1.0, 0.0]] * 5 + [[0.6, 0.8]] * 5 + [[0.28, 0.96]]
    turned = [[0.0, 1.0], *rows[1:]]
    one = _folder(tmp_path / "one", rows, [[1, 0], [0, 1]])
    other = _folder(tmp_path / "other", turned, [[1, 0], [0.6, 0.8]])
    found = agreement(one, other)
    assert found == Agreement(0.0, pytest.approx(10 / 11), pytest.approx(0.8), pytest.approx(0.9), 0.95)
    assert agreement(one, one) == Agreement(1.0, pytest.approx(1), 1.0, 1.0, 1.0)


def test_other_tokens_cannot_be_compared(tmp_path: Path) -> None:
    """Runtimes that cut a text into different tokens don't agree."""
    one = _folder(tmp_path / "one", [[1, 0]], [[1, 0], [0, 1]])
    other = _folder(tmp_path / "other", [[1, 0]], [[1, 0]])
    with pytest.raises(ValueError, match="can't be compared"):
        agreement(one, other)


def test_best_of_the_rounds_counts() -> None:
    """The shortest time, the highest speed, the least memory."""
    rounds = [Figures(1.0, 20.0, 9.0, 12.0, 600.0), Figures(2.0, 30.0, 8.0, 13.0, 500.0)]
    assert best(rounds) == Figures(1.0, 30.0, 8.0, 12.0, 500.0)
