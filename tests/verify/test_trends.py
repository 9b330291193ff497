"""Directions, comparisons, periods and kinds of number against what is printed."""

from __future__ import annotations

import pytest

from rag.verify.items import lay
from rag.verify.labels import miscounted
from rag.verify.levels import other_rate, step_as_level
from rag.verify.periods import misdated
from rag.verify.trends import other_trend


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        ("可执行的比例高了不少。", "可执行的比例从52%变为10%。", True),
        ("可执行的比例低了不少。", "可执行的比例从52%变为10%。", False),
        ("资金从8亿元降到了12亿元。", "资金从8亿元增加到12亿元。", True),
        ("资金从8亿元增加到了12亿元。", "资金从8亿元增加到12亿元。", False),
        ("销售额略有增长。", "销售额为66.6亿美元，上年同期为66.8亿美元。", True),
        ("销售额略有下滑。", "销售额为66.6亿美元，上年同期为66.8亿美元。", False),
        ("公司亏损扩大。", "公司净亏损1.2亿元，上年同期净亏损2.5亿元。", True),
        ("公司亏损收窄。", "公司净亏损1.2亿元，上年同期净亏损2.5亿元。", False),
        ("民企的进出口额不及国企。", "民企进出口12亿元；国企进出口3亿元。", True),
        ("民企的进出口额高于国企。", "民企进出口12亿元；国企进出口3亿元。", False),
        ("涨幅比全国平均水平低0.3个百分点。", "涨幅高于全国平均水平0.3个百分点。", True),
        ("涨幅比全国平均水平高0.3个百分点。", "涨幅高于全国平均水平0.3个百分点。", False),
    ],
)
def test_a_direction_fits_the_two_amounts_that_are_printed(
    claim: str, evidence: str, wrong: bool
) -> None:
    assert (other_trend(lay(claim, [evidence], [])).strength > 0.3) is wrong


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        ("今年一季度营收5.6亿元。", "去年一季度营收5.6亿元，今年一季度6.3亿元。", True),
        ("今年一季度营收6.3亿元。", "去年一季度营收5.6亿元，今年一季度6.3亿元。", False),
        ("2021年人口为1206万人。", "2022年人口为1206万人，比2021年减少13万人。", True),
        ("2022年人口为1206万人。", "2022年人口为1206万人，比2021年减少13万人。", False),
        ("价格同比下跌0.4%。", "价格环比下跌0.4%，同比下跌2%。", True),
        ("价格同比下跌2%。", "价格环比下跌0.4%，同比下跌2%。", False),
        ("2021年为35亿元，次年升到47亿元。", "2022年达47亿元，比2021年的35亿元多。", False),
    ],
)
def test_an_amount_is_of_its_own_period(claim: str, evidence: str, wrong: bool) -> None:
    assert (misdated(lay(claim, [evidence], [])).strength > 0) is wrong


def test_a_change_is_no_level_and_a_level_no_change() -> None:
    evidence = ["国债规模达到32万亿美元，比上个月增加了3900亿美元。"]
    assert step_as_level(lay("国债规模达3900亿美元。", evidence, [])).strength == 1.0
    assert step_as_level(lay("国债规模增加了3900亿美元。", evidence, [])).strength == 0.0
    assert step_as_level(lay("国债规模达32万亿美元。", evidence, [])).strength == 0.0
    assert step_as_level(lay("国债规模增加了32万亿美元。", evidence, [])).strength == 1.0


def test_a_price_for_each_is_no_sum() -> None:
    evidence = ["公司以5.01元/股的价格发行，募资总额为3.76亿元。"]
    assert other_rate(lay("公司募资5.01元。", evidence, [])).strength == 1.0
    assert other_rate(lay("发行价为5.01元。", evidence, [])).strength == 0.0
    assert other_rate(lay("公司募资3.76亿元。", evidence, [])).strength == 0.0


def test_households_are_not_people_but_a_noun_behind_the_counter_counts() -> None:
    assert miscounted(lay("受灾54.3万户。", ["受灾54.3万人。"], [])).strength == 1.0
    assert miscounted(lay("带动一万户。", ["带动近万名农户。"], [])).strength == 0.0
