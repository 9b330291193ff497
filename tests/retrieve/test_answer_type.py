"""What kind of answer a question wants, and where such answers stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.answer_type import AnswerType, Wanted, spans, wanted

T = AnswerType

QUESTIONS = [
    ("北京数字经济增加值是多少?", T.NUMBER, "", 0),
    ("2025年北京有多少家外资研发中心", T.NUMBER, "家", 0),
    ("青江大桥总投资多少钱", T.NUMBER, "钱", 0),
    ("大桥全长多少公里", T.NUMBER, "公里", 0),
    ("签了多少项合同", T.NUMBER, "项", 0),
    ("收入是多少万元", T.NUMBER, "元", 0),
    ("合同额多少亿美元", T.NUMBER, "美元", 0),
    ("有几个车站", T.NUMBER, "个", 0),
    ("参会人数是多少人", T.NUMBER, "人", 0),
    ("增长多少倍", T.NUMBER, "倍", 0),
    ("规模多大", T.NUMBER, "", 0),
    ("大桥有多高", T.NUMBER, "", 0),
    ("展览总面积和参观人数", T.NUMBER, "", 0),
    ("占比是多少", T.PERCENT, "", 0),
    ("同比增长多少", T.PERCENT, "", 0),
    ("增速是多少", T.PERCENT, "", 0),
    ("上涨了多少个百分点", T.PERCENT, "", 0),
    ("用电量占百分之几", T.PERCENT, "", 0),
    ("市场份额有多大", T.PERCENT, "", 0),
    ("大桥什么时候通车", T.DATE, "", 0),
    ("哪年成立的", T.DATE, "", 0),
    ("几月几号开幕", T.DATE, "", 0),
    ("活动持续多久", T.DATE, "", 0),
    ("论坛何时闭幕", T.DATE, "", 0),
    ("谁是馆长", T.PERSON, "", 0),
    ("哪位院士发言", T.PERSON, "", 0),
    ("设计师叫什么名字", T.PERSON, "", 0),
    ("在哪里举行", T.PLACE, "", 0),
    ("哪个城市举办", T.PLACE, "", 0),
    ("总部在什么地方", T.PLACE, "", 0),
    ("由谁主办", T.ORGANISATION, "", 0),
    ("哪家公司承建", T.ORGANISATION, "", 0),
    ("什么单位负责", T.ORGANISATION, "", 0),
    ("哪些国家参加", T.LIST, "", 0),
    ("哪三个城市入选", T.LIST, "", 3),
    ("三大任务是什么", T.LIST, "", 3),
    ("两个目标分别是什么", T.LIST, "", 2),
    ("有什么特点", T.LIST, "", 0),
    ("都有谁参加", T.LIST, "", 0),
    ("请列举12项成果", T.LIST, "", 12),
    ("为什么推迟", T.REASON, "", 0),
    ("停工的原因是什么", T.REASON, "", 0),
    ("为何停工", T.REASON, "", 0),
    ("什么是绿港计划", T.OTHER, "", 0),
    ("如何申请", T.OTHER, "", 0),
    ("几乎所有人", T.OTHER, "", 0),
    ("", T.OTHER, "", 0),
]


@pytest.mark.parametrize(("question", "kind", "unit", "count"), QUESTIONS)
def test_a_question_wants_this_kind(question: str, kind: AnswerType, unit: str, count: int) -> None:
    assert wanted(question) == Wanted(kind, unit, count)


SPANS = [
    ("占比46.4%,增长3个百分点", T.PERCENT, "", ["46.4%", "3个百分点"]),
    ("百分之二十的人", T.PERCENT, "", ["百分之二十"]),
    ("三分之一或1/4", T.PERCENT, "", ["三分之一", "1/4"]),
    ("增长2倍", T.PERCENT, "", ["2倍"]),
    ("2024年3月5日开幕", T.DATE, "", ["2024年3月5日"]),
    ("5月3日至5日举行", T.DATE, "", ["5月3日至5日"]),
    ("于2026-03-05签署", T.DATE, "", ["2026-03-05"]),
    ("今年底完工", T.DATE, "", ["今年底"]),
    ("“十四五”时期建成", T.DATE, "", ["“十四五”时期"]),
    ("没有日期", T.DATE, "", []),
    ("共有332家企业", T.NUMBER, "家", ["332家"]),
    ("共有332家企业", T.NUMBER, "项", []),
    ("投资619.91亿元", T.NUMBER, "元", ["619.91亿元"]),
    ("投资619.91亿元", T.NUMBER, "钱", ["619.91亿元"]),
    ("有1,200多人", T.NUMBER, "人", ["1,200多人"]),
    ("有120名代表,3条线路", T.NUMBER, "人", ["120名"]),
    ("全长3.5公里,宽30米", T.NUMBER, "公里", ["3.5公里"]),
    ("2024年建成2座", T.NUMBER, "", ["2座"]),
    ("3月5日", T.NUMBER, "", []),
    ("第3届", T.NUMBER, "", []),
    ("因为下雨,导致延期", T.REASON, "", ["因为", "导致"]),
    ("在海南举行", T.PLACE, "", ["海南"]),
    ("院长李明说", T.PERSON, "", ["李明"]),
    ("青江大学主办", T.ORGANISATION, "", ["青江大学"]),
    ("一是3亿元;二是2024年", T.LIST, "", []),
    ("3亿元", T.OTHER, "", []),
]


@pytest.mark.parametrize(("text", "kind", "unit", "found"), SPANS)
def test_spans_of_the_kind_are_found_in_order(
    text: str, kind: AnswerType, unit: str, found: list[str]
) -> None:
    assert [text[a:b] for a, b in spans(text, Wanted(kind, unit))] == found


def test_a_foreign_name_ends_before_what_its_bearer_does() -> None:
    text = "约翰·史密斯说"
    assert [text[a:b] for a, b in spans(text, Wanted(T.PERSON))] == ["约翰·史密斯"]


def test_a_curator_is_a_person() -> None:
    text = "馆长李明说"
    assert [text[a:b] for a, b in spans(text, Wanted(T.PERSON))] == ["李明"]


@given(
    st.text(alphabet="青江2024年3月5日占46.4%亿元公司院长李明说因为,。家人一二 ", max_size=60),
    st.sampled_from(list(AnswerType)),
    st.sampled_from(["", "家", "人", "元"]),
)
def test_spans_are_not_empty_in_order_and_apart(text: str, kind: AnswerType, unit: str) -> None:
    end = 0
    for start, stop in spans(text, Wanted(kind, unit)):
        assert end <= start < stop <= len(text)
        end = stop


@pytest.mark.parametrize(
    ("question", "kind", "count"),
    [
        ("青江集团推动港口的四条举措", AnswerType.LIST, 4),
        ("大桥的三个特点是什么", AnswerType.LIST, 3),
        ("青江的桥强在哪里", AnswerType.OTHER, 0),
        ("青江的桥建在哪里", AnswerType.PLACE, 0),
    ],
)
def test_what_asks_without_an_asking_word_and_what_only_seems_to_ask_for_a_place(
    question: str, kind: AnswerType, count: int
) -> None:
    want = wanted(question)
    assert (want.type, want.count) == (kind, count)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("这项计划叫什么名字?", AnswerType.OTHER),
        ("获奖的项目叫什么名字?", AnswerType.OTHER),
        ("新厂长叫什么名字?", AnswerType.PERSON),
        ("这家公司的总经理叫什么名字?", AnswerType.PERSON),
        ("公司是谁创办的?", AnswerType.PERSON),
    ],
)
def test_the_name_of_a_thing_is_no_person(question: str, kind: AnswerType) -> None:
    assert wanted(question).type == kind
