"""The built-in reader over a folder: what it refuses, and where its answers stand."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.read.builtin import WINDOW, BuiltinReader, best_span
from rag.read.inputs import LONGEST
from rag.read.reading import Reading
from tests.read.tiny import model, save_tiny_reader

QUESTION = "青江大桥全长多少公里？"
SENTENCES = [
    "青江大桥2024年5月1日通车。",
    "大橋全長３．６公里，總投資48.5億元。",
    "设计师是\n林远山😀。",
]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> BuiltinReader:
    return BuiltinReader(model(), save_tiny_reader(tmp_path_factory.mktemp("reader") / "tiny"))


def test_an_answer_stands_in_its_sentence_as_it_is_printed(reader: BuiltinReader) -> None:
    (readings,) = reader.read(QUESTION, [SENTENCES])
    assert len(readings) == 3
    for text, found in zip(SENTENCES, readings, strict=True):
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end].strip() != ""


TEXT = st.text("青江大桥全長３.6公里，億元。\n\u3000 aB９é😀𠮷ﬁ㈱“”\u200b\ud83d", max_size=24)


@settings(max_examples=60, deadline=None)
@given(TEXT, st.lists(TEXT, max_size=5))
def test_any_texts_give_one_reading_a_sentence_inside_it(question: str, window: list[str]) -> None:
    reader = _shared_reader()
    (readings,) = reader.read(question, [window])
    assert len(readings) == len(window)
    for text, found in zip(window, readings, strict=True):
        assert 0 <= found.start <= found.end <= len(text)
        assert np.isfinite([found.span, found.evidence, found.window]).all()


_made: list[BuiltinReader] = []


def _shared_reader() -> BuiltinReader:
    """For properties, which take no fixture of a module."""
    if not _made:
        import tempfile

        with tempfile.TemporaryDirectory() as held:
            _made.append(BuiltinReader(model(), save_tiny_reader(Path(held) / "tiny")))
    return _made[0]


def test_an_empty_sentence_has_an_empty_answer_and_moves_no_other(reader: BuiltinReader) -> None:
    first, empty, blank, last = reader.read(QUESTION, [[SENTENCES[0], "", " \n", SENTENCES[1]]])[0]
    assert (empty.start, empty.end, empty.span) == (blank.start, blank.end, blank.span)
    assert (empty.start, empty.end) == (0, 0) and empty.span < -10
    assert [first, last] == reader.read(QUESTION, [[SENTENCES[0], SENTENCES[1]]])[0]


@pytest.mark.parametrize("question", ["", " ", "\u200b", "\ud83d"])
def test_an_empty_question_finds_nothing(question: str, reader: BuiltinReader) -> None:
    (readings,) = reader.read(question, [SENTENCES])
    assert [(r.start, r.end, r.span) for r in readings] == [(0, 0, -20.0)] * 3


def test_windows_of_nothing_beside_one_of_something(reader: BuiltinReader) -> None:
    nothing, empty, something = reader.read(QUESTION, [[], ["", ""], SENTENCES])
    assert nothing == [] and [r.span for r in empty] == [-20.0, -20.0]
    assert something == reader.read(QUESTION, [SENTENCES])[0]
    assert reader.read(QUESTION, []) == []


def test_what_is_beyond_the_window_is_not_read_and_fails_nothing(reader: BuiltinReader) -> None:
    sentence = "大桥全长3.6公里。"
    count = len(model().pieces(sentence))
    fitting = WINDOW // count
    readings = reader.read(QUESTION, [[sentence] * (fitting + 20)])[0]
    assert len(readings) == fitting + 20
    assert all(r.end > 0 for r in readings[:fitting])
    assert {(r.start, r.end, r.span) for r in readings[fitting + 1 :]} == {(0, 0, -20.0)}


def test_one_sentence_beyond_the_window_is_read_at_its_head(reader: BuiltinReader) -> None:
    text = "大桥全长3.6公里，" * 100
    (found,) = reader.read("大桥" * 200, [[text]])[0]
    assert 0 <= found.start < found.end <= len(text) // 2


def test_an_emoji_as_sentence_and_as_question(reader: BuiltinReader) -> None:
    (found,) = reader.read("😀", [["😀"]])[0]
    assert (found.start, found.end) == (0, 1)


def test_full_width_and_traditional_characters_read_as_their_plain_forms(
    reader: BuiltinReader,
) -> None:
    wide = reader.read("青江大橋全長多少公里？", [["大橋全長３．６公里。"]])
    plain = reader.read("青江大桥全长多少公里?", [["大桥全长3.6公里。"]])
    assert wide == plain


def test_the_same_input_gives_the_same_output_on_many_threads(reader: BuiltinReader) -> None:
    windows = [SENTENCES, SENTENCES[:1], [SENTENCES[1], SENTENCES[1]]]
    expected = reader.read(QUESTION, windows)
    found: list[list[list[Reading]]] = []
    threads = [
        threading.Thread(target=lambda: found.append(reader.read(QUESTION, windows)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


# ---- the best span -------------------------------------------------------------------------
def test_the_best_span_does_not_end_before_it_begins() -> None:
    spans = np.array([[9, 0, 3], [99, 0, 8], [99, 99, 1]], np.float32)
    assert best_span(spans) == (0, 0, 9.0)
    spans[0, 0] = 0.0
    assert best_span(spans) == (1, 2, 8.0)


def test_the_best_span_is_no_longer_than_an_answer_may_be() -> None:
    spans = np.zeros((LONGEST + 5, LONGEST + 5), np.float32)
    spans[0, LONGEST] = 9.0
    first, last, score = best_span(spans)
    assert last - first < LONGEST and score == 0.0
    spans[0, LONGEST - 1] = 8.0
    assert best_span(spans) == (0, LONGEST - 1, 8.0)
