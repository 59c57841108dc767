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
_SIGNATURE = re.compile(r"[（(](?P<who>[^（）()。；;]{2,40}?)\s*(?:供稿|报送|提供|撰稿|整理|供)[）)]$")
_LONGEST_NAME = 4
_LONGEST_AUTHOR = 100  # the patterns take time by the square of the length


def is_author(text: str) -> bool:
    """Whether a line under a title names its author: office and person, or the office that contributed."""
    if len(text) > _LONGEST_AUTHOR or text.endswith("。"):
        return False
    text = simplified(re.sub(r"[ \t\u3000]+", " ", text.strip()))
    return bool(
        _AUTHOR.match(text) or _WITHOUT_SPACE.match(text) or _CONTRIBUTOR.match(text)
    ) and not ends_sentence(text)


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
    name = re.sub(r"^作者[：:]\s*", "", line.strip("（）() "))
    return re.sub(r"\s*(?:供稿|撰稿)$", "", name)
