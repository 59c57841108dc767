"""The line under a title that names who speaks or who contributed."""

from __future__ import annotations

import re

from corpus.normalize import ends_sentence

_OFFICE = (
    r"(?:书记|部长|主任|市长|区长|县长|镇长|局长|厅长|常委|主席|院长|所长|会长|秘书长|组长|处长|科长|校长|站长|理事长|董事长|"
    r"总经理|行长|总队长|队长|代表|教授|研究员|负责人)"
)
_AUTHOR = re.compile(
    rf"^[（(]?(?:作者[：:]|[—-]+)?\s*(?=.*{_OFFICE})[\w（）()、·“”\s]{{4,60}}\s[\u4e00-\u9fff]{{1,3}}\s?[\u4e00-\u9fff·]{{1,6}}[）)]?$"
)
_CONTRIBUTOR = re.compile(
    r"^[（(]?(?:中共)?[\w、·\s]{2,30}(?:文明办|宣传部|[市县区省]委|委员会|办公室|供稿|[市县区]政府|局)(?:供稿)?[）)]?$"
)
_LONGEST_AUTHOR = 100  # the patterns take time by the square of the length


def is_author(text: str) -> bool:
    """Whether a line under a title names its author: office and person, or the office that contributed."""
    text = re.sub(r"[ \t\u3000]+", " ", text.strip())
    if len(text) > _LONGEST_AUTHOR:
        return False
    return bool(_AUTHOR.match(text) or _CONTRIBUTOR.match(text)) and not ends_sentence(text)
