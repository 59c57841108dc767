"""What kind of answer a question wants, told by its words of asking."""

from __future__ import annotations

import re

from rag.types import Intent
from rag.units import NOT_A_NOUN

_PLACE_WORD = r"(?:县市区?|市县区?|县区|区县|县|市|区|镇|乡|村|社区|地方|地区|地市|城市|省份|单位|地)"
_OF_PREFECTURES = re.compile(r"设区的?市")
_SOME_PLACE = (
    r"有没有(?:哪个|哪些|哪家|什么)?"
    r"(?P<word11>地方|县市区?|市县区?|县区|区县|县(?![里城级直委])|市(?![民场级直委政里内区]))"
)
_WHICH_PLACES = re.compile(
    rf"(?:哪些|哪几个|哪几|哪[两二三四五六七八九十\d]+个|有几个|多少个|几个)(?:[^，。？?]{{0,6}}?)(?P<word>{_PLACE_WORD})"
    rf"|(?P<word2>{_PLACE_WORD})(?:都)?(?:有|是)哪些|(?:分别|都)(?:是|有)(?:哪些|哪几个)(?P<word3>{_PLACE_WORD})"
    rf"|的(?:有哪些|是哪些)(?P<word4>{_PLACE_WORD})|(?:是|在)哪个(?P<word6>地方|县市?|市|区)的(?=[？?。]?$)"
    rf"|(?P<word7>{_PLACE_WORD})(?:都|分别|一共|总共)?(?:有|是|为)?(?:哪些|哪几个|哪几|几个)"
    rf"|(?P<word8>地方|县市|县|市|区)[^，。？?]{{0,12}}[，。？?\s]*(?:是|有|都是)?(?:哪几个|哪些)(?=[？?。]|$)"
    rf"|(?P<word10>{_PLACE_WORD})[^，。？?]{{0,4}}(?:[找列拉报][全齐]|一个(?:都|也)?(?:别|不|没)漏|都(?:找|列)出来)"
    rf"|(?P<word9>{_PLACE_WORD})(?:都|一共|分别|各)?(?:有|是)谁"
    rf"|{_SOME_PLACE}"
    r"|(?:有内容|提到过?|做过|搞过|办过|写到)的(?P<word12>县市区?|县区|区县|县市|地方)(?=[？?。]|$)"
    rf"|(?:列出|列全|列举|汇总|盘点|梳理|收集|搜集|找出)[^，。？?]{{0,20}}(?P<word5>{_PLACE_WORD})"
    r"|\b(?:which|what) (?:counties|cities|places|districts|towns|regions|areas)\b",
    re.IGNORECASE,
)
_INSTANCE = r"(?:好)?(?:例子|案例|典型|事例|先例|经验|做法|办法|举措|措施|素材)"
_WHICH_INSTANCES = re.compile(
    # places are meant where instances are asked for and nobody in particular is named
    rf"(?:有哪些|有什么|都有啥|有啥){_INSTANCE}|{_INSTANCE}[，,、]?(?:都|还|分别)?(?:有|是)?(?:哪些|哪几个|什么)(?=[？?。]?$)"
    rf"|(?:找|收集|搜集|梳理|汇总|盘点|整理|归拢|归集|列)[^。？?]{{0,24}}(?:例子|案例|典型|事例|素材)"
    rf"|哪(?:里|儿)(?:都|也)?有{_INSTANCE}|[，,]\s*(?:都|分别)?(?:有|是)哪些[？?。]?$"
    rf"|{_INSTANCE}[，,、\s]*(?:请|帮我|给我)?(?:都|全)?(?:找|列|报)(?:出来|全|齐)|(?<!方面)的(?:都|还|分别)?有哪些(?=[？?。]?$)"
    rf"|{_INSTANCE}[，,、\s]*(?:请|帮我|给我)?(?:(?:都|全)(?:找|列|报)|归拢|归集|汇总|整理|梳理)"
    r"|的(?:都|还|分别)?(?:有|在|是)(?:哪里|哪儿)(?=[？?。，,]|$)|的(?:都(?:有|是)|有)谁(?=[，,。？?]|$)"
    r"|哪(?:里|儿)(?:都|也)?(?:办|搞|做|建|开|推)过|(?:登|收|写|刊|选)了?(?:谁家|哪家|谁)的?(?:经验|做法|材料|事迹)"
    r"|哪(?:些|几|[两二三四五六七八九十])家(?!企业|公司|单位|银行|医院|机构|商|店|部门|社会|协会|集团|学校|媒体)"
)
_TOGETHER = re.compile(r"一起|联合|共同|合作|之间的?(?:合作|协作|联动)|往来")
_NEGATED = re.compile(
    r"(?:还|尚|都|从来|一直)?(?:没有?|未曾?|不曾)(?:被)?(?=报道|提到|提及|做|开展|搞|涉及|写|讲|办|建|设|推行|组织|成立|出现|介绍)"
)
_EACH_PLACE = re.compile(r"各[地县市区]|请列全|列全|逐一列出|都列出来|一一列出")
_QUOTE = re.compile(
    r"引用|引一|摘(?:抄|录|一[句段])|原样|可引|可以引|能引|摘引|原文|原话|原句|金句|名句|一句.{0,12}的话|一句[^，。？?]{0,4}话|找.{0,4}[段句]|直接引|"
    r"(?:要|想用|来|给我?)[一几两]?[句段]|现成的?(?:话|说法|句子)|这个?意思的话|"
    r"(?:类似|差不多|这样|那样)的(?:话|句子)(?=[^说]*(?:用|引|抄))|的话(?:可以|能)(?:直接)?(?:拿来)?(?:用|引|抄)|"
    r"\bquote\b|\bverbatim\b|\bquotation\b",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    r"对比|比较|相比|区别|不同|差异|差别|差在|异同|一样|变化|哪个更|哪家更|谁更|各自|分别|\bcompare|\bdiffer|\bversus\b|\bvs\b",
    re.IGNORECASE,
)
_OVER_TIME = re.compile(
    r"前后(?:对比|对照|比较|变化)|[两几]年(?:里|间|来|下来)[^。？?]{0,8}(?:变化|对比|[多少]了|增加|减少)"
    r"|(?:前后|先后|这|那)?[两几]期(?:简报)?(?:里|中|上)?的?[^。？?]{0,8}(?:对照|对比|比较|变化|不同|区别|差)"
    r"|(?:去年|前年|上次|以前|当初)[^。？?]{0,12}(?:今年|这次|现在|如今)[^。？?]*(?:对照|对比|比较|变化|不同|区别|差)"
)
_FIGURE = re.compile(
    r"多少|几[块毛]钱|(?<![哪好找举挑])几(?:个|名|家|支|场|次|处|条|件|项|所|座|人|年|天|位|户|对|组|本|册|种|类|节|门|期|成|倍|万|千|百)|"
    r"(?:率|比例|面积|数量|人数|总数|金额|时长|规模)(?:是|有|为|达|到)?|多大|多长|多久|多高|"
    r"\bhow many\b|\bhow much\b|\bhow long\b|\bhow large\b|\bwhat percentage\b|\bwhat share\b",
    re.IGNORECASE,
)


