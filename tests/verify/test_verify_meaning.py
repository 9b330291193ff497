"""Rules of meaning one by one: opposites in place, modes, order, places, doers and what is exchanged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.actors import actors
from rag.verify.antonyms import replaced
from rag.verify.denial import undone
from rag.verify.doers import other_doer
from rag.verify.exchanges import interchanged, swapped
from rag.verify.items import lay
from rag.verify.modality import other_mode
from rag.verify.names import versus
from rag.verify.order import turned
from rag.verify.places import covers, elsewhere, places, slotted
from rag.verify.polarity import opposed
from rag.verify.scope import overreach
from rag.verify.sides import exchanged, renamed_subject
from rag.verify.spans import longest, sizes


@pytest.mark.parametrize(
    ("claim", "evidence", "said"),
    [
        ("这类犯罪成本高。", "这类犯罪成本低，收益高。", "高"),
        ("第二季度业绩好于预期。", "第二季度业绩不及预期。", "好于预期"),
        ("这类犯罪成本较低。", "这类犯罪成本低。", ""),
        ("水位低，流速高。", "水位高，流速高；水位低的另一段已封。", ""),
    ],
)
def test_an_opposite_between_the_same_characters_is_seen(
    claim: str, evidence: str, said: str
) -> None:
    assert replaced(lay(claim, [evidence], [])).said == said


def test_a_lost_match_told_from_the_other_side_is_no_opposite() -> None:
    evidence = ["甘肃队在决赛中以三比一击败了辽宁队。"]
    same = lay("辽宁队在决赛中不敌甘肃队。", evidence, [])
    wrong = lay("甘肃队在决赛中不敌辽宁队。", evidence, [])
    assert versus(same)[0] == 1
    assert opposed(same).strength == 0.0
    assert versus(wrong)[0] == -1


@pytest.mark.parametrize(
    ("claim", "evidence", "other"),
    [
        ("公司已经在合肥建好新的电池工厂。", "公司计划明年在合肥建设新的电池工厂。", True),
        ("公司计划明年在合肥建设新的电池工厂。", "公司计划明年在合肥建设新的电池工厂。", False),
        ("公司已在合肥建成新的电池工厂。", "公司新的电池工厂已在合肥建成投产。", False),
        ("目击者一口咬定，火灾是电线短路造成的。", "目击者称，火灾可能是电线短路造成的。", True),
        ("目击者说，火灾也许是电线短路造成的。", "目击者称，火灾可能是电线短路造成的。", False),
        ("警方已抓获三名嫌疑人。", "警方将嫌疑人抓获，共三名。", False),
    ],
)
def test_what_is_planned_or_possible_is_not_done_or_certain(
    claim: str, evidence: str, other: bool
) -> None:
    assert (other_mode(lay(claim, [evidence], [])).strength > 0.5) is other


@pytest.mark.parametrize(
    ("claim", "evidence", "is_turned"),
    [
        ("因为航班大面积取消，机场宣布关闭跑道。", "机场宣布关闭跑道，导致航班大面积取消。", True),
        ("因为机场关闭跑道，航班大面积取消。", "机场宣布关闭跑道，导致航班大面积取消。", False),
        ("教练先推搡裁判，随后才被红牌罚下。", "教练被红牌罚下后突然推搡裁判。", True),
        ("教练先被红牌罚下，随后推搡裁判。", "教练被红牌罚下后突然推搡裁判。", False),
        ("库存从主动增加转向被动减少。", "库存从被动减少转向主动增加。", True),
        ("货轮从青岛驶往釜山。", "货轮从釜山驶往青岛。", True),
    ],
)
def test_cause_and_sequence_are_not_turned_round(
    claim: str, evidence: str, is_turned: bool
) -> None:
    assert (turned(lay(claim, [evidence], [])).strength > 0.5) is is_turned


@pytest.mark.parametrize(
    ("claim", "evidence", "lacking"),
    [
        ("仪式在广西崇左举行。", "仪式在广西南宁举行。", "崇左"),
        ("仪式在湖北举行。", "仪式在安陆举行。", ""),
        ("仪式在南宁举行。", "仪式在广西南宁市举行。", ""),
        ("这套做法能适应城市发展。", "这套做法能适合南宁的发展。", ""),
    ],
)
def test_a_place_is_held_by_itself_or_by_one_in_it(claim: str, evidence: str, lacking: str) -> None:
    assert elsewhere(lay(claim, [evidence], [])).said == lacking


def test_a_province_covers_its_cities_and_no_others() -> None:
    assert covers("湖北", "工作组前往安陆市。")
    assert not covers("湖北", "工作组前往南宁市。")
    assert [place.text for place in places("湖北安陆市和广西南宁")] == [
        "湖北",
        "安陆市",
        "广西",
        "南宁",
    ]


def test_new_words_in_the_slot_of_a_place_are_another_place() -> None:
    evidence = ["男孩在油麻地的文华大厦从高处跌下。"]
    assert slotted(lay("男孩在旺角的文华大厦从高处跌下。", evidence, [])).said == "旺角"
    assert slotted(lay("男孩从文华大厦高处跌下。", evidence, [])).strength == 0.0


def test_a_deed_belongs_to_the_name_whose_clause_it_is_in() -> None:
    evidence = ["市人大常委会副主任郑钢淼主持会议。副主任周慧琳、宗明、陈靖出席会议。"]
    wrong = other_doer(lay("会议由周慧琳主持。", evidence, []))
    assert (wrong.said, wrong.printed) == ("周慧琳", "郑钢淼")
    assert other_doer(lay("会议由郑钢淼主持。", evidence, [])).strength == 0.0


def test_the_former_and_the_latter_are_the_two_names_before() -> None:
    text = "现代汽车和起亚出资，前者出三千万，后者出两千万。"
    named = {text[a.start : a.end]: a.name for a in actors(text)}
    assert named["前者"] != named["后者"]
    assert named["前者"] == named["现代汽车"]


def test_everyday_words_are_no_names() -> None:
    assert [a.name for a in actors("施工安全，方便群众，李建国说。")] == ["李建国"]


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        ("医药公司向药房公司采购产品。", "药房公司向医药公司采购产品。", True),
        ("药房公司从医药公司采购产品。", "药房公司向医药公司采购产品。", False),
        ("大赛由文理学院主办，生物学会承办。", "大赛由生物学会主办，文理学院承办。", True),
        ("大赛由生物学会主办，承办方是文理学院。", "大赛由生物学会主办，文理学院承办。", False),
    ],
)
def test_two_sides_are_not_exchanged(claim: str, evidence: str, wrong: bool) -> None:
    assert (exchanged(lay(claim, [evidence], [])).strength > 0.5) is wrong


def test_two_names_exchanged_are_seen_in_one_clause_and_over_two() -> None:
    aid = ["美国宣布向乌克兰提供新的军事援助。"]
    assert swapped(lay("乌克兰宣布向美国提供新的军事援助。", aid, [])).strength == 1.0
    assert swapped(lay("美国宣布向乌克兰提供新的援助。", aid, [])).strength == 0.0
    listed = ["华勤技术在上交所上市，鸿智科技在北交所上市。"]
    assert (
        interchanged(lay("华勤技术在北交所上市，鸿智科技登陆上交所。", listed, [])).strength == 1.0
    )
    assert (
        interchanged(lay("华勤技术在上交所上市，鸿智科技登陆北交所。", listed, [])).strength == 0.0
    )


def test_a_clause_that_goes_on_the_same_has_the_same_subject() -> None:
    evidence = ["DRG和DIP是两种支付方式。DRG指按疾病诊断相关分组付费。"]
    assert renamed_subject(lay("DIP指按疾病诊断相关分组付费。", evidence, [])).printed == "drg"
    assert renamed_subject(lay("DRG指按疾病诊断相关分组付费。", evidence, [])).strength == 0.0


@pytest.mark.parametrize(
    ("claim", "evidence", "reaches"),
    [
        ("平台提供部分场次的直播。", "平台提供全场次的直播。", True),
        ("平台提供全部场次的直播。", "平台提供全场次的直播。", False),
        ("消防队每天捕捉2条大蛇。", "消防队两天内捕捉了2条大蛇。", True),
        ("消防队日均捕捉2条大蛇。", "消防队每天捕捉2条大蛇。", False),
        ("五名选手全部顺利晋级。", "除曹宇鹏外，另四名选手均顺利晋级。", True),
        ("在全国所有社区开展完整社区试点。", "在全国106个社区开展完整社区试点。", True),
    ],
)
def test_a_part_is_not_the_whole_nor_once_each_day(
    claim: str, evidence: str, reaches: bool
) -> None:
    assert (overreach(lay(claim, [evidence], [])).strength > 0.5) is reaches


@pytest.mark.parametrize(
    ("claim", "evidence", "undoes"),
    [
        ("部门没有要求企业暂停销售。", "部门已要求企业采取暂停销售等措施。", True),
        ("部门要求企业暂停销售。", "部门已要求企业采取暂停销售等措施。", False),
        ("这将导致买家抛售手中债券。", "这不会导致买家抛售手中债券。", True),
        ("他的零钱不见了。", "他的零钱不翼而飞。", False),
    ],
)
def test_done_is_not_undone_in_other_words(claim: str, evidence: str, undoes: bool) -> None:
    assert (undone(lay(claim, [evidence], [])).strength > 0.5) is undoes


@given(st.text(alphabet="甲乙丙丁ab", max_size=20))
def test_an_index_of_sizes_changes_nothing(text: str) -> None:
    known = {"甲乙", "甲乙丙", "丁", "ab"}
    assert list(longest(text, known, 3)) == list(longest(text, known, 3, sizes(known)))
