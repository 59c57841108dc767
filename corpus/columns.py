"""Columns of a bulletin (【工作动态】), the briefs in them, and the editor's note (编者按)."""

from __future__ import annotations

import re

from corpus.normalize import simplified

MARK = re.compile(r"^[△▲◇◆●○■□★☆※▶►▪]\s*")
"""What stands before a brief, or before a title in a list of contents."""

_LABEL = re.compile(r"^[【\[〔][^】\]〕]{1,20}[】\]〕]$|^[★☆◆■●]\s*\w{2,8}\s*[★☆◆■●]?$")
_BRIEFS = r"(?:简讯|快讯|短讯|要闻|短波|快递|动态|信息|集锦|速览|传真|之窗)"
_COLUMN_NAME = re.compile(
    rf"(?:(?:工作|文明|基层|各地|县区|区县|信息|实践|创建|简明|一句话)?{_BRIEFS}|"
    r"经验交流|他山之石|典型经验|领导讲话|工作研究|"
    r"\w{0,24}(?:摘登|选登|选编|交流材料|发言材料|典型发言|大会发言))"
)
_NOTE = re.compile(
    r"^[【\[〔（(]?(?:本刊)?(?:编者按|编者的话|编前语|编前话|编者语|按语)[】\]〕）)]?\s*[：:]?"
)
_NUMBER = re.compile(r"^\d{1,2}\s*[.．、]\s*(?!\d)")
_COUNT = re.compile(
    r"^(?:\d{1,2}\s*[.．、]\s*(?!\d)|[一二三四五六七八九十]{1,2}、\s*|[（(][一二三四五六七八九十\d]{1,2}[）)]\s*)(?=.{4})"
)
_CASE = re.compile(r"^(?:\w{2})?(?:案例|经验|做法)之?[一二三四五六七八九十\d]{1,3}\s*[：:\s]\s*")
_REGION = r"(?:省|市|县|区|旗|州|盟|镇|乡|街道)"
_NO_PLACE = r"(?!全|各|该|本|我|社区|城区|园区|景区|山区|小区|地区|城市|县区|区县|乡镇|城乡)"
_LEAD = re.compile(rf"^{_NO_PLACE}[\u4e00-\u9fff]{{1,11}}?{_REGION}")
_BARE_NAME = re.compile(rf"{_NO_PLACE}[\u4e00-\u9fff]{{1,11}}(?:{_REGION}|局|委|办|中心|公司|集团|村|社区)")
_LONGEST_BARE_NAME = 14
_BRACKETED = re.compile(rf"^[【\[〔]{_NO_PLACE}[\u4e00-\u9fff]{{1,11}}{_REGION}(?:讯)?[】\]〕]\s*(?=\S)")
_IN_BRACKETS = re.compile(r"^[【\[〔][\u4e00-\u9fff]{2,10}[】\]〕]\s*(?=\S)")
_TIME = re.compile(r"^(?:近年来|近日|日前|近期|今年以来|去年以来|[今去]年)[，,]?")
_PLACE_LEAD = re.compile(r"^[\u4e00-\u9fff]{1,12}?(?:省|市|县|区|旗|州|盟|镇|乡|街道)[：:]")
_BARE_LEAD = re.compile(r"^[^：:]*[：:](?:近日|日前|近期|连日来|\d{1,2}月\d{1,2}日|\d{1,2}月[上中下]旬)?$")
_LONGEST_BRIEF_TITLE = 40


def is_label(text: str) -> bool:
    """Whether a line is the name of a column: in brackets, or one of the usual names by itself."""
    text = text.strip()
    if len(text) > 30 or text.endswith("。") or is_editors_note(text):
        return False
    return bool(_LABEL.match(text) or _COLUMN_NAME.fullmatch(re.sub(r"\s", "", simplified(text))))


def column_name(label: str) -> str:
    """A column's name without brackets, stars and white space."""
    return re.sub(r"[\s【】\[\]〔〕★☆◆■●]", "", label)


