"""Bulletins as offices of many kinds set them are read as a person would read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.bulletin import parse_document
from corpus.places import Gazetteer, load_gazetteer
from corpus.readers.text import TextReader
from corpus.types import ParsedDocument

LAYOUTS = Path(__file__).parent / "layouts" / "offices"


@dataclass(frozen=True)
class Expected:
    """``head``: series, issue, date and issuer. ``articles``: title, place, author, and with what words its
    passages begin and end. ``headings``: all paths over passages, in order, each once. ``left_out``: lines
    that are in the file and not in the text. ``whole``: what stands in one passage, though pages cut it."""

    head: tuple[str | None, str | None, str | None, str | None]
    articles: tuple[tuple[str, str | None, str | None, str, str], ...]
    headings: tuple[tuple[str, ...], ...] = ()
    left_out: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()


EXPECTED = {
    # contents with dots and a place behind; titles without a place, broken otherwise than in the list
    "leaders_place": Expected(
        ("陇上乡风实践交流", "7", "2024-09-12", "甘肃省乡风文明建设工作协调小组办公室"),
        (
            ("编者按", None, None, "编者按：入秋", "实际参考。"),
            ("沙窝里长出的读书会", "敦煌市", "敦煌市新时代文明实践中心", "敦煌市把读书会", "五十二位。"),
            ("蜜瓜地头有本 明白账", "瓜州县", "中共瓜州县委宣传部、瓜州县妇联", "每到瓜熟", "奖一个瓜。"),
            ("药材市场里的一杆公平秤", "渭源县", "渭源县市场监督管理局", "药材怕受潮", "三十七万元。"),
            ("山里娃的四点半", "两当县", None, "放学以后", "有书读。"),
        ),
        (("一、书是自己挑的",), ("二、话是自己讲的",), ("一、账本有人管",), ("二、账目有人看",)),
    ),
    # an editor's note, then a list that nothing announces
    "note_then_list": Expected(
        ("黔山文明实践工作信息", "21", "2023-10-08", "贵州省文明实践服务中心"),
        (
            ("按语", None, None, "今年是乡村", "略有删节。"),
            ("赤水市：竹海深处有讲堂", "赤水市", None, "竹海里的讲堂", "跟到哪里。"),
            ("荔波县：歌书里的新规矩", "荔波县", None, "水族老人", "再学会做。"),
            ("盘州市：银杏树下来上课", "盘州市", None, "妥乐的银杏", "有人来听。"),
        ),
    ),
    # a series without any of the usual words
    "plain_name": Expected(
        ("三秦新风", "3", "2024-04-18", "陕西省文明办"),
        (
            ("柞水县：木耳棚边的小账房", "柞水县", None, "棚边有间", "四千八百元。"),
            ("靖边县：风沙线上的爱心驿站", "靖边县", None, "跑沙漠公路", "四十六辆。"),
        ),
    ),
    "two_columns": Expected(
        ("桂乡文明快讯", "9", "2022-06-30", "广西壮族自治区文明办"),
        (
            ("灌阳县：油茶树下的调解桌", "灌阳县", None, "油茶树下有张", "一十九桩。"),
            ("龙胜各族自治县：梯田上的接力", "龙胜各族自治县", None, "梯田灌水", "红过脸。"),
            ("东兴市：界河边的志愿岗", "东兴市", None, "界河边的志愿", "四万多人。"),
            ("凭祥市：口岸的一盏夜灯", "凭祥市", None, "货车排队", "不急了。"),
        ),
    ),
    "tabs_numbers": Expected(
        ("闽江精神文明建设工作动态", "4", "2023-04-25", "福建省精神文明建设办公室"),
        (
            ("永泰县：庄寨里的村晚", "永泰县", None, "老庄寨的天井", "二百六十场。"),
            ("长汀县：河田鸡汤待客有度", "长汀县", None, "一锅鸡汤", "九百多桌。"),
            ("平潭县：石头厝里的邻里节", "平潭县", None, "石头厝冬暖", "四百对。"),
        ),
    ),
    # the places stand in the list alone, in brackets
    "paren_numbers": Expected(
        ("全省移风易俗工作现场会交流材料", None, "2023-11-16", "湖北省移风易俗工作领导小组办公室"),
        (
            ("把规矩唱成山歌", "五峰土家族自治县", None, "长乐坪的山歌", "教给爷爷奶奶。"),
            ("从红纸榜到手机屏", "石首市", None, "以前好人好事", "请上村晚。"),
            ("一桌饭的减法", "罗田县", None, "大别山待客", "二千七百名。"),
        ),
        (("一、歌由大家编",), ("二、歌由大家唱",), ("一、榜上有名",), ("二、榜下有奖",)),
    ),
    # no list, no places in the titles; who contributed stands below the text
    "signed_at_end": Expected(
        ("皖江文明实践通讯", "16", "2021-08-19", "安徽省文明实践指导中心"),
        (
            ("渡口的最后一班船", "繁昌区", "繁昌区文明办", "江心洲的老人", "对岸的医院。"),
            ("稻田边的小喇叭", "当涂县", "中共当涂县委宣传部", "收稻子的时候", "听一听。"),
            ("老戏台又亮了灯", "南陵县", "南陵县文化旅游体育局", "荒了二十年", "四十八晚。"),
        ),
    ),
    # no list, no bylines: the numbers start again, and the text is about another place
    "restart": Expected(
        ("晋中文明创建工作简报", "31", "2024-07-02", "晋中市文明办"),
        (
            ("窑洞里办起食堂", "平遥县", None, "平遥县有不少", "也写明白。"),
            ("社火队里的新班主", "祁县", None, "祁县的社火", "才准上街。"),
            ("醋坊里的诚信牌", "榆次区", None, "榆次区的醋坊", "上门道歉。"),
        ),
        (
            ("一、灶要旺",),
            ("二、人要齐",),
            ("三、账要明",),
            ("一、扮相要新",),
            ("二、步子要齐",),
            ("一、牌由行会发",),
            ("二、牌由顾客评",),
        ),
    ),
    # nothing but short items
    "marks_only": Expected(
        ("豫西文明快报", "40", "2022-12-05", "洛阳市文明办"),
        (
            ("栾川县：把反诈课送到矿山", "栾川县", None, "栾川县：把", "转账十九起。"),
            ("新安县给黄河渔家换新灯", "新安县", None, "新安县给", "电费六万元。"),
            ("近日，洛宁县的苹果种植户自发组成“帮摘队”", "洛宁县", None, "近日，洛宁县", "羊汤就走。"),
        ),
    ),
    "numbered_briefs": Expected(
        ("湘西文明创建参阅", "12", "2023-03-09", "湘西土家族苗族自治州文明办"),
        (
            ("泸溪县：椪柑园里的夜校", "泸溪县", None, "椪柑园里的", "一百二十课。"),
            ("花垣县在十八洞的老屋前办起读书角", "花垣县", None, "1.花垣县", "就来挑书看。"),
            ("保靖县组织茶农签订守信公约", "保靖县", None, "2.保靖县", "全部合格。"),
            (
                "【龙山县讯】县医院的四十名护士每周六到敬老院给老人剪指甲、量血压、陪聊天",
                "龙山县",
                None,
                "3.【龙山县讯】",
                "断过一次。",
            ),
        ),
    ),
    # a county's own bulletin: townships and offices of that county
    "towns": Expected(
        ("桐庐县文明实践工作简报", "5", "2023-02-27", "桐庐县新时代文明实践中心办公室"),
        (
            ("分水镇：制笔车间的午间课堂", "桐庐县", None, "午饭后有", "八十六课。"),
            ("莪山畲族乡：红曲酒坊的规矩墙", "桐庐县", None, "酒坊的墙上", "酒后闹事。"),
            ("县交通运输局：公交车上的爱心座", "桐庐县", None, "二百一十辆", "少了七成。"),
        ),
    ),
    # the head of every page stands in the middle of a sentence
    "running_heads": Expected(
        ("赣鄱文明创建内参", "27", "2022-05-11", "江西省文明创建指导中心"),
        (
            ("浮梁县：瓷窑边的师徒会", "浮梁县", None, "窑工带徒弟", "还认真。"),
            ("资溪县：面包房里的回乡课", "资溪县", None, "在外做面包", "伙计听。"),
        ),
        left_out=("赣鄱文明创建内参第27期", "·1·", "第2页共2页"),
        whole=("一年记满了三百多本。", "怎样带徒弟、怎样在电话里"),
    ),
    "ocr": Expected(
        ("鲁中文明实践动态", "18", "2023-08-03", "淄博市文明办"),
        (
            ("沂源县：溶洞口的 文明岗", "沂源县", None, "溶洞口每天要进三千人。", "没有一个摔跤的。"),
            ("高青县：黑牛合作社的 公道碗", "高青县", None, "合作社分红用一只", "一句闲话。"),
            ("桓台县：湖边人家的晒谷场", "桓台县", None, "晒谷场秋天", "三分钟。"),
        ),
    ),
    # titles in the middle of the line, broken, with a subtitle that names the place
    "centred": Expected(
        ("川东文明实践专报", "6", "2024-01-15", "四川省达州市文明办"),
        (
            ("让苎麻地里 长出新的乡风 ——大竹县的三个新办法", "大竹县", None, "苎麻收完", "四十家。"),
            ("一座廊桥两岸人 ——宣汉县的廊桥议事", "宣汉县", None, "廊桥连着", "六根柱子。"),
        ),
    ),
    "section_marks": Expected(
        ("滇池文明实践通讯", "11", "2023-11-20", "昆明市文明实践中心"),
        (
            ("石林彝族自治县：火把照亮议事场", "石林彝族自治县", None, "火把节之外", "零五件事。"),
            ("嵩明县：花农的诚信花篮", "嵩明县", None, "花农把卖", "变成六十只。"),
            ("宜良县举办烤鸭师傅公益课", "宜良县", None, "九十名烤鸭", "岁的老人。"),
            ("禄劝彝族苗族自治县开通山路校车", "禄劝彝族苗族自治县", None, "山路弯多", "一个孩子。"),
        ),
    ),
    "place_only_in_list": Expected(
        ("燕赵乡风文明建设工作简报", "2", "2025-03-06", "河北省乡风文明建设办公室"),
        (
            ("蘑菇棚里评先进", "阜平县", None, "评先进不在", "年底数蘑菇。"),
            ("山杏沟的接亲车队", "承德县", None, "接亲不用", "这样接亲。"),
            ("栗乡人家的红白账本", "迁西县", None, "红白事的账本", "八十多家。"),
        ),
    ),
    "place_only_over_article": Expected(
        ("岭南文明创建要情", "8", "2023-05-29", "广东省文明创建办公室"),
        (
            ("蕉岭县：梅州客家围屋里的早读声", "蕉岭县", None, "围屋里天不亮", "一朵花。"),
            ("徐闻县：船上人家的靠岸日", "徐闻县", None, "渔船每月", "一锅鱼汤。"),
        ),
    ),
    # 供稿单位：, 作者：, an office in brackets under the title
    "credits": Expected(
        ("疆南民生文明参考", "19", "2024-06-14", "喀什地区文明办"),
        (
            ("把馕坑边的空地让出来", "疏附县", "疏附县文明办", "馕坑边的", "九十六件。"),
            ("巴扎上的公平尺", "莎车县", "莎车县市场监督管理局", "卖布的最怕", "只赔过三次。"),
            (
                "杏花开了就上课",
                "塔什库尔干塔吉克自治县",
                "塔什库尔干塔吉克自治县教育局",
                "雪山下的",
                "一百种云。",
            ),
        ),
    ),
    # lines drawn across the page
    "rules": Expected(
        ("北疆文明建设情况反映（增刊）", "2", "2023-07-21", "内蒙古自治区文明办"),
        (
            ("四子王旗：草原上的马背书箱", "四子王旗", None, "马背书箱走", "兽医书。"),
            ("多伦县：沙地里种下的约定", "多伦县", None, "种一棵树", "三千块木牌。"),
        ),
    ),
    "cases": Expected(
        ("齐长城脚下的文明实践案例摘编", "1", "2024-03-30", "泰安市文明实践中心"),
        (
            ("案例一：东平县的湖上巡护队", "东平县", None, "湖上有风", "十七个。"),
            ("案例二：宁阳县的蟋蟀集市", "宁阳县", None, "秋天的蟋蟀", "一个孩子。"),
            ("案例三：新泰市的矿工书屋", "新泰市", None, "矿井口的", "二百本。"),
        ),
    ),
    # columns counted in the list and in brackets over the articles, titles counted in both
    "numbered_columns": Expected(
        ("普法与依法治理简报", "8", "2024-08-30", "四川省普法办公室"),
        (
            ("在全省普法工作会上的讲话（摘要）", None, "省委依法治省办主任 张某", "同志们：", "一个问题。"),
            ("打造“法治院坝” 办好群众的事", "朝天区", "广元市朝天区司法局", "院坝里的", "三百二十件。"),
            ("“小喇叭”喊出大平安", "营山县", "营山县司法局", "早晚各响", "八十九起。"),
            ("雅安市名山区开展茶园普法活动", "名山区", None, "采茶的人多", "一千四百份。"),
            ("得荣县举办藏汉双语普法课", "得荣县", None, "双语老师", "两天来听。"),
        ),
        (("一、把课讲到田坎上",),),
    ),
    # a name alone over each item
    "bare_names": Expected(
        ("文明实践周报", "22", None, "广饶县文明实践中心"),
        (
            ("大王镇", "广饶县", None, "大王镇把", "都说方便。"),
            ("县水利局", "广饶县", None, "县水利局组织", "走了一遍。"),
            ("乐安街道", "广饶县", None, "乐安街道的", "四百余处。"),
        ),
    ),
    # no list and no colons: title and text begin with the same place
    "place_leads": Expected(
        ("内参", "5", "2022-03-11", "中共六安市委办公室"),
        (
            ("霍山县“三个一”破解山区老人出行难", "霍山县", None, "霍山县山高", "五折收费。"),
            ("舒城县“周末老师”让大山里的孩子有学上", "舒城县", None, "舒城县针对", "再送回家。"),
            ("金安区“一条热线”管到底", "金安区", "综合科", "金安区把", "九成七。"),
        ),
        (
            ("一、开一辆车",),
            ("二、建一个站",),
            ("三、发一张卡",),
            ("一、老师由县里请",),
            ("二、孩子由村里接",),
        ),
    ),
    # one report with plain headings, under each of which the numbers start again
    "one_report": Expected(
        ("海西社会文明专递", "3", "2025-01-22", "福建省文明办"),
        (("古厝里的新主人", "屏南县", None, "【编者按】古厝", "卖到城里去。"),),
        (
            ("主要做法",),
            ("取得成效",),
        ),
    ),
}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def parse(name: str, gazetteer: Gazetteer) -> ParsedDocument:
    data = (LAYOUTS / f"{name}.txt").read_bytes()
    return parse_document(TextReader().read(data, name), data=data, source_name=name, gazetteer=gazetteer)


def test_every_layout_is_expected() -> None:
    """No file of the folder goes unread by these tests."""
    assert {path.stem for path in LAYOUTS.glob("*.txt")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_layout(name: str, gazetteer: Gazetteer) -> None:
    """Masthead, and each article's title, place, author, headings and bounds, are what a person sees."""
    want, got = EXPECTED[name], parse(name, gazetteer)
    document = got.document
    date = str(document.date) if document.date else None
    assert (document.series, document.issue, date, document.issuer) == want.head
    assert [(a.title, a.place, a.author) for a in got.articles] == [a[:3] for a in want.articles]
    for article, (_, _, _, begins, ends) in zip(got.articles, want.articles, strict=True):
        texts = [p.text for p in got.passages if p.article == article.ordinal]
        assert (texts[0][: len(begins)], texts[-1][-len(ends) :]) == (begins, ends)
        assert all(p.place == article.place for p in got.passages if p.article == article.ordinal)
    paths = [p.heading for p in got.passages if p.heading]
    assert tuple(path for i, path in enumerate(paths) if paths[i - 1 : i] != [path]) == want.headings
    for whole in want.whole:
        assert any(whole in p.text for p in got.passages)
    assert all(document.text[p.start : p.end] == p.text for p in got.passages)


@pytest.mark.parametrize("name", EXPECTED)
def test_passages_hold_the_articles_text_and_nothing_else(name: str, gazetteer: Gazetteer) -> None:
    """Every line of the file is in the text, bare page numbers and repeated page heads aside; passages hold
    no line of masthead, contents list or colophon, and no title."""
    got = parse(name, gazetteer)
    source = (LAYOUTS / f"{name}.txt").read_text(encoding="utf-8")
    text = re.sub(r"\s", "", got.document.text)
    everything = "\n".join(p.text for p in got.passages)
    articles = [a[0] for a in EXPECTED[name].articles]
    for line in source.splitlines():
        words = re.sub(r"\s", "", line).lstrip("▲·")
        assert words in text or re.sub(r"\s", "", line) in EXPECTED[name].left_out
        is_paragraph = words.endswith(("。", "：", "了", "怎样")) or (words,) in EXPECTED[name].headings
        assert is_paragraph or not words or words not in re.sub(r"\s", "", everything) or words in articles
