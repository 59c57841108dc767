"""What an answer is wanted for, and how it is to be told: said beside a question, no part of its topic."""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"[^，,；;。？?！!]+[，,；;。？?！!]*")
_PURPOSE = (
    r".{0,10}(?:要用|急用|备用|想参考|[作做]?个?参考|要?参考一?下|用得[上着])"
    r"|(?:我们?|我们?(?:单位|科室|处|办))?(?:准备|打算|想|要|在|下周|明天|近期|最近)*(?:开|写|做|搞|起草|准备).{0,8}"
    r"(?:会|材料|讲话稿?|发言稿?|稿子?|报告|方案|总结|汇报|调研|PPT)"
    r"|(?:最好)?能?(?:直接|当场)?(?:放|写|用|引|编)[进到在入].{0,8}(?:那种|的)?|原[文话句](?:照抄)?|.{0,6}(?:也行|也可以|就行)"
    r"|(?:我们?)?要(?:些|一些|几个)?(?:例子|案例|素材|依据)"
)
_COMPLETE = (
    r"(?:请|帮我|麻烦|最好|希望|务必)?(?:你|您)?(?:把|将)?(?:地方|地名|名单|县市区?|县区|它们)?(?:都|全|尽量|尽可能|一个个|逐一|逐个|一一)*"
    r"(?:列|找|说|写|报|举)(?:全|齐|完整|出来|一下|清楚)"
    r"|(?:请|最好)?(?:一个)?(?:也|都)?(?:别|不要|不能|勿)(?:遗?漏|落下).{0,4}|一个(?:也|都)?不(?:漏|落|能少)|越(?:全|多)越好"
)
_TOLD = (
    r"(?:请|并|还要?|顺便|最好|同时)*(?:讲|说|写|列|注|标|点|附|带)(?:清楚?|明|上|出)(?:一下)?"
    r"(?!了)(?:.{0,3}(?:什么|怎么|哪|谁|多少|几).{0,8}|出处|来源|哪一?期|期数|单位|时间|地点|依据|原文|形式|做法|具体.{0,4})"
)
_WISH = re.compile(rf"\s*(?:{_PURPOSE}|{_COMPLETE}|{_TOLD})(?:[了的吧呢啊哦]|一下|谢谢)*[\s，,；;。？?！!]*")


def without_wishes(text: str) -> str:
    """``text`` without its clauses that only say what the answer is for (我要写材料), that it is to be
    complete (把县市区列全) or what to say of each (讲清用的什么形式); whole where nothing else is left."""
    clauses = _CLAUSE.findall(text)
    kept = [clause for clause in clauses if not _WISH.fullmatch(clause)]
    return "".join(kept) or text
