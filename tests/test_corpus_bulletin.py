"""A bulletin is read as a person would read it."""

from __future__ import annotations

import pytest

from corpus.bulletin import parse_document
from corpus.places import Gazetteer, load_gazetteer
from corpus.readers.markdown import MarkdownReader
from corpus.readers.text import TextReader
from corpus.types import ParsedDocument, Reader

BULLETIN = """内部资料 注意保存

云岭精神文明建设简报

第 7 期

江苏省文明办

2024 年 5 月 6 日

【经验交流】

沛县：三个一点 办好社区食堂

启东市：把课堂搬到夜里 让手艺留在身边

沛县：三个一点 办好社区食堂

沛县把老人吃饭当作头等小事来办，去年在 12 个社区试了一遍，今年推到全县。

一、钱从哪里来。一是社区出场地。社区把闲置的活动室腾出来，水电由集体承担，一年省下租金 8 万元，这笔钱全部补进菜里，老人吃得出来，街坊也看得见，来搭一把手的人一个月多过一个月。二是企业让利润。三家配餐企业签了让利协议，每份套餐只收成本，不另加服务费，菜单每周换一次，老人不爱吃的下周就撤，差额记入企业的文明积分，年底换成宣传版

面。三是个人付小头。老人每餐付 6 元，满八十岁的再减一元，账目每月贴在门口，谁都可以查，查了还可以提意见，意见三天里有回话，好主意当月就用上，月底再把结果贴出来让大家评一评，评得好的社区第二年多给一份奖金。

二、饭送给谁吃。先照顾独居老人，再照顾高龄老人，最后向附近的环卫工人和快递员开放。

启东市：把课堂搬到夜里 让手艺留在身边

启东市白天没人来的教室，到了晚上坐满了人。

（一）课由居民点

1. 先问后开。开课前发 300 份问卷，哪门课报名过 20 人就开哪门。

2. 边开边改。每门课上到一半再问一次，不满意的当场换老师。

（二）师由身边找

木匠、裁缝、退休教师都可以登台，一共 45 位。

报：省委宣传部

发：各设区市文明办

（共印 300 份）
"""


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def parse(
    text: str, gazetteer: Gazetteer, reader: Reader | None = None, name: str = "a.txt"
) -> ParsedDocument:
    data = text.encode()
    raw = (reader or TextReader()).read(data, name)
    return parse_document(raw, data=data, source_name=name, gazetteer=gazetteer)


@pytest.fixture(scope="module")
def parsed(gazetteer: Gazetteer) -> ParsedDocument:
    return parse(BULLETIN, gazetteer)


def test_the_masthead_names_the_document(parsed: ParsedDocument) -> None:
    """Series, issue, issuer and date come from the head, and give a stable plain id."""
    document = parsed.document
    assert (document.series, document.issue, document.issuer) == ("云岭精神文明建设简报", "7", "江苏省文明办")
    assert str(document.date) == "2024-05-06"
    assert document.title == "云岭精神文明建设简报2024年第7期"
    assert document.id.startswith("2024-07-")
    assert document.id.isascii()


def test_articles_have_title_and_place(parsed: ParsedDocument) -> None:
    """Each title of the contents list opens an article about the place it names."""
    assert [(a.title, a.place) for a in parsed.articles] == [
        ("沛县：三个一点 办好社区食堂", "沛县"),
        ("启东市：把课堂搬到夜里 让手艺留在身边", "启东市"),
    ]


def test_every_passage_is_the_document_s_text(parsed: ParsedDocument) -> None:
    """document.text[start:end] is the passage, to the character."""
    text = parsed.document.text
    assert all(text[p.start : p.end] == p.text for p in parsed.passages)


def test_heading_paths(parsed: ParsedDocument) -> None:
    """Marks 一、 一是 （一） 1. give each passage its path; a run-in heading covers its own paragraph."""
    assert [(p.article, p.heading) for p in parsed.passages] == [
        (0, ()),
        (0, ("一、钱从哪里来", "一是社区出场地")),
        (0, ("一、钱从哪里来", "二是企业让利润")),
        (0, ("一、钱从哪里来", "三是个人付小头")),
        (0, ("二、饭送给谁吃",)),
        (1, ()),
        (1, ("（一）课由居民点",)),
        (1, ("（二）师由身边找",)),
    ]


def test_a_page_end_cuts_no_paragraph(parsed: ParsedDocument) -> None:
    """The halves of a paragraph on two pages are one again, without a gap."""
    assert any("年底换成宣传版面。" in p.text for p in parsed.passages)


