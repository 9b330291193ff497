"""Questions from sentences: what can be asked for, and how it is asked."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.normalise import fold_text
from rag.train.reader.cloze import Cloze, answers, asking, compose, pick, surroundings

SAID = {
    "percent": ("增加值同比增长8.5%。", "8.5%"),
    "date": ("大桥于5月1日正式通车。", "5月1日"),
    "number": ("全市共有320家门店。", "320家"),
    "work": ("现场展出了《绿色港口》。", "《绿色港口》"),
    "quote": ("大会的主题是“绿色港口”。", "绿色港口"),
    "person": ("总经理林远山表示满意。", "林远山"),
    "place": ("记者在青江市采访。", "青江市"),
    "organisation": ("工程由青江水务集团承办。", "青江水务集团"),
    "list": ("展区有机械臂、无人车、传感器和芯片，很热闹。", "展区有机械臂、无人车、传感器和芯片"),
    "reason": ("由于当地连续下了大雨，推迟开工。", "当地连续下了大雨"),
    "clause": ("他说，这个项目将在年内全部建成，很快开放。", "这个项目将在年内全部建成"),
    "latin": ("公司发布了chatglm模型。", "chatglm"),
}  # fmt: skip


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def cloze_of(kind: str) -> Cloze:
    sentence, answer = SAID[kind]
    folded = fold_text(sentence)
    found = [c for c in answers(folded) if c.kind == kind]
    assert answer in [c.answer for c in found] or kind == "organisation"
    return found[0]


@pytest.mark.parametrize("kind", SAID)
def test_each_kind_is_found_at_its_place(kind: str) -> None:
    sentence, answer = SAID[kind]
    folded = fold_text(sentence)
    found = {(c.kind, c.answer) for c in answers(folded)}
    if kind == "organisation":  # the word before it may stick to it
        assert any(k == kind and a.endswith(answer) for k, a in found)
    else:
        assert (kind, answer) in found
    for cloze in answers(folded):
        assert folded[cloze.start : cloze.end] == cloze.answer != ""


def test_a_quotation_of_two_characters_is_asked_without_its_marks() -> None:
    found = [c for c in answers("口号是“加油”。") if c.kind == "quote"]
    assert [c.answer for c in found] == ["加油"]


def test_a_sentence_without_any_kind_gives_none() -> None:
    assert answers("天气很好。") == [] and answers("") == []


@settings(max_examples=60, deadline=None)
@given(st.text("大桥2024年5月1日8.5%“”《》在市,、和由于为了。因为家公司abc·林", max_size=60))
def test_answers_are_spans_of_at_most_sixty_characters(text: str) -> None:
    for cloze in answers(text):
        assert 0 <= cloze.start < cloze.end <= len(text) and cloze.end - cloze.start <= 60


FITS = {
    "percent": "多少|几|多大",
    "date": "什么时|何时|哪",
    "number": "多少|几",
    "work": "什么|哪",
    "quote": "什么|怎样|哪",
    "person": "谁|哪|什么人",
    "place": "哪|何处|什么地方",
    "organisation": "哪|谁|什么",
    "list": "哪|什么",
    "reason": "为|原因|因为",
    "clause": "什么|怎|如何",
    "latin": "什么|哪|谁",
}


@pytest.mark.parametrize("kind", FITS)
def test_the_asking_word_fits_the_kind(kind: str) -> None:
    cloze = cloze_of(kind)
    asked = {asking(cloze, rng(seed)) for seed in range(30)}
    assert len(asked) > 1
    assert [word for word in asked if not re.search(FITS[kind], word)] == []
    assert not any(cloze.answer in word for word in asked)


def test_a_number_keeps_its_unit_and_a_year_is_asked_as_one() -> None:
    number = Cloze("共有320家门店", 2, 6, "number")
    assert {asking(number, rng(s)) for s in range(30)} == {"多少家", "多少"}
    small = Cloze("共有32家门店", 2, 5, "number")
    assert "几家" in {asking(small, rng(s)) for s in range(30)}
    year = Cloze("2024年通车", 0, 5, "date")
    assert {asking(year, rng(s)) for s in range(40)} == {"哪一年", "哪年", "什么时候"}


def test_a_bank_is_asked_for_as_a_bank() -> None:
    bank = Cloze("由青江银行承办", 1, 5, "organisation")
    asked = [asking(bank, rng(s)) for s in range(40)]
    assert asked.count("哪家银行") > 10


def test_surroundings_are_clauses_beside_the_answer_without_it() -> None:
    sentence = "去年,大桥全长3.6公里,总投资48.5亿元。"
    cloze = Cloze(sentence, sentence.index("3.6"), sentence.index(",总"), "number")
    seen = {surroundings(cloze, rng(s)) for s in range(60)}
    assert ("大桥全长", "") in seen and ("去年,大桥全长", "") in seen
    for before, after in seen:
        assert "3.6公里" not in before + after and before + after != ""
        assert "48" not in before


def test_a_comma_inside_a_number_cuts_nothing() -> None:
    sentence = "全年产量1,604吨以上的大桥。"
    cloze = Cloze(sentence, 9, len(sentence) - 1, "clause")
    assert {surroundings(cloze, rng(s))[0] for s in range(20)} == {"全年产量1,604"}


def test_pick_takes_what_is_there_and_rare_kinds_more_often() -> None:
    common, rare = cloze_of("clause"), cloze_of("reason")
    taken = [pick([common, rare], rng(s)).kind for s in range(200)]
    assert taken.count("reason") > 140 and taken.count("clause") > 5
    assert pick([common], rng()) == common


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(sorted(SAID)))
def test_a_question_is_made_of_the_pieces_and_what_asks(seed: int, kind: str) -> None:
    made = compose(["大桥", "全长"], "多少", ["以上"], kind, rng(seed))
    assert "大桥全长" in made and "以上" in made
    assert made.count("多少") <= 1
    rest = re.sub(
        "大桥全长|以上|多少|请问一下|请问|我想知道|告诉我|想问下|[是为有的呢？? ]", "", made
    )
    assert rest == ""
