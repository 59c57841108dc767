"""The head of a bulletin (series, issue, issuer, date), its contents list, and its colophon."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from itertools import pairwise

import cn2an

from corpus.authors import is_author
from corpus.normalize import clean_spaces, ends_sentence, squeeze
from corpus.types import Block, Masthead

_HEAD_LINES = 16
_LONGEST_LINE = 60
_LONGEST_ENTRY = 400  # the search for dots and page takes time by the square of the length
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = r"(?P<year>\d{4}|[〇○零一二三四五六七八九]{4})"
_DATE = re.compile(
    _YEAR
    + r"年(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3})月(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日"
)
_ISSUE = re.compile(r"(?<!总)第(?P<issue>\d{1,4}|[〇○零一二三四五六七八九十百]{1,5})期")
_TOTAL_ISSUE = re.compile(r"总第?(?P<issue>\d{1,5}|[〇○零一二三四五六七八九十百]{1,6})期")
_SERIES = re.compile(
    r"[\w·—《》“”（）]{0,40}(?:简报|快报|动态|信息|通讯|专报|摘报|参考|交流|内参|通报|情况反映)$"
)
_ISSUER = re.compile(
    r"[\w·（）、]{2,40}(?:办公室|文明办|宣传部|委员会|文明委|指导委员会|领导小组|编辑部|工作部|办公厅|[市县区省]委|政府|局|厅)(?:主办|编|编印)?$"
)
_NOTE = re.compile(
    r"^(?:工作资料|内部资料|内部刊物|内部文件|注意保存|不得外传|机密|秘密|特急|【[^】]{1,20}】|[〔\[][^〕\]]{1,20}[〕\]]|"
    r"(?:本期)?(?:目录|要目|导读|内容提要)|专刊|增刊|特刊|[（(].{0,12}专刊[）)]|.{2,24}(?:材料|专辑)(?:之[一二三四五六七八九十]+))"
)
_DIGEST = re.compile(r"摘编")
_COLOPHON = re.compile(
    r"^(?:[（(]?共印|印[发数][：:]|(?:报|送|发|报送|抄报|抄送|分送|主送|呈报|呈送|本期发|本期送)[：:]|"
    r"(?:责任编辑|责编|编辑|主编|审核|审签|签发|校对|核稿|联系人|联系电话|联系邮箱|电话|传真|邮箱|投稿邮箱|地址|邮编)[：:]|"
    r"[（(]?\w{1,6}字第?\d+号)"
)
_PAGE_NUMBER = re.compile(r"^[-—–·\s]*(?:第?\d{1,3}页?(?:[/／共]\d{1,3}页?)?)[-—–·\s]*$")
_DOT_LEADERS = re.compile(r"[.…·•⋯\s]*[（(]?\d{0,3}[）)]?$")
_CONTENTS_MARK = re.compile(r"^(?:[\d一二三四五六七八九十]{1,2}[.、．\s]+|[●○■◆▪►★☆·•\-*]\s*)")


def read_masthead(blocks: Sequence[Block]) -> tuple[Masthead, int]:
    """The masthead at the head of ``blocks``, and how many blocks it takes (0 where there is none).

    The head ends at the first block that is none of: series, issue, issuer, date, or a note (工作资料,
    目录, 【经验交流】 …). A head without series, issue or date is not a masthead.
    """
    series = issue = total_issue = issuer = date = None
    digest = False
    taken = 0
    for block in blocks[:_HEAD_LINES]:
        line = clean_spaces(block.text).replace("\t", "")
        parts = _parts(block.text)
        is_series = series is None and any(_SERIES.fullmatch(squeeze(p)) for p in parts)
        found = _DATE.search(line)
        issues = _ISSUE.search(line), _TOTAL_ISSUE.search(line)
        offices = [p for p in parts if _ISSUER.fullmatch(squeeze(p))]
        is_digest = bool(_DIGEST.search(line)) and len(line) <= _LONGEST_LINE
        known = is_series or found or any(issues) or offices or is_digest or _NOTE.match(line)
        if len(line) > _LONGEST_LINE or not known:
            break
        series = next((p for p in parts if _SERIES.fullmatch(squeeze(p))), None) if is_series else series
        date = date or (read_date(line) if found else None)
        issue = issue or (read_number(issues[0]["issue"]) if issues[0] else None)
        total_issue = total_issue or (read_number(issues[1]["issue"]) if issues[1] else None)
        issuer = issuer or (offices[0] if offices and not is_series else None)
        digest = digest or is_digest
        taken += 1
    if series is None and issue is None and total_issue is None and date is None:
        return Masthead(), 0
    return Masthead(series, issue or total_issue, issuer, date, digest), taken


def _parts(text: str) -> list[str]:
    """A line of the head may hold issuer and date side by side, far apart; a title spaced out letter by
    letter (简 报) is one part."""
    line = _ISSUE.sub("", _TOTAL_ISSUE.sub("", _DATE.sub("", clean_spaces(text))))
    wide = [clean_spaces(p) for p in re.split(r"[ \t\u3000]{2,}", text.strip())]
    candidates = [p for p in wide if not _DATE.search(p)] + [re.sub(r"[（(]\s*[）)]", "", line).strip()]
    return [p for p in dict.fromkeys(candidates) if p]


def read_date(text: str) -> datetime.date | None:
    """The first date of ``text``, in Arabic or Chinese numerals; None where there is none or it isn't one."""
    match = _DATE.search(clean_spaces(text))
    if not match:
        return None
    try:
        return datetime.date(
            int(match["year"].translate(_CHINESE_DIGITS)), _small(match["month"]), _small(match["day"])
        )
    except ValueError:
        return None


