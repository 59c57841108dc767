"""The thesaurus: what it finds in a question, what it adds, and whether its table is clean."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from index.tokenize import normalise
from rag.errors import ThesaurusError
from rag.thesaurus import Expansion, Group, Thesaurus, load_thesaurus
from rag.thesaurus_file import parse, read_trusted

SMALL = Thesaurus(
    (
        Group(
            "外卖骑手",
            same=("外卖小哥",),
            narrower=("专送骑手",),
            lay=("送外卖的",),
            english=("delivery rider",),
        ),
        Group("新就业群体", narrower=("外卖小哥", "货车司机"), english=("gig worker",)),
        Group("中医", lay=("把脉",)),
        Group("急救", same=("心肺复苏",), narrower=("AED",), english=("first aid",)),
    ),
    shields=("其中",),
)

TABLES = sorted((Path(__file__).parent.parent / "rag" / "thesaurus").glob("*.toml"))


@pytest.fixture(scope="module")
def packaged() -> Thesaurus:
    return load_thesaurus()


def _user_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "我的词表.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _looked_for(thesaurus: Thesaurus, question: str, least: float = 0.0) -> set[str]:
    expansions = thesaurus.expand(normalise(question))
    return {term for expansion in expansions if expansion.strength >= least for term in expansion.terms}


def test_a_term_yields_for_every_group_it_belongs_to() -> None:
    """外卖小哥 is another word for 外卖骑手 and a member of 新就业群体; each tells its own strengths."""
    assert SMALL.expand("哪里关心外卖小哥") == (
        Expansion("外卖小哥", "外卖骑手", ("外卖骑手",), 1.0),
        Expansion("外卖小哥", "外卖骑手", ("专送骑手",), 0.8),
        Expansion("外卖小哥", "外卖骑手", ("送外卖的",), 0.7),
        Expansion("外卖小哥", "新就业群体", ("新就业群体",), 0.8),
        Expansion("外卖小哥", "新就业群体", ("货车司机",), 0.4),
    )


def test_the_official_name_reaches_its_members() -> None:
    """An umbrella term looks for its members at 0.8."""
    assert SMALL.expand("新就业群体") == (
        Expansion("新就业群体", "新就业群体", ("外卖小哥", "货车司机"), 0.8),
    )


def test_a_lay_term_reaches_the_official_words_at_one_strength() -> None:
    """What people say leads to every official word of the group at 0.7."""
    assert SMALL.expand("送外卖的") == (
        Expansion("送外卖的", "外卖骑手", ("外卖骑手", "外卖小哥", "专送骑手"), 0.7),
    )


@pytest.mark.parametrize("written", ["delivery rider", "Delivery Riders", "delivery-rider"])
def test_english_is_found_in_any_case_and_number(written: str) -> None:
    """An English gloss leads to the Chinese terms and is told as it was written."""
    assert SMALL.expand(f"who helps {written}?")[0] == Expansion(
        written, "外卖骑手", ("外卖骑手", "外卖小哥"), 1.0
    )


def test_an_english_phrase_may_hold_a_possessive() -> None:
    """The mark of the plural's possessive stands between two words of a phrase."""
    council = Thesaurus((Group("居民议事会", english=("residents' council",)),))
    for written in ("residents' council", "residents’ councils"):
        assert [e.found for e in council.expand(f"a {written} met")] == [written]


@pytest.mark.parametrize("text", ["first, aid", "the first aide", "unfirst aid", "delivery riderless"])
def test_english_is_matched_by_whole_words(text: str) -> None:
    """Parts of words, and words parted by a comma, are no term."""
    assert SMALL.expand(text) == ()


def test_latin_abbreviation_in_a_chinese_list_is_found() -> None:
    """AED, a member, is found in lower case and between Chinese characters."""
    assert SMALL.expand("配了aed吗") == (Expansion("aed", "急救", ("急救", "心肺复苏"), 0.8),)


def test_shields_take_their_characters_away() -> None:
    """其中医疗 holds no 中医, 看中医 does."""
    assert SMALL.expand("其中医疗支出") == ()
    assert SMALL.expand("看中医") == (Expansion("中医", "中医", ("把脉",), 0.7),)


def test_of_overlapping_terms_the_longest_counts() -> None:
    """A longer term further right beats a shorter one that overlaps it."""
    thesaurus = Thesaurus((Group("国学", lay=("古书",)), Group("学雷锋", lay=("活雷锋",))))
    assert [e.found for e in thesaurus.expand("全国学雷锋日")] == ["学雷锋"]


