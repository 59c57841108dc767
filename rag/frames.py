"""The words around the quotes, in the language of the question. They claim nothing beyond what they count."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from rag.types import Language

_LEAST_TRADITIONAL = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """Templates; ``join`` parts names, ``colon`` follows a place, ``comma`` a label."""

    lead: str = "简报中共找到{count}个地方：{places}。"
    not_found: str = "简报中未见{what}的内容。"
    not_found_of: str = "简报中未见{where}“{what}”的内容。"
    not_found_here: str = "简报中未见{where}{what}的内容；{what}见于{place}的报道《{title}》。"
    lacking: str = "简报提到了相关内容（{place}《{title}》），但未见{what}。"
    not_seen: str = "以下{count}个地方，简报中未见“{what}”：{places}。"
    untold: str = "其中{what}，简报中未见。"
    not_held: str = "资料库里没有{what}。"
    read_as: str = "（已按“{read_as}”理解“{found}”。）"
    doubtful: str = "存疑"
    above: str = "另有{kind}"
    year: str = "{year}年"
    source: str = "（{source}）"
    join: str = "、"
    colon: str = "："
    comma: str = "，"
    stop: str = "。"


_ENGLISH = Frame(
    lead="Places found in the bulletins: {count} ({places}).",
    not_found="Not found in the bulletins (简报中未见): {what}.",
    not_found_of="Not found in the bulletins (简报中未见) for {where}: {what}.",
    not_found_here=(
        "Not found in the bulletins (简报中未见) for {where}: {what}; "
        "it stands in the report of {place}, 《{title}》."
    ),
    lacking="The bulletins touch on this ({place}《{title}》), but this was not found (简报中未见): {what}.",
    not_seen="For these {count} places, “{what}” was not found in the bulletins (简报中未见): {places}.",
    untold="Not found in the bulletins (简报中未见): {what}.",
    not_held="Not in this library: {what}.",
    read_as=" (“{found}” was read as “{read_as}”.)",
    doubtful="Uncertain",
    above="At {kind} level",
    year="{year} ",
    source=" ({source})",
    join=", ",
    colon=": ",
    comma=", ",
    stop=". ",
)


def frame_of(language: Language) -> Frame:
    """The words of an answer in ``language``."""
    if language == "en":
        return _ENGLISH
    return _traditional() if language == "zh-Hant" else Frame()


def language_of(text: str) -> Language:
    """The language a question is asked in, told by its writing: English stands for all without Chinese
    characters. A stray Traditional character or two in a longer question doesn't make it Traditional."""
    han = re.findall(r"[\u4e00-\u9fff]", text)
    if not han:
        return "en"
    changed = sum(c != s for c, s in zip(text, to_simplified(text), strict=False))
    return "zh-Hant" if changed >= min(_LEAST_TRADITIONAL, len(han)) else "zh-Hans"


def to_simplified(text: str) -> str:
    """By OpenCC, character for character."""
    return str(_converter("t2s").convert(text))


def in_language(text: str, language: Language) -> str:
    """Our own words or the asker's, in the writing that was asked in; never for quotes."""
    return str(_converter("s2t").convert(text)) if language == "zh-Hant" else text


def joined(names: Sequence[str], frame: Frame) -> str:
    """Names one after the other."""
    return frame.join.join(names)


@functools.cache
def _traditional() -> Frame:
    plain = Frame()
    return Frame(**{f.name: in_language(getattr(plain, f.name), "zh-Hant") for f in fields(Frame)})


@functools.cache
def _converter(name: str) -> Any:
    import opencc  # noqa: PLC0415 - its dictionaries load here, not at import

    return opencc.OpenCC(name)
