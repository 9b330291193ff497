"""What an answer says: containment, exact match, F1."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluate.measures.text import (
    body_of,
    cmrc_segments,
    exact,
    f1,
    longest_common_run,
    normalised,
    says,
    text_scores,
)
from rag.types import Answer
from tests.evaluate.measures.cases import CASE, NO_ANSWER, answering

TEXTS = st.text("青江大桥3.6公里，。 ab-AB%", max_size=14)


# ---- containment -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "must", "said"),
    [
        ("大桥全长3.6公里。", (("3.6公里",),), 1),
        ("大桥全长 3.6 公里。", (("3.6公里",),), 1),
        ("大橋全長３．６公里。", (("3.6公里",),), 1),
        ("大桥全长“3.6公里”", (("全长3.6公里",),), 1),
        ("大桥很长。", (("3.6公里",),), 0),
        ("大桥全长13.6公里。", (("3.6公里",),), 0),
        ("大桥3600米。", (("3.6公里", "3600米"),), 1),
        ("大桥3.6公里。", (("3.6公里",), ("48.5亿元",)), 0),
        ("大桥3.6公里，48.5亿元。", (("3.6公里",), ("48.5亿元",)), 1),
    ],
)
def test_every_group_of_facts_must_be_said_in_one_of_its_forms(
    text: str, must: tuple[tuple[str, ...], ...], said: float
) -> None:
    assert text_scores(replace(CASE, must=must), answering(text))["said"] == said


@pytest.mark.parametrize(
    ("said", "fact", "holds"),
    [
        ("共68项", "68项", True),
        ("共168项", "68项", False),
        ("1.68项", "68项", False),
        ("增长6.8", "6", False),
        ("增长6", "6", True),
        ("增长68", "6", False),
        ("什么都说", "。", False),
    ],
)
def test_a_number_is_said_only_whole(said: str, fact: str, holds: bool) -> None:
    assert says(normalised(said), fact) is holds


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("　大桥，“全長”：３.６公里！", "大桥全长3.6公里"),
        ("A-B (c)", "abc"),
        ("《青江》、【1】…", "青江1"),
        ("12:30", "12:30"),
        ("。，", ""),
    ],
)
def test_texts_are_compared_without_marks_and_spaces(text: str, normal: str) -> None:
    assert normalised(text) == normal


def test_key_facts_are_the_share_of_the_groups_that_are_said() -> None:
    case = replace(CASE, must=(("3.6公里",), ("48.5亿元", "48.5亿"), ("2.4亿",)))
    scores = text_scores(case, answering("大桥全长3.6公里，投资48.5亿。"))
    assert scores["said"] == 0
    assert scores["key_facts"] == pytest.approx(2 / 3)


def test_without_facts_one_of_the_reference_answers_has_to_be_said() -> None:
    case = replace(CASE, must=(), answers=("三公里半", "3.6公里"))
    assert text_scores(case, answering("全长3.6公里。"))["said"] == 1
    assert text_scores(case, answering("全长三公里。"))["said"] == 0
    assert "key_facts" not in text_scores(case, answering())


@pytest.mark.parametrize(
    ("text", "said"),
    [("大桥全长３．６公里", 0), ("据报道，大桥全长3.6公里。", 0), ("全长3.6公里", 1)],
)
def test_what_was_rejected_may_not_be_said_again(text: str, said: float) -> None:
    case = replace(CASE, rejected=("大桥全长3.6公里。 [1]",))
    assert text_scores(case, answering(text))["said"] == said


def test_a_rejected_text_of_marks_alone_rejects_nothing() -> None:
    assert text_scores(replace(CASE, rejected=("。[1]",)), answering())["said"] == 1


def test_a_refusal_says_nothing() -> None:
    scores = text_scores(CASE, answering("3.6公里", refused=True))
    assert scores == {"said": 0, "key_facts": 0, "exact": 0, "f1": 0}


def test_what_is_not_asked_for_is_absent() -> None:
    assert text_scores(replace(CASE, must=()), answering("好。")) == {"length": 2}
    assert text_scores(NO_ANSWER, answering("好。")) == {"length": 2}
    assert text_scores(NO_ANSWER, answering(refused=True)) == {}


def test_the_length_counts_no_citation_marks() -> None:
    bare = Answer("q", "q", "大桥很长 [1][12]。水库很深【2】。", "llm", False)
    assert body_of(bare) == "大桥很长。水库很深。"
    assert text_scores(CASE, bare)["length"] == 10
    assert text_scores(CASE, answering("大桥很长。"))["length"] == 5


# ---- CMRC 2018 -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("青江Bridge全长3.6公里。", ["青", "江", "bridge", "全", "长", "3.6", "公", "里"]),
        (" 1,000 PEOPLE, ok ", ["1,000", "people", ",", "ok"]),
        ("5G+AI", ["5gai"]),
        ("50%", ["50", "%"]),
        ("等……", ["等", "……"]),
        ("《》、", []),
    ],
)
def test_chinese_is_taken_by_characters_and_latin_by_words(text: str, segments: list[str]) -> None:
    assert cmrc_segments(text) == segments


@pytest.mark.parametrize(
    ("said", "reference", "same", "overlap"),
    [
        ("3.6公里。", "3.6公里", 1, 1),
        ("全长3.6公里。", "3.6公里", 0, 2 * 3 / (5 + 3)),
        ("ABC", "abc", 1, 1),
        ("大桥", "水库", 0, 0),
        ("", "水库", 0, 0),
        ("。", "。", 0, 0),
        ("大桥和水库", "大桥水库", 0, 2 * 2 / (5 + 4)),
    ],
)
def test_exact_match_and_f1_are_those_of_cmrc(
    said: str, reference: str, same: float, overlap: float
) -> None:
    assert exact(said, reference) == same
    assert f1(said, reference) == pytest.approx(overlap)


def test_the_best_of_the_references_counts() -> None:
    case = replace(CASE, must=(), answers=("大桥", "全长3.6公里"))
    scores = text_scores(case, answering("全长3.6公里。"))
    assert (scores["exact"], scores["f1"]) == (1, 1)


def test_the_forms_of_a_single_fact_are_references_and_those_of_two_are_not() -> None:
    one = text_scores(replace(CASE, must=(("3.6公里", "三点六公里"),)), answering("3.6公里"))
    assert (one["exact"], one["f1"]) == (1, 1)
    two = text_scores(replace(CASE, must=(("3.6公里",), ("大桥",))), answering("3.6公里"))
    assert "exact" not in two
    assert "f1" not in two


@given(TEXTS, TEXTS)
def test_f1_is_symmetric_and_a_share(one: str, other: str) -> None:
    assert f1(one, other) == f1(other, one)
    assert 0 <= f1(one, other) <= 1


@given(TEXTS, TEXTS)
def test_an_exact_match_has_an_f1_of_one(one: str, other: str) -> None:
    for said in (other, f"{one}。"):
        if exact(said, one) and cmrc_segments(one):
            assert f1(said, one) == 1


@given(st.lists(st.sampled_from(["青", "江", "3.6", "ab"]), max_size=9), st.data())
def test_the_common_run_is_that_of_a_table(one: list[str], data: st.DataObject) -> None:
    other = data.draw(st.lists(st.sampled_from(["青", "江", "3.6", "ab"]), max_size=9))
    best = max(
        (
            length
            for i in range(len(one))
            for j in range(len(other))
            for length in range(1, 10)
            if one[i : i + length] == other[j : j + length]
            and i + length <= len(one)
            and j + length <= len(other)
        ),
        default=0,
    )
    assert longest_common_run(one, other) == best
    assert longest_common_run("".join(one), "".join(one)) == len("".join(one))
