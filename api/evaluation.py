"""What ``jianbao eval`` shows and writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.errors import QuestionFileError
from api.render import show_text
from rag.evaluation.types import Row, Stage, Summary

_FIGURES = {
    "recall@1": "前 1 段找全率",
    "recall@5": "前 5 段找全率",
    "recall@10": "前 10 段找全率",
    "mrr": "首个命中名次的倒数",
    "list-f1": "清单 F1",
    "facts": "答出的事实",
    "refused": "该拒答而拒答",
    "wrongly refused": "误拒",
    "quotes true": "引文属实",
    "cited": "句句有引文",
    "short answer": "短答字数（中位）",
    "milliseconds": "毫秒（中位）",
}
_STAGES: dict[Stage, str] = {
    "dense": "段落向量",
    "sentence": "最佳句向量",
    "lexical": "词语 BM25",
    "late": "逐词比对",
    "fused": "融合后",
    "final": "答案所列",
}
_TYPE_COLUMNS = {
    "n": "题数",
    "r@5": "找全@5",
    "r@10": "找全@10",
    "facts": "事实",
    "list": "清单",
    "refused": "拒答",
}


def show_summary(console: Console, summary: Summary, questions: int) -> None:
    """Tables on a screen, else tab-separated lines."""
    show_text(console, f"共 {questions} 题", style="bold")
    figures = [[f"{name}　{_FIGURES[name]}", _number(name, value)] for name, value in summary.figures.items()]
    _show_table(console, ["指标", "数值"], figures)
    rows = [
        [kind, *(_number(name, values[name]) for name in _TYPE_COLUMNS)]
        for kind, values in summary.by_type.items()
    ]
    _show_table(console, ["题型", *_TYPE_COLUMNS.values()], rows)
    if not summary.by_stage:
        return
    stages = [
        [f"{stage}　{_STAGES[stage]}", *(_number(name, value) for name, value in values.items())]
        for stage, values in summary.by_stage.items()
    ]
    _show_table(console, ["阶段", "找全@1", "找全@5", "找全@10"], stages)
    lost = summary.lost
    show_text(
        console,
        f"不在前 10 段的原文：各路都没找到 {lost['legs']} 处，融合时丢失 {lost['fused']} 处，"
        f"按证据重排时丢失 {lost['final']} 处。",
    )


def _details_line(row: Row) -> str:
    """A row as one line of JSON; what says nothing of it is left out."""
    values = {name: value for name, value in asdict(row).items() if value not in (None, (), [])}
    values["recall"] = {str(depth): row.recall(depth) for depth in (1, 5, 10)} if row.ranks else None
    values["traces"] = [
        {"quote": trace.quote, "ranks": dict(trace.ranks), "lost_at": trace.lost_at(10)}
        for trace in row.traces
    ]
    return json.dumps(values, ensure_ascii=False)


def write_details(path: Path, rows: Sequence[Row]) -> None:
    """A line of JSON for each row. Raises QuestionFileError where the file can't be written."""
    try:
        path.write_text("".join(_details_line(row) + "\n" for row in rows), encoding="utf-8")
    except OSError as error:
        reason = error.strerror or error
        raise QuestionFileError(f"逐题结果写不进 {path}：{reason}。请检查路径和权限。") from error


def summary_json(summary: Summary, questions: int) -> str:
    """The same for other programs."""
    values: dict[str, Any] = {"questions": questions, **asdict(summary)}
    return json.dumps(_rounded(values), ensure_ascii=False, indent=2)


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def _number(name: str, value: float | None) -> str:
    if value is None:
        return "—"
    if name in {"n", "short answer"}:
        return f"{value:.0f}"
    return f"{value:.1f}" if name == "milliseconds" else f"{value:.3f}"


def _show_table(console: Console, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not console.is_terminal:
        for row in (head, *rows):
            # Not through rich, which turns tabs into spaces.
            console.file.write("\t".join(row) + "\n")
        console.file.write("\n")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for number, name in enumerate(head):
        table.add_column(name, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
    console.print()
