"""What came of it: the clauses of a report that tell a result in figures (成效)."""

from __future__ import annotations

import re
from collections.abc import Sequence

_RESULT = re.compile(
    r"惠及|受益|覆盖|累计|服务(?:群众|老人|居民|企业)?[^，；。]{0,6}\d|参与|带动|辐射|提升|提高|增长|增至|增加|增收|"
    r"下降|压缩|缩短|减少|降低|节约|解决|化解|办结|破解|调处|突破|达到?[^，；。]{0,6}\d|超过?\d|吸引|满意|帮扶|捐赠|募集|"
    r"建[成好]|新增|改造|培训|培育|开展[^，；。]{0,30}\d|举办[^，；。]{0,20}\d"
)
_HONOUR = re.compile(r"获评|荣获|获得[^，；。]{0,20}(?:称号|奖|表彰)|入选|被评为|被授予|写入|刊发|推广")
_NUMBER = re.compile(r"\d|[一二两三四五六七八九十百千]+(?:成|倍)|百分之")
_CLAUSE = re.compile(r"[^，,；;。！？]+")
_MOST = 4


def outcome_clauses(sentences: Sequence[str]) -> str:
    """The clauses of the sentences, as they stand there, that tell a result: with a figure, or an honour.
    At most four, parted by ；; empty where none does."""
    found = [
        clause.strip()
        for sentence in sentences
        for clause in _CLAUSE.findall(sentence)
        if (_RESULT.search(clause) and _NUMBER.search(clause)) or _HONOUR.search(clause)
    ]
    return "；".join(dict.fromkeys(found[:_MOST]))
