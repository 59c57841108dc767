"""Words for what a draft check finds, one set for table, document and JSON."""

from __future__ import annotations

from rag.checking.types import DraftCheck, Finding, FindingKind, Verdict

VERDICT_WORDS: dict[Verdict, str] = {"consistent": "一致", "inconsistent": "不一致", "not_found": "未见"}
KIND_WORDS: dict[FindingKind, str] = {
    "figure": "数字",
    "date": "日期",
    "place": "地名",
    "name": "人名",
    "title": "题名",
    "term": "名称",
    "quotation": "引语",
    "organisation": "机构",
    "negation": "说法",
    "sentence": "整句",
}


def summary_line(check: DraftCheck) -> str:
    """共 5 句，核对 12 处：一致 9，不一致 1，未见 2。"""
    told = [f for f in check.findings if f.kind != "sentence"]
    counts = "，".join(f"{word} {sum(f.verdict == v for f in told)}" for v, word in VERDICT_WORDS.items())
    idle = len(check.findings) - len(told)
    rest = f"另有 {idle} 句没有可核对的内容。" if idle else ""
    return f"共 {len(check.sentences)} 句，核对 {len(told)} 处：{counts}。{rest}"


def finding_line(finding: Finding) -> str:
    """不一致（数字）：稿中“240名”，简报“238名”。"""
    head = f"{VERDICT_WORDS[finding.verdict]}（{KIND_WORDS[finding.kind]}）"
    note = f"（{finding.note}）" if finding.note else ""
    if finding.verdict == "inconsistent":
        return f"{head}：稿中“{finding.text}”，简报“{finding.found}”{note}。"
    if finding.verdict == "not_found":
        return f"{head}：简报中未见“{finding.text}”{note}。"
    same = "" if finding.found in {"", finding.text} else f"，简报作“{finding.found}”"
    return f"{head}：“{finding.text}”{same}{note}。"