def test_head_contents_and_colophon_are_in_no_passage(parsed: ParsedDocument) -> None:
    """What frames the articles is kept in the text but never retrieved."""
    everything = "\n".join(p.text for p in parsed.passages)
    for frame in ("注意保存", "【经验交流】", "报：", "共印", "5月6日"):
        assert frame in parsed.document.text
        assert frame not in everything
    assert everything.count("沛县：三个一点") == 0


def test_no_passage_begins_with_punctuation_or_ends_in_the_middle(parsed: ParsedDocument) -> None:
    """Passages begin with a word or a mark of enumeration and end with a stop."""
    for passage in parsed.passages:
        assert passage.text[0] not in "，。；：！？”’）、"
        assert passage.text[-1] in "。！？”"


def test_a_heading_on_its_own_line_belongs_to_the_passage_below_it(parsed: ParsedDocument) -> None:
    """A line that is only a heading is not a passage; the next passage begins with it."""
    assert parsed.passages[6].text.startswith("（一）课由居民点\n1.先问后开。")


def test_speeches_are_about_the_place_of_their_author(gazetteer: Gazetteer) -> None:
    """Without a place in the title, the author line tells it; the line is the author, not text."""
    speech = (
        "云岭精神文明建设简报\n第1期\n2022年1月18日\n\n把好事办到门口\n（中共启东市委宣传部部长 王某）\n\n"
        "把好事办到门口\n\n中共启东市委宣传部部长 王某\n\n去年我们办了五件事，件件都在门口，居民抬脚就到，说好的人越来越多。\n"
    )
    parsed = parse(speech, gazetteer)
    assert [(a.title, a.author, a.place) for a in parsed.articles] == [
        ("把好事办到门口", "中共启东市委宣传部部长 王某", "启东市")
    ]
    assert [p.text for p in parsed.passages] == [
        "去年我们办了五件事，件件都在门口，居民抬脚就到，说好的人越来越多。"
    ]


def test_what_isn_t_a_bulletin_is_one_article(gazetteer: Gazetteer) -> None:
    """A plain text becomes a document with passages, and a warning says that no masthead was found."""
    parsed = parse(
        "邻里之间的一件小事\n\n楼上的水漏到楼下，两家人坐下来喝了一壶茶，事情就说开了，还成了朋友。\n",
        gazetteer,
    )
    assert [a.title for a in parsed.articles] == ["邻里之间的一件小事"]
    assert [p.text for p in parsed.passages] == [
        "楼上的水漏到楼下，两家人坐下来喝了一壶茶，事情就说开了，还成了朋友。"
    ]
    assert parsed.warnings == ("没有找到报头（刊名、期号、日期），按普通文章收入。",)
    assert parsed.document.id.startswith("doc-")


def test_hard_wrapped_lines_are_one_paragraph(gazetteer: Gazetteer) -> None:
    """Lines broken at a fixed width run on; a paragraph's end stays one."""
    wrapped = "小河的治理\n\n村里的小河去年还是黑的，村民捂着鼻子走，今年请来\n了专家，清了三遍淤泥，水面上又有了野鸭，孩子们放学\n以后都来数鸭子。\n第二段从这里开始，说的是岸上的花。\n"
    parsed = parse(wrapped, gazetteer)
    assert (
        "今年请来了专家，清了三遍淤泥，水面上又有了野鸭，孩子们放学以后都来数鸭子。\n第二段"
        in parsed.document.text
    )


def test_markdown_headings_make_articles_and_paths(gazetteer: Gazetteer) -> None:
    """In Markdown, the highest heading below the masthead is a title, lower ones are headings."""
    text = (
        "云岭精神文明建设简报\n\n第 2 期\n\n2024年2月3日\n\n# 沛县：把**好事**办实\n\n## 先听意见\n\n"
        "开了十场院坝会，记下六十条意见，条条有回音，件件有着落，村民都说这样的会开得值。\n\n"
        "1. 场地由村里出。\n2. 茶水由商会出。\n\n# 启东市：把课堂搬到夜里\n\n晚上的教室坐满了人，老师是身边的木匠和裁缝，学的人里最大的七十岁。\n"
    )
    parsed = parse(text, gazetteer, MarkdownReader(), "a.md")
    assert [(a.title, a.place) for a in parsed.articles] == [
        ("沛县：把好事办实", "沛县"),
        ("启东市：把课堂搬到夜里", "启东市"),
    ]
    assert parsed.passages[0].heading == ("先听意见",)
    assert "1.场地由村里出。" in parsed.document.text


