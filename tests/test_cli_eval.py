"""``jianbao eval`` and ``jianbao ask --explain``, with an embedder that needs no model."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

import corpus
from api.cli import main

pytestmark = pytest.mark.slow

SAMPLE = Path(corpus.__file__).parent / "sample"
OURS = Path(__file__).parent.parent / "benchmarks" / "questions" / "sample.jsonl"
Shown = pytest.CaptureFixture[str]


def test_eval_prints_figures_types_and_stages(filled: Path, capsys: Shown) -> None:
    """Into a pipe it is tab-separated lines: figures, types, stages, and what was lost where."""
    details = filled / "逐题.jsonl"
    assert main(["eval", str(OURS), "--details", str(details)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "共 51 题"
    assert "quotes true　引文属实\t1.000" in lines
    assert any(line.startswith("list\t12\t") for line in lines)
    assert any(line.startswith("late　逐词比对\t") for line in lines)
    assert lines[-1].startswith("不在前 10 段的原文：")
    rows = [json.loads(line) for line in details.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows[:2]] == ["list-01", "list-02"]
    assert set(rows[0]["traces"][0]["ranks"]) == {"dense", "sentence", "lexical", "late", "fused", "final"}


def test_eval_json_is_for_programs(filled: Path, capsys: Shown) -> None:
    """--json prints one object with the same figures."""
    (filled / "一题.jsonl").write_text(OURS.read_text("utf-8").splitlines()[0], encoding="utf-8")
    assert main(["eval", str(filled / "一题.jsonl"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["questions"] == 1
    assert found["figures"]["cited"] == 1.0
    assert found["by_type"]["list"]["n"] == 1
    assert set(found["lost"]) == {"legs", "fused", "final"}


def test_eval_tells_a_wrong_line(filled: Path, capsys: Shown) -> None:
    """A line that isn't a question is named in Chinese; exit code 1, and nothing is asked."""
    (filled / "坏.jsonl").write_text('{"id": "a"', encoding="utf-8")
    assert main(["eval", str(filled / "坏.jsonl")]) == 1
    assert "第 1 行：不是完整的 JSON 对象" in capsys.readouterr().err


def test_ask_explains_in_chinese(filled: Path, capsys: Shown) -> None:
    """--explain shows the understanding, every place of a list, and each leg's rank."""
    assert main(["ask", "哪些县做了新就业群体服务", "--explain"]) == 0
    shown = capsys.readouterr().out
    assert "\n说明：问题的理解\n  意图：列清单\n" in shown
    assert "主题词（后为稀有程度）：" in shown
    assert "\n说明：清单里各地的去留\n  列入　" in shown
    assert "；逐词比对 第 " in shown


def test_http_explains_where_asked(service: str) -> None:
    """``explanation`` is there with ``explain: true`` and absent without."""
    body = {"question": "2025年第20期里哪些县做了新就业群体服务"}
    assert "explanation" not in httpx.post(f"{service}/v1/query", json=body, timeout=30).json()
    reply = httpx.post(f"{service}/v1/query", json=body | {"explain": True}, timeout=30).json()
    found = reply["explanation"]
    assert found["filters"][0] == {"name": "years", "values": ["2025"], "source": "said"}
    assert found["filters"][1] == {"name": "issues", "values": ["20"], "source": "said"}
    assert {place["place"] for place in found["places"]} >= {"灌南县", "泰州市"}
    assert next(p for p in found["places"] if p["place"] == "泰州市")["decision"] == "filtered_out"
    assert found["passages"][0]["legs"].keys() == {"dense", "lexical", "late"}
    assert len(found["passages"]) == 20
    assert found["refusal"] is None
