"""One attribute of several things: each is asked about with all that belongs to it."""

from __future__ import annotations

import pytest

from rag.retrieve.coordination import of_each
from rag.retrieve.parts import split_parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("青江的桥长和水深各是多少", ["青江的桥长是多少", "青江的水深是多少"]),
        (
            "开幕式上的主任和总工程师分别叫什么",
            ["开幕式上的主任叫什么", "开幕式上的总工程师叫什么"],
        ),
        (
            "2024年青江港的货物吞吐量和集装箱吞吐量分别是多少",
            ["2024年青江港的货物吞吐量是多少", "2024年青江港的集装箱吞吐量是多少"],
        ),
        (
            "青江公司的营业收入、净利润和员工人数分别是多少",
            ["青江公司的营业收入是多少", "青江公司的净利润是多少", "青江公司的员工人数是多少"],
        ),
        ("青江大桥的全长和总投资是多少", ["青江大桥的全长是多少", "青江大桥的总投资是多少"]),
    ],
)
def test_what_the_first_says_before_itself_is_said_of_all(question: str, parts: list[str]) -> None:
    assert of_each(question) == parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "第四届和第五届青江论坛分别在哪里举办",
            ["第四届青江论坛在哪里举办", "第五届青江论坛在哪里举办"],
        ),
        ("北京和上海常住人口分别是多少", ["北京常住人口是多少", "上海常住人口是多少"]),
        ("《大江》和《小桥》的导演分别是谁", ["《大江》的导演是谁", "《小桥》的导演是谁"]),
        (
            "青江、白石两地的降雨量分别是多少毫米",
            ["青江的降雨量是多少毫米", "白石的降雨量是多少毫米"],
        ),
        ("客船和货船票价分别上涨了多少", ["客船票价上涨了多少", "货船票价上涨了多少"]),
    ],
)
def test_what_the_last_says_after_itself_is_said_of_all(question: str, parts: list[str]) -> None:
    assert of_each(question) == parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "青江大桥的全长与白石水库的库容分别是多少",
            ["青江大桥的全长是多少", "白石水库的库容是多少"],
        ),
        (
            "青江公司上半年营业收入和白石集团的净利润分别是多少",
            ["青江公司上半年营业收入是多少", "白石集团的净利润是多少"],
        ),
        (
            "青江市2022年的财政收入和2023年的财政收入各是多少",
            ["青江市2022年的财政收入是多少", "青江市2023年的财政收入是多少"],
        ),
    ],
)
def test_two_things_that_say_all_themselves_stay_as_they_are(
    question: str, parts: list[str]
) -> None:
    assert of_each(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "大桥和水库在哪里",
        "青江共和国的首都分别叫什么",
        "三项任务分别是什么",
        "青江与白石的合作金额是多少",
        "“水与火”展览各有多少件展品",
    ],
)
def test_one_thing_or_one_question_of_two_things_stays_whole(question: str) -> None:
    assert of_each(question) == []


def test_things_named_without_an_asking_word_are_parts_too() -> None:
    assert split_parts("大桥的长度，以及水库的库容") == ["大桥的长度", "水库的库容"]


def test_a_later_clause_is_asked_of_each_thing() -> None:
    assert split_parts("大江队和小桥队分别得了第几名，由谁执教？") == [
        "大江队得了第几名",
        "小桥队得了第几名",
        "大江队，由谁执教",
        "小桥队，由谁执教",
    ]


def test_a_length_is_asked_for_itself() -> None:
    assert of_each("青江大桥全长和白石水库的库容分别是多少") == [
        "青江大桥全长是多少",
        "白石水库的库容是多少",
    ]