def is_column_of_briefs(label: str) -> bool:
    """Whether a column's name says that it holds briefs (简讯, 各地动态)."""
    return re.search(f"{_BRIEFS}$", simplified(column_name(label))) is not None


def is_editors_note(text: str) -> bool:
    """Whether a line or a paragraph begins 编者按."""
    start = text.lstrip()[:20]
    return any(word in start for word in "编編按") and bool(_NOTE.match(simplified(start)))


def note_title(text: str) -> str:
    """What the editor's note calls itself, without brackets."""
    match = _NOTE.match(simplified(text.strip()[:20]))
    return text.strip()[: match.end()].strip("【】[]〔〕（）()：: ") if match else ""


def is_note_line(text: str) -> bool:
    """Whether a line says 编者按 and nothing else."""
    match = _NOTE.match(simplified(text.strip()[:20])) if is_editors_note(text) else None
    return bool(match) and not text.strip()[match.end() :].strip() if match else False


def begins_brief(text: str) -> bool:
    """Whether a paragraph inside a column begins a brief: with a mark, with a place and a colon, or with a
    place in brackets."""
    text = text.strip()
    lead = simplified(text[:20])
    return bool(begins_marked_brief(text) or _PLACE_LEAD.match(lead) or begins_numbered_brief(text))


def begins_marked_brief(text: str) -> bool:
    """Whether a paragraph begins with a mark or a place in brackets (【甲县】)."""
    return bool(MARK.match(text) or _BRACKETED.match(simplified(text[:20])))


def begins_in_brackets(text: str) -> bool:
    """Whether a paragraph begins with a name in brackets, of a place or of what follows (【一线调查】)."""
    return bool(_IN_BRACKETS.match(text.strip()))


def begins_numbered_brief(text: str) -> bool:
    """Whether a paragraph begins with a number and a place, or a place in brackets (【甲县讯】)."""
    number = _NUMBER.match(text)
    lead = simplified(text[number.end() :][:20]) if number else ""
    return bool(lead) and bool(_LEAD.match(lead.lstrip("【[〔")))


def is_case(title: str) -> bool:
    """Whether a line is counted as one of several reports (案例一：…)."""
    return bool(_CASE.match(title))


def without_count(title: str) -> str:
    """A title without the count before it (案例一：)."""
    return _CASE.sub("", title)


def is_bare_name(line: str) -> bool:
    """Whether a line is the name of a place or an office and nothing else."""
    return len(line) <= _LONGEST_BARE_NAME and bool(_BARE_NAME.fullmatch(line))


def without_number(title: str) -> str:
    """A title without the number that the contents list gives it."""
    return _COUNT.sub("", title)


def leading_place(text: str) -> str:
    """What looks like the place that a paragraph begins with (近年来，甲县…); empty where none does."""
    match = _LEAD.match(simplified(_TIME.sub("", text.strip())[:20]))
    return match.group() if match else ""


def begins_brief_of_place(text: str) -> bool:
    """Whether a paragraph begins with a mark and a place (●甲县…)."""
    text = text.strip()
    return bool(MARK.match(text) and leading_place(MARK.sub("", text)))


def brief_title(text: str) -> str:
    """The title of a brief that has none of its own line: its first sentence if it is short, else as many of
    its first clauses as make a title."""
    text = _NUMBER.sub("", MARK.sub("", text.strip()))
    first = re.split(r"[。！？!?；;\n]", text, maxsplit=1)[0]
    if len(first) <= _LONGEST_BRIEF_TITLE:
        return first
    title = ""
    for clause in re.findall(r"[^，,]+[，,]?", first):
        if title and len(title + clause) > _LONGEST_BRIEF_TITLE and not _BARE_LEAD.match(title.rstrip("，,")):
            break
        title += clause
    return title.rstrip("，,")[: 2 * _LONGEST_BRIEF_TITLE]
