"""What pydantic found wrong, said in Chinese: which field, what was expected, what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_EXPECTED: dict[str, str] = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项，请核对名称",
    "string_type": "应为字符串",
    "string_unicode": "应为合法的 Unicode 文字",
    "string_too_short": "不能为空（去掉首尾空白后至少 {min_length} 个字）",
    "string_too_long": "最多 {max_length} 个字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字太大",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "greater_than_equal": "应不小于 {ge}",
    "greater_than": "应大于 {gt}",
    "less_than_equal": "应不大于 {le}",
    "less_than": "应小于 {lt}",
    "literal_error": "应为 {expected} 之一",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "dict_type": "应为 JSON 对象",
    "model_type": "应为 JSON 对象",
    "model_attributes_type": "应为 JSON 对象",
    "date_type": "应为日期，写作 2025-01-31",
    "date_parsing": "应为日期，写作 2025-01-31",
    "date_from_datetime_parsing": "应为日期，写作 2025-01-31",
    "date_from_datetime_inexact": "应为日期，写作 2025-01-31，不带时刻",
    "path_type": "应为路径",
}
_SHOWN = 40


def explain(error: Mapping[str, Any]) -> str:
    """One of pydantic's error dicts in words, without the field's name: 应不大于 100，实为 101."""
    kind = error["type"]
    if kind == "value_error":
        return str(error["ctx"]["error"])
    context = {key: _chinese_or(str(value)) for key, value in error.get("ctx", {}).items()}
    expected = _EXPECTED.get(kind, "值不合要求").format_map(context)
    found = _found(kind, error.get("input"))
    return f"{expected}，{found}" if found else expected


def field_of(location: Sequence[str | int]) -> str:
    """``("body", "filters", "years", 0)`` as filters.years[0]; empty for the whole body."""
    parts = location[1:] if location and location[0] in {"body", "query", "path"} else location
    name = ""
    for part in parts:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def _chinese_or(expected: str) -> str:
    return expected.replace(" or ", "、").replace(", ", "、")


def _found(kind: str, value: object) -> str:
    if kind in {"missing", "extra_forbidden", "string_unicode", "string_too_short"}:
        return ""
    if kind in {"string_too_long", "too_long", "too_short"} and isinstance(value, (str, list, tuple)):
        count = len(value.strip()) if isinstance(value, str) else len(value)
        return f"实有 {count} {'个字' if isinstance(value, str) else '项'}"
    if isinstance(value, str) or value is None or isinstance(value, (bool, int, float)):
        shown = "空" if value is None else repr(value)
        return f"实为 {shown[:_SHOWN]}{'…' if len(shown) > _SHOWN else ''}"
    kinds: dict[type, str] = {
        dict: "对象",
        list: "列表",
        bytes: "未按 JSON 解析的数据（请加请求头 Content-Type: application/json）",
    }
    return f"实为{kinds.get(type(value), '别的东西')}"
