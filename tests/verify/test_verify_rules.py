"""The rules of verification one by one: names, speakers, parts in a change, labels, denials, reach."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.amounts import amounts, plain
from rag.verify.denial import undone
from rag.verify.gazetteer import absent, named
from rag.verify.items import lay
from rag.verify.labels import chained, miscounted, mislabelled
from rag.verify.organisations import speaker_elsewhere, unheld_body, unheld_speaker
from rag.verify.paraphrase import reworded
from rag.verify.reckon import hold
from rag.verify.roles import role
from rag.verify.scope import other_role, overreach
from rag.verify.spans import longest
from rag.verify.verify import verify
from rag.verify.words import view


def test_a_name_is_read_as_the_longest_entry_that_fits() -> None:
    assert [name.text for name in named("白俄罗斯国防部")] == ["白俄罗斯", "国防部"]
    (lack,) = absent("俄罗斯表示同意", "白俄罗斯表示同意", "")
    assert (lack.name.text, lack.rival) == ("俄罗斯", "白俄罗斯")


@pytest.mark.parametrize(
    ("claim", "evidence", "lacking"),
    [
        ("法国外长到访", "法方外长到访", []),
        ("美国加息", "美联储宣布加息，美经济放缓", []),
        ("人保与联想合作", "中国人保与联想合作", []),
        ("荷兰提供设备", "捷克提供设备", ["荷兰"]),
        ("高盛预计上涨", "汇丰预计上涨", ["高盛"]),
    ],
)
def test_another_writing_of_a_name_holds_it_and_another_name_does_not(
    claim: str, evidence: str, lacking: list[str]
) -> None:
    assert [lack.name.text for lack in absent(claim, evidence, "")] == lacking


@given(st.text(alphabet="甲乙丙丁ab", max_size=20))
def test_entries_found_are_entries_in_order_without_overlap(text: str) -> None:
    known = {"甲乙", "甲乙丙", "丁", "ab"}
    found = list(longest(text, known, 3))
    assert all(text[start:end] in known for start, end in found)
    assert all(one[1] <= two[0] for one, two in pairwise(found))


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("比例从3.7%升至6.3%", ["from", "to"]),
        ("营收增长了15%", ["by"]),
        ("销量比去年的80万辆多出30万辆", ["from", "gap"]),
        ("至少51人死亡", [""]),
        ("薪酬高达2.02亿元", [""]),
    ],
)
def test_the_wording_tells_the_part_of_an_amount_in_a_change(text: str, roles: list[str]) -> None:
    seen = view((text,))
    assert [role(seen, amount) for amount in seen.amounts] == roles


def test_the_start_of_a_change_is_not_its_end() -> None:
    evidence = ["赤字占比将从2022年的3.7%升至6.3%。"]
    assert other_role(lay("赤字占比将升至3.7%。", evidence, [])).strength == 1.0
    assert other_role(lay("赤字占比将升至6.3%。", evidence, [])).strength == 0.0


def test_a_number_is_of_the_words_beside_it() -> None:
    evidence = ["事故导致至少4人死亡、51人失踪。"]
    assert mislabelled(lay("事故造成51人死亡、4人失踪。", evidence, [])).strength > 0.3
    assert mislabelled(lay("事故造成4人死亡、51人失踪。", evidence, [])).strength == 0.0


def test_a_rate_is_of_the_sum_before_it() -> None:
    evidence = ["公司收入55.14亿元，同比下降三成；净利润13.30亿元，同比下降57%。"]
    wrong = chained(lay("公司净利润13.30亿元，同比下降三成。", evidence, []))
    assert (wrong.strength, wrong.printed) == (1.0, "13.30亿元之后是57%")
    assert chained(lay("公司净利润13.30亿元，同比下降57%。", evidence, [])).strength == 0.0


def test_what_is_counted_belongs_to_its_number() -> None:
    evidence = ["来自26个省市、28支队伍的选手报名。"]
    assert miscounted(lay("来自28个省市的选手报名。", evidence, [])).strength > 0.5
    assert miscounted(lay("来自26个省市的选手报名。", evidence, [])).strength == 0.0


@pytest.mark.parametrize(
    ("claim", "evidence", "undoes"),
    [
        ("双方已就培训细节达成一致。", "双方尚未就培训细节达成一致。", True),
        ("双方没有就培训细节达成一致。", "双方尚未就培训细节达成一致。", False),
        ("法律禁止受审的人参选。", "法律并未禁止受审的人参选。", True),
        ("事发路段就是国道。", "事发路段并非国道。", True),
        ("淘汰达到国三标准的货车。", "淘汰达不到国三标准的货车。", True),
        ("他不接受这一定性。", "他称不接受将此事这样定性。", False),
        ("用户分别来自两地。", "用户来自两地。", False),
    ],
)
def test_a_dropped_or_added_negation_is_seen(claim: str, evidence: str, undoes: bool) -> None:
    assert (undone(lay(claim, [evidence], [])).strength > 0.4) is undoes


@pytest.mark.parametrize(
    ("claim", "evidence", "reaches"),
    [
        ("该货币是表现最差的货币。", "该货币是表现最差的三个货币之一。", True),
        ("该货币是表现最差的货币之一。", "该货币是表现最差的三个货币之一。", False),
        ("该市托位数全省排名第一。", "该市托位数达到3.67万个。", True),
        ("两类工业增加值双双下降。", "能源工业增加值增长1.9%，非能源工业增加值下降9.8%。", True),
        ("两类工业增加值双双下降。", "能源工业增加值下降1.9%，非能源工业增加值下降9.8%。", False),
    ],
)
def test_one_of_the_best_is_not_the_best_nor_one_both(
    claim: str, evidence: str, reaches: bool
) -> None:
    assert (overreach(lay(claim, [evidence], [])).strength > 0) is reaches


def test_who_speaks_is_printed_and_says_it() -> None:
    evidence = [
        "健身主管周玉滢表示，健身中心建筑面积为3077平方米。",
        "医疗经理李世云表示，医疗中心运行平稳。",
    ]
    right = lay("周玉滢表示，健身中心建筑面积3077平方米。", evidence, [])
    other = lay("李世云表示，健身中心建筑面积3077平方米。", evidence, [])
    stranger = lay("陈大海表示，健身中心建筑面积3077平方米。", evidence, [])
    assert (unheld_speaker(right).strength, speaker_elsewhere(right).strength) == (0.0, 0.0)
    assert (unheld_speaker(other).strength, speaker_elsewhere(other).printed) == (
        0.0,
        "身主管周玉滢",
    )
    assert speaker_elsewhere(other).strength == 1.0
    assert unheld_speaker(stranger).strength == 1.0


def test_a_body_is_known_by_what_stands_before_its_kind() -> None:
    evidence = ["英国牛津大学的研究发表了。"]
    assert unheld_body(lay("英国剑桥大学的研究发表了。", evidence, [])).said == "剑桥大学"
    assert unheld_body(lay("英国牛津大学的研究发表了。", evidence, [])).strength == 0.0


def test_other_words_for_the_same_are_held() -> None:
    claim, evidence = "该队摘得金牌", "该队夺冠"
    ((start, end, places),) = reworded(claim, evidence)
    assert (claim[start:end], places) == ("摘得金牌", (2,))
    assert reworded("产量增长", "产量下降") == ()


@pytest.mark.parametrize(
    ("claim", "evidence", "held"),
    [
        ("用时1分40秒", "用时100秒", True),
        ("用时40秒", "从1分40秒缩短到1分钟", False),
        ("重239克", "重239g", True),
        ("距离1502光年", "距离约1500光年", False),
        ("面积810公顷", "面积814公顷", False),
        ("约四分之一首发", "展出562项，其中首发145项", True),
    ],
)
def test_spans_of_time_units_and_roundings(claim: str, evidence: str, held: bool) -> None:
    said, printed = plain(claim), plain(evidence)
    found = hold(amounts(said)[-1], said, amounts(printed), printed)
    assert bool(found.places or found.how) is held


def test_another_day_than_the_printed_one_is_no_relative_date() -> None:
    evidence = ["他今日宣布，新品将于8月18日发布。"]
    assert verify("新品将于8月13日发布。", evidence)[0] == "number_mismatch"
    assert verify("新品将于8月18日发布。", evidence)[0] == "supported"
