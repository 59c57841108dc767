"""The head of a bulletin (series, issue, issuer, date), and its colophon."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Sequence

from corpus.columns import is_editors_note, is_label
from corpus.contents import is_contents_head
from corpus.normalize import clean_spaces, simplified, squeeze
from corpus.numerals import cn2an
from corpus.types import Block, Masthead

_HEAD_LINES = 16
_LONGEST_LINE = 60
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = r"(?P<year>\d{4}|[〇○零一二三四五六七八九]{4})"
_DATE = re.compile(
    _YEAR
    + r"年(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3})月(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日"
    r"|(?<!\d)(?P<iso>\d{4}[-./．/]\d{1,2}[-./．/]\d{1,2})(?!\d)"
)
_ISSUE = re.compile(r"(?<!总)第(?P<issue>\d{1,4}|[〇○零一二三四五六七八九十百]{1,5})期")
_TOTAL_ISSUE = re.compile(r"总第?(?P<issue>\d{1,5}|[〇○零一二三四五六七八九十百]{1,6})期")
_SERIES = re.compile(
    r"(?!关于|在|印发)[\w·—《》“”\"（）()]{0,40}(?:简报|快报|动态|信息|通讯|专报|摘报|参考|参阅|交流|内参|通报|情况反映|摘编|"
    r"选编|文摘|要情|快讯|专递|导刊|交流材料|参阅件|参阅资料|学习资料|情况摘报|半月谈|月报|周报|旬报)"
    r"(?:[(（]?(?:增刊|专刊|特刊)[)）]?)?$"
)
_LONGEST_NAME = 30
_ISSUE_LINE = re.compile(
    r"[（(〔\[]?(?:\d{4}年|[（(〔\[]?\d{4}[）)〕\]])?(?:总?第[\d〇○零一二三四五六七八九十百]{1,6}期[（(]?)(?:总第?[\d〇○零一二三四五六七八九十百]{1,6}期)?[）)〕\]]*"
)
_NUMBER_LINE = re.compile(r"第(?P<issue>\d{1,4}|[〇○零一二三四五六七八九十百]{1,5})号")
_UNDER_SERIES = re.compile(r"[（(][^（）()]{2,12}[）)]")
"""What kind of issue it is: （工作动态）."""
_BARE_SERIES = re.compile(r"简报|快报|动态|信息|通讯|专报|通报|情况通报|工作简报")
_SUPPLEMENT = re.compile(r"增刊|特刊")
_ISSUER = re.compile(
    r"[\w·（）、]{2,40}(?:办公室|文明办|宣传部|委员会|文明委|指导委员会|领导小组|编辑部|工作部|办公厅|[市县区省]委|政府|局|厅|中心|指挥部|督查室|研究室|协会|联合会)"
    r"(?:主办|编印|编|印发|印)?$"
)
_RULE = r"[─━—―_＿=＝~～*＊﹡※·.…\-]{3,}"
_INTERNAL = re.compile(r"(?:内部|学习|工作|仅供)(?:资料|刊物|文件|交流|参考|学习|使用|参阅|传阅)")
_EDITOR = re.compile(r"^(?:主办|主编|编印|编发|编辑)(?:单位|部门)?[：:]")
_EDITED_BY = re.compile(r"(?:主办|编印|编|印发|印)$")
_NOTE = re.compile(
    rf"^(?:{_INTERNAL.pattern}|{_RULE}$|注意保存|"
    r"不得外传|机密|秘密|特急|签发(?:人)?[：:]|(?:编号|份号)[：:]|"
    r"第[×xX]{1,3}期|【[^】]{1,20}】|[〔\[][^〕\]]{1,20}[〕\]]|(?:本期)?(?:目录|目次|要目|导读|内容提要)|"
    r"[“”\"\w]{0,20}(?:专刊|增刊|特刊|专辑|特辑)(?:[（(].{1,4}[）)])?$|[（(].{0,12}(?:专刊|增刊|特刊)[）)]|"
    r".{2,24}(?:材料|专辑)(?:之[一二三四五六七八九十]+))"
)
_DIGEST = re.compile(r"摘编")
_COLOPHON = re.compile(
    r"^(?:[（(]?共印|[（(].{0,12}(?:会后收回|注意保存|不得外传|阅后即焚)[）)]$|印[发数][：:]|(?:报|送|发|报送|报送单位|发送|发至|抄报|抄送|抄发|分送|主送|呈报|呈送|呈|本期发|本期送)[：:]|"
    r"(?:本期)?(?:责任编辑|责编|编辑|主编|编审|审核|审签|签发|校对|核稿|撰稿|联系人|联系电话|联系邮箱|电话|传真|邮箱|投稿邮箱|投稿信箱|"
    r"地址|邮编|主办|承办|编印|主办单位|编印单位|编辑部地址|印发份数|份数)[：:]|[（(]?印发?\d{1,5}份|"
    r"[（(]?\w{1,6}字第?\d+号|主题词[：:]|印发(?:日期|时间|机关|单位)[：:]?|\w{2,40}日印发?$)"
)
_PAGE_NUMBER = re.compile(
    r"第?\d{1,3}页?|第\d{1,3}页[,、/]?共\d{1,3}页|\d{1,3}页?/共?\d{1,3}页?|"
    r"第[一二三四五六七八九十]{1,3}页(?:共[一二三四五六七八九十]{1,3}页)?"
)


def read_masthead(blocks: Sequence[Block]) -> tuple[Masthead, int]:
    """The masthead at the head of ``blocks``, and how many blocks it takes (0 where there is none).

    The head ends at the first block that is none of: series, issue, issuer, date, or a note (工作资料,
    目录 …); names of columns right above the text belong to the text. A head without series, issue or date
    is not a masthead. A series that only says 简报 is called by its issuer, or by the line above it. A
    supplement counted by itself (增刊第2期) is a series of its own, lest its number be taken for an issue's.
    """
    head = _Head()
    taken = 0
    for position, block in enumerate(blocks[:_HEAD_LINES]):
        following = blocks[position + 1].text if position + 1 < len(blocks) else ""
        if not head.take(block.text, following):
            break
        taken += 1
    while taken and is_label(blocks[taken - 1].text) and not is_contents_head(blocks[taken - 1].text):
        taken -= 1
    masthead = head.masthead()
    if masthead.series is None and masthead.issue is None and masthead.date is None:
        return Masthead(), 0
    return masthead, taken


class _Head:
    """Collects what the lines of a head say."""

    def __init__(self) -> None:
        self._series: str | None = None
        self._above = ""
        self._issue: str | None = None
        self._total_issue: str | None = None
        self._issuer: str | None = None
        self._date: datetime.date | None = None
        self._digest = self._supplement = False

    def take(self, text: str, following: str) -> bool:
        """Takes a line in; False where it doesn't belong to a head."""
        line = simplified(clean_spaces(text).replace("\t", ""))
        if len(line) > _LONGEST_LINE or line.endswith("。") or is_editors_note(line):
            return False
        parts = _parts(text)
        series = [p for p in parts if _is_series(simplified(squeeze(p)))] if not self._series else []
        if not (series or self._series) and self._is_name_by_place(line, following):
            series = [clean_spaces(text)]
        offices = [p for p in parts if _ISSUER.fullmatch(simplified(squeeze(p)))] if not self._date else []
        date, total = read_date(line), _TOTAL_ISSUE.search(line)
        issue = _ISSUE.search(line) or _NUMBER_LINE.fullmatch(line)
        if self._is_issuer_by_place(line, following) and not (offices or issue or total):
            offices = [clean_spaces(text)]
        is_above = self._series is None and bool(_BARE_SERIES.fullmatch(simplified(squeeze(following))))
        digest = bool(_DIGEST.search(line))
        is_note = _NOTE.match(line) or (self._series and not self._issue and _UNDER_SERIES.fullmatch(line))
        known = series or offices or _DATE.search(line) or issue or total or digest or is_note
        if not (known or is_above):
            return False
        if not known:
            self._above = clean_spaces(text)
        self._series = series[0] if series else self._series
        self._date = self._date or date
        self._issue = self._issue or (read_number(issue["issue"]) if issue else None)
        self._total_issue = self._total_issue or (read_number(total["issue"]) if total else None)
        if offices and not series:
            office = _EDITED_BY.sub("", offices[0]).strip()
            self._issuer = f"{self._issuer}、{office}" if self._issuer else office
        self._digest = self._digest or (digest and not series)
        self._supplement = self._supplement or bool(
            _SUPPLEMENT.search(line) and (issue or _SUPPLEMENT.fullmatch(line.strip("（）()")))
        )
        return True

    def _is_name_by_place(self, line: str, following: str) -> bool:
        """Whether a line without one of the usual words stands where the series does: first, above a line
        that is nothing but the number of the issue."""
        plain = re.fullmatch(r"[\w·—“”《》（）()]{2,}", line) and len(line) <= _LONGEST_NAME
        known = _NOTE.match(line) or _ISSUER.fullmatch(line) or _DATE.search(line) or _ISSUE.search(line)
        return bool(plain and not known and _ISSUE_LINE.fullmatch(simplified(clean_spaces(following))))

    def _is_issuer_by_place(self, line: str, following: str) -> bool:
        """Whether a line without one of the usual words stands where the issuer does: between series and
        date."""
        is_open = self._series is not None and self._issuer is None and self._date is None
        plain = re.fullmatch(r"[\w（）()、]{4,40}", line) and not _DATE.search(line) and not _NOTE.match(line)
        return is_open and bool(plain) and is_date_line(following)

    def masthead(self) -> Masthead:
        series = self._series
        if series and _BARE_SERIES.fullmatch(simplified(squeeze(series))):
            series = (self._above or self._issuer or "") + series
        if series and self._supplement and not _SUPPLEMENT.search(series):
            series += "（增刊）"
        return Masthead(series, self._issue or self._total_issue, self._issuer, self._date, self._digest)


