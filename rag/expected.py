"""What kind of thing an answer must hold: an amount of money, a share, a count of something, a name.

The expected answer type of question answering (Voorhees, "The TREC-8 Question Answering Track", 1999), by
rules: a passage near to the question but without such a thing doesn't answer it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.numerals import cn2an
from rag.expected_kinds import CHINESE, DIGITS, IN_MARKS, KINDS, LABELS_OF, OF_AMOUNTS, PRICE, ROUGHLY
from rag.units import NOT_A_NOUN

_NO_YEAR = r"(?<![\d.])(?!(?:19|20)\d\d年)"
_UNITS = (
    "个名家支场次处条件项所座人位户对组本册种类节门期篇只辆套台张款部份间幅栋棵盏把顿样步级档级年天周岁成桌版分"
    "例通封"
)
_TELLING_UNITS = frozenset("支场条项所座对组本册节门期篇只辆套台张款份间幅栋棵盏把顿桌版例通封")
_CLASSES = (
    "人名位员",
    "家个处所座站点间",
    "户家组对个",
    "支只个队",  # 几只队伍: a slip of the pen that sounds alike
    "例起个",
    "场次期节堂届批轮",
    "件条项个起宗",
    "本册部套份篇种门",
    "台辆只部架个套",
    "条段",
    "封条份",
    "档级类种",
    "年个月天日周",
    "村社区镇街道县个",
)
_ASKED_COUNT = re.compile(
    rf"(?:多少\s*(?:[万亿](?=人次|小时|公里|平方米|[{_UNITS}]))?(?P<unit>人次|小时|分钟|公里|平方米|平米|公斤|[米吨斤亩](?![面饭粉线食])|{NOT_A_NOUN}[{_UNITS}])?|(?<![哪好找举挑“「『])几(?P<few>{NOT_A_NOUN}[{_UNITS}]))"
    r"(?=(?P<noun>[\u4e00-\u9fff“”]{0,8}))"
)
_CLAUSES = re.compile(r"[，,。；;？?]")
_ASKING = re.compile(r"什么|啥|谁|哪|怎么|怎样|如何|多少|几|[吗么]$")
_ASKS_WHICH = re.compile(r"[^，。？?]{1,8}?(?:都|分别)?(?:是什么|是啥|有哪些|是哪些|叫什么)")
_VERB = re.compile(r"[涨升降增减到变提改花投建办做收发给覆压掉缩少]")
_DEED = re.compile(
    r"要(?![求点素])|转[给到]|送[往到]|交给|被|跟[着上]|参与|参加|加入|报名|签[了订]|认领|响应|用上|住进|接受|享受|受益|得到|拿到"
)
_NOUN_END = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})[得获被]|[的了吗呢啊，。？?、]|是|有|才|就|都|可以|能|来自|参加|呀"
)

_MEASURE = "[个张支项条大种类道场把]"
_MEMBERS = re.compile(
    rf"(?P<count>[两二三四五六七八九十])(?P<measure>{_MEASURE})?(?P<thing>[\u4e00-\u9fff]{{1,4}})[”」\"]?"
    r"(?:都|分别|具体|指的?)*(?:是|有|指)哪(?P=count)"
    rf"(?(measure){_MEASURE}?|{_MEASURE})(?P=thing)?(?:[？?。，]|$)"
)

_LABELS = {
    "": "具体数字",
    "时候": "时间",
    "时": "时间",
    "年": "年份",
    "率": "比率",
    "百分之": "比例",
    "成": "比例",
    "天": "天数",
    "周": "周数",
    "个月": "月数",
    "小时": "小时数",
    "分钟": "分钟数",
    "点": "几点",
    "每月号": "日期",
    "号": "日期",
}
_ASKS_A_NAME = re.compile(r"(?:都|各|分别)?(?:是谁|叫什么(?:名字)?|姓什么|[姓叫]啥|的?姓名|的?名字)$")
_BARE_LABEL = "数量"
_OF_MONEY = "钱 块钱 元 万元 亿元 花 赔 补 省 省下 卖 挣 收 捐 募 便宜"
"""What the words of asking leave, where that is no name for what is asked for."""


@dataclass(frozen=True, slots=True)
class Expected:
    """``label`` names what is asked for, in the question's words; ``pattern`` finds such a thing in a text;
    ``noun`` is what is counted, where it says so; ``unit`` what it is counted in, where that goes with few
    things (张, 支) and so tells of what is counted by itself."""

    label: str
    pattern: re.Pattern[str]
    noun: str = ""
    unit: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether nothing is named that is counted (上限是多少)."""
        return self.label == _BARE_LABEL

    @property
    def is_in_marks(self) -> bool:
        """Whether the name of a thing is asked for, which sentences put in quotation marks."""
        return self.pattern.pattern == IN_MARKS

    @property
    def is_of_money(self) -> bool:
        """Whether an amount of money is asked for, and not of what kind."""
        return self.pattern.pattern == PRICE

    def is_once_in(self, text: str) -> bool:
        """Whether ``text`` has one such thing, which then is the one that is meant."""
        return len(self.pattern.findall(text)) == 1


