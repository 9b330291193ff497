"""What every Reader does, run over each of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rag.read.builtin import BuiltinReader
from rag.read.reading import Reader
from tests.fakes.reader import OverlapReader
from tests.read.tiny import TINY, WIDE, model, save_tiny_reader

QUESTION = "青江大桥全长多少公里？"
WINDOWS = [
    ["青江大桥通车了。", "大橋全長３.６公里。"],
    ["白石水库位于上游。"],
    ["", "设计师是\n林远山。", "😀"],
]


@pytest.fixture(scope="module", params=["built-in", "built-in in 8 bits", "overlap"])
def make(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Reader]:
    if request.param == "overlap":
        return OverlapReader
    shape = TINY if request.param == "built-in" else WIDE
    folder: Path = save_tiny_reader(tmp_path_factory.mktemp("readers") / "tiny", shape=shape)
    return lambda: BuiltinReader(model(), folder)


@pytest.fixture(scope="module")
def reader(make: Callable[[], Reader]) -> Reader:
    return make()


def test_one_reading_a_sentence_in_order_of_the_windows(reader: Reader) -> None:
    assert [len(found) for found in reader.read(QUESTION, WINDOWS)] == [2, 1, 3]


def test_readings_are_finite_and_answers_stand_inside_their_sentences(reader: Reader) -> None:
    for window, found in zip(WINDOWS, reader.read(QUESTION, WINDOWS), strict=True):
        for text, one in zip(window, found, strict=True):
            assert np.isfinite([one.span, one.evidence, one.window]).all()
            assert 0 <= one.start <= one.end <= len(text)
            assert (one.start < one.end) == bool(text)


def test_a_window_reads_exactly_the_same_alone_and_beside_others(reader: Reader) -> None:
    windows = [*WINDOWS, [text for window in WINDOWS for text in window] * 4]
    together = reader.read(QUESTION, windows)
    assert together == [reader.read(QUESTION, [window])[0] for window in windows]
    assert together[::-1] == reader.read(QUESTION, windows[::-1])


def test_nothing_to_read_gives_nothing(reader: Reader) -> None:
    assert reader.read(QUESTION, []) == []
    assert reader.read(QUESTION, [[]]) == [[]]


def test_an_empty_question_has_no_answer_anywhere(reader: Reader) -> None:
    readings = [one for found in reader.read("", WINDOWS) for one in found]
    assert [one for one in readings if one.span > 0 or one.end > 0] == []


def test_the_question_matters(reader: Reader) -> None:
    assert reader.read(QUESTION, WINDOWS) != reader.read("白石水库位于哪里？", WINDOWS)


def test_identity_and_readings_are_the_same_when_loaded_again(
    make: Callable[[], Reader], reader: Reader
) -> None:
    assert make().identity == reader.identity
    assert make().read(QUESTION, WINDOWS) == reader.read(QUESTION, WINDOWS)