def _is_series(name: str) -> bool:
    return bool(_SERIES.fullmatch(name)) and not _INTERNAL.fullmatch(name)


def _parts(text: str) -> list[str]:
    """A line of the head may hold issuer and date side by side, far apart; a title spaced out letter by
    letter (简 报) is one part."""
    line = _DATE.sub("", clean_spaces(text))
    line = _ISSUE.sub("", _TOTAL_ISSUE.sub("", re.sub(r"(?:\d{4}年|[（(〔]\d{4}[）)〕])(?=第)", "", line)))
    wide = [clean_spaces(p) for p in re.split(r"[ \t\u3000]{2,}", text.strip())]
    wide = [_EDITOR.sub("", p) for p in wide]
    line = _EDITOR.sub("", line)
    candidates = [p for p in wide if not _DATE.search(p)] + [re.sub(r"[（(]\s*[）)]", "", line).strip()]
    return [p for p in dict.fromkeys(candidates) if p]


def read_date(text: str) -> datetime.date | None:
    """The first date of ``text``, in Arabic or Chinese numerals; None where there is none or it isn't one."""
    match = _DATE.search(clean_spaces(text))
    if not match:
        return None
    try:
        if match["iso"]:
            return datetime.date(*map(int, re.split(r"\D", match["iso"])))
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
    if text.isdecimal():
        return int(text)
    return int(cn2an(text.replace("〇", "零").replace("○", "零"), "smart"))