def find_intent(text: str, *, places: int) -> Intent:
    """The intent of ``text``; ``places`` is the number of places it names (a place in two years counts for
    two).

    A list wants every place that fits, so it is asked of places in general: with two or more places named
    the question compares them (unless it asks what they did together), with one it asks a fact of that place,
    or how that changed from one issue to the next.
    """
    if _QUOTE.search(text):
        return "quote"
    if (places >= 2 and not _TOGETHER.search(text)) or (places == 1 and _OVER_TIME.search(text)):
        return "compare"
    if places == 0 and any(asks.search(text) for asks in (_WHICH_PLACES, _EACH_PLACE, _WHICH_INSTANCES)):
        return "list"
    if _FIGURE.search(text):
        return "figure"
    return "fact"


def take_out_negation(text: str) -> tuple[str, bool]:
    """A question which places did not (哪些县没有开展…) as the question which did, and whether it was one."""
    if not _WHICH_PLACES.search(text) or not _NEGATED.search(text):
        return text, False
    return _NEGATED.sub("", text, count=1), True


def asked_place_word(text: str) -> str:
    """The word for the places a list question asks for (县, 县市, 地方 …); empty where it says none. 设区市
    are prefectures."""
    text = _OF_PREFECTURES.sub("地市", text)
    match = _WHICH_PLACES.search(text)
    return next((g for g in match.groups() if g), "") if match else ""


