"""The line under a title that names who speaks or who contributed."""

from __future__ import annotations

import re

from corpus.normalize import ends_sentence, simplified

_OFFICE = (
    r"(?:书记|部长|主任|市长|区长|县长|镇长|局长|厅长|常委|主席|院长|所长|会长|秘书长|组长|处长|科长|校长|站长|理事长|董事长|"
    r"总经理|行长|总队长|队长|代表|教授|研究员|负责人)"
)
_AUTHOR = re.compile(
    rf"^[（(]?(?:作者[：:]|[—-]+)?\s*(?=.*{_OFFICE})[\w（）()、·“”\s]{{4,60}}\s[\u4e00-\u9fff]{{1,3}}\s?[\u4e00-\u9fff·]{{1,6}}[）)]?$"
)
# where a line end took the space before the name; 中共 tells it from a title like 县委书记带头办
_WITHOUT_SPACE = re.compile(rf"^[（(]?中共[\w、]{{4,50}}{_OFFICE}[\u4e00-\u9fff]{{2,3}}[）)]?$")
_CONTRIBUTOR = re.compile(
    r"^[（(]?(?:中共)?[\w、·\s]{2,30}(?:文明办|宣传部|[市县区省]委|委员会|办公室|供稿|[市县区]政府|局)(?:供稿)?[）)]?$"
)
# 单位名很多也是普通词的尾巴（建好中心、办好学校），所以要从地名起头
_REGION = r"(?:省|市|县|区|旗|州|盟|镇|乡|街道)(?!级|域|里|内|民|场|情|直)"
_UNIT = (
    r"(?:文明办|文旅局|[宣组统]\w{0,2}部|工作部|政法委|[省市县区州旗镇]委办?|府办|工委|委员会|办公室|办公厅|办事处|政府|局|厅|中心|妇联|工会|团[省市县区]?委|"
    r"工商联|残联|科协|文联|关工委|协会|联合会|商会|党工委|党委|党组|党支部|党总支|管委会|法院|检察院|学校|小学|中学|幼儿园|"
    r"医院|卫生院|图书馆|文化馆|集团|公司|银行|大队|支队|专班|指挥部|编辑部|[市县区旗][\u4e00-\u9fff]{2,4}(?:街道|镇|乡))"
)
_ONE = rf"(?:中共|共青团)?(?:[\u4e00-\u9fff]{{1,11}}?{_REGION})?[\u4e00-\u9fff（）()]{{0,24}}?{_UNIT}"
_OFFICES = re.compile(
    rf"^[（(]?(?=(?:中共|共青团)?(?!全|各|本|我|该|一|抓|让|把|从|用|推|来自|城[市区乡]|乡镇|县区|区县|农村|社区)[\u4e00-\u9fff]{{1,11}}?{_REGION}){_ONE}(?:[、，,\s]{{1,3}}{_ONE}){{0,4}}[）)]?$"
)
_STATED = re.compile(
    r"^[（(]?\s*(?:供稿|供稿单位|供稿人|报送单位|来稿单位|作者|作者单位|撰稿|撰稿人|执笔|来源|稿件来源|文稿提供)\s*[：:]\s*(?P<who>[^。；;：:]{2,50}?)\s*[）)]?$"
)
_SIGNATURE = re.compile(r"[（(](?P<who>[^（）()。；;]{2,40}?)\s*(?:供稿|报送|提供|撰稿|整理|供)[）)]$")
_LONGEST_NAME = 4
_LONGEST_AUTHOR = 100  # the patterns take time by the square of the length


def is_author(text: str) -> bool:
    """Whether a line under a title names its author: office and person, or the office that contributed."""
    if len(text) > _LONGEST_AUTHOR or text.endswith("。"):
        return False
    text = simplified(re.sub(r"[ \t\u3000]+", " ", text.strip()))
    patterns = (_AUTHOR, _WITHOUT_SPACE, _CONTRIBUTOR, _OFFICES, _STATED)
    return any(pattern.match(text) for pattern in patterns) and not ends_sentence(text)


def is_name_below(above: str, text: str) -> bool:
    """Whether ``text`` is the name put below the office that ``above`` is."""
    words = text.strip().rstrip("）)")
    return len(re.sub(r"\s", "", words)) <= _LONGEST_NAME and is_author(f"{above.strip()} {text.strip()}")


def signature(text: str) -> str | None:
    """Who contributed, from the end of an article: （甲县县委宣传部供稿）; None where nothing says so."""
    match = _SIGNATURE.search(simplified(text.strip())[-50:])
    return text.strip()[-50:][match.start("who") : match.end("who")] if match else None


def author_name(line: str) -> str:
    """An author line without its brackets, its 作者： and its 供稿."""
    if stated := _STATED.match(line.strip()):
        return stated["who"]
    name = re.sub(r"^作者[：:]\s*", "", line.strip("（）() "))
    return re.sub(r"\s*(?:供稿|撰稿)$", "", name)
