"""What a question is about: its content words, how rare each is, and what else they may be called."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from index import tokenize
from index.types import Filters
from index.vocabulary import Vocabulary
from rag.standing import TermFinder
from rag.thesaurus import Expansion, Thesaurus
from rag.types import Query
from rag.wishes import without_wishes

RarityOf = Callable[[Sequence[str]], Mapping[str, float]]

_GENERIC = (
    "对比 比较 相比 区别 不同 差异 差别 异同 一样 "
    "服务 工作 活动 做法 例子 案例 具体 内容 方面 方式 办法 措施 举措 开展 组织 "
    "情况 经验 地方 群众 之类 相关 有关 问题 这类 这种 这样 这件 这块 这些 那些 搞 "
    "用 里 做 做过 办 办过 建 建了 建设 参与 我们 准备 开 实事 事情 自己 各自 "
    "规定 成立 名字 看 给 想 写 引用 讲话 发言 发言稿 材料 原文 领导 会上 名称 "
    "创新 公布 介绍 特色 成效 效果 推动 推进 进行 通过 实施 提供 简报 期 县 市 区 "
    "县市 县区 县里 市里 全县 全市 地区 城市 单位 部门 个 种 类 等等 以及 分别 "
    "哪方面 交流 收录 刊登 刊发 报道 讲到 讲 写到 提到 涉及 期里 那期 典型 所有 "
    "全部 哪几个 那边 那里 一下 多少 时候 现在 目前 短讯 简讯 快讯 动态 去年 今年 已经 一共 总共 一年 "
    "每年 必须 应该 需要 希望 觉得 主要 一些 有些 哪些地方 哪些方面 "
    "或者 甚至 一句 一段 一篇 的话 意思 这个意思 事例 原句 我要 这个 那个 这么 那么 那种 那趟 他们 她们 "
    "它们 出来 各地 到底 县市区 列全 要用 开头 提法 照抄 现成 要说 下周 专门 打算 考察 搜集 素材 "
    "有特色 多长时间 一个 某个 很多 许多 不少 能够 上榜 专辑 专刊 特刊 登了 登载 上过 题目 "
)
GENERIC_WORDS = frozenset(_GENERIC.split())
"""Words that any bulletin holds: to find one of them says nothing of a topic."""

_HOW_MANY = re.compile(r"哪[两二三四五六七八九十][个家]")
_QUOTED = re.compile(r"[“\"「『]([^”\"」』]{2,20})[”\"」』]")
_TRUSTED = 0.7
"""Expansions weaker than this (siblings of the same class) rank passages but prove nothing."""


@dataclass(frozen=True, slots=True)
class Topic:
    """``text`` is normalised; ``words``: its content words and their rarity; ``expansions`` those that can be
    trusted. ``written`` are those of their terms (normalised, found or looked for) that the bulletins write;
    None where nobody looked."""

    text: str
    words: Mapping[str, float]
    expansions: tuple[Expansion, ...]
    written: frozenset[str] | None = None
    _expansions_of: Mapping[str, Sequence[Expansion]] = field(init=False, repr=False, compare=False)
    _finder: TermFinder = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        expansions_of: dict[str, list[Expansion]] = {}
        for expansion in self.expansions:
            for term in (expansion.found, *map(tokenize.normalise, expansion.terms)):
                expansions_of.setdefault(term, []).append(expansion)
        object.__setattr__(self, "_expansions_of", expansions_of)
        object.__setattr__(self, "_finder", TermFinder(frozenset(expansions_of)))

    def narrowed(self, are_written: Callable[[frozenset[str]], frozenset[str]]) -> Topic:
        """The same with only those other terms of its expansions that the bulletins write: the rest of a
        large group could never be found and would only take time. ``are_written`` picks them."""
        written = are_written(frozenset(self._expansions_of))
        expansions = (
            replace(e, terms=tuple(term for term in e.terms if tokenize.normalise(term) in written))
            for e in self.expansions
        )
        return replace(self, expansions=tuple(expansions), written=written)

    def is_written(self, term: str) -> bool:
        """Whether the bulletins write a term of the expansions; True where nobody looked."""
        return self.written is None or tokenize.normalise(term) in self.written

    def surest_terms(self, limit: int) -> tuple[str, ...]:
        """What else to look for: the first ``limit`` terms of the expansions, the surest ones' first."""
        ordered = sorted(self.expansions, key=lambda e: -e.strength)
        return tuple(dict.fromkeys(term for e in ordered for term in e.terms))[:limit]

    @property
    def rarest(self) -> str:
        """The rarest word; empty where there is none."""
        return max(self.words, key=lambda word: self.words[word], default="")

    def coverage(self, text: str) -> float:
        """The share of the words, by rarity, that stand in ``text`` or have another name there; 0 to 1."""
        total = sum(self.words.values())
        if not total:
            return 0.0
        plain = tokenize.normalise(text)
        other = self._named_otherwise(plain)
        return (
            sum(rare * (1.0 if word in plain else other.get(word, 0.0)) for word, rare in self.words.items())
            / total
        )

    def rarest_match(self, text: str) -> float:
        """The rarity of the rarest word that stands in ``text``, over that of the rarest word; 0 to 1. A word
        that stands there by another name counts by the strength of that name."""
        plain = tokenize.normalise(text)
        other = self._named_otherwise(plain)
        best = max(self.words.values(), default=0.0)
        found = (rare * (1.0 if word in plain else other.get(word, 0.0)) for word, rare in self.words.items())
        return max(found, default=0.0) / best if best else 0.0

    def expansion_match(self, text: str) -> float:
        """The strength of the surest term of the thesaurus that the question means and ``text`` holds."""
        plain = tokenize.normalise(text)
        return max((e.strength for e in self._held(plain)), default=0.0)

    def matched_expansions(self, text: str) -> tuple[str, ...]:
        """Terms of the thesaurus, not the question's own, by which ``text`` speaks of the topic."""
        plain = tokenize.normalise(text)
        standing = {term for _, term in self._finder.find(plain)}
        terms = (term for e in self._held(plain) for term in e.terms if tokenize.normalise(term) in standing)
        return tuple(dict.fromkeys(terms))

    def named_otherwise(self, text: str) -> frozenset[str]:
        """The words for which another name stands in ``text``."""
        return frozenset(self._named_otherwise(tokenize.normalise(text)))

    def is_put_otherwise(self, text: str) -> bool:
        """Whether ``text`` has another name for every term of the question that the bulletins never write;
        False where there is none."""
        unwritten = {e.found for e in self.expansions if not self.is_written(e.found)}
        held = {e.found for e in self._held(tokenize.normalise(text))}
        return bool(unwritten) and unwritten <= held

    def longest_put_otherwise(self, text: str) -> str:
        """The longest term of the question for which ``text`` has another name; empty where there is none."""
        held = (e.found for e in self._held(tokenize.normalise(text)))
        return max(held, key=len, default="")

    def _named_otherwise(self, plain: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for expansion in self._held(plain):
            for word in self.words:
                if word in expansion.found or expansion.found in word:
                    found[word] = max(found.get(word, 0.0), expansion.strength * 0.9)
        return found

    def _held(self, plain: str) -> list[Expansion]:
        """The expansions of which ``plain`` holds a term, found or looked for, in the question's order."""
        held = {id(e) for _, term in self._finder.find(plain) for e in self._expansions_of[term]}
        return [e for e in self.expansions if id(e) in held]


def read_topic(query: Query, rarity_of: RarityOf, thesaurus: Thesaurus) -> Topic:
    """The topic of a query; that of its whole text where taking out the words of asking left no word."""
    quoted = {tokenize.normalise(name) for name in quoted_names(query.text)}
    plain, words, expansions = "", list[str](), tuple[Expansion, ...]()
    for text in (query.topic, _HOW_MANY.sub("哪些", without_wishes(query.text))):
        plain = tokenize.normalise(text)
        expansions = tuple(
            e
            for e in thesaurus.expand(plain)
            # a name in quotation marks means itself, and nothing like it
            if e.strength >= _TRUSTED
            and e.found not in GENERIC_WORDS
            and not any(e.found in q for q in quoted)
        )
        words = _words(plain, expansions)
        # whatever the bulletins asked for hold (第20期介绍了哪些地方)
        if words or (query.intent == "list" and query.filters != Filters()):
            break
    return Topic(plain, dict(rarity_of(words)), expansions)


def _words(plain: str, expansions: Sequence[Expansion]) -> list[str]:
    """Each once: the content words, and terms that the segmenter knows no word for (非遗)."""
    words = _content_words(plain)
    for term in (e.found for e in expansions):
        if crossed := {word for word in words if _crosses(word, term, plain)}:
            words = [word for word in words if word not in crossed] + _content_words(term)
    words += [e.found for e in expansions if not any(set(word) & set(e.found) for word in words)]
    return list(dict.fromkeys(words))


def _content_words(plain: str) -> list[str]:
    runs = tokenize.content_runs(plain)
    return [word for run in runs for word in run if word not in GENERIC_WORDS and _says(word)]


def _crosses(word: str, term: str, plain: str) -> bool:
    """Whether ``word`` begins inside ``term`` and ends behind it, or the reverse, as they stand in ``plain``:
    the segmenter cut 份子钱设了 into 份子 and 钱设."""
    cuts = range(1, len(word))
    behind = any(term.endswith(word[:cut]) and term + word[cut:] in plain for cut in cuts)
    before = any(term.startswith(word[cut:]) and word[:cut] + term in plain for cut in cuts)
    return word not in term and term not in word and (behind or before)


def written_terms(terms: frozenset[str], vocabulary: Vocabulary) -> frozenset[str]:
    """Those of ``terms`` that stand in the passages, as far as their character pairs can tell."""
    return frozenset(t for t in terms if all(vocabulary.pair_frequencies(list(tokenize.bigrams_of(t)))))


def quoted_names(text: str) -> list[str]:
    """What stands in quotation marks in ``text``, of 2 to 20 characters, in order."""
    return _QUOTED.findall(text)


def _says(word: str) -> bool:
    return len(word) > 1 or (word.isascii() and word.isalnum())
