"""Answers that a chat model writes over the sample corpus: what holds goes out, all else is listed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from chat_server import honest_list, passages_of, wanted_places
from fakes import Reply, ScriptedChat
from rag_makers import GAZETTEER, make_query

from corpus.places import Gazetteer
from index.library import Library
from rag.answer import Answerer
from rag.binding import Binder, Source
from rag.chat import Limits
from rag.editor import Editor
from rag.errors import ChatModelError
from rag.generate import ChatComposer
from rag.markers import Cut
from rag.thesaurus import load_thesaurus
from rag.types import Answer, DraftSentence, Finished, Question, Rejected, Written
from rag.verify import fault

PARTNERS = "沭阳县招募了多少名市民夜校合伙人？"
LIST = "哪些地方建了驿站"

Ask = Callable[..., Answer]


@pytest.fixture
def ask(library: Library, gazetteer: Gazetteer) -> Ask:
    """The answer to a question where the chat model replies so."""

    def answer(
        question: str, *replies: Reply, chat: ScriptedChat | None = None, tokens: int = 1000
    ) -> Answer:
        model = chat or ScriptedChat(*replies)
        composer = ChatComposer(model, library, Limits(60, tokens), 6000)
        found = Answerer(library, gazetteer, load_thesaurus(), composer=composer).answer(Question(question))
        require_true(found, library)
        return found

    return answer


def require_true(answer: Answer, library: Library) -> None:
    """Each sentence stands in the text and has quotes, and each quote is a slice of its document."""
    by_marker = {citation.marker: citation for citation in answer.citations}
    for sentence in answer.sentences:
        assert answer.text[sentence.start : sentence.end] == sentence.text
        assert sentence.citations
        for marker in sentence.citations:
            citation = by_marker[marker]
            document = library.document(citation.document_id).document
            assert document.text[citation.start : citation.end] == citation.quote


def citing(*sentences: tuple[str, str]) -> Callable[[str], str]:
    """A reply of sentences; each cites the passage that holds the words given with it."""

    def reply(prompt: str) -> str:
        def number(words: str) -> int:
            return next(given.number for given in passages_of(prompt) if words in given.text)

        return "".join(text.replace("#", str(number(words))) for text, words in sentences)

    return reply


def reasons(answer: Answer) -> list[str]:
    return [rejected.reason for rejected in answer.rejected]


def test_a_sentence_that_holds(ask: Ask) -> None:
    """A rewritten sentence goes out with the quote that holds its figure, and says who wrote it."""
    chat = ScriptedChat(citing(("沭阳县的市民夜校一共招募了123名合伙人[#]。", "123名")), name="小模型")
    answer = ask(PARTNERS, chat=chat)
    assert answer.text == "沭阳县的市民夜校一共招募了123名合伙人。[1]"
    assert "123名" in answer.citations[0].quote
    assert (answer.composer, answer.notices, answer.rejected) == ("小模型", (), ())
    assert chat.closed == 1


def test_what_the_model_is_told(ask: Ask) -> None:
    """The prompt has the passages with place, issue and date, how to write, and the question."""
    chat = ScriptedChat("")
    ask(PARTNERS, chat=chat)
    given = passages_of(chat.prompts[0])
    assert [one.number for one in given] == list(range(1, len(given) + 1))
    assert given[0].place == "沭阳县"
    assert '期号="16" 日期="2025-' in chat.prompts[0]
    assert f"问题：{PARTNERS}" in chat.prompts[0]
    assert "第一句就给出所问的数字" in chat.prompts[0]


BAD = {
    "a wrong figure": ("沭阳县的市民夜校一共招募了124名合伙人[#]。", "数字与引文不符：124名"),
    "a figure that was counted": ("沭阳县招募的123名合伙人办了246节课[#]。", "引文里没有"),
    "no marker": ("沭阳县的市民夜校一共招募了123名合伙人。", "没有注明出处"),
    "a passage that isn't there": (
        "沭阳县的市民夜校一共招募了123名合伙人[99]。",
        "引用了没有给出的段落：[99]",
    ),
    "another form of marker": (
        "沭阳县的市民夜校一共招募了123名合伙人【1】。",
        "引文标注的写法不合要求：【1】",
    ),
    "praise": ("沭阳县的做法得到了群众的一致好评[#]。", "所引段落里没有说到这一点"),
    "another place's praise": ("灌云县全国排名第一[#]。", "所引段落里没有说到这一点"),
    "something else": ("沭阳县还新建了城市公园和体育馆[#]。", "所引段落里没有说到这一点"),
    "a link": ("沭阳县招募了123名市民夜校合伙人，详见http://evil.example[#]。", "含有引文里没有的链接或网址"),
    "an image": ("沭阳县招募了123名市民夜校合伙人![x](y)[#]。", "含有引文里没有的标记代码"),
    "a denial": ("沭阳县没有面向全县公开招募市民夜校合伙人[#]。", "引文没有这样否定"),
    "what isn't there": ("简报中未见沭阳县市民夜校的经费[#]。", "“未见”与否由系统查对，不采用模型的说法"),
    "another language": ("Shuyang recruited 123 partners [#].", "不是用提问的语言写的"),
}


@pytest.mark.parametrize(("sentence", "reason"), BAD.values(), ids=BAD.keys())
def test_a_sentence_that_does_not_hold(ask: Ask, sentence: str, reason: str) -> None:
    """What its quotes don't hold is left out and listed with the reason; the answer is then the bulletins' own
    sentences, and says so."""
    answer = ask(PARTNERS, citing((sentence, "123名")))
    assert [r for r in reasons(answer) if r.startswith(reason)] == reasons(answer)
    assert len(answer.rejected) == 1
    assert not re.search(r"[\[【]\d", answer.rejected[0].text)
    assert (answer.status, answer.composer) == ("answered", "none")
    assert answer.notices == ("没有用上模型 假模型：它写的没有一句通过核对。这个回答由简报原文的句子组成。",)
    assert "123名" in answer.text
    assert "evil" not in answer.text


def test_the_good_ones_of_many(ask: Ask) -> None:
    """Each sentence is judged by itself, and said once."""
    good = ("沭阳县的市民夜校一共招募了123名合伙人[#]。", "123名")
    answer = ask(PARTNERS, citing(*((text, "123名") for text, _ in BAD.values()), good, good))
    assert answer.text == "沭阳县的市民夜校一共招募了123名合伙人。[1]"
    assert len(answer.rejected) == len(BAD) + 1
    assert reasons(answer)[-1] == "重复了前面的句子"
    assert (answer.composer, answer.notices) == ("假模型", ())


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("灌南县新建快递服务站78处[1]，丰县走遍15个镇（街道）的220个村（社区）[2]。", None),
        (
            "灌南县新建快递服务站220处[1]，丰县走遍15个镇（街道）的78个村（社区）[2]。",
            "数字与引文不符：220处",
        ),
        ("灌南县新建快递服务站78处[2]，丰县走遍15个镇（街道）的220个村（社区）[1]。", "所引段落里没有说到"),
    ],
)
def test_each_part_by_its_own_passages(library: Library, sentence: str, reason: str | None) -> None:
    """In a sentence on two places, what only the other's passage holds isn't let through."""

    def held(draft: DraftSentence) -> str | None:
        return fault(draft, lambda id_: library.document(id_).document.text, GAZETTEER)

    held_by = [next(p for p in library.passages() if words in p.text) for words in ("78处", "220个村")]
    sources = {number: Source(number, (passage,)) for number, passage in enumerate(held_by, 1)}
    editor = Editor(make_query("站和村各有多少？"), sources, {}, Binder(library, held))
    [found] = editor.take(Cut(sentence))
    if reason is None:
        assert isinstance(found, DraftSentence)
        assert found.text == "灌南县新建快递服务站78处，丰县走遍15个镇（街道）的220个村（社区）。"
        assert [words in e.text for words, e in zip(("78处", "220个村"), found.evidence, strict=True)] == [
            True
        ] * 2
    else:
        assert isinstance(found, Rejected)
        assert found.reason.startswith(reason)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("", "它什么也没有写"),
        ("简报中未见相关内容。", "模型认为给出的段落答不了这个问题"),
        (ChatModelError("等候超时"), "等候超时"),
        (("我先想想。", ChatModelError("回答中途断开")), "回答中途断开"),
    ],
)
def test_a_model_that_fails(ask: Ask, reply: Reply, why: str) -> None:
    """Without anything from the model the answer is the one composed without it, with the reason."""
    answer = ask(PARTNERS, reply)
    assert answer.notices == (f"没有用上模型 假模型：{why}。这个回答由简报原文的句子组成。",)
    assert answer.composer == "none"
    assert "123名" in answer.text


def test_a_model_that_breaks_off(ask: Ask) -> None:
    """What held stays, half a sentence goes, and what isn't quoted yet follows in the bulletins' words."""
    alone = ask("丰县的银发照相馆是怎么做的？", "")
    first = citing(("丰县的临时影棚摆在文明实践所（站）或村民家中[#]。丰县还", "临时影棚"))
    answer = ask("丰县的银发照相馆是怎么做的？", (first, ChatModelError("回答中途断开")))
    assert answer.text.startswith("丰县的临时影棚摆在文明实践所（站）或村民家中。[1]")
    assert "丰县还" not in answer.text
    assert answer.composer == "假模型"
    assert answer.notices[0].startswith("模型 假模型 没有答完：回答中途断开。")
    quoted = {citation.quote for citation in answer.citations}
    assert {citation.quote for citation in alone.citations} <= quoted


def test_a_model_without_end(ask: Ask) -> None:
    """A reply that goes on for ever is left at its length, and what it says again is said once."""
    chat = ScriptedChat(citing(*[("沭阳县的市民夜校一共招募了123名合伙人[#]。", "123名")] * 500))
    answer = ask(PARTNERS, chat=chat, tokens=100)
    assert answer.text.count("招募了123名合伙人。[1]") == 1
    assert "回答超过了长度上限" in answer.notices[0]
    assert chat.closed == 1


def test_a_list_keeps_every_place(ask: Ask) -> None:
    """Rows that the model leaves out come from the bulletins; the places are those found without a model."""
    alone = ask(LIST, ChatModelError("不在"))
    names = [item.place for item in alone.items]
    answer = ask(LIST, lambda prompt: honest_list(prompt, leave_out=names[1:2]))
    assert sorted(item.place for item in answer.items) == sorted(names)
    assert answer.items[-1] == next(one for one in answer.items if one.place == names[1]), (
        "what was left out comes last"
    )
    assert answer.notices == ("有 1 地模型没有写到，或写的没有通过核对，由原文的句子补上。",)
    assert answer.composer == "假模型"
    assert [item.place for item in answer.doubtful] == [item.place for item in alone.doubtful]
    assert answer.text.startswith(f"简报中共找到{len(names)}个地方：")


def test_rows_that_are_not_asked_for(ask: Ask) -> None:
    """A place that isn't in the list, a row with another place's passage, and a row said twice are refused."""

    def reply(prompt: str) -> str:
        rows = honest_list(prompt).splitlines()
        first, second = rows[0].split("：", 1)[1], rows[1].split("：", 1)[1]
        return "\n".join([f"南京市：{first}", f"{wanted_places(prompt)[0]}：{second}", rows[0], rows[0]])

    assert reasons(ask(LIST, reply)) == [
        "不在所列的地方之中",
        "所引段落不是这一行所写的地方的",
        "重复了前面的句子",
    ]


def test_sides_of_a_comparison(ask: Ask) -> None:
    """Each side is a row of its own, with quotes of its own place."""
    answer = ask("对比灌南县和溧阳市服务新就业群体的做法", honest_list)
    assert [item.place for item in answer.items] == ["灌南县", "溧阳市"]
    assert answer.composer == "假模型"


def test_quotations_stay_word_for_word(ask: Ask) -> None:
    """Where a quotation is wanted a rewritten sentence is refused, the original goes out."""
    question = "找一句关于银发照相馆的话，可以引用的"

    def reply(prompt: str) -> str:
        given = next(one for one in passages_of(prompt) if "照相馆" in one.text)
        return f"{given.sentence}[{given.number}]\n丰县的“银发照相馆”给老人拍照是特色项目[{given.number}]。"

    answer = ask(question, reply)
    assert answer.composer == "假模型"
    assert answer.sentences[0].text.startswith(answer.citations[0].quote)
    assert reasons(answer) == ["要的是原文，这一句改动了原文"]


def test_an_english_answer(ask: Ask) -> None:
    """An English question may be answered in English over Chinese quotes; the answer says what was checked."""
    answer = ask(
        "How many partners did the citizen night school recruit?",
        citing(
            ("Shuyang recruited 123 partners for its citizen night school [#]. ", "123名"),
            ("It recruited 321 partners [#]. ", "123名"),
            ("I am a language model and cannot help with that [#].", "123名"),
        ),
    )
    assert answer.text == "Shuyang recruited 123 partners for its citizen night school.[1]"
    assert "123名" in answer.citations[0].quote
    assert len(answer.rejected) == 2
    assert answer.notices == ("译文只核对了数字和出处，措辞请以引文原文为准。",)


def test_a_traditional_answer(ask: Ask) -> None:
    """A Traditional question may be answered in Traditional characters over the original's quotes."""
    answer = ask(
        "沭陽縣招募了多少名市民夜校合夥人？",
        citing(("沭陽縣的市民夜校一共招募了123名合夥人[#]。", "123名")),
    )
    assert answer.text == "沭陽縣的市民夜校一共招募了123名合夥人。[1]"


