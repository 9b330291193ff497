"""The questions within a question: split where it asks twice, left whole where it asks once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.coordination import MOST
from rag.retrieve.parts import split_parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("大桥什么时候通车，总投资多少？", ["大桥什么时候通车", "大桥，总投资多少"]),
        ("馆长是谁和地址在哪里？", ["馆长是谁", "馆长，地址在哪里"]),
        ("青江大桥有多长、有多宽？", ["青江大桥有多长", "青江大桥，有多宽"]),
        ("青江站有几个站台和几条轨道？", ["青江站有几个站台", "青江站，几条轨道"]),
        (
            "技术出口成交额多少、签了多少项合同？",
            ["技术出口成交额多少", "技术出口成交额，签了多少项合同"],
        ),
        (
            "青江大桥总投资多少，白石水库扩建工程何时竣工验收？",
            ["青江大桥总投资多少", "白石水库扩建工程何时竣工验收"],
        ),
        (
            "青江博物馆由谁设计，什么时候开馆，有多少件展品？",
            ["青江博物馆由谁设计", "青江博物馆，什么时候开馆", "青江博物馆，有多少件展品"],
        ),
    ],
)
def test_a_question_of_several_parts_gives_each_part_its_subject(
    question: str, parts: list[str]
) -> None:
    assert split_parts(question) == parts


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("青江计划的口号是什么，由谁提出？", "青江计划，由谁提出"),
        ("青江港去年的吞吐量是多少，同比增长多少？", "青江港去年的吞吐量，同比增长多少"),
        ("青江动物园的大熊猫叫什么名字、今年几岁？", "青江动物园的大熊猫叫，今年几岁"),
    ],
)
def test_the_attribute_goes_unless_the_second_part_is_about_it(question: str, second: str) -> None:
    assert split_parts(question)[1] == second


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("青江大桥东段工期多少天，引桥工期多少天？", "青江大桥，引桥工期多少天"),
        ("获奖作品里，摄影类的有多少，书法类的有多少？", "获奖作品里，书法类的有多少"),
    ],
)
def test_a_part_that_ends_like_the_first_stands_in_its_place(question: str, second: str) -> None:
    assert split_parts(question)[1] == second


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("为什么停工，后来怎么处理的？", "停工，后来怎么处理的"),
        ("谁获得了青江马拉松冠军，成绩是多少？", "获得了青江马拉松冠军，成绩是多少"),
        ("谁担任大桥的总设计师？他是哪里人？", "担任大桥的总设计师，是哪里人"),
        ("誰發明了這種水泵？又是在哪一年？", "发明了这种水泵，是在哪一年"),
    ],
)
def test_where_the_first_part_asks_who_the_second_is_about_what_they_did(
    question: str, second: str
) -> None:
    assert split_parts(question)[1] == second


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("青江水厂日供水多少万吨？它什么时候投产？", "青江水厂日供水，什么时候投产"),
        ("青江水厂的厂长是谁，其总面积是多少？", "青江水厂，总面积是多少"),
    ],
)
def test_a_pronoun_makes_way_for_the_subject(question: str, second: str) -> None:
    assert split_parts(question)[1] == second


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("青江马拉松的起点在哪里，终点呢？", "青江马拉松，终点在哪里"),
        ("北京的常住人口是多少，上海呢？", "上海的常住人口是多少"),
        ("青江公司2023年的营收是多少，净利润呢？", "青江公司2023年，净利润是多少"),
    ],
)
def test_a_second_part_of_one_name_asks_the_same_of_it(question: str, second: str) -> None:
    assert split_parts(question)[1] == second


@pytest.mark.parametrize(
    "question",
    [
        "青江大桥有多长？",
        "青江大桥多长呢？",
        "青江大桥在什么地方开工",
        "谁和谁签署了停火协议？",
        "青江公司和白石公司签署了什么协议？",
        "青江公司今年的营收与去年同期相比增长了多少？",
        "为了防范什么风险，青江市加固了哪些河堤？",
        "在哪些情况下，居民需要提前撤离多少公里？",
        "未来几年，青江市将新建多少所学校？",
        "青江市有十几所高校，其中哪一所最早建校？",
        "多伦多大学的校训，出自哪本书？",
        "大家关心的不是票价，而是什么？",
        "青江市要评价一个人的什么，而不是看什么学历？",
        "《谁的青春，谁的歌》的作者是谁？",
        "今年营收1,200万元的公司是哪家？",
        "大桥以及",
        "是谁？",
        "",
    ],
)
def test_a_question_that_asks_once_stays_whole(question: str) -> None:
    assert split_parts(question) == []


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "How long is the Qingjiang Bridge and what did it cost?",
            ["How long is the Qingjiang Bridge", "what did the Qingjiang Bridge cost"],
        ),
        (
            "When did the museum open? How many exhibits does it have?",
            ["When did the museum open", "How many exhibits does the museum have"],
        ),
        ("Who is the engineer who built the bridge, which opened in 2020?", []),
        ("What are the pros and cons?", []),
        ("Who won the marathon and when?", []),
    ],
)
def test_english_questions_are_split_before_the_next_asking_word(
    question: str, parts: list[str]
) -> None:
    assert split_parts(question) == parts


def test_no_more_parts_than_the_limit() -> None:
    assert len(split_parts("大桥多长，" * 40)) == MOST


@given(
    st.text(
        alphabet="青江大桥的是有多少哪些什么谁和与各分别呢其它几在之2025年，、？。；以及《》“” ab",
        max_size=60,
    )
)
def test_parts_are_none_or_several_and_none_is_empty(question: str) -> None:
    parts = split_parts(question)
    assert len(parts) == 0 or 2 <= len(parts) <= MOST
    assert all(parts)
