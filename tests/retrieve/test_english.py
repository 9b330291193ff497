"""English questions: told from Chinese ones, cut into words, figures as Chinese prints them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.english import (
    STOP,
    base_forms,
    content_words,
    figure_names,
    is_english,
    is_past,
    numbers,
    numeral,
    spelt_out,
)
from rag.text.normalise import fold_text


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("Who built the bridge?", True),
        ("What’s the price?", True),  # a curly apostrophe is not ASCII
        ("Who founded Qingjiang AI (青江智能)?", True),
        ("What does “青江模式” mean?", True),
        ("Who is 张三丰?", True),
        ("谁建了大桥？", False),
        ("WHO总部在哪", False),
        ("AI（人工智能）", False),
        ("AI for Engineering与Engineering for AI指的是什么", False),
        ("2026?", False),
        ("", False),
    ],
)
def test_a_question_is_english_though_a_chinese_name_stands_in_it(
    question: str, english: bool
) -> None:
    assert is_english(fold_text(question)) == english


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("how many firms joined?", ["firms", "joined"]),
        ("china's state-owned enterprises", ["china", "state", "owned", "enterprises"]),
        ("xi'an", ["xian"]),
        ("the 9th forum of march 27, 2026", ["9th", "forum", "march 27", "2026"]),
        ("the 27th of march", ["27th of march"]),
        ("1,500 jobs and 2.4 trillion yuan", ["1500", "jobs", "2.4 trillion", "yuan"]),
        ("ai+ and c++", ["ai", "c++"]),
        ("when was it set up?", ["set", "up"]),
        ("who is 张三丰?", ["张三丰"]),
    ],
)
def test_content_words_leave_out_what_only_asks_and_keep_figures_whole(
    question: str, words: list[str]
) -> None:
    assert content_words(question) == words


@given(st.text(st.sampled_from("abcdet hm0129,.'-%"), max_size=30))
def test_no_content_word_is_a_stop_word(text: str) -> None:
    assert not STOP.intersection(content_words(text))


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("march 27", {"3月27日"}),
        ("27th of march", {"3月27日"}),
        ("sept 1", {"9月1日"}),
        ("9th", {"第9", "第九"}),
        ("21st", {"第21", "第二十一"}),
        ("150th", {"第150"}),
        ("2.4 trillion", {"2.4万亿", "24000亿"}),
        ("100 billion", {"1000亿", "千亿", "0.1万亿"}),
        ("5 million", {"500万"}),
        ("12000", {"1.2万"}),
        ("46.40 percent", {"46.4%"}),
        ("300", set()),
        ("forum", set()),
        ("march", set()),
    ],
)
def test_a_figure_is_named_as_chinese_prints_it(word: str, names: set[str]) -> None:
    assert figure_names(word) == names


def test_numbers_are_those_that_are_no_words() -> None:
    asked = "did 1,200 firms grow 5.4 percent by march 3, 2026 at the 9th forum for 2 million?"
    assert numbers(asked) == {"1200", "5.4%", "2026"}


@given(st.integers(1, 99))
def test_numerals_differ_and_are_han(number: int) -> None:
    assert numeral(number) not in {numeral(n) for n in range(1, number)}
    assert set(numeral(number)) <= set("一二三四五六七八九十")


def test_there_is_no_numeral_beyond_two_digits() -> None:
    assert (numeral(0), numeral(100)) == ("", "")


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("companies", "company"),
        ("boxes", "box"),
        ("analysed", "analyze"),
        ("planned", "plan"),
        ("making", "make"),
        ("tried", "try"),
        ("spoke", "speak"),
        ("organisation", "organize"),
        ("centre", "center"),
        ("children", "child"),
    ],
)
def test_an_inflected_or_british_form_leads_to_its_base(word: str, base: str) -> None:
    assert base in base_forms(word)


@given(st.text("abdeginorsty", min_size=1, max_size=10))
def test_base_forms_are_others_and_each_comes_once(word: str) -> None:
    forms = list(base_forms(word))
    assert word not in forms
    assert len(set(forms)) == len(forms)


def test_past_forms() -> None:
    assert is_past("joined")
    assert is_past("won")
    assert not is_past("people")
    assert not is_past("need")


@pytest.mark.parametrize(
    ("question", "spelt"),
    [
        ("Did the US join?", "Did the usa join?"),
        ("Did the WHO join?", "Did the world health organization join?"),
        ("What did He Yalan say?", "What did HeYalan say?"),
        ("He joined the US dollar zone", "He joined the US dollar zone"),
        ("WHO ASKED US?", "WHO ASKED US?"),
    ],
)
def test_names_that_look_like_function_words_are_spelt_out(question: str, spelt: str) -> None:
    assert spelt_out(question) == spelt
