"""What kind of thing an answer must hold."""

from __future__ import annotations

import pytest

from rag.expected import asks_for_more, expected_answers


@pytest.mark.parametrize(
    ("question", "label", "held", "not_held"),
    [
        ("是哪一年评上的", "年份", "2017年评上", "评上以来连续3年"),
        ("有多少家企业参加", "企业的数量", "120余家企业", "职工2万余人次"),
        ("经费是多少", "经费", "投入200多万元", "投入了很多人力"),
        ("花了多少钱", "金额", "每人只付三元", "每人都来了"),
        ("参观价格是多少", "价格", "全部免费", "全部开放"),
        ("安居房每月房租多少", "房租", "每月租金只要500元", "每户节约开支500元"),
        ("一年要花多少运费", "运费", "一年运费补贴3000元", "平均节约3元钱"),
        ("每月几号开放", "日期", "每月15日开放", "每月有15人"),
        ("专班多长时间碰一次头", "多久一次", "专班每季度会商一次", "专班由13个部门组成"),
        ("找一句村民说的、关于办酒的话", "谁说的话", "老王说：“少摆几桌，心里轻快。”", "村民都说“好”"),
        ("几天能拿到赔款", "天数", "三天之内拿到赔款", "当场拿到赔款"),
        ("从几点开到几点", "几点", "每晚19时开门", "每晚开门"),
        ("跟哪所大学合作", "大学", "与某某大学合作", "与多家高校合作"),
        ("带队的骑手叫什么名字", "骑手的名字", "骑手王小平、李大明获奖", "骑手们获奖"),
        ("攒多少分能换", "多少分", "满50分可换", "满50天可换"),
        ("月工资多少", "月工资", "每月发放补贴800元", "每月发放材料"),
        ("网上办理率是多少", "比率", "达到98%", "达到98项"),
        ("女工占比是多少", "占比", "女工占三成", "女工很多"),
        ("书屋的面积有多大", "面积", "建成500平方米", "建成500家"),
        ("培训办了多久", "多久", "前后三周", "前后多次"),
        ("什么时候开馆", "时间", "2024年底开馆", "已经开馆"),
        ("入选者名单在哪里", "名单", "名单如下", "评选结束"),
        ("获得了什么荣誉", "荣誉", "被评为示范单位", "受到欢迎"),
        ("在哪个镇试点", "镇", "在河口镇试点", "在农村试点"),
        ("哪个社区先办", "社区", "城西社区先办", "城西先办"),
        ("由哪家公司承建", "公司", "由一家集团承建", "由学校承建"),
        ("联系方式是什么", "联系方式", "请打12345678", "请到大厅"),
        ("这个项目叫什么名字", "项目的名字", "实施“风信子”项目", "实施了这个项目"),
        ("打分占多大比重", "多大比重", "占考核的两成", "占了很大的分量"),
        ("拆了多少米", "多少米", "拆了17万米", "腾出1800多平方米"),
        ("队长电话多少", "电话", "电话12345678", "有9支队伍"),
        ("第七条写的什么", "第七条", "第七条说不请客", "规矩有七条"),
        ("“三融”是哪三融", "各自的名称", "把测评、管理、整治合在一起", "把它们合在一起"),
        ("诚信分成几档", "多少档", "按四级管理", "按规定管理"),
        ("是哪个小区改造的", "小区", "东园社区改造", "东边改造"),
        ("上了黑榜的是哪些旅行社", "旅行社", "远方旅行社上了黑榜", "设置红黑榜"),
        ("有多少户参加", "多少户", "800余户参加", "800余次"),
        ("有多少名志愿者", "志愿者的数量", "志愿者有40人", "志愿者有40场"),
        ("有几支队伍", "队伍的数量", "队伍二十七支", "队伍二十七所"),
        ("藏书多少册", "多少册", "藏书2万册", "藏书很多"),
        ("救下来几例", "多少例", "干预成功19例", "干预成功"),
        ("舞龙队有几只", "多少只", "舞龙队31支", "舞龙队31人"),
        ("多少算多", "数量", "随礼超过300元", "随礼太多"),
        ("每天有多少人跳舞", "多少人", "每天2100余人次", "每天2100余元"),
        ("便民热线号码是多少", "号码", "请打12345", "接听1760通"),
        ("获奖的主播都叫什么", "主播的名字", "主播王小平、李大明获奖", "主播们获奖"),
        ("为啥改在晚上上课", "原因", "考虑到居民白天要上班", "渔民转为志愿者，晚上七点上课"),
        ("课堂为什么叫夜校", "原因", "取晚间求学之意", "夜校有十个班"),
        ("12例分别是什么", "每一例的情况", "其中一例讲的是邻里", "共有12例"),
        ("寄一箱要多少运费", "运费", "全部包邮", "每箱三公斤"),
        ("那位师傅今年多大年纪", "年龄", "81岁的退休教师", "当了12年教师"),
        ("老师多大了", "年龄", "81岁的退休教师", "教室有81平方米"),
        ("树葬园现在多大了", "面积", "由86亩扩到120亩", "园里的老人81岁"),
        ("听课的比例变化多大", "比例变化多大", "由18%提高到43%", "有81平方米"),
        ("学生义卖筹了多少善款", "善款", "筹款11.7万元", "41名艺人"),
        ("花在人情上的钱大概多少", "金额", "人情支出降至9700元", "降了两成"),
        ("队员每次补贴多少", "补贴", "每次补贴50元", "有126人"),
        ("前十名的家庭都是谁", "各自的名称", "分别是王家、李家", "前十名得到奖励"),
        ("多少家跟着做了", "多少家", "1.5万户家庭承诺", "每晚1.5小时"),
        ("改作文的老师叫啥", "老师的名字", "退休教师王小平坚持改作文", "退休教师坚持改作文"),
        ("食堂一年省下多少", "金额", "全年节粮5万斤", "全年接待5万人"),
        ("收发了多少封信", "信的数量", "收发书信1.3万封", "收发书信1.3万天"),
        ("跳舞在哪些公园", "公园", "在人民公园", "在9处乐园"),
    ],
)
def test_kinds(question: str, label: str, held: str, not_held: str) -> None:
    """The label names what is asked for; a text holds it or doesn't."""
    [expected] = expected_answers(question)
    assert expected.label == label
    assert expected.pattern.search(held)
    assert not expected.pattern.search(not_held)


