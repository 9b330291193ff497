"""Amounts of a claim against those of its evidence: writing, bounds, arithmetic, binding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.amounts import amounts, plain
from rag.verify.items import lay
from rag.verify.polarity import negated, opposed
from rag.verify.reckon import hold
from rag.verify.verify import verify


@pytest.mark.parametrize(
    ("text", "value", "unit", "mode"),
    [
        ("四成三", 43, "percent", ""),
        ("近两成", 20, "percent", "under"),
        ("百分之四十六点八", 46.8, "percent", ""),
        ("两毛钱", 0.2, "yuan", ""),
        ("7万5243亿日元", 7.5243e12, "yen", ""),
        ("2,740.00万股", 2.74e7, "counter", ""),
        ("3000多家", 3000, "counter", "over"),
        ("晚8点", 20, "hour", ""),
        ("半个月", 15, "days", ""),
        ("第八次", 8, "ordinal", ""),
        ("１２．５km", 12500, "length", ""),
        ("二季度", 2, "quarter", ""),
        ("约5.2万人", 52000, "counter", "about"),
        ("39℃", 39, "degree", ""),
        ("Ⅲ级", 3, "counter", ""),
        ("三个多月", 3, "months", "over"),
        ("3个半小时", 3.5, "hours", ""),
        ("年逾八旬", 80, "age", "over"),
        ("近万名", 10000, "counter", "under"),
        ("四百多亿元", 4e10, "yuan", "over"),
        ("翻了两番", 4, "times", ""),
        ("指数为102.5点", 102.5, "index", ""),
    ],
)
def test_an_amount_has_one_value_unit_and_bound(
    text: str, value: float, unit: str, mode: str
) -> None:
    (found,) = amounts(plain(text))
    assert (round(found.value, 6), found.unit, found.mode) == (value, unit, mode)


def test_the_lower_end_of_a_range_takes_the_upper_ends_unit_and_scale() -> None:
    assert [a.value for a in amounts(plain("8-9.5亿元"))] == [8e8, 9.5e8]
    assert [a.unit for a in amounts(plain("90至120克"))] == ["mass", "mass"]


def test_clock_times_are_hours_and_scores_are_none() -> None:
    assert [(a.value, a.unit) for a in amounts(plain("每日12:00-14:30"))] == [
        (12, "hour"),
        (14, "hour"),
        (30, "counter"),
    ]
    assert {a.unit for a in amounts(plain("以21:19获胜"))} == {""}
    assert [a.value for a in amounts(plain("下午6、7时"))] == [18, 19]


def test_a_vague_number_has_two_ends() -> None:
    (found,) = amounts(plain("六七百人"))
    assert (found.value, found.upto) == (600, 700)


@pytest.mark.parametrize(
    ("claim", "evidence", "held"),
    [
        ("傍晚六七点", "下午6、7时", True),
        ("八十多岁", "年逾八旬", True),
        ("两三百人", "260人", True),
        ("两三百人", "360人", False),
        ("净利润多了约3.6亿元", "净利润2.1亿元，上年同期亏损1.5亿元", True),
        ("没有通过的约有6人", "333人参加，通过率达到98.2%", True),
        ("没有通过的约有16人", "333人参加，通过率达到98.2%", False),
        ("每天共开放4个小时", "每日12:00-14:00、16:00-18:00开放", True),
        ("去年有9家", "今年8家，比去年减少1家", True),
        ("营收翻了两番", "营收由2亿元增至4亿元", False),
        ("共189个前沿", "94个研究前沿和95个开发前沿", True),
        ("每周增加4班", "从8班增至12班", True),
        ("两次合计1500万元", "捐赠1000万元，又捐赠500万元", True),
        ("是上年的八倍多", "达69.5亿美元，上年为8.2亿美元", True),
        ("约4358亿元", "4357.51亿元", True),
        ("超过1万家", "10058家", True),
        ("提前半个月", "提前15天", True),
        ("占近两成", "占18.1%", True),
        ("翻了一番还多", "同比增长106.22%", True),
        ("超过1万家", "9058家", False),
        ("占近两成", "占28.1%", False),
        ("5.81亿平方米", "5810万平方米", False),
        ("170千克", "170克", False),
        ("增长35%", "增长3.5倍", False),
        ("第七次", "第八次", False),
    ],
)
def test_an_amount_is_held_as_printed_rounded_or_reckoned(
    claim: str, evidence: str, held: bool
) -> None:
    said, printed = plain(claim), plain(evidence)
    found = hold(amounts(said)[-1], said, amounts(printed), printed)
    assert bool(found.places or found.how) is held


@pytest.mark.parametrize(
    ("claim", "evidence", "verdict"),
    [
        (
            "南区建成面积二十公顷，北区建成面积三十公顷。",
            "南区建成面积20公顷，北区建成面积30公顷。",
            "supported",
        ),
        (
            "南区建成面积30公顷，北区建成面积20公顷。",
            "南区建成面积20公顷，北区建成面积30公顷。",
            "number_mismatch",
        ),
        ("苹果产量为50吨，梨产量为80吨。", "苹果、梨的产量分别为50吨、80吨。", "supported"),
        ("苹果产量为80吨，梨产量为50吨。", "苹果、梨的产量分别为50吨、80吨。", "number_mismatch"),
    ],
)
def test_amounts_stay_with_what_they_count(claim: str, evidence: str, verdict: str) -> None:
    assert verify(claim, [evidence])[0] == verdict


def test_a_word_is_opposed_only_where_the_evidence_says_its_opposite_of_the_same() -> None:
    other = lay("公司下调了出货目标。", ["公司上调了出货目标。"], [])
    same = lay("公司上调了出货目标。", ["公司上调了出货目标，下调了成本预算。"], [])
    assert (opposed(other).said, opposed(other).printed) == ("下调", "上调")
    assert opposed(other).strength > 0.5 > opposed(same).strength


def test_a_denial_holds_for_its_own_clause() -> None:
    text = ["会议没有公布名单，介绍了展区。"]
    assert negated(lay("会议公布名单。", text, [])).strength > 0.5
    assert negated(lay("会议介绍了展区。", text, [])).strength == 0.0


@given(
    st.text(
        "0123456789.,，、。至第约近超半个一二十百万亿成倍分之年月日元%％吨米不没未增长下降北京A ",
        max_size=40,
    )
)
def test_no_text_raises_and_a_sentence_stands_on_itself(text: str) -> None:
    verdict, why = verify(text, [text, "北京增长5%。"], [text])
    assert bool(why) == (verdict != "supported")
    assert verdict in {"supported", "unsupported"}


@given(st.text(alphabet="零一二三十百千万亿半成分之点第约多1234５％.,/年月日第个", max_size=60))
def test_no_mixture_of_digits_fails(text: str) -> None:
    found = amounts(plain(f"今年下降{text}左右"))
    assert all(0 <= amount.start < amount.end for amount in found)


@pytest.mark.parametrize(
    "text", ["一" * 5000, "三" + "亿" * 50, "1" * 5000 + "分之2", "下降1一2成", "3三分之一"]
)
def test_a_number_longer_or_odder_than_any_is_cut_not_an_error(text: str) -> None:
    assert all(0 <= amount.value < float("inf") for amount in amounts(plain(text)))


@pytest.mark.parametrize("text", ["哈" * 300, "甲、" * 300, "谢谢大家，" * 100])
def test_a_text_of_repetitions_is_verified_in_little_memory(text: str) -> None:
    laid = lay(plain(f"乙{text}"), [plain(text + "丙" + text)], [])
    assert sum(len(places) for places in laid.places) <= 1_500 + len(laid.places)
