"""What kind of thing an answer must hold: an amount of money, a share, a count of something, a name.

The expected answer type of question answering (Voorhees, "The TREC-8 Question Answering Track", 1999), by
rules: a passage near to the question but without such a thing doesn't answer it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.units import NOT_A_NOUN

_DIGITS = r"\d[\d.,]*\s*(?:多|余|几|来)?\s*(?:万|亿|千|百)?\s*(?:多|余)?\s*"
_NO_YEAR = r"(?<![\d.])(?!(?:19|20)\d\d年)"
_CHINESE = r"[一二两三四五六七八九十百千万亿半]+(?:多|余|几)?"
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
    rf"(?:多少\s*(?:[万亿](?=人次|小时|公里|平方米|[{_UNITS}]))?(?P<unit>人次|小时|分钟|公里|平方米|{NOT_A_NOUN}[{_UNITS}])?|(?<![哪好找举挑“「『])几(?P<few>{NOT_A_NOUN}[{_UNITS}]))"
    r"(?=(?P<noun>[\u4e00-\u9fff“”]{0,8}))"
)
_CLAUSES = re.compile(r"[，,。；;？?]")
_ASKING = re.compile(r"什么|啥|谁|哪|怎么|怎样|如何|多少|几|[吗么]$")
_ASKS_WHICH = re.compile(r"[^，。？?]{1,8}?(?:都|分别)?(?:是什么|是啥|有哪些|是哪些|叫什么)")
_VERB = re.compile(r"[涨升降增减到变提改花投建办做收发给覆压掉缩少]")
_NOUN_END = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})[得获被]|[的了吗呢啊，。？?、]|是|有|才|就|都|可以|能|来自|参加|呀"
)

_AMOUNT = rf"(?:{_DIGITS}|{_CHINESE})(?:元|块钱)"
_PRICE = rf"{_AMOUNT}|免费|分文|不收费"
_WAGE = rf"(?:工资|薪|酬|津贴|补贴|补助)[^。；]{{0,15}}\d|{_AMOUNT}[^，。；]{{0,8}}(?:工资|薪|酬|津贴)"
_FUNDS = (
    rf"(?:经费|资金|投入|预算|投资|拨付|拨款|出资|奖补|补助|补贴|奖金|奖励|造价|成本|花费|耗资|斥资|筹)[^。；]{{0,24}}(?:{_AMOUNT})|"
    rf"(?:{_AMOUNT})[^，。；]{{0,10}}(?:经费|资金|预算|投资|拨款|奖补|补助|奖金|造价|成本)"
)
_RENT = rf"(?:租|房)[^。；]{{0,16}}(?:{_AMOUNT})|(?:{_AMOUNT})[^，。；]{{0,8}}租|免租|免费入住"
_FEE = (
    rf"(?:费|收取?|每[人次月年学期课])[^。；]{{0,16}}(?:{_AMOUNT})|"
    rf"(?:{_AMOUNT})[^，。；]{{0,8}}费|免费|分文|不收费"
)
_AGE = r"\d+\s*(?:多|余|来)?岁|[六七八九]旬|[一二三四五六七八九]十[一二三四五六七八九]?岁"
_EACH_CASE = r"分别|其中|一[例起件]|包括|、[^，。；]{2,20}、"
_FREIGHT = rf"(?:运|邮|快递|配送)费[^。；]{{0,16}}(?:{_AMOUNT})|免(?:运|邮|快递|配送)费|包邮"
_REASON = (
    r"因|由于|为[了让使]|(?<![转成作称认])为[^，。；为]{2,20}，|针对|鉴于|考虑|源于|源自|来自|出于|寓意|意味|谐音|取自|取[^，。；]{1,8}之意|以便|方便|"
    r"避免|防止|解决|问题|[太很更]难|不便|目的|意在|旨在|得益|靠的?是|原来|过去|以前|传统|正值|恰逢"
)
_HOW_MUCH = r"(?=[^。？?]*(?:多少|几|多大|规模|数额|金额|是$|是[？?]$))"
_NAMED_SCHOOL = r"[\u4e00-\u9fff]{2,}(?:大学|学院)|[\u4e00-\u9fff]{2,}(?:中学|小学|高中|幼儿园)"
PERSON = (
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤]"
)
_OFFICE = r"(?:书记|市长|县长|区长|镇长|主任|部长|局长|校长|院长|队长|站长|会长|馆长|负责人)"
_ROLE = (
    r"(?:[\u4e00-\u9fff]{2}员|志愿者|带头人|负责人|书记|校长|老师|教师|医生|师傅|模范|好人|队长|站长|会长|[组团班排连科处所股]长|"
    r"骑手|司机|小哥|老人|学生|村民|居民|主播|店主|选手|获奖者|党员|儿媳)"
)
_AFTER_NAME = r"坚持|主动|自发|带着|带头|常常|每天|每周|牵头|创办|说起|说|用|把|为|从|和|也|就|已"
_SEVERAL = r"(?:[2-9]|\d{2,}|[两二三四五六七八九十]+)"
_SHOP = r"旅行社|酒店|宾馆|饭店|超市|医院|药店|影院|加油站"
_MANY = r"(?:[4-9](?![\d])|\d{2,}|[四五六七八九]|[二三四五六七八九]?十[一二三四五六七八九]?)"
_MANY_NAMED = (
    r"、[^。；，]{1,40}等?\s*(?:\d+|[一二三四五六七八九十]+)[家所名位]|分别(?:是|为)|"
    r"[家所名位][^。；，]{0,12}(?:[:：]|——|包括|是|有)[^。；]{2,40}、"
)
_SEVERAL_NAMED = r"[^，。；、]{2,}、[^，。；]{2,}|分别(?:是|为)|[”」][和与及]?[“「]"
_NAMED = r"[^，。；、]{2,}、[^，。；]{2,}|“[^”]+”"
_COMPARED = r"最|第一|首位|居首|榜首|领先|名列前茅"
_KINDS = (
    (
        rf"{_OFFICE}(?:是谁|叫什么|姓什么|的?名字|的?姓名|姓啥|叫啥)",
        rf"{_OFFICE}\s?{PERSON}[\u4e00-\u9fff]{{1,2}}(?![\u4e00-\u9fff]{{0,2}}[部局委办])",
    ),
    (
        rf"{_ROLE}(?:都|各|分别)?(?:是谁|叫什么(?:名字)?|姓什么|姓啥|叫啥|的?(?:姓名|名字))",
        rf"(?:{_ROLE}|[”、：]){PERSON}[\u4e00-\u9fff]{{1,2}}(?=[、，。；等（(是在]|同志|老人|老师|{_AFTER_NAME})",
    ),
    (r"最(?:受欢迎|多|大|高|早|出名|有名|低|快|长|突出|活跃)的", _COMPARED),
    (r"哪(?:一?个|里|儿|家)(?:县|市|区|地方)?[^，。？?]{0,12}最[多高大长早快少低小短好强]", _COMPARED),
    (r"(?i)how many|how much|how long|how large|how old|how far|what percentage|what share", r"\d"),
    (r"月?工资|薪水|薪酬|月薪|酬劳|课酬|报酬|劳务费", _WAGE),
    (rf"(?:总?经费|资金|总?预算|造价|投资|奖金|拨款|成本){_HOW_MUCH}|多少(?:经费|资金|奖金|投资)", _FUNDS),
    (rf"(?:房租|租金|月租){_HOW_MUCH}", _RENT),
    (rf"(?:运|邮|快递)费{_HOW_MUCH}|多少(?:运|邮|快递)费", _FREIGHT),
    (rf"(?:[学水电话车路餐药]费|门票|票价){_HOW_MUCH}|多少(?:[学水电话车路餐药]费)", _FEE),
    (
        r"(?:节约|节省|省下?)了?多少(?![人个户家名次场本件份张册套台辆支箱只盒头瓶期])",
        rf"{_PRICE}|{_DIGITS}(?:斤|公斤|吨|度|升|小时|天)",
    ),
    (
        r"(?:收|要|花)不?(?:收|要|花)?钱[吗么]|收费[吗么]|免费[吗么]|花费|花销|费用|收费标准|价格|定价|单价|(?:多少|几块|几)钱|多少(?:万|亿)?元|"
        r"多少万(?![人户名次件册只个家块条场篇小公平])|(?:花|赔|补|卖|挣|收|捐|募|便宜)了?多少(?![人个户家名次场本件份张册套台辆支箱斤吨只盒头瓶期]|公斤|[\u4e00-\u9fff]*孩)",
        _PRICE,
    ),
    (
        r"百分之几|百分比|占比|几成|比例(?:是|为|有|达)?多少|率(?=[^，。？]{0,8}(?:多少|多高|几))|涨幅|降幅",
        r"%|％|百分之|[\d一二三四五六七八九]成(?![立为员果效功本熟绩])|倍|[一二三四五六七八九]分之",
    ),
    (r"多大的?规模|规模(?:有)?多大|规模怎|多少(?:规模|数量)", r"\d"),
    (r"多大(?:年纪|年龄|岁数|了)|年龄|几岁|多少岁|高寿", _AGE),
    (r"面积|多大(?!年|岁|了|的?规模)|多少平方米|占地", r"平方米|平方公里|亩|公顷|㎡"),
    (
        r"多长时间|多久|(?<!哪)几(?:天|年|个月|周|小时)|多少(?:天|年|个月|小时|分钟)|时长",
        r"小时|分钟|[天日年月周秒]",
    ),
    (r"几[点时](?!人)", r"\d+\s*[时点]|[一二三四五六七八九十]+点|\d{1,2}[:：]\d{2}|小时"),
    (
        r"每月几号|几号|逢几|哪几?天",
        r"\d\s*[日号]|初[一二三四五六七八九十]|十五|逢|周[一二三四五六日末]|星期",
    ),
    (r"哪一?年", r"\d{2}\s*年|[今去前明]年|年[初底]"),
    (
        r"什么时候|何时|几月几?号?|哪个月",
        r"\d\s*年|\d\s*月|\d\s*日|年初|年底|月份|节|以来|周[一二三四五六日末]",
    ),
    (r"为什么|为啥|为何|(?:什么|啥)(?:原因|缘故|道理)|原因是|缘由", _REASON),
    (
        r"\d+[例起件][^，。？?]{0,4}(?:分别|各|都)是?(?:什么|怎么|怎样|哪些)",
        _EACH_CASE,
    ),
    (
        rf"{_MANY}[家所名位][^，。？?]{{0,15}}(?:叫什么|名字|(?:是|有)哪些)",
        _MANY_NAMED,
    ),
    (
        rf"(?:是|有|在)哪{_SEVERAL}[家所名位]|(?<!\d)[23两二三][家所名位][^，。？?]{{0,15}}(?:叫什么|名字|(?:是|有)哪些)",
        _SEVERAL_NAMED,
    ),
    (r"名单|花名册|名录", r"名单|名录|分别(?:是|为)"),
    (
        r"荣誉|表彰|(?:获过?奖|得过?奖)(?!的|者)|奖项|称号|嘉奖",
        r"获评|荣获|获得|入选|授予|称号|表彰|先进|示范|评为|评选|评出|命名|奖",
    ),
    (r"哪(?:几|[两二三四五六七八九十])?个(?:镇|乡|街道)", r"[\u4e00-\u9fff](?:镇(?!江)|乡(?!村|风)|街道)"),
    (r"哪(?:几|[两二三四五六七八九十])?个(?:村|社区)", r"[\u4e00-\u9fff](?:村|社区)"),
    (
        r"哪(?:一)?家(?:公司|企业|厂|集团)|什么(?:公司|企业)|供应商|厂家",
        r"公司|集团|企业|厂(?!房)|商行|合作社",
    ),
    (
        rf"哪(?:些|几家|一?家)(?:{_SHOP})",
        rf"[\u4e00-\u9fff”]{{2,}}(?:{_SHOP})",
    ),
    (
        r"(?:哪(?:一|几)?所|哪(?:一|几)?家|哪(?:一|几)?个|什么)(?:大学|高校|学院|院校|中学|小学|学校)",
        _NAMED_SCHOOL,
    ),
    (
        r"(?:是|有)?哪几家(?=[^，。？?]{1,8}(?:被|获|得|评|上了|入选))|哪几(?:个|名|位|所|支)(?=[^，。？?]{1,8}(?:被|获评?|得奖|评上|入选))",
        _NAMED,
    ),
    (r"电话(?:是|号码)|号码|联系方式|网址|邮箱", r"\d{5,}|@|www"),
    (
        r"哪(?:些|几个|几座|几处|个|座|处)(?:公园|小区|景区|广场|商场)",
        r"[\u4e00-\u9fff]{2,}(?:公园|[小社]区|新村|花园|家园|公寓|景区|景点|广场|商场)",
    ),
    (
        r"(?:给|授予|奖给|发给|颁给)了?哪些(?:单位|人|企业|村|社区|家庭)",
        r"、[^，。]{1,30}等|分别(?:是|为)|(?:包括|有)[^，。]{2,40}、",
    ),
)
_OF_AMOUNTS = frozenset({_WAGE, _FUNDS, _RENT, _FEE, _FREIGHT})
_LABELS = {
    "": "具体数字",
    "时候": "时间",
    "时": "时间",
    "年": "年份",
    "率": "比率",
    "百分之": "比例",
    "成": "比例",
}
_LABELS_OF = {
    _COMPARED: "比较的结果",
    _REASON: "原因",
    _AGE: "年龄",
    _EACH_CASE: "每一例的情况",
    _SEVERAL_NAMED: "各自的名称",
    _MANY_NAMED: "各自的名称",
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


def expected_answers(question: str) -> tuple[Expected, ...]:
    """What a question asks for, in its order; empty where any sentence may answer it."""
    found: list[tuple[int, Expected]] = []
    for asked, held in _KINDS:
        match = re.search(asked, question)
        is_told = held == _PRICE and any(e.pattern.pattern in _OF_AMOUNTS for _, e in found)
        if match and not is_told:
            label = _LABELS_OF.get(held) or _label(match.group())
            found.append((match.start(), Expected(label, re.compile(held))))
    taken = {position for position, _ in found}
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


def _count(match: re.Match[str]) -> Expected:
    unit = match["unit"] or match["few"] or ""
    noun = _counted(match["noun"].strip("“”"), unit)
    if unit in {"人", "人次"}:  # what follows says what they do (多少人吃饭), not what they are
        noun = ""
    if _VERB.match(noun) or noun.startswith("算") or (len(noun) == 1 and not unit):
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
            rf"{_NO_YEAR}{_DIGITS}(?![多余几来]?周?岁|月|日)[\u4e00-\u9fff%％]"
            rf"|(?!一[{_UNITS}]){_CHINESE}[{_UNITS}]"
        )
    else:
        visits = "人次|" if set(unit) & set("人名位员次") else ""
        held = rf"(?:{_DIGITS}|{_CHINESE})(?:[{''.join(sorted({*units}))}]|{visits}{re.escape(unit)})"
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
    words = re.sub(r"多少|什么|哪(?:几个|个|一?家|些|一)?|几|[是为有达了叫]", "", asked)
    return "金额" if words in _OF_MONEY.split() else _LABELS.get(words, words)
