"""The value that stands as that of what was asked, not another near it."""

from __future__ import annotations

import pytest

from rag.answer.value import asks_money, counted_noun, of_each, own_value
from rag.text.normalise import fold_text
from tests.fakes.ranking import memory, weighed


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("论坛有多少国家的嘉宾参加", "国家"),
        ("有多少个项目参加比赛", "项目"),
        ("目前有多少家理事单位?", "理事单位"),
        ("来了多少院士啊", "院士"),
        ("大桥全长多少公里", ""),
        ("日供水多少万吨", ""),
        ("门票多少钱", ""),
        ("要搞几年", ""),
        ("几乎所有的单位", ""),
    ],
)
def test_what_is_counted(question: str, noun: str) -> None:
    assert counted_noun(question) == noun


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("有多少国家的嘉宾参加论坛", "第五届论坛迎来30多个国家的800名嘉宾", "30多个"),
        ("联盟目前有多少家理事单位", "联盟新增13家理事单位，共有102家理事单位", "102家"),
        ("联盟新增多少家理事单位", "联盟新增13家理事单位，共有102家理事单位", "13家"),
        ("授牌了多少家产业园", "24家2025年度特色产业园获得授牌", "24家"),
        ("有多少国家的嘉宾参加论坛", "2026论坛的嘉宾来自各个国家", None),
        ("大桥总投资是多少", "大桥全长3.6公里，总投资48.5亿元", "48.5亿元"),
        ("青江市的产值是多少", "新兴产业占全市产值比重达46.4%，共2.4万亿元", None),
        ("谁发布了河流名录", "在会上，青江研究院发布《河流名录》，共十条", "青江研究院"),
        ("谁主办了论坛", "由青江大学主办、青江日报社承办的论坛开幕", "青江大学"),
        ("谁承办了论坛", "由青江大学主办，青江日报社承办的论坛开幕", "青江日报社"),
        ("谁发布了河流名录", "青江研究院院长周启明介绍河流名录", None),
    ],
)
def test_the_value_of_what_was_asked(question: str, text: str, value: str | None) -> None:
    folded = fold_text(text)
    span = own_value(weighed(question, memory({"a": text})).view, folded)
    assert (folded[span[0] : span[1]] if span else None) == value


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("制糖业产值增长多少", "12%"),
        ("造纸业产值增长多少", "15.8%"),
        ("纺织业产值增长多少", None),
        ("产值增长多少", None),
    ],
)
def test_the_value_of_one_of_several_things(question: str, value: str | None) -> None:
    text = "其中制糖业、造纸业产值同比分别增长12%和15.8%"
    span = of_each(question, text)
    assert (text[span[0] : span[1]] if span else None) == value


def test_a_part_of_a_name_is_not_the_thing() -> None:
    assert of_each("造业产值增长多少", "装备制造业、汽车制造业产值分别增长3%和5%") is None


def test_sums_are_told_from_counts() -> None:
    assert asks_money("签约金额")
    assert asks_money("大桥投资了多少")
    assert not asks_money("大桥有多少车道")
