"""Amounts as people retell them: in pieces, rounded, counted by the writer, or told by a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.amounts import amounts, plain
from rag.verify.counting import list_sizes
from rag.verify.items import lay
from rag.verify.labels import miscounted
from rag.verify.levels import other_rate
from rag.verify.signals import signals


@pytest.mark.parametrize(
    ("text", "value", "unit", "mode"),
    [
        ("身高1米75", 1.75, "length", ""),
        ("一米九二", 1.92, "length", ""),
        ("一米八", 1.8, "length", ""),
        ("两公里半", 2500, "length", ""),
        ("三毛五", 0.35, "yuan", ""),
        ("275亿方", 2.75e10, "volume", ""),
        ("未满14周岁", 14, "age", "under"),
        ("两百多号人", 200, "counter", "over"),
        ("快7000天", 7000, "days", "under"),
        ("上千亿元", 1e11, "yuan", "over"),
        ("最多涨逾4%", 4, "percent", "over"),
        ("不超5%", 5, "percent", "under"),
        ("晚上推迟到8点", 20, "hour", ""),
        ("涨了差不多1.8倍", 2.8, "times", "about"),
        ("6成5", 65, "percent", ""),
        ("高了0.1个点", 0.1, "point", ""),
        ("年过半百", 50, "age", "over"),
        ("三点意见", 3, "counter", ""),
    ],
)
def test_an_amount_is_read_as_it_is_said(text: str, value: float, unit: str, mode: str) -> None:
    (found,) = amounts(plain(text))
    assert found.value == pytest.approx(value)
    assert (found.unit, found.mode) == (unit, mode)


@pytest.mark.parametrize(
    "text", ["第一时间赶到", "四处奔走", "三天两头停电", "第三方平台", "三番五次", "十四五规划"]
)
def test_a_number_in_an_idiom_counts_nothing(text: str) -> None:
    assert amounts(plain(text)) == []


def test_the_sides_of_a_body_share_a_unit() -> None:
    found = amounts(plain("长宽高分别为5020/1999/1460mm"))
    assert [(round(one.value, 3), one.unit) for one in found] == [
        (5.02, "length"), (1.999, "length"), (1.46, "length"),
    ]  # fmt: skip


def test_the_lower_end_of_a_range_may_have_a_scale_of_its_own() -> None:
    found = amounts(plain("各提供2.5万至5万吨粮食"))
    assert [(one.value, one.unit) for one in found] == [(2.5e10, "mass"), (5e10, "mass")]


@given(st.integers(1, 2), st.integers(10, 99))
def test_metres_and_centimetres_are_what_the_decimal_is(whole: int, part: int) -> None:
    (said,), (printed,) = amounts(f"{whole}米{part}"), amounts(f"{whole}.{part}米")
    assert said.value == pytest.approx(printed.value)
    assert said.unit == printed.unit == "length"


def _lacking(claim: str, evidence: str, context: str = "") -> bool:
    found = signals(claim, [evidence], [context] if context else [])
    return found["amount_missing"].value > 0


@pytest.mark.parametrize(
    ("claim", "evidence", "other"),
    [
        ("衡水等四市进展较快。", "衡水、石家庄、保定、邯郸市进展较快。", "衡水等六市进展较快。"),
        ("他以三比分之差赢了1分。", "主队以69-68险胜。", "主队赢了4分。"),
        ("一共31人点火。", "他和其余30名火炬手点火。", "一共35人点火。"),
        ("她名列第三。", "她获得季军。", "她名列第二。"),
        ("这是今年第一次发射。", "这是今年首次发射。", "这是今年第四次发射。"),
        ("前面七家都是科技企业。", "它在市值中排名第八。", "前面九家都是科技企业。"),
        (
            "前后隔了五个多月。",
            "2022年11月14日通报，2023年4月26日开除。",
            "前后隔了八个多月。",
        ),
        ("只贵了20块。", "月费为199新台币，此前为179新台币。", "只贵了35块。"),
        ("护城河长两公里半多一点。", "护城河全长约2650米。", "护城河长四公里半多一点。"),
        ("每五个人就有一个超重。", "超重率为20.3%。", "每九个人就有一个超重。"),
        ("24小时之内办结。", "一天内办结。", "36小时之内办结。"),
        ("上世纪90年代建成。", "大桥于1995年建成。", "上世纪60年代建成。"),
        ("卖了5万辆。", "销售5.02万辆。", "卖了6万辆。"),
    ],
)
def test_what_follows_by_counting_is_held_and_another_count_is_not(
    claim: str, evidence: str, other: str
) -> None:
    assert not _lacking(claim, evidence)
    assert _lacking(other, evidence)


def test_a_list_is_as_long_as_it_names_things() -> None:
    assert list_sizes("会同教育部、公安部和审计署召开会议。") == {3}
    assert list_sizes("没有列举。") == frozenset()


def test_one_who_counts_two_of_four_gives_no_other_number() -> None:
    evidence = ["4队中，泰山队和浙江队开局不顺，排第2。"]
    assert miscounted(lay("泰山和浙江两队开局不顺。", evidence, [])).strength < 0.5


def test_a_price_without_its_unit_stays_a_price() -> None:
    evidence = ["收于54.1万美元/股，超越了53.9万美元的纪录。"]
    assert other_rate(lay("收于54.1万美元。", evidence, [])).strength == 0.0
    evidence = ["发行价5.01元/股，募资3.76亿元。"]
    assert other_rate(lay("公司募资5.01元。", evidence, [])).strength == 1.0