def test_a_saying_does_not_hide_what_it_holds() -> None:
    """Inside an everyday saying a term of three characters counts too, where it belongs to another group; a
    shorter one doesn't, and an official name hides all it holds."""
    thesaurus = Thesaurus(
        (
            Group("律师", lay=("帮打官司", "帮人打")),
            Group("诉讼", lay=("打官司", "官司")),
            Group("法律援助中心", same=("援助打官司站",)),
        )
    )
    assert [e.found for e in thesaurus.expand("谁帮打官司")] == ["帮打官司", "打官司"]
    assert [e.found for e in thesaurus.expand("谁帮人打官司")] == ["帮人打", "官司"]
    assert [e.found for e in thesaurus.expand("援助打官司站")] == ["援助打官司站"]


def test_a_saying_is_told_once_for_its_own_group() -> None:
    """Two sayings of one group, one inside the other: the longer one is enough."""
    thesaurus = Thesaurus((Group("老年人", lay=("老头老太太", "老太太")),))
    assert [e.found for e in thesaurus.expand("老头老太太")] == ["老头老太太"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("晚上给大人上课的", ["晚上给大人上课"]),
        ("晚上上课", ["晚上上课"]),
        ("晚上好上课", ["上好"]),
        ("就业创业服务", []),
    ],
)
def test_a_saying_may_be_parted(text: str, found: list[str]) -> None:
    """A few words may stand within a saying, where no term that stands whole says otherwise; an official term
    with something in between is another."""
    groups = Group("夜校", lay=("晚上上课",)), Group("问候", same=("上好",))
    thesaurus = Thesaurus((*groups, Group("就业服务", same=("就业帮扶",))))
    assert [expansion.found for expansion in thesaurus.expand(text)] == found


def test_terms_come_in_the_order_of_the_text_and_once() -> None:
    """A term that stands twice is told once."""
    found = [e.found for e in SMALL.expand("中医、急救、中医")]
    assert list(dict.fromkeys(found)) == ["中医", "急救"]
    assert found.count("中医") == 1


def test_nothing_is_found_in_nothing() -> None:
    """Empty and one-character texts, and texts without a term, yield nothing."""
    assert SMALL.expand("") == SMALL.expand("医") == SMALL.expand("今天天气") == ()


def test_it_cannot_be_changed() -> None:
    """Thesaurus and its nouns are frozen."""
    with pytest.raises(FrozenInstanceError):
        SMALL.groups = ()  # type: ignore[misc]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("哪些县关心快递小哥？", {"快递员", "新就业群体"}),
        ("哪些地方为新就业群体做了事", {"快递员", "外卖骑手", "网约车司机", "货车司机", "网络主播"}),
        ("瘫痪在床的人谁来照顾", {"失能", "失能老人"}),
        ("孩子放假没人管怎么办", {"未成年人", "暑期托管", "暑托班"}),
        ("爷爷奶奶吃饭难", {"老年人", "助餐", "长者食堂"}),
        ("下班学习有地方吗", {"市民夜校", "夜校"}),
        ("天价彩礼怎么治", {"移风易俗", "高价彩礼"}),
        ("电线像蜘蛛网", {"空中缆线", "架空线"}),
        ("攒分能换什么", {"文明实践积分", "积分制"}),
        ("没钱打官司怎么办", {"法律援助"}),
        ("剩菜剩饭太多", {"制止餐饮浪费", "光盘行动"}),
        ("創城有什麼做法", {"文明城市创建", "创建全国文明城市"}),
        ("Which counties run night schools?", {"市民夜校", "夜校"}),
        ("How are couriers looked after?", {"快递员", "快递小哥"}),
        ("parking spaces in renovated neighbourhoods", {"停车位", "老旧小区改造"}),
        ("helmets for the elderly", {"安全头盔", "头盔", "老年人", "老人"}),
        ("扫大街的渴了上哪喝水", {"环卫工人"}),
        ("有爬高的家什借吗", {"便民工具共享", "梯子"}),
        ("判案的来村里吗", {"法官", "法庭", "诉讼服务"}),
        ("老百姓打官司谁帮", {"法律援助", "诉讼服务"}),
        ("下了工去哪学手艺", {"市民夜校", "技能培训"}),
        ("没人看的娃送到哪", {"托育", "暑期托管"}),
        ("村里办酒席限几桌", {"移风易俗", "红白理事会"}),
        ("送人情送不起", {"人情负担", "礼金"}),
        ("老人活着不孝死后大办", {"老年人", "殡葬改革"}),
        ("老板不给工钱", {"劳资纠纷", "拖欠工资"}),
        ("手续跑了五趟", {"政务服务"}),
        ("楼道里拉线给电瓶车充电", {"电动自行车"}),
        ("心里烦找谁说", {"心理健康"}),
        ("孩子不听话", {"家庭教育"}),
        ("放学没人接", {"课后服务"}),
        ("大夫下乡", {"义诊"}),
        ("借钱做生意没本钱", {"金融服务"}),
        ("骗老人买保健品", {"反诈", "养老诈骗"}),
        ("Who looks after orphans?", {"困境儿童"}),
        ("organ donation", {"器官捐献"}),
    ],
)
def test_packaged_thesaurus_bridges_question_and_bulletin(
    packaged: Thesaurus, question: str, wanted: set[str]
) -> None:
    """What people ask leads, at 0.7 or more, to the words bulletins use."""
    assert wanted <= _looked_for(packaged, question, least=0.7)