def colophon_start(blocks: Sequence[Block]) -> int:
    """Index of the first block of the colophon (报：, 发：, 共印 …), ``len(blocks)`` where there is none.

    The colophon is the tail of a document: from a line that begins like one, short lines to the end.
    """
    start = len(blocks)
    for position in range(len(blocks) - 1, max(-1, len(blocks) - 16), -1):
        line = simplified(clean_spaces(blocks[position].text))
        if _COLOPHON.match(line):
            start = position
        elif len(line) > 120 or (start == len(blocks) and line.endswith("。")):
            break
    return start


def is_page_number(text: str) -> bool:
    """Whether a line is nothing but a page number (— 3 —, 第3页 共8页)."""
    if len(text) > 30:
        return False
    plain = re.sub(r"[-—–―·•~～\s]", "", unicodedata.normalize("NFKC", text))
    return len(text.strip()) <= 16 and bool(_PAGE_NUMBER.fullmatch(plain))


def is_rule(text: str) -> bool:
    """Whether a line is drawn, not written (────, ＊　＊　＊)."""
    return not text[:1].isalnum() and bool(re.fullmatch(_RULE, re.sub(r"\s", "", text)))


def is_page_head(text: str, series: str) -> bool:
    """Whether a line repeats the series, with no more than issue, date and page, as heads of pages do."""
    if len(text) > len(series) + _LONGEST_LINE or squeeze(series) not in squeeze(text):
        return False
    rest = squeeze(text).replace(squeeze(series), "", 1)
    rest = _DATE.sub("", _ISSUE.sub("", _TOTAL_ISSUE.sub("", rest)))
    return not re.sub(r"\d{4}年|第?\d{1,3}页?|[-—–―·•()《》/共]", "", rest)


def is_date_line(text: str) -> bool:
    """Whether a line is nothing but a date (（2024年3月5日）)."""
    return len(text) <= 30 and bool(re.fullmatch(rf"[（(]?(?:{_DATE.pattern})[）)]?", clean_spaces(text)))
