"""A question taken apart: content, constraints, what is asked of the subject."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.question import content_grams, focus_of, take_apart


@pytest.mark.parametrize(
    ("question", "runs"),
    [
        ("2025年北京有多少家外资研发中心", ("2025", "北京", "外资研发中心")),
        ("请问一下，青江大桥的总投资是多少？", ("青江大桥", "总投资")),
        ("签了多少项合同", ("签", "合同")),
        ("大桥什么时候通车？", ("大桥", "通车")),
        ("GDP增长了多少？", ("gdp", "增长")),
        ("５G基站有多少个", ("5g", "基站")),
        ("《青江宣言》是什么时候发表的？", ("青江宣言", "发表")),
        ("第三届青江论坛在哪里举行", ("第三届青江论坛", "举行")),
        ("我想知道青江水库由谁管理", ("青江水库", "管理")),
        ("青江水庫有多大？", ("青江水库",)),
        ("是多少？", ()),
        ("", ()),
    ],
)
def test_runs_are_the_content_without_asking_and_filling_words(
    question: str, runs: tuple[str, ...]
) -> None:
    assert take_apart(question).runs == runs


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("项目总投资多少？", "项目"),
        ("有几个项目？", "项目"),
        ("位置在哪里？", "位置"),
        ("日本的首都在哪里？", "日本"),
        ("年会什么时候举行？", "年会"),
        ("名单上有谁？", "名单"),
        ("家具有多少件？", "家具"),
        ("个人所得税是多少？", "个人"),
        ("被告是谁？", "被告"),
        ("月球有多大？", "月球"),
        ("二十大是什么时候召开的？", "二十大"),
    ],
)
def test_a_word_that_begins_like_a_counting_word_stays_whole(question: str, word: str) -> None:
    assert word in "".join(take_apart(question).runs)


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("2025年增加值", {"2025"}),
        ("2024年比1999年多多少", {"2024", "1999"}),
        ("２０２５年", {"2025"}),
        ("2024家企业", set()),
        ("2024人参加", set()),
        ("2024.5万", set()),
        ("12025年", set()),
        ("1824年", set()),
        ("增长2024%", set()),
    ],
)
def test_years_are_four_digits_that_count_nothing(question: str, years: set[str]) -> None:
    assert take_apart(question).years == years


@pytest.mark.parametrize(
    ("question", "ordinals"),
    [
        ("第八届青江论坛", {"第八"}),
        ("第12届会议", {"第12"}),
        ("第二十一条和第三条", {"第二十一", "第三"}),
        ("次序如何", set()),
    ],
)
def test_ordinals_are_found_in_either_numerals(question: str, ordinals: set[str]) -> None:
    assert take_apart(question).ordinals == ordinals


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("北京和上海哪个大", {"北京", "上海"}),
        ("黑龙江的面积", {"黑龙江"}),
        ("內蒙古的草原", {"内蒙古"}),
        ("青江的面积", set()),
    ],
)
def test_places_are_those_of_the_list(question: str, places: set[str]) -> None:
    assert take_apart(question).places == places


def test_numbers_and_quotations_are_kept_apart() -> None:
    asked = take_apart("“绿港计划”和《青江宣言》提到的46.4%是什么？")
    assert asked.numbers == {"46.4%"}
    assert asked.quoted == ("绿港计划", "青江宣言")


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("北京数字经济增加值是多少", ("北京数字经济增加值",)),
        ("青江网有多少注册用户", ("青江网", "注册用户")),
        ("绿港计划的口号是什么", ("口号",)),
        ("《青江宣言》是什么时候发表的", ("发表",)),
        ("哪位院士发言", ("院士发言",)),
        ("青江大桥总投资", ("青江大桥总投资",)),
        ("", ()),
        ("谁", ()),
    ],
)
def test_the_focus_is_what_stands_around_the_asking_word(
    question: str, focus: tuple[str, ...]
) -> None:
    assert focus_of(question) == focus


@pytest.mark.parametrize(
    ("question", "focus"),
    [("为何停工", ("停工",)), ("目前一共有多少家企业", ("企业",)), ("谁是馆长", ("馆长",))],
)
def test_the_focus_holds_no_asking_word(question: str, focus: tuple[str, ...]) -> None:
    assert focus_of(question) == focus


@pytest.mark.parametrize(
    ("question", "ordinals"),
    [
        ("第八届论坛在哪里", {"第八"}),
        ("连续几年排第一", set()),
        ("拿了第几名，是第一梯队吗", set()),
        ("位居第3位的城市", set()),
    ],
)
def test_a_place_in_a_ranking_is_no_ordinal(question: str, ordinals: set[str]) -> None:
    assert take_apart(question).ordinals == ordinals


@pytest.mark.parametrize(
    ("question", "english", "runs"),
    [
        ("What is the GDP of Beijing?", True, ("gdp", "beijing")),
        ("how many C++ developers attended", True, ("c++", "developers", "attended")),
        ("GDP是多少", False, ("gdp",)),
        ("2025?", False, ("2025",)),
    ],
)
def test_english_questions_lose_their_own_asking_words(
    question: str, english: bool, runs: tuple[str, ...]
) -> None:
    asked = take_apart(question)
    assert (asked.english, asked.runs) == (english, runs)


def test_grams_are_pairs_of_han_and_whole_latin_words_once() -> None:
    assert content_grams(("青江大桥", "gdp", "桥", "青江")) == ["青江", "江大", "大桥", "gdp", "桥"]


def test_a_pair_of_function_words_is_no_gram() -> None:
    assert content_grams(("桥的了",)) == ["桥的"]


@given(st.text(alphabet="青江大桥的是有多少哪些什么年2025第三届，？ ab%“”《》", max_size=40))
def test_runs_are_never_empty_and_stand_in_the_folded_question(question: str) -> None:
    asked = take_apart(question)
    for run in asked.runs:
        assert run
        assert run in asked.text
    assert asked.core == " ".join(asked.core.split())