def test_a_corrected_file_keeps_its_id_and_another_issue_has_another(gazetteer: Gazetteer) -> None:
    """The id comes from series, year and issue: a corrected word doesn't change it, another issue does."""
    ids = [
        parse(BULLETIN.replace(*change), gazetteer).document.id
        for change in (("三家", "四家"), ("第 7 期", "第 8 期"), ("第 7 期", "第 7 期\n\n（摘编，非原文）"))
    ]
    assert ids[0] == parse(BULLETIN, gazetteer).document.id
    assert len({*ids}) == 3


def test_the_way_back_to_the_line(parsed: ParsedDocument) -> None:
    """Anchors lead from an offset of the text back to the line of the file, also behind a page end."""
    lines = BULLETIN.split("\n")
    offset = parsed.document.text.index("面。三是个人付小头")
    anchor = [a for a in parsed.document.anchors if a.offset <= offset][-1]
    assert anchor.line is not None
    assert lines[anchor.line - 1].startswith("面。三是个人付小头")


@pytest.mark.parametrize(
    ("line", "heads"),
    [
        ("守住一条河：岸上有人管", True),
        ("小河清了，花也开了", True),
        ("村民说：“小河清了，花也开了", False),
        ("小河清了，花也开了，", False),
    ],
)
def test_a_short_line_with_a_colon_heads_the_text_below(line: str, heads: bool, gazetteer: Gazetteer) -> None:
    """A heading of two halves stays a line of its own; a quotation or a clause that is open runs on."""
    below = "村里的小河去年还是黑的，村民捂着鼻子走，今年请来了专家，清了三遍淤泥，水面上又有了野鸭。"
    parsed = parse(f"小河的治理\n\n{below}\n{line}\n{below}\n", gazetteer)
    assert (f"{line}\n{below[:8]}" in parsed.document.text) is heads


def test_briefs_that_begin_with_a_place_in_brackets(gazetteer: Gazetteer) -> None:
    """A bulletin of such briefs has an article for each, also for one that begins with another name."""
    text = (
        "云岭文明工作专报\n\n2025年第37期\n\n2025年8月12日\n\n"
        "【沛县】旧校舍办起议事亭。村民每周三来坐坐，茶水由商会出，说定的事贴在门口。\n\n"
        "【丰县】骑手画出进门地图。二十名骑手把小区的楼栋一一标明，送一单省下四分钟。\n\n"
        "【一线调查】能人怎么用起来？调查组去了三十二个社区，听到三种声音，下月再去。\n"
    )
    parsed = parse(text, gazetteer)
    assert [(a.title, a.place) for a in parsed.articles] == [
        ("【沛县】旧校舍办起议事亭", "沛县"),
        ("【丰县】骑手画出进门地图", "丰县"),
        ("【一线调查】能人怎么用起来", None),
    ]


def test_a_survey_without_a_place_in_its_title_is_filed_place_by_place(gazetteer: Gazetteer) -> None:
    """The county that it begins with is only the first of those it speaks of."""
    text = (
        "各地亮点\n\n沛县“敲门问安”。沛县请邮递员每天敲一敲独居老人的门，老人都说心里踏实。\n\n"
        "丰县“流动饭盒车”。丰县给三轮车装上保温箱，把热饭送到村口，一天跑两趟。\n\n"
        "睢宁县“十里书袋”。睢宁县用布袋装好二十本书，由公交车捎到村里的学校去。\n"
    )
    parsed = parse(text, gazetteer)
    assert [a.place for a in parsed.articles] == [None]
    assert [p.place for p in parsed.passages] == ["沛县", "丰县", "睢宁县"]


def test_rows_set_in_columns_by_wide_spaces(gazetteer: Gazetteer) -> None:
    """Lines parted by single wide spaces, or a name and a number each, are the rows of a table."""
    text = (
        "书屋排名\n\n各县的书屋按借出的册数排了名次，前三名的每家奖励一套新书，名次如下。\n\n"
        "第1名　沛县　借出93册　合计185分\n第2名　丰县　借出90册　合计184分\n\n交办问题\n\n"
        "沛县　12\n丰县　18\n睢宁县　21\n\n沛县12　丰县18　睢宁县21\n"
    )
    parsed = parse(text, gazetteer)
    assert "第1名\t沛县\t借出93册\t合计185分\n第2名\t丰县\t" in parsed.document.text
    assert "沛县\t12\n丰县\t18\n睢宁县\t21" in parsed.document.text
    assert "沛县12\t丰县18\t睢宁县21" in parsed.document.text