@pytest.mark.parametrize(
    "text",
    [
        "人民政府",
        "通过节约",
        "其中有",
        "部分工程",
        "梳理发布",
        "提高中位数",
        "今年几月几日",
        "which of them",
        "国民需求",
        "公开信息",
        "科学技术",
        "全省电视剧",
        "政治协商会议",
        "形成亲近感",
        "完成家中",
        "出发点和落脚点",
    ],
)
def test_packaged_thesaurus_finds_nothing_where_nothing_is(packaged: Thesaurus, text: str) -> None:
    """Characters that only happen to stand side by side are no term."""
    assert packaged.expand(normalise(text)) == ()


def test_packaged_question_with_exact_values(packaged: Thesaurus) -> None:
    """One packaged group, with all it yields."""
    group = next(group for group in packaged.groups if group.name == "时间银行")
    expansions = [e for e in packaged.expand("time banks") if e.group == "时间银行"]
    assert expansions == [
        Expansion(
            "time banks", "时间银行", ("时间银行", "公益银行", "志愿银行", "时间存折", "服务时间储蓄"), 1.0
        ),
        Expansion(
            "time banks",
            "时间银行",
            ("时间储蓄", "互助养老时间银行", "存入时间", "兑换服务时间", "养老时间银行"),
            0.8,
        ),
        Expansion(
            "time banks",
            "时间银行",
            ("存时间", "把时间存起来", "帮别人将来别人帮我", "存工夫", "年轻时帮忙老了用"),
            0.7,
        ),
    ]
    assert group.english == ("time bank",)


def test_lint_no_term_in_more_than_three_groups(packaged: Thesaurus) -> None:
    """A word that leads everywhere leads nowhere."""
    counts = Counter(
        normalise(term)
        for group in packaged.groups
        for term in (group.name, *group.same, *group.narrower, *group.lay, *group.english)
    )
    assert {term: count for term, count in counts.items() if count > 3} == {}


def test_lint_every_group_is_clean(packaged: Thesaurus) -> None:
    """No duplicate within a group, no single character, nothing but Chinese in the Chinese lists save
    abbreviations, English in lower case, every group reachable by an everyday or another official word."""
    for group in packaged.groups:
        chinese = (group.name, *group.same, *group.narrower, *group.lay)
        terms = [*chinese, *group.english]
        assert len(set(terms)) == len(terms), group.name
        assert all(len(term) >= 2 and term == term.strip() and " " not in term for term in chinese), (
            group.name
        )
        assert all(re.fullmatch("[a-z0-9][a-z0-9' -]+", term) for term in group.english), group.name
        assert group.english, group.name
        assert len(chinese) >= 2, group.name


def test_lint_a_group_has_one_table() -> None:
    """No name stands in two tables: the later group would take the earlier one's place unseen."""
    names = [
        name for table in TABLES for name in re.findall('^name = "(.+)"$', table.read_text("utf-8"), re.M)
    ]
    assert [name for name, count in Counter(names).items() if count > 1] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_packaged_tables_keep_the_rules_of_the_format(table: Path) -> None:
    """All of them, as loading takes them on trust."""
    text = table.read_text("utf-8")
    assert read_trusted(text) == parse(text, table.name)


def test_every_table_is_loaded_and_explained(packaged: Thesaurus) -> None:
    """Each table of the folder gives groups or shields, and the folder's README names it."""
    explained = (TABLES[0].parent / "README.md").read_text("utf-8")
    assert [table.name for table in TABLES if f"`{table.name}`" not in explained] == []
    loaded = {group.name for group in packaged.groups}
    first = {table.name: re.search('^name = "(.+)"$', table.read_text("utf-8"), re.M) for table in TABLES}
    assert [name for name, match in first.items() if match and match[1] not in loaded] == []
    assert [name for name, match in first.items() if not match] == ["shields.toml"]
    assert "科学技术" in packaged.shields