_OCCASION = (
    r"^[^，。？?]{0,16}?(?:会|仪式)上?的?(?:讲话|发言|致辞)稿?(?:里|中|上|时)?(?:要|想)(?:说|讲|表达|谈)"
)
_WORDS_OF_ASKING = re.compile(
    rf"{_OCCASION}|"
    r"请问|请(?:你|您)?(?:帮我|帮忙|列出|列全|介绍|说明|给出|告诉我|找出|列举|汇总|梳理)?|帮我|麻烦|我想(?:知道|了解|问|收集|找|引用|说)?|想(?:知道|了解|问问?|引用?|收集|找)|"
    rf"{_SOME_PLACE}(?:提到|说到|讲到|谈到|涉及)?过?|"
    r"(?:有没有|有无|是否|能否|能不能|可不可以)|"
    r"(?:是|在)?哪一?(?:年|月|天|日|级|层|档)(?:的)?|"
    rf"(?:有|的)?(?:哪[两二三四五六七八九十]个|哪些|哪几个|哪几|哪个|哪家|哪一个|哪儿|哪里|哪)(?:{_PLACE_WORD}(?:市|县)?(?![直级属]))?|"
    r"(?:一共|总共|共|合计|目前|现在)?有?(?:多少|几)(?:"
    + NOT_A_NOUN
    + r"[个名家支场次处条件项所座人位户对组本册种类节门期篇只辆套台张份间天周](?!人民))?|"
    r"(?:是|都|各|分别|具体|又|到底|究竟)*(?:怎么样|怎么|怎样|如何|什么样|什么|啥|为什么|为何|谁|何)(?:的|样|回事|做法|办法)?(?:做|办|搞|推动|推进|开展|实施)?的?|"
    r"(?:各|分别|都|各自)(?:做|有|是|叫|办|干)了?|做了|做法(?:是|有)?|(?:原文|原话|原句)|可以(?:直接)?引用|直接引用的?话?|引用|引一[句段]|给我|出处(?:也要)?|"
    r"(?:在)?(?:这|那)(?:件|个|项|些)?(?:事情?|工作|问题|方面)上?(?:的)?|"
    r"(?:这|那)次|听说(?:有的地方)?|捋一捋|"
    r"(?:照顾|兼顾|覆盖)到了?|写[明清]了?|拿出了?(?=[真实硬高妙新]招)|有?[真实硬高妙新]招|写?了?具体(?:办法|措施)|做得(?:好|不错)的?|"
    r"(?:印发|刊发|编发|发出|出)?的?(?:[这那]一?[期本份]|一期)[里中上]?的?(?!专)|[（(](?:19|20)\d\d年?[）)]|"
    r"把?各地|具体做法|(?:都|全部?)?(?:找|列|搜集?|整理|汇总)出来|注明(?:是?哪里的|出处|来源)|"
    r"(?:登?上了?|写进了?|进了?)简报|(?:刊登|登载|刊发|登)了|(?<=[市州])?(?:下面|下辖|所辖|境内)的?(?=$|[的上哪有])|简报(?:里|中|上)?|(?:材料|资料)(?:里|中)头?(?:面)?|[的了吗呢吧啊呀么]+$|[？?！!。，,；;：:]",
)


def strip_words_of_asking(text: str) -> str:
    """``text`` without the words that only ask; what is left is what it is about."""
    return re.sub(r"\s+", " ", _WORDS_OF_ASKING.sub(" ", text)).strip()