def expected_answers(question: str) -> tuple[Expected, ...]:
    """What a question asks for, in its order; empty where any sentence may answer it."""
    found: list[tuple[int, Expected]] = []
    for asked, held in KINDS:
        match = re.search(asked, question)
        is_told = held == PRICE and any(e.pattern.pattern in OF_AMOUNTS for _, e in found)
        if match and not is_told:
            label = LABELS_OF.get(held) or _label(match.group())
            found.append((match.start(), Expected(label, re.compile(held))))
    taken = {position for position, _ in found}
    found += _named_members(question)
    for match in _ASKED_COUNT.finditer(question):
        if _ASKS_WHICH.match(question, match.end()):  # 几条规矩是什么 asks for the rules
            continue
        if not any(abs(match.start() - position) <= 6 for position in taken):
            found.append((match.start(), _count(match)))
    return tuple(expected for _, expected in sorted(found, key=lambda pair: pair[0]))


def asking_clauses(question: str) -> list[str]:
    """The clauses of ``question`` that ask, in its order."""
    return [clause for clause in _CLAUSES.split(question) if _ASKING.search(clause)]


def asks_for_more(question: str) -> bool:
    """Whether a clause of ``question`` asks what no kind of thing is expected for (为什么不挂牌？门口写什么):
    it may be answered where another can't be."""
    asking = asking_clauses(question)
    return len(asking) > 1 and not all(map(expected_answers, asking))


def has_figures(expected: Sequence[Expected]) -> bool:
    """Whether a number is asked for, among other things."""
    return any(r"\d" in one.pattern.pattern for one in expected)


def _named_members(question: str) -> list[tuple[int, Expected]]:
    """For “五张网”是哪五张: as many names with that word (组织网、筛查网…), one after the other."""
    match = _MEMBERS.search(question)
    if match is None:
        return []
    word, most = match["thing"][-1], int(cn2an(match["count"], "smart")) - 1
    name = rf"[^，。；、：]{{0,10}}{word}[^，。；、：]{{0,10}}"
    return [(match.start(), Expected("各自的名称", re.compile(rf"(?:{name}[、和与]){{{most}}}{name}")))]


def _count(match: re.Match[str]) -> Expected:
    unit = match["unit"] or match["few"] or ""
    noun = _counted(match["noun"].strip("“”"), unit)
    if unit in {"人", "人次"}:  # what follows says what they do (多少人吃饭), not what they are
        noun = ""
    if _VERB.match(noun) or _DEED.match(noun) or noun.startswith("算") or (len(noun) == 1 and not unit):
        noun = ""
    units = unit
    for group in _CLASSES:
        if unit and unit in group:
            units += group
    if not noun:  # 个 counts anything: it answers 多少户 only where the sentence names the thing
        units = units.replace("个", "")
    if unit in {"", "个"}:
        # neither an age (60岁以上老人) nor a date counts a thing, and 一张 mostly is an article
        held = (
            rf"{_NO_YEAR}{DIGITS}(?![多余几来]?周?岁|月|日)[\u4e00-\u9fff%％]"
            rf"|(?!一[{_UNITS}]){CHINESE}[{_UNITS}]"
        )
    else:
        visits = "人次|" if set(unit) & set("人名位员次") else ""
        held = rf"(?:{DIGITS}|{CHINESE})(?:[{''.join(sorted({*units}))}]|{visits}{re.escape(unit)})"
    label = f"{noun}的数量" if noun else (f"多少{unit}" if unit else _BARE_LABEL)
    return Expected(label, re.compile(held), noun, unit if unit in _TELLING_UNITS else "")


def _counted(words: str, unit: str) -> str:
    """The noun that ``words`` begin with; what a thing is said to be (几间便宜的房子) stands before it."""
    first, _, rest = words.partition("的")
    noun = _NOUN_END.split(first)[0]
    after = _NOUN_END.split(rest)[0]
    return after if noun == first and after and unit in _TELLING_UNITS else noun


def _label(asked: str) -> str:
    asked = _ASKS_A_NAME.sub("的名字", asked)
    words = re.sub(rf"{ROUGHLY}|多少|什么|哪(?:几个|个|一?家|些|一)?|几|[是为有达了叫]", "", asked)
    words = re.sub(r"^[个家所座处名位](?=..)", "", words)
    return "金额" if words in _OF_MONEY.split() else _LABELS.get(words, words)
