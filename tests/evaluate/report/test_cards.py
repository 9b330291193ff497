"""A failed case says what is wrong with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.evaluate.report.cards import AROUND, BESIDE, SHOWN, card
from rag.evaluate.types import Cited, Found, Gold, Written
from tests.evaluate.report.cases import (
    GOLD,
    PASSAGE,
    answered,
    failed,
    false_refusal,
    miscited,
    right,
    wrong,
)


def test_a_wrong_answer_names_what_it_does_not_say_and_where_the_gold_was() -> None:
    made = card(wrong("w"))
    assert made.fault == "wrong"
    assert made.why == (
        "没有说出：3.6公里 / 3600米",
        "没有引到原句",
        "检索找到了原句：第 2 段",
    )


def test_what_the_model_did_stands_before_what_is_wrong() -> None:
    of = Written("m", ("supported", "partial", "uncited"), dropped=2, cut_off=True)
    assert card(replace(wrong("w"), written=of)).why[:4] == (
        "3 句里 2 句未能核实", "引了 2 个不存在的编号", "回答没有写完就断了",
        "没有说出：3.6公里 / 3600米",
    )  # fmt: skip
    fallen = card(replace(wrong("w"), written=Written(fell_back=True)))
    assert fallen.why[0] == "不是模型所答，改用了抽取式"
    assert (
        card(replace(wrong("w"), written=Written("m", ("supported",)))).why == card(wrong("w")).why
    )


def test_a_wrong_citation_is_told_from_one_that_reaches() -> None:
    made = card(miscited("m"))
    assert made.fault == "miscited" and made.why[0] == "没有引到原句"
    assert [line.verdict for line in made.citations] == ["missed"]
    assert [(line.reached, line.rank) for line in made.gold[0]] == [(False, 2)]
    record = replace(
        miscited("m"),
        gold=((GOLD,), (Gold("b.txt", "白石水库库容很大"),)),
    )
    made = card(record)
    assert [line.verdict for line in made.citations] == ["reached"]
    assert "2 处原句，1 处没有引到" in made.why


def test_another_document_that_prints_the_quote_counts_as_reached() -> None:
    cited = Cited("copy.txt", 0, 20, GOLD.quote, also=("a.txt",))
    made = card(replace(wrong("w"), citations=(cited,)))
    assert made.citations[0].verdict == "reached"
    assert made.why == ("没有说出：3.6公里 / 3600米", "检索找到了原句：第 2 段")


def test_gold_is_marked_in_the_passage_that_holds_it() -> None:
    first, second = card(wrong("w")).passages
    assert (first.rank, first.extent) == (1, "none")
    assert (second.rank, second.extent) == (2, "whole")
    assert [piece.text for piece in second.pieces if piece.marked] == [GOLD.quote]
    assert "".join(piece.text for piece in second.pieces) == PASSAGE


def test_what_is_far_from_a_mark_is_left_out() -> None:
    text = "前" * 900 + GOLD.quote + "后" * 900
    found = (Found("a.txt", 0, 1, 1.0, text), Found("a.txt", 0, 1, 1.0, "别" * 900))
    first, second = card(replace(wrong("w"), passages=found)).passages
    shown = "".join(piece.text for piece in first.pieces)
    assert shown == " … " + "前" * AROUND + GOLD.quote + "后" * AROUND + " … "
    assert [piece.text for piece in second.pieces] == ["别" * BESIDE + "…"]


def test_a_refusal_and_an_answer_that_should_have_been_one_say_how_sure() -> None:
    assert card(false_refusal("f", confidence=0.21)).why[0] == "文件里有答案，却拒答（把握 0.21）"
    made = card(answered("u", confidence=0.7))
    assert made.why == ("文件里没有答案，却以 0.70 的把握作答",)
    assert {line.verdict for line in card(wrong("w")).citations} == {"missed"}


def test_an_error_is_shown_as_it_was() -> None:
    assert card(failed("e")).why == ("the index is busy; try again",)


def test_gold_that_was_not_found_is_said() -> None:
    assert "检索没有找到原句" in card(replace(wrong("w"), passages=())).why
    twice = replace(wrong("w"), gold=((GOLD,), (Gold("c.txt", "别处的一句话"),)))
    assert "2 处原句，检索只找到 1 处" in card(twice).why


def test_a_rejected_answer_that_came_again_is_said() -> None:
    made = card(replace(wrong("w"), answer="全长3.6公里", gold=()))
    assert made.why == ("没有说出参考答案，或又说了用户标为错的话",)


def test_passages_beyond_the_first_are_counted() -> None:
    passages = tuple(Found("a.txt", 0, 1, 1.0, str(i)) for i in range(SHOWN + 3))
    made = card(replace(wrong("w"), passages=passages))
    assert (len(made.passages), made.unshown) == (SHOWN, 3)


def test_a_right_case_has_no_card() -> None:
    with pytest.raises(ValueError, match="a1 is right"):
        card(right("a1"))
