"""Questions and windows as tokens, and back."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.read.builtin import QUESTION, WINDOW
from rag.read.inputs import LONGEST
from rag.text.normalise import fold_text
from rag.train.reader.examples import Example, example, load, save, tokens_of
from tests.read.tiny import model
from tests.train.reader.made import examples

TEXT = "青江大桥全长3.6公里,总投资48.5亿元。设计师是林远山。"
ASKED = "大桥的总投资是多少?"


def one(answer: str, sentence: str, text: str = TEXT, asked: str = ASKED) -> Example | None:
    at, first = text.index(answer), text.index(sentence)
    span, held = (at, at + len(answer)), (first, first + len(sentence))
    return example(model().tokenizer, asked, text, span, held, 3)


def bounds_of(text: str) -> list[int]:
    return [int(b) for b in tokens_of(model().tokenizer, text)[1]]


@pytest.mark.parametrize("answer", ["3.6公里", "48.5亿元", "林远山", "林远山。", "青江大桥"])
def test_a_span_of_tokens_is_the_answer_s_text(answer: str) -> None:
    sentence = TEXT[: TEXT.index("。") + 1]
    sentence = sentence if answer in sentence else TEXT[len(sentence) :]
    found = one(answer, sentence)
    assert found is not None
    bounds = bounds_of(TEXT)
    held = TEXT[bounds[found.start] : bounds[found.end + 1]]
    assert answer in held and len(held) <= len(answer) + 4
    said = TEXT[bounds[found.first] : bounds[found.last + 1]]
    assert said == sentence
    assert found.source == 3


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_any_span_is_inside_its_tokens_and_these_touch_it(data: st.DataObject) -> None:
    text = fold_text(data.draw(st.text("大桥全长3.6公里林远山 abc,。", min_size=8, max_size=40)))
    if len(text) < 6:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = example(model().tokenizer, ASKED, text, (start, end), (0, len(text)), 0)
    if found is None:
        assert len(tokens_of(model().tokenizer, text)[0]) < 3
        return
    bounds = bounds_of(text)
    assert bounds[found.start] <= start < bounds[found.start + 1]
    assert bounds[found.end] < end <= bounds[found.end + 1]
    assert (found.first, found.last) == (0, len(found.window) - 1)


def test_where_no_answer_is_all_places_are_minus_one() -> None:
    found = example(model().tokenizer, ASKED, TEXT, None, None, 11)
    assert found is not None
    assert (found.start, found.end, found.first, found.last) == (-1, -1, -1, -1)


def test_what_is_shared_and_wanted_is_marked_on_its_tokens() -> None:
    found = one("48.5亿元", TEXT[: TEXT.index("。") + 1])
    assert found is not None
    bounds = bounds_of(TEXT)
    total = bounds.index(TEXT.index("总投资"))
    assert found.window_shared[total] == 255 and found.window_shared[found.start] == 0
    assert found.wanted[found.start] == 255 and found.wanted[0] == 0
    assert found.question_shared.max() == 255 and len(found.question_shared) == len(found.question)


def test_too_long_texts_are_cut_and_an_answer_beyond_the_cut_is_no_example() -> None:
    text = "青江大桥很长,".join([""] * 120) + "总投资48.5亿元。"
    assert one("48.5亿元", text, text) is None
    found = example(model().tokenizer, ASKED * 30, text, None, None, 0)
    assert found is not None
    assert (len(found.question), len(found.window)) == (QUESTION, WINDOW)
    head = one("青江大桥", text, text)
    assert head is not None and head.last == WINDOW - 1


def test_an_answer_longer_than_may_be_said_is_no_example() -> None:
    text = "青江大桥很长" * 40 + "。"
    bounds = bounds_of(text)
    for tokens, kept in ((LONGEST, True), (LONGEST + 1, False)):
        answer = text[: bounds[tokens]]
        found = example(model().tokenizer, ASKED, text, (0, len(answer)), (0, len(text)), 10)
        assert (found is not None) == kept


@pytest.mark.parametrize(("asked", "text"), [("", TEXT), (ASKED, ""), (ASKED, "桥")])
def test_too_little_is_no_example(asked: str, text: str) -> None:
    assert example(model().tokenizer, asked, text, None, None, 0) is None


def test_an_answer_outside_its_sentence_is_no_example() -> None:
    assert one("林远山", TEXT[: TEXT.index("。") + 1]) is None


def flat(found: Example) -> list[object]:
    return [v.tolist() if isinstance(v, np.ndarray) else v for v in astuple(found)]


@pytest.mark.parametrize("count", [1, 8])
def test_a_shard_reads_back_as_it_was_written(count: int, tmp_path: Path) -> None:
    kept = examples(count)
    assert save(tmp_path / "a.npz", iter(kept)) == count
    again = load(tmp_path / "a.npz")
    assert [flat(e) for e in again] == [flat(e) for e in kept]
    assert [e.window.dtype for e in again] == [np.dtype(np.uint16)] * count
