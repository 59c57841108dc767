"""Dify's external knowledge interface, against a running service."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from api.dify_conditions import Condition, Conditions, day, number

PLACE = {"name": "place", "comparison_operator": "is", "value": "灌南县"}


def retrieve(
    service: str, query: str = "快递员", *, top_k: int = 5, threshold: float = 0.0, **more: Any
) -> Any:
    body = {
        "knowledge_id": "简报",
        "query": query,
        "retrieval_setting": {"top_k": top_k, "score_threshold": threshold},
        **more,
    }
    return httpx.post(f"{service}/retrieval", json=body, headers={"Authorization": "Bearer any"}, timeout=30)


def where(*conditions: dict[str, Any], operator: str = "and") -> dict[str, Any]:
    return {"logical_operator": operator, "conditions": list(conditions)}


def test_records_are_the_passages_that_search_finds(service: str) -> None:
    """Content and order are those of /v1/search, scores lie in 0–1, metadata says where each is from."""
    records = retrieve(service).json()["records"]
    own = httpx.post(f"{service}/v1/search", json={"question": "快递员", "top_k": 5}).json()["passages"]
    assert [(r["content"], r["score"], r["title"]) for r in records] == [
        (p["text"], p["score"], p["title"]) for p in own
    ]
    assert all(0 <= record["score"] <= 1 for record in records)
    for record, passage in zip(records, own, strict=True):
        metadata = record["metadata"]
        assert metadata["passage_id"] == passage["id"]
        assert (metadata["place"], metadata["year"]) == (passage["place"], int(passage["date"][:4]))
        assert metadata["url"].startswith(f"{service}/?passage={passage['id']}&snapshot=g")


def test_scores_below_the_threshold_stay_out(service: str) -> None:
    """Only records that reach the threshold are returned."""
    scores = [record["score"] for record in retrieve(service).json()["records"]]
    kept = retrieve(service, threshold=scores[2]).json()["records"]
    assert [record["score"] for record in kept] == [score for score in scores if score >= scores[2]]
    assert len(kept) < len(scores)


@pytest.mark.parametrize("name", ["place", ["place"], ["title", "place"], "地方"])
def test_names_in_both_forms(service: str, name: Any) -> None:
    """The name of a metadata field may be a string or a list, and in Chinese."""
    condition = where({**PLACE, "name": name})
    records = retrieve(service, top_k=50, metadata_condition=condition).json()["records"]
    assert {record["metadata"]["place"] for record in records} == {"灌南县"}
    everything = retrieve(service, top_k=100).json()["records"]
    assert len(records) == sum(record["metadata"].get("place") == "灌南县" for record in everything)


def test_conditions_joined_by_or(service: str) -> None:
    """With or, one condition is enough."""
    condition = where(PLACE, {"name": "year", "comparison_operator": "<", "value": 2023}, operator="or")
    records = retrieve(service, top_k=100, metadata_condition=condition).json()["records"]
    assert {(r["metadata"]["place"] == "灌南县", r["metadata"]["year"] == 2022) for r in records} == {
        (True, False),
        (False, True),
    }


def test_conditions_that_no_document_meets(service: str) -> None:
    """Nothing is returned, rather than everything."""
    condition = where({"name": "year", "comparison_operator": "=", "value": "1999"})
    assert retrieve(service, metadata_condition=condition).json() == {"records": []}


METADATA = {
    "document": "江苏简报",
    "title": "甲县：惠民",
    "place": "甲县",
    "issue": "08",
    "year": 2025,
    "date": "2025-11-30",
}


@pytest.mark.parametrize(
    ("field", "operator", "values", "holds"),
    [
        ("document", "contains", ["简报"], True),
        ("document", "contains", ["通报"], False),
        ("document", "not contains", ["通报"], True),
        ("title", "start with", ["甲县"], True),
        ("title", "end with", ["甲县"], False),
        ("place", "is", ["甲县"], True),
        ("place", "is", ["甲"], False),
        ("place", "is not", ["乙县"], True),
        ("place", "in", ["乙县", "甲县"], True),
        ("place", "not in", ["乙县", "甲县"], False),
        ("issuer", "empty", [], True),
        ("issuer", "not empty", [], False),
        ("issuer", "is", ["甲"], False),
        ("issuer", "is not", ["甲"], True),
        ("issue", "is", ["第8期"], True),
        ("issue", "=", ["8"], True),
        ("year", "=", ["2025"], True),
        ("year", "≠", ["2025"], False),
        ("year", ">", ["2024"], True),
        ("year", ">", ["2025"], False),
        ("year", "≥", ["2025"], True),
        ("year", "<", ["2026"], True),
        ("year", "≤", ["2024"], False),
        ("date", "before", ["2025-12-01"], True),
        ("date", "before", ["2025-11-30"], False),
        ("date", "after", ["2025-11"], True),
        ("date", "after", ["1764547200"], False),
    ],
)
def test_what_each_operator_asks(field: Any, operator: Any, values: list[str], holds: bool) -> None:
    """Each of Dify's operators on a metadata field: what isn't known meets only denials."""
    assert Condition((field,), operator, tuple(values)).holds(METADATA) is holds


def test_denials_hold_for_all_fields() -> None:
    """A field is enough for what asserts; what denies must hold for all."""
    assert Condition(("place", "title"), "contains", ("惠民",)).holds(METADATA)
    assert not Condition(("place", "title"), "not contains", ("惠民",)).holds(METADATA)


def test_what_can_be_said_of_documents() -> None:
    """Conditions on a passage's own fields rule out no document."""
    year, place = Condition(("year",), "=", ("2025",)), Condition(("place",), "is", ("乙县",))
    assert list(Conditions([year, place]).of_document.conditions) == [year]
    assert list(Conditions([year, place], any_of=True).of_document.conditions) == []
    assert list(Conditions([year, year], any_of=True).of_document.conditions) == [year, year]