def test_lint_no_term_is_in_every_passage(packaged: Thesaurus) -> None:
    """But for what the bulletins are about, no term stands in more than a fifth of the sample's paragraphs."""
    texts = [path.read_text("utf-8") for path in sorted(Path("corpus/sample").glob("*.txt"))]
    paragraphs = [normalise(part) for text in texts for part in text.split("\n\n") if len(part) > 40]
    terms = {normalise(t) for g in packaged.groups for t in (g.name, *g.same, *g.narrower, *g.lay)}
    counts = {term: sum(term in paragraph for paragraph in paragraphs) for term in terms}
    assert {t for t, n in counts.items() if n > len(paragraphs) / 5} <= {"文明实践", "新时代文明实践", "社区"}


def test_lint_words_of_every_bulletin_are_not_members(packaged: Thesaurus) -> None:
    """Words that stand in any official text would match everywhere."""
    common = "工作服务 建设活动 群众开展 推进发展 组织单位 部门全市 全县文明 社会问题 项目情况"
    everywhere = set(re.findall("..", common.replace(" ", "")))
    for group in packaged.groups:
        assert not everywhere & {group.name, *group.same, *group.narrower, *group.lay}, group.name


def test_a_user_file_adds_and_overrides(tmp_path: Path, packaged: Thesaurus) -> None:
    """Groups of a new name come last, those of a known name replace it where it stands, shields add up."""
    path = _user_file(
        tmp_path,
        'shields = ["水街道"]\n[[group]]\nname = "时间银行"\nsame = ["爱心存折"]\n\n'
        '[[group]]\nname = "水街"\nlay = ["老码头"]\n',
    )
    thesaurus = load_thesaurus(path)
    assert thesaurus.groups[-1] == Group("水街", lay=("老码头",))
    place = [group.name for group in packaged.groups].index("时间银行")
    assert thesaurus.groups[place] == Group("时间银行", same=("爱心存折",))
    assert len(thesaurus.groups) == len(packaged.groups) + 1
    assert thesaurus.shields == (*packaged.shields, "水街道")
    assert thesaurus.expand("老码头在哪") == (Expansion("老码头", "水街", ("水街",), 0.7),)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """Notepad on Windows may write one."""
    path = _user_file(tmp_path, '\ufeff[[group]]\nname = "水街"\nlay = ["老码头"]\n')
    assert load_thesaurus(path).groups[-1].name == "水街"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('[[group]]\nname = "水街"\nlay = ["a b"\n[[group]]\n', ["第 4 行", "不合 TOML 写法"]),
        (
            '[[group]]\nname = "水街"\nlay = ["码头"]\n\n[[group]]\nname = "水街"\nlay = ["河埠"]\n',
            ["第 5 行起的第 2 组", "组名“水街”与第 1 行", "重复"],
        ),
        ('[[group]]\nname = "水街"\nlai = ["码头"]\n', ["第 1 行", "“水街”", "却有 lai"]),
        ('[[group]]\nname = "水街"\nlay = "码头"\n', ["第 1 行", "“水街”的 lay", "却是 '码头'"]),
        ('[[group]]\nname = "水街"\nlay = [1]\n', ["“水街”的 lay", "却是 [1]"]),
        ('\n[[group]]\nname = "水街"\n', ["第 2 行", "“水街”", "组里没有词"]),
        ('[[group]]\nlay = ["码头"]\n', ["第 1 行", "应有 name"]),
        ('[[group]]\nname = "街"\nlay = ["码头"]\n', ["第 1 行", "至少两个字", "“街”"]),
        ('[[group]]\nname = "水街"\nlay = ["码"]\n', ["至少两个字", "“码”"]),
        ('[[group]]\nname = "水街"\nlay = ["老\\n码头"]\n', ["“水街”的 lay", "写在一行里"]),
        ('[[group]]\nname = "水街"\nlay = ["水街"]\n', ["“水街”写了不止一次"]),
        (
            '[[group]]\nname = "水街"\nenglish = ["canal street", "canal streets"]\n',
            ["“canal streets”写了不止一次"],
        ),
        ('[group]\nname = "水街"\n', ["两层方括号"]),
        ('shield = ["其中"]\n', ["顶层只认", "却有 shield"]),
        ("shields = 3\n", ["shields", "却是 3"]),
    ],
)
def test_faults_of_a_user_file_are_named(tmp_path: Path, text: str, parts: list[str]) -> None:
    """The message, in Chinese, names file, place and fault."""
    with pytest.raises(ThesaurusError) as caught:
        load_thesaurus(_user_file(tmp_path, text))
    message = str(caught.value)
    assert [part for part in ["我的词表.toml", *parts] if part not in message] == []


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A missing file and one of another encoding are refused with what to do."""
    with pytest.raises(ThesaurusError, match="读不到这份词表"):
        load_thesaurus(tmp_path / "没有.toml")
    path = tmp_path / "国标.toml"
    path.write_bytes('[[group]]\nname = "水街"\n'.encode("gbk"))
    with pytest.raises(ThesaurusError, match="另存为 UTF-8"):
        load_thesaurus(path)
