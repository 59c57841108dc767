"""What came of it."""

from __future__ import annotations

import pytest

from rag.outcome import outcome_clauses


@pytest.mark.parametrize(
    ("sentences", "outcome"),
    [
        (["建好驿站28个，提供饮水和充电，累计服务2万人次。"], "建好驿站28个；累计服务2万人次"),
        (["推行积分制。", "满意率提升到98%。"], "满意率提升到98%"),
        (["这套办法入选全省案例，在三地推开。"], "这套办法入选全省案例"),
        (["让居民少跑路，服务更暖心。"], ""),
        (["投诉下降三成，"], "投诉下降三成"),
        ([], ""),
    ],
)
def test_clauses_with_a_result(sentences: list[str], outcome: str) -> None:
    """Clauses that tell a result with a figure, or an honour, word for word; intentions are none."""
    assert outcome_clauses(sentences) == outcome
