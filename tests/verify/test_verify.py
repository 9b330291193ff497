"""The rule-based check: a table of sentences, quotes and verdicts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rag.types import Verdict
from rag.verify.amounts import amounts
from rag.verify.figures import figures, han_value, normal
from rag.verify.verify import verify

DIGITAL = "2025年,北京数字经济增加值突破2.4万亿元,占地区生产总值比重达到46.8%。"
SIGNED = "34个重大项目实现现场签约,总金额达619.91亿元。"
TRADE = "2025年全年,技术出口成交额1604.2亿元,签订合同1068项。"
PRICES = "进口下降3%,出口增长5%。"
OPEN = "会议没有公布参会企业名单,但介绍了三个展区。"
LAND = "以不足北京市4%的土地,贡献了约1/3的地区生产总值(GDP)。"
DATES = "3月25日至29日,论坛年会在京举行,来自超过120个国家和地区的嘉宾参加。"
PLAN = "一期工程尚未竣工,二期工程已经开工。"

CASES: list[tuple[str, list[str], Verdict]] = [
    # supported
    ("2025年，北京数字经济增加值突破2.4万亿元。", [DIGITAL], "supported"),
    ("北京数字经济增加值突破24000亿元。", [DIGITAL], "supported"),
    ("２０２５年，北京数字经济增加值突破２．４万亿元。", [DIGITAL], "supported"),
    ("根据资料，北京数字经济增加值占地区生产总值比重为46.8％。", [DIGITAL], "supported"),
    ("北京数字经济增加值占地区生产总值比重达到百分之四十六点八。", [DIGITAL], "supported"),
    ("34个重大项目现场签约，总金额619.91亿元。", [SIGNED], "supported"),
    ("三十四个重大项目现场签约。", [SIGNED], "supported"),
    ("技术出口成交额1,604.2亿元，签订合同1,068项。", [TRADE], "supported"),
    ("出口增长5%。", [PRICES], "supported"),
    ("进口下降3%，出口增长5%。", [PRICES], "supported"),
    ("会议没有公布参会企业名单。", [OPEN], "supported"),
    ("会议介绍了3个展区。", [OPEN], "supported"),
    ("以不足4%的土地贡献了约三分之一的地区生产总值。", [LAND], "supported"),
    ("论坛年会3月25日至29日在京举行。", [DATES], "supported"),
    ("论坛年会在京举行，120个国家和地区的嘉宾参加。", [DATES], "supported"),
    ("技术出口成交额1604.2亿元，34个重大项目现场签约。", [TRADE, SIGNED], "supported"),
    ("二期工程已经开工。", [PLAN], "supported"),
    ("一期工程尚未竣工。", [PLAN], "supported"),
    ("工业4.0平台已经上线。", ["工业4.0平台已经上线运行。"], "supported"),
    (
        "The forum opened in Beijing.",
        ["The 2026 forum opened in Beijing on March 25."],
        "supported",
    ),
    ("会议于2026年3月25日召开。", ["会议召开于2026-03-25。"], "supported"),
    ("北京數字經濟增加值突破2.4萬億元。", [DIGITAL], "supported"),
    # the quotes say it of another
    ("天津数字经济增加值突破2.4万亿元。", [DIGITAL], "wrong_source"),
    # partial
    ("上海签约34个重大项目，总金额619.91亿元。", [SIGNED], "partial"),
    ("论坛年会在京举行，嘉宾盛赞组织工作。", [DATES], "partial"),
    ("二期工程已经开工，投资方感到满意。", [PLAN], "partial"),
    # number_mismatch
    ("北京数字经济增加值突破2.5万亿元。", [DIGITAL], "number_mismatch"),
    ("北京数字经济增加值突破2.4亿元。", [DIGITAL], "number_mismatch"),
    ("北京数字经济增加值突破2.4万亿美元。", [DIGITAL], "number_mismatch"),
    ("2024年，北京数字经济增加值突破2.4万亿元。", [DIGITAL], "number_mismatch"),
    ("北京数字经济增加值占比46.8个百分点。", [DIGITAL], "number_mismatch"),
    ("35个重大项目现场签约。", [SIGNED], "number_mismatch"),
    ("会议介绍了五个展区。", [OPEN], "number_mismatch"),
    ("论坛年会4月25日至29日在京举行。", [DATES], "number_mismatch"),
    ("以不足4%的土地贡献了约四分之一的地区生产总值。", [LAND], "number_mismatch"),
    ("工业5.0平台已经上线。", ["工业4.0平台已经上线运行。"], "number_mismatch"),
    ("技术出口成交额1604.2亿元。", [SIGNED, "技术出口成交额保持增长。"], "number_mismatch"),
    # negation_mismatch
    ("进口增长3%。", [PRICES], "negation_mismatch"),
    ("技术出口成交额下降。", ["技术出口成交额增长。"], "negation_mismatch"),
    ("会议公布了参会企业名单。", [OPEN], "negation_mismatch"),
    ("一期工程已经竣工。", [PLAN], "negation_mismatch"),
    ("二期工程尚未开工。", [PLAN.replace("已经", "")], "negation_mismatch"),
    ("该药不能用于儿童。", ["该药可用于儿童,能用于孕妇。"], "negation_mismatch"),
    # unsupported
    ("月球背面发现了水冰沉积。", [SIGNED], "unsupported"),
    ("The moon is made of cheese.", ["The forum opened in Beijing."], "unsupported"),
    ("……", [SIGNED], "unsupported"),
    # uncited
    ("34个重大项目现场签约。", [], "uncited"),
]


@pytest.mark.parametrize(("sentence", "quotes", "verdict"), CASES)
def test_a_sentence_gets_the_verdict_its_quotes_deserve(
    sentence: str, quotes: list[str], verdict: Verdict
) -> None:
    got, why = verify(sentence, quotes)
    assert (got, why) == (verdict, why)
    assert bool(why) == (verdict != "supported")


def test_the_reason_names_the_number_the_word_or_the_name() -> None:
    assert (
        verify("突破2.5万亿元的数字经济增加值。", [DIGITAL])[1]
        == "引文是 2.4万亿元，不是 2.5万亿元"
    )
    assert verify("论坛来了87位嘉宾。", [DATES])[1].startswith("引文里没有“87位”")
    assert verify("进口增长3%。", [PRICES])[1] == "引文是“下降”，不是“增长”"
    assert verify("天津数字经济增加值突破2.4万亿元。", [DIGITAL])[1] == "引文是“北京”，不是“天津”"


def test_titles_supply_names_and_years_but_no_claim() -> None:
    title = "2026中关村论坛年会"
    assert verify("2026中关村论坛年会签约34个重大项目。", [SIGNED])[0] == "number_mismatch"
    assert verify("2026中关村论坛年会签约34个重大项目。", [SIGNED], [title])[0] == "supported"
    assert verify("2026中关村论坛年会。", ["会上签订合同。"], [title])[0] == "unsupported"


def test_a_verdict_does_not_depend_on_spaces_or_hidden_characters() -> None:
    spaced = "34 个 重 大\u200b项目\n现场签约。"
    assert verify(spaced, [SIGNED]) == verify("34个重大项目现场签约。", [SIGNED])


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("2.4万亿元", "2400000000000", "yuan"),
        ("24000亿元", "2400000000000", "yuan"),
        ("1,068项", "1068", "counter"),
        ("２５％", "25", "percent"),
        ("百分之二十五", "25", "percent"),
        ("3个百分点", "3", "point"),
        ("2025年", "2025", "year"),
        ("120余个", "120", "counter"),
        ("1/4", "0.25", "fraction"),
        ("四分之一", "0.25", "fraction"),
        ("5 percent", "5", "percent"),
    ],
)
def test_a_figure_has_one_value_and_unit_however_it_is_written(
    text: str, value: str, unit: str
) -> None:
    (found,) = figures(normal(text))
    assert (found.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "value"),
    [("三", 3), ("十", 10), ("十五", 15), ("三十四", 34), ("一百零五", 105), ("两千", 2000),
     ("三万五千", 35000), ("二〇二五", 2025), ("一亿两千万", 120_000_000), ("万", 10_000)],
)  # fmt: skip
def test_chinese_numerals_have_their_value(text: str, value: int) -> None:
    assert han_value(text) == value


def test_one_alone_is_an_article_and_no_number() -> None:
    assert amounts("一个项目和一家企业") == []


def test_a_full_width_comma_parts_numbers_and_does_not_group_thousands() -> None:
    assert [str(f.value) for f in figures(normal("第12，345号"))] == ["12", "345"]


@pytest.mark.parametrize("quotes", [[""], ["……"], ["\u200b"], ["1/0"], ["9" * 5000]])
def test_odd_quotes_raise_nothing(quotes: list[str]) -> None:
    assert verify("会议介绍了1/0和五个展区。", quotes)[0] == "unsupported"
