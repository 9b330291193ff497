"""Examples from articles alone."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from rag.text.normalise import fold_text
from rag.train.reader.cloze import Cloze
from rag.train.reader.examples import Example
from rag.train.reader.synthetic import (
    A_QUESTION,
    CHARACTERS,
    best_window,
    bigrams,
    noised,
    of_article,
    overlap,
    question_of,
    sentences,
    swapped,
    window_around,
)
from tests.train.reader.made import article, material, text_of


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def flat(example: Example) -> list[object]:
    return [v.tolist() if isinstance(v, np.ndarray) else v for v in astuple(example)]


def made(index: int, seed: int = 1) -> list[Example]:
    return list(of_article(index, material(), seed))


# ---- windows -------------------------------------------------------------------------------
def test_sentences_are_spans_without_a_gap_or_a_blank() -> None:
    text = fold_text(article(3))
    found = [text[a:b] for a, b in sentences(text)]
    assert len(found) == 4 and "".join(found) == text
    assert [s[-1] for s in found] == ["。"] * 4


def test_a_window_holds_its_sentence_and_ends_at_sentences() -> None:
    text = fold_text("".join(article(i) for i in range(4)))
    spans = sentences(text)
    for seed in range(10):
        first, last = window_around(spans, 6, rng(seed))
        assert first <= spans[6][0] and spans[6][1] <= last
        assert first in [a for a, _ in spans] and last in [b for _, b in spans]
        assert last - first <= CHARACTERS * 1.15 + max(b - a for a, b in spans)


def test_a_window_is_no_more_than_there_is() -> None:
    assert window_around([(0, 5)], 0, rng()) == (0, 5)


def test_the_best_window_is_around_the_accepted_sentence_that_shares_most() -> None:
    text = fold_text(article(0) + article(11))
    question = "白石水库的总投资"
    hit = best_window(text, question, lambda s: True, rng())
    assert hit is not None
    (a, b), (first, last), shared = hit
    assert "白石水库采用双塔结构" in text[first:last] and a <= first < last <= b
    assert shared == overlap(text[first:last], bigrams(question)) >= 3
    other = best_window(text, question, lambda s: "推迟" in s, rng())
    assert other is not None and "推迟" in text[slice(*other[1])]
    assert best_window(text, question, lambda s: False, rng()) is None


# ---- questions -----------------------------------------------------------------------------
SENTENCE = "青江大桥采用双塔结构,总投资48.5亿元,由青江水务集团承建。"


@pytest.mark.parametrize("seed", range(25))
def test_a_question_leaves_the_answer_out(seed: int) -> None:
    start = SENTENCE.index("48.5亿元")
    cloze = Cloze(SENTENCE, start, start + 6, "number")
    assert cloze.answer == "48.5亿元"
    asked = question_of(cloze, material(), rng(seed))
    assert cloze.answer not in asked and "48.5" not in asked


def test_a_question_of_too_little_is_none() -> None:
    assert question_of(Cloze("320家。", 0, 4, "number"), material(), rng()) == ""


def test_noise_leaves_out_and_replaces_but_keeps_the_order() -> None:
    pieces = [("大桥", 5), ("启用", 6), ("的", 7), ("青江", -1)]
    assert noised([("大桥", 5), ("青江", -1)], 1.0, material(), rng()) == ["大桥", "青江"]
    seen = {tuple(noised(pieces, 0.4, material(), rng(seed))) for seed in range(80)}
    assert any("开通" in said for said in seen) and any("启用" in said for said in seen)
    assert any("的" not in said for said in seen)
    rank = {"大桥": 0, "启用": 1, "开通": 1, "的": 2, "青江": 3}
    assert [said for said in seen if [*said] != sorted(said, key=lambda p: rank[p])] == []


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    "question", ["青江大桥2024年投资多少？", "北京有多少家企业？", "总经理林远山说了什么？"]
)
def test_a_swapped_question_is_another_one(question: str, seed: int) -> None:
    assert swapped(question, material(), rng(seed)) not in (question,)


def test_a_number_is_swapped_for_one_near_it_and_a_place_for_a_place() -> None:
    years = {swapped("2024年投资多少", material(), rng(seed)) for seed in range(40)}
    assert {"2021年投资多少", "2027年投资多少"} <= years and "2024年投资多少" not in years
    places = {swapped("北京有多少家企业", material(), rng(seed)) for seed in range(20)}
    assert "北京有多少家企业" not in places
    assert any(text.endswith("有多少家企业") for text in places)


def test_what_holds_nothing_to_swap_gives_none() -> None:
    assert swapped("是什么", material(), rng()) == ""


# ---- examples ------------------------------------------------------------------------------
def test_an_article_gives_the_same_examples_by_the_same_seed_and_others_by_another() -> None:
    assert [flat(e) for e in made(0)] == [flat(e) for e in made(0)] != []
    assert [flat(e) for e in made(0)] != [flat(e) for e in made(0, seed=2)]


def test_the_examples_of_one_article_do_not_depend_on_those_before() -> None:
    alone = [flat(e) for e in made(5)]
    for index in range(5):
        made(index)
    assert [flat(e) for e in made(5)] == alone


def test_all_sources_of_examples_occur_and_only_the_first_two_have_answers() -> None:
    found = [e for index in range(12) for seed in range(4) for e in made(index, seed)]
    assert {e.source for e in found} == {0, 1, 2, 3, 4}
    assert {e.source for e in found if e.start >= 0} == {0, 1}
    assert {e.source for e in found if e.start < 0} == {2, 3, 4}
    assert len(made(0)) <= A_QUESTION
    for e in found:
        assert -1 <= e.first <= e.start <= e.end <= e.last < len(e.window)


def test_no_answer_of_another_source_stands_in_its_own_question() -> None:
    for e in (e for index in range(12) for e in made(index) if e.source == 0):
        answer = text_of(e.window[e.start : e.end + 1])
        assert answer not in text_of(e.question)


def test_an_article_without_anything_to_ask_for_gives_none() -> None:
    from dataclasses import replace

    bare = replace(material(), articles=["天气很好。"], near=np.zeros((1, 0), np.int64))
    assert list(of_article(0, bare, 1)) == []
