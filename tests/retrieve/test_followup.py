"""Follow-ups made to stand alone; questions that already do are left as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.followup import needs_context, standalone, subject_of

YEAR = "2024年北京用电量是多少？"
BRIDGE = "青江大桥什么时候通车？"

DIALOGUES = [
    ([YEAR, "2025年呢？"], "2025年北京用电量是多少？"),
    ([YEAR, "那2023年呢"], "2023年北京用电量是多少？"),
    (["北京的地铁有多长？", "那上海呢？"], "上海的地铁有多长？"),
    (["北京2024年的用电量是多少？", "那2025年的呢"], "北京2025年的用电量是多少？"),
    (
        ["北京市2024年的数字经济增加值是多少？", "上海市呢？"],
        "上海市2024年的数字经济增加值是多少？",
    ),
    (["第三届青江论坛在哪里举行？", "第四届呢？"], "第四届青江论坛在哪里举行？"),
    (["“十四五”时期新增多少公里？", "十三五呢"], "十三五新增多少公里？"),
    ([BRIDGE, "它有多长？"], "青江大桥有多长？"),
    ([BRIDGE, "投资多少？"], "青江大桥，投资多少？"),
    ([BRIDGE, "", "有多长？"], "青江大桥，有多长？"),
    (["青江博物馆馆长是谁？", "他什么时候上任的？"], "青江博物馆馆长什么时候上任的？"),
    (["青江大桥总投资多少？", "其中政府出资多少？"], "青江大桥总投资，其中政府出资多少？"),
    (["青江市有哪些景点？", "上述景点的门票多少钱？"], "青江市景点的门票多少钱？"),
    ([YEAR, "2025年呢？", "2026年呢？"], "2026年北京用电量是多少？"),
]


@pytest.mark.parametrize(("turns", "expected"), DIALOGUES)
def test_a_follow_up_takes_what_it_lacks(turns: list[str], expected: str) -> None:
    query = standalone(turns)
    assert (query.question, query.standalone) == (turns[-1], expected)


MISREAD = [
    (["北京的地铁有多长？", "那上海呢？", "它什么时候开通？"], "上海的地铁什么时候开通？"),
    (["装备制造业销售收入增长多少？", "高技术制造业呢？"], "高技术制造业销售收入增长多少？"),
    ([YEAR, "2025年用电量呢？"], "2025年北京用电量是多少？"),
    (["青江公司有多少员工？", "该公司总部在哪里？"], "青江公司总部在哪里？"),
    (
        ["How long is the Qing bridge?", "When did it open?"],
        "When did the Qing bridge open?",
    ),
    (
        ["When did the Qing Bridge open?", "How much did it cost?"],
        "How much did the Qing Bridge cost?",
    ),
]


@pytest.mark.parametrize(("turns", "expected"), MISREAD)
def test_a_follow_up_reads_like_a_question(turns: list[str], expected: str) -> None:
    assert standalone(turns).standalone == expected


@pytest.mark.parametrize(
    "question",
    [
        "2025年北京数字经济增加值是多少？",
        "第五届青江论坛共有多少家企业参展？",
        "请介绍一下青江市的绿港计划提出的四项任务",
        "《青江宣言》里“它的意义”指的是什么内容和背景？",
        "What is the GDP of Beijing?",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    for turns in ([question], ["青江水厂的日供水能力是多少？", question]):
        query = standalone(turns)
        assert (query.question, query.standalone) == (question, question)


@pytest.mark.parametrize(
    "question", [BRIDGE, "青江博物馆馆长是谁？", "白石水库什么时候建成使用的？"]
)
def test_a_short_question_with_a_subject_of_its_own_stands_alone(question: str) -> None:
    assert standalone(["绿港计划的口号是什么？", question]).standalone == question


def test_the_first_turn_has_nothing_to_take_from() -> None:
    query = standalone(["  那它呢？ "])
    assert (query.question, query.standalone) == ("那它呢？", "那它呢？")


def test_empty_turns_before_are_passed_over() -> None:
    assert standalone(["", "  ", "它有多长？"]).standalone == "它有多长？"


@pytest.mark.parametrize(
    ("question", "needs"),
    [
        ("2025年呢？", True),
        ("它有多长？", True),
        ("what about Shanghai?", True),
        ("投资多少？", True),
        ("2025年北京数字经济增加值是多少？", False),
        ("其中国有企业占全部规模以上工业企业利润总额的比重是多少？", False),
    ],
)
def test_needs_context(question: str, needs: bool) -> None:
    assert needs_context(question) is needs


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("青江大桥什么时候通车？", "青江大桥"),
        ("青江大桥的总投资是多少？", "青江大桥的总投资"),
        ("请问，青江博物馆有多少藏品", "青江博物馆"),
        ("谁是青江水厂的总工程师？", "青江水厂的总工程师"),
        ("谁？", ""),
    ],
)
def test_the_subject_is_what_stands_before_the_asking_word(question: str, subject: str) -> None:
    assert subject_of(question) == subject


@given(
    st.lists(
        st.text(alphabet="青江大桥它那呢2025年北京多少？ ", max_size=16), min_size=1, max_size=4
    )
)
def test_any_dialogue_gives_the_last_turn_and_a_question(turns: list[str]) -> None:
    query = standalone(turns)
    assert query.question == turns[-1].strip()
    assert bool(query.standalone) or not query.question


def test_a_follow_up_of_nothing_but_its_opening_word_is_not_emptied() -> None:
    assert standalone(["那", "那"]).standalone == "那"


@pytest.mark.parametrize(
    ("turns", "question"),
    [
        (["高档造纸业产值增长多少？", "那高档纺织业呢？"], "高档纺织业产值增长多少？"),
        (
            ["谁是青江水厂的总工程师？", "他说改造了多少个车间？"],
            "青江水厂的总工程师说改造了多少个车间？",
        ),
    ],
)
def test_what_is_alike_or_asked_for_first_is_taken_over(turns: list[str], question: str) -> None:
    assert standalone(turns).standalone == question