def read_number(text: str) -> str:
    """A numeral as Arabic digits without leading zeros: 二十 → 20, 008 → 8, 二〇 → 20."""
    if text.isascii():
        return str(int(text))
    if re.search("[十百]", text):
        return str(_small(text))
    return str(int(text.translate(_CHINESE_DIGITS)))


def _small(text: str) -> int:
    return (
        int(text)
        if text.isascii()
        else int(cn2an.cn2an(text.replace("〇", "零").replace("○", "零"), "smart"))
    )


def find_contents(blocks: Sequence[Block]) -> tuple[int, frozenset[str]]:
    """The contents list at the head of ``blocks`` (what follows the masthead).

    Returns how many blocks it takes and the titles it names, squeezed. A line belongs to it when it
    stands again further down as a title, alone or made of two lines; so do the short lines between such
    lines and after them (authors in brackets, column names).
    """
    lines = [squeeze(b.text) for b in blocks]
    entries = [contents_entry(b.text) for b in blocks]
    last_seen = {line: position for position, line in enumerate(lines)}
    for position, two in enumerate(a + b for a, b in pairwise(lines)):
        last_seen[two] = max(position, last_seen.get(two, 0))
    titles: set[str] = set()
    length, first_title, position = 0, len(blocks), 0
    while position < first_title and len(lines[position]) <= _LONGEST_LINE + 20:
        two_lines = entries[position] + "".join(entries[position + 1 : position + 2])
        is_pair = position + 1 < len(blocks) and not is_author(blocks[position + 1].text)
        # The longer form first: a title that is broken in two in the list and over the article alike.
        forms = [(two_lines, 2)] if is_pair else []
        for entry, taken in (*forms, (lines[position], 1), (entries[position], 1)):
            again = last_seen.get(entry, -1)
            if entry and again >= position + taken:
                titles.add(entry)
                first_title = min(first_title, again)
                length = position + taken
                position += taken - 1
                break
        position += 1
    while (
        0 < length < first_title and len(lines[length]) <= _LONGEST_LINE and not ends_sentence(lines[length])
    ):
        length += 1
    return length, frozenset(titles)


def contents_entry(text: str) -> str:
    """A line of a contents list as its title would be squeezed: no number before, no dots and page behind."""
    if len(text) > _LONGEST_ENTRY:
        return squeeze(text)
    without_mark = _CONTENTS_MARK.sub("", text.strip())
    without_page = (
        _DOT_LEADERS.sub("", without_mark)
        if re.search(r"[.…·⋯\s]{2,}[（(]?\d+[）)]?$", without_mark)
        else without_mark
    )
    return squeeze(without_page)


def colophon_start(blocks: Sequence[Block]) -> int:
    """Index of the first block of the colophon (报：, 发：, 共印 …), ``len(blocks)`` where there is none.

    The colophon is the tail of a document: from a line that begins like one, short lines to the end.
    """
    start = len(blocks)
    for position in range(len(blocks) - 1, max(-1, len(blocks) - 16), -1):
        line = clean_spaces(blocks[position].text)
        if _COLOPHON.match(line):
            start = position
        elif len(line) > 120 or (start == len(blocks) and line.endswith("。")):
            break
    return start


def is_page_number(text: str) -> bool:
    """Whether a line is nothing but a page number (— 3 —, 第3页)."""
    return len(text.strip()) <= 12 and bool(_PAGE_NUMBER.match(text.strip()))
