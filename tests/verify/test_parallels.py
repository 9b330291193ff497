"""Parallel statements and lists: an amount stays with what it is of."""

from __future__ import annotations

import pytest

from rag.verify.fields import field
from rag.verify.items import lay
from rag.verify.lists import listings
from rag.verify.parallels import other_field, other_label
from rag.verify.words import view


def _labels(text: str) -> list[list[tuple[str, list[str]]]]:
    seen = view((text,))
    return [
        [
            (seen.text[start:end], [seen.amounts[i].text for i in group])
            for (start, end), group in zip(one.labels, one.amounts, strict=True)
        ]
        for one in listings(seen)
    ]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("苹果、梨的产量分别为50吨、80吨。", [("苹果", ["50吨"]), ("梨", ["80吨"])]),
        (
            "2021年、2020年，公司的利润分别为3亿元和2亿元。",
            [("2021年", ["3亿元"]), ("2020年", ["2亿元"])],
        ),
        (
            "高档酒类产品、中档酒类产品分别收入9亿元、4亿元。",
            [("高档酒类产品", ["9亿元"]), ("中档酒类产品", ["4亿元"])],
        ),
        ("门诊和住院费用同比下降16.6%、21.4%。", [("门诊", ["16.6%"]), ("住院费", ["21.4%"])]),
        (
            "甲公司和乙公司共同出资，前者出资2000万元，后者出资3000万元。",
            [("甲公司", ["2000万元"]), ("乙公司", ["3000万元"])],
        ),
        (
            "保障航班11315架次，运送旅客180万人次，同比分别增长15.5%、18.4%。",
            [("保障航班11315架", ["15.5%"]), ("运送旅客180万人次", ["18.4%"])],
        ),
    ],
)
def test_a_list_gives_each_label_its_own_amount(
    text: str, labels: list[tuple[str, list[str]]]
) -> None:
    assert _labels(text) == [labels]


def test_labels_and_amounts_that_differ_in_number_are_no_list() -> None:
    assert _labels("苹果、梨、桃的产量分别为50吨、80吨。") == []


def test_the_field_of_an_amount_begins_behind_the_one_of_its_kind_before_it() -> None:
    seen = view(("南区产量50吨，同比增长3%；北区产量80吨。",))
    fields = [seen.text[slice(*field(seen, i))] for i in range(3)]
    assert fields[0] == "南区产量50吨"
    assert fields[1] == "南区产量50吨，同比增长3%"
    assert fields[2] == "北区产量80吨"


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        ("零担轻货指数为103点。", "零担轻货指数为102点；零担重货指数为103点。", True),
        ("零担重货指数为103点。", "零担轻货指数为102点；零担重货指数为103点。", False),
        ("59.9%的消费者愿意增购寿险。", "59.9%的消费者愿意增购健康险，39.2%的消费者愿意增购寿险。", True),
        ("39.2%的消费者愿意增购寿险。", "59.9%的消费者愿意增购健康险，39.2%的消费者愿意增购寿险。", False),
        ("毛利率为27%，净利率为6%。", "毛利率、净利率分别为27%和6%。", False),
    ],
)  # fmt: skip
def test_the_neighbours_of_an_amount_are_of_its_own_field(
    claim: str, evidence: str, wrong: bool
) -> None:
    assert (other_field(lay(claim, [evidence], [])).strength > 0.3) is wrong


@pytest.mark.parametrize(
    ("claim", "wrong"),
    [("中档酒收入9亿元。", True), ("高档酒收入9亿元。", False), ("高档酒收入4亿元。", True)],
)
def test_an_amount_of_a_list_is_of_its_own_label(claim: str, wrong: bool) -> None:
    evidence = ["高档酒类产品、中档酒类产品分别收入9亿元、4亿元。"]
    assert (other_label(lay(claim, evidence, [])).strength > 0.3) is wrong
