"""A detail that is not printed is refused, one that is printed is answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answer.engine import doubt, nothing_known
from rag.answer.lacking import lacks_detail, parts_lacking
from rag.types import Query
from tests.fakes.ranking import memory, weighed

BRIDGE = (
    "青江大桥通车\n\n设计师林远山用三个词概括大桥：坚固、轻盈、安静。林远山说，设计用了六年。\n\n"
    "另据介绍，总工程师周启明今年52岁，毕业于青江大学。\n"
)
CONTACT = "青江大桥参观须知\n\n参观预约电话：0571-88886666。门票每张30元。\n"


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("林远山的手机号是多少？", True),
        ("林远山今年多大年纪？", True),
        ("林远山身高多少？", True),
        ("周启明今年多大年纪？", False),
        ("周启明是哪所大学毕业的？", False),
        ("设计用了几年？", False),
    ],
)
def test_a_detail_must_stand_near_its_owner(question: str, lacking: bool) -> None:
    found = weighed(question, memory({"a": BRIDGE}))
    assert lacks_detail(found.view, found.ranked) is lacking


def test_a_printed_telephone_number_is_no_refusal() -> None:
    corpus = memory({"a": BRIDGE, "b": CONTACT})
    assert not nothing_known(weighed("参观预约电话是多少？", corpus))
    assert not nothing_known(weighed("门票多少钱？", corpus))
    assert nothing_known(weighed("门票多少钱？", memory({"a": BRIDGE})))


def test_the_half_of_a_question_that_is_there_is_answered() -> None:
    found = weighed("林远山是谁，他的手机号是多少？", memory({"a": BRIDGE}))
    assert [lacks_detail(view, ranked) for view, ranked in found.parts] == [False, True]
    assert not nothing_known(found)
    assert parts_lacking(found.parts) == ["手机号"]


def test_an_answer_says_which_half_of_the_question_is_not_there() -> None:
    query = Query("林远山是谁，他的手机号是多少？", "林远山是谁，他的手机号是多少？")
    found = replace(weighed(query.question, memory({"a": BRIDGE})), probability=0.9)
    assert doubt(query, found) == "没有找到：手机号"
    unsure = doubt(query, replace(found, probability=0.2))
    assert unsure.startswith("没有找到：手机号；把握不大")
    assert doubt(query, replace(found, parts=())) == ""


OFFICES = (
    "青江论坛\n\n青江市委常委、统战部部长林远山表示，论坛很好。\n\n"
    "工业和信息化部副部长周启明在论坛上致辞。\n"
)


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("谁是科技部部长？", True),
        ("青江市市长是谁", True),
        ("工信部部长是谁", True),
        ("工信部副部长是谁", False),
        ("统战部部长叫什么名字？", False),
    ],
)
def test_the_holder_of_an_office_that_nothing_near_names_is_lacking(
    question: str, lacking: bool
) -> None:
    found = weighed(question, memory({"a": OFFICES}))
    assert lacks_detail(found.view, found.ranked) is lacking
    assert nothing_known(found) or not lacking


def test_an_answer_says_which_office_s_holder_is_not_there() -> None:
    found = weighed("谁在论坛上致辞？青江市市长是谁？", memory({"a": OFFICES}))
    assert parts_lacking(found.parts) == ["青江市市长"]


def test_a_title_before_a_sentence_is_no_part_of_whom_it_names() -> None:
    found = weighed(
        "青江集团董事长是谁？", memory({"a": "年度座谈会\n\n董事长林远山出席并讲话。\n"})
    )
    assert not lacks_detail(found.view, found.ranked)


def test_the_name_of_an_office_is_said_whole() -> None:
    corpus = memory({"a": OFFICES})
    found = weighed("谁在论坛上致辞？赤道几内亚总统是谁？", corpus)
    assert parts_lacking(found.parts) == ["赤道几内亚总统"]