@pytest.mark.parametrize(
    "question",
    [
        "几条规矩是什么",
        "驿站是怎么建的",
        "经费从哪里来",
        "费用由谁出",
        "谁来管驿站",
        "哪几个县建了驿站",
        "影响有多大",
        "",
    ],
)
def test_any_sentence_may_answer(question: str) -> None:
    """How, who and which places expect nothing of a certain kind."""
    assert expected_answers(question) == ()


@pytest.mark.parametrize(
    ("question", "noun", "unit"),
    [
        ("惠及多少家庭", "家庭", ""),
        ("有多少家庭得了奖", "家庭", ""),
        ("办了多少项目", "项目", ""),
        ("有多少支部结对", "支部结对", ""),
        ("开放了多少场所", "场所", ""),
        ("有多少家企业参加", "企业", ""),
        ("办了多少场活动", "活动", "场"),
    ],
)
def test_a_noun_is_not_cut_for_a_measure_word(question: str, noun: str, unit: str) -> None:
    """家庭 is what is counted; 家 counts 企业."""
    [expected] = expected_answers(question)
    assert (expected.noun, expected.unit) == (noun, unit)


def test_what_is_counted_is_told_from_what_it_is_like() -> None:
    """几间便宜的房子 counts rooms, not 便宜; 多少名骑手的技能 counts riders."""
    [rooms] = expected_answers("备了多少间便宜的房子")
    assert (rooms.noun, rooms.unit) == ("房子", "间")
    [riders] = expected_answers("多少名骑手的技能提高了")
    assert (riders.noun, riders.unit) == ("骑手", "")
    assert expected_answers("想找几个关心骑手的例子") == ()


def test_several_things_in_their_order() -> None:
    """Each thing that is asked for is told, in the order of the question."""
    found = expected_answers("有多少名志愿者，书屋面积有多大，经费是多少")
    assert [(e.label, e.noun) for e in found] == [("志愿者的数量", "志愿者"), ("面积", ""), ("经费", "")]


def test_a_count_is_told_once() -> None:
    """多少平方米 is an area, not also a number of things."""
    assert [e.label for e in expected_answers("书屋面积是多少平方米")] == ["面积"]


def test_whether_anything_is_named_that_is_counted() -> None:
    """上限是多少 names nothing that is counted, 上限是多少元 and 有多少名志愿者 do."""
    questions = ("上限各是多少", "上限是多少元", "有多少名志愿者")
    assert [one.is_bare for text in questions for one in expected_answers(text)] == [True, False, False]


@pytest.mark.parametrize(
    ("question", "sentence", "held"),
    [
        ("摘牌的那2家商户叫什么名字？", "有2家商户被摘牌，名单公布了一个月。", False),
        ("摘牌的那2家商户叫什么名字？", "“顺发”“福来”2家商户被摘牌。", True),
        ("结对的学校都是哪12所？", "香港的12所学校与本县结对。", False),
        ("“三张单”是哪三张？", "列出服务单、需求单、反馈单。", True),
        ("“三不”具体是哪三个不？", "坚持不收费、不推销、不留尾巴。", True),
        ("“三不”具体是哪三个不？", "坚持“三不”，干部带头，不走样。", False),
        ("结对的学校是哪两所？", "一中、二中两所学校结对。", True),
        ("那11家摘牌的商户都叫什么名字？", "在商贸、餐饮等行业评选，挂牌50家，摘牌11家。", False),
        ("那11家摘牌的商户都叫什么名字？", "顺发、福来、永兴等11家商户被摘牌。", True),
    ],
)
def test_several_that_are_to_be_named(question: str, sentence: str, held: bool) -> None:
    """Which two they are is told by their names, not by their number."""
    expected = expected_answers(question)[0]
    assert expected.label == "各自的名称"
    assert bool(expected.pattern.search(sentence)) == held


@pytest.mark.parametrize(
    ("question", "more"),
    [
        ("为什么不挂牌？门口写的什么", True),
        ("为什么不挂牌？", False),
        ("花了多少钱，用了几天？", False),
        ("谁出的主意，花了多少钱？", True),
    ],
)
def test_whether_something_is_asked_that_any_sentence_may_answer(question: str, more: bool) -> None:
    """Two questions in one: that one can't be answered doesn't keep the other from it."""
    assert asks_for_more(question) == more


def test_a_saying_with_a_number_to_be_told_is_no_count() -> None:
    """“几步走” names a method; how many steps it has isn't asked."""
    assert expected_answers("理事会有个“几步走”的办法，叫什么？") == ()