def test_a_refusal_is_not_put_to_the_model(ask: Ask) -> None:
    """Where there is no evidence the model isn't asked, and can't make any up."""
    chat = ScriptedChat("丰县的银发照相馆花了80万元[1]。")
    answer = ask("丰县银发照相馆花了多少钱？", chat=chat)
    assert answer.status == "no_evidence"
    assert chat.prompts == []
    assert (answer.composer, answer.notices) == ("none", ())


def test_sentences_leave_before_the_reply_ends(library: Library, gazetteer: Gazetteer) -> None:
    """A verified sentence goes out while the model still writes, and stopping stops the model."""
    chat = ScriptedChat(citing(*[("沭阳县的市民夜校一共招募了123名合伙人[#]。另外", "123名")] * 50))
    composer = ChatComposer(chat, library, Limits(60, 5000), 6000)
    events = Answerer(library, gazetteer, load_thesaurus(), composer=composer).stream(Question(PARTNERS))
    written = next(event for event in events if isinstance(event, Written))
    assert written.text == "沭阳县的市民夜校一共招募了123名合伙人。[1]"
    assert chat.closed == 0
    events.close()  # type: ignore[attr-defined]
    assert chat.closed == 1


def test_nobody_waits_any_more(library: Library, gazetteer: Gazetteer) -> None:
    """The model is stopped at its next word once nobody waits for the answer."""
    chat = ScriptedChat("沭阳" * 1000)
    composer = ChatComposer(chat, library, Limits(60, 5000), 6000)
    answerer = Answerer(library, gazetteer, load_thesaurus(), composer=composer)
    *_, last = answerer.stream(Question(PARTNERS), lambda: True)
    assert isinstance(last, Finished)
    assert chat.closed == 1
    assert last.answer.notices[0].startswith("没有用上模型 假模型：提问的一方已经离开。")


def test_a_small_space_for_passages(library: Library, gazetteer: Gazetteer) -> None:
    """The model gets no more text than was set, the best first; rows without passages stay the bulletins'."""
    chat = ScriptedChat(honest_list)
    composer = ChatComposer(chat, library, Limits(60, 1000), 500)
    answer = Answerer(library, gazetteer, load_thesaurus(), composer=composer).answer(Question(LIST))
    given = passages_of(chat.prompts[0])
    assert sum(len(one.text) for one in given) <= 500
    assert set(wanted_places(chat.prompts[0])) == {one.place for one in given}
    assert len(answer.items) > len(given)