@pytest.mark.parametrize(
    ("text", "figure", "date"),
    [
        ("2025", 2025.0, "2025-01-01"),
        ("第20期", 20.0, None),
        ("2025-02-30", None, None),
        ("2025年3月", None, "2025-03-01"),
        ("2025-03-04T05:06:07Z", None, "2025-03-04"),
        ("1764547200", 1764547200.0, "2025-12-01"),
        ("去年", None, None),
    ],
)
def test_values_are_read(text: str, figure: float | None, date: str | None) -> None:
    """Numbers and days in the forms that people and Dify write them in."""
    found = day(text)
    assert (number(text), found.isoformat() if found else None) == (figure, date)


BAD = [
    ({"retrieval_setting": {"top_k": 0}}, "retrieval_setting.top_k：应不小于 1"),
    ({"retrieval_setting": {"score_threshold": 2}}, "retrieval_setting.score_threshold：应不大于 1"),
    ({"metadata_condition": where({**PLACE, "name": "colour"})}, "没有元数据 'colour'，可用的有：title"),
    ({"metadata_condition": where({**PLACE, "comparison_operator": "like"})}, "comparison_operator"),
    ({"metadata_condition": where({**PLACE, "value": None})}, "条件 is 缺少 value"),
    (
        {"metadata_condition": where({"name": "year", "comparison_operator": ">", "value": "去年"})},
        "条件 > 的 value 应为数字，实为 '去年'",
    ),
    (
        {"metadata_condition": where({"name": "date", "comparison_operator": "after", "value": "去年"})},
        "应为日期",
    ),
    ({"query": "问" * 2001}, "query：最多 2000 个字"),
]


@pytest.mark.parametrize(("more", "words"), BAD)
def test_wrong_requests_in_difys_form(service: str, more: dict[str, Any], words: str) -> None:
    """What is wrong is told in Chinese, with Dify's names."""
    body = {"knowledge_id": "x", "query": "问", **more}
    reply = httpx.post(f"{service}/retrieval", json=body)
    assert (reply.status_code, reply.json()["error_code"]) == (422, 422)
    assert words in reply.json()["error_msg"]


@pytest.mark.parametrize("content", [b"", b"{}"])
def test_registration_passes(service: str, content: bytes) -> None:
    """Dify registers a service by an empty request; 403, 404 and 502 would fail it."""
    reply = httpx.post(f"{service}/retrieval", content=content, headers={"Content-Type": "application/json"})
    assert (reply.status_code, reply.json()["error_code"]) == (422, 422)
