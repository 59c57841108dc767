"""A slice of what benchmarks/robustness.py measures whole: fuzzed and hostile requests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from processes import running
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api.keys import KeyFile
from benchmarks.hostile import attack, contents
from benchmarks.hostile_requests import requests

pytestmark = pytest.mark.slow

load_all_checks()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str], Path]]:
    """A running service with keys: its address, the keys by role, its data folder."""
    folder = tmp_path_factory.mktemp("guarded")
    keys = {role: KeyFile(folder / "data").add(role, rate_limit=10**6)[1] for role in ("reader", "editor")}  # type: ignore[arg-type]
    with running([sys.executable, str(Path(__file__).parent / "serve_fake.py"), str(folder)]) as address:
        yield address, keys, folder / "data"


def test_hostile_requests_write_nothing(guarded: tuple[str, dict[str, str], Path]) -> None:
    """Two of each kind: no fault of the service, nobody let in, and the data folder as it was."""
    address, keys, data = guarded
    before = contents(data)
    damage = attack(address, keys, 40)
    assert damage.wrong == []
    assert sum(sum(found.values()) for found in damage.statuses.values()) == 40
    assert contents(data) == before
    headers = {"Authorization": f"Bearer {keys['reader']}"}
    assert httpx.get(f"{address}/v1/documents", headers=headers).json()["total"] == 3


def test_the_same_seed_makes_the_same_requests() -> None:
    """A finding can be had again, and another seed brings other requests."""
    assert list(requests(60, seed=1)) == list(requests(60, seed=1))
    assert list(requests(60, seed=1)) != list(requests(60, seed=2))
    assert len({hostile.kind for hostile in requests(20)}) == 14


def test_what_the_description_allows_is_answered_as_described(
    guarded: tuple[str, dict[str, str], Path],
) -> None:
    """Five cases of every operation, made from the description: no fault of the service, no status, content or
    shape that isn't described. (A question of signs alone is refused, which no schema can say.)"""
    address, keys, _ = guarded
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    headers = {"Authorization": f"Bearer {keys['editor']}"}
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) >= 12
    for operation in operations:

        @settings(
            max_examples=5,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

        check()
