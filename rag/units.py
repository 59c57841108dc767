"""Measure words: which there are, which name the same thing, which can stand for each other."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["count", "share", "points", "times", "ordinal"]

NOT_A_NOUN = (
    r"(?!家[庭长属园政具电]|项目|组[织长]|支[部书]|场[所地馆景]|人[才大民群]|名[师单录额]|座谈|对象|节[目点日]|级别"
    r"|户[外籍]|条[件例]|位置|部[门委]|期刊|种[子植]|例会|款项|处[所室]|分[馆站中]|门[店诊]|周边)"
)
"""Before a measure word in a pattern: it doesn't begin a noun (多少家庭, 多少项目)."""

_LONG = (
    "人次 场次 件次 户次 家次 车次 班次 架次 批次 台次 期次 桌次 课时 学时 "
    "平方公里 平方千米 平方米 平米 立方米 公里 千米 厘米 毫米 公斤 千克 千瓦时 千瓦 兆瓦 公顷 "
    "小时 分钟 秒钟 星期 周年 年度 工作日 个小时 个钟头 个月 个星期 个工作日 "
    "块钱 美元 港元 元钱 个百分点 百分点"
)
_SHORT = (
    "个名家支场次处条件项所座人位户对组本册种类门期篇只辆套台张款部份间幅栋棵盏把顿样步级档年天周岁成桌号版日月亩吨米斤届批轮"
    "队节堂遍趟回艘头株架起宗顶枚块双副员口元倍大点站村镇道层箱瓶袋车秒分代克升词句字页行列排间席"
)
UNIT = re.compile(
    "|".join([*sorted(_LONG.split(), key=len, reverse=True), r"[%‰]", "km2?|m2|kg", f"[{_SHORT}]"])
)
_PLAIN = {
    "平米": "平方米",
    "m2": "平方米",
    "平方千米": "平方公里",
    "km2": "平方公里",
    "km": "公里",
    "千米": "公里",
    "kg": "公斤",
    "千克": "公斤",
    "块钱": "元",
    "元钱": "元",
    "块": "元",
    "个小时": "小时",
    "个钟头": "小时",
    "个月": "月",
    "个星期": "周",
    "星期": "周",
    "日": "天",
    "周年": "年",
    "年度": "年",
    "个百分点": "百分点",
    "个工作日": "工作日",
    "秒钟": "秒",
    "学时": "课时",
}
_ALIKE = tuple(
    set(line.split())
    for line in (
        "人 名 位 员 口 个",
        "户 家 组 个",
        "对 组 双 个",
        "家 个 处 所 座 站 点 间",
        "支 队 个",
        "场 次 场次 期 节 堂 届 批 轮 个 回 趟 件次",
        "节 门 堂 课时 个",
        "件 条 项 个 起 宗 样 种 类 款 大",
        "本 册 部 套 份 篇 种 个",
        "台 辆 只 部 架 套 个 张 顶",
        "条 段 道 个",
        "村 镇 个",
        "张 幅 份 个",
        "级 档 个 层",
        "步 个",
        "栋 座 幢 个",
        "棵 株 个",
    )
)
_COUNTERS = frozenset().union(*_ALIKE)
_ANY = frozenset({"个", "大"})
"""Words that count nearly everything: 三大运营商 are 三家."""


def plain_unit(unit: str) -> str:
    """The usual name of a measure word: 平米 → 平方米, 个小时 → 小时."""
    return _PLAIN.get(unit, unit)


def units_agree(first: str, second: str) -> bool:
    """Whether two plain measure words may count the same things: 名 and 位, 家 and 户, but not 户 and 名, nor
    人次 and 人. Where one side has none, the other may be any that isn't a measure (元, 小时)."""
    if first == second:
        return True
    if not first or not second:
        return (first or second) in _COUNTERS or (first or second) in {"人次", "场次"}
    if {first, second} & _ANY:
        return {first, second} <= _COUNTERS
    return any(first in group and second in group for group in _ALIKE)
