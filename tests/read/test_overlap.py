"""Shared characters: what reader and training are told of where two texts meet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.read.overlap import SINGLE, codes, per_token, shared

TEXT = st.text(max_size=30)


def of(text: str, other: str) -> list[float]:
    return [round(float(v), 6) for v in shared(codes(text), codes(other))]


@given(TEXT, TEXT)
def test_one_value_a_character_is_none_single_or_whole(text: str, other: str) -> None:
    assert len(of(text, other)) == len(text)
    assert set(of(text, other)) <= {0.0, SINGLE, 1.0}


@given(st.text(min_size=2, max_size=30))
def test_a_text_of_two_characters_or_more_is_wholly_in_itself(text: str) -> None:
    assert of(text, text) == [1.0] * len(text)


@given(st.text("甲乙丙丁😀𠮷", max_size=20), st.text("子丑寅卯🚀𠮶", max_size=20))
def test_texts_without_a_common_character_share_nothing(text: str, other: str) -> None:
    assert of(text, other) == [0.0] * len(text)


@given(TEXT, TEXT)
def test_a_character_counts_whole_where_it_stands_beside_the_same_neighbour(
    text: str, other: str
) -> None:
    pairs = {other[i : i + 2] for i in range(len(other) - 1)}
    for i, value in enumerate(of(text, other)):
        beside = {text[j : j + 2] for j in (i - 1, i) if 0 <= j < len(text) - 1}
        expected = 1.0 if beside & pairs else SINGLE if text[i] in other else 0.0
        assert value == expected


def test_one_character_alone_has_no_neighbour() -> None:
    assert of("桥", "桥") == [SINGLE]
    assert of("", "桥") == [] and of("桥", "") == [0.0]


def test_astral_characters_are_one_character_each() -> None:
    assert len(codes("𠮷野家😀")) == 4
    assert of("𠮷野", "去𠮷野家") == [1.0, 1.0]
    # The same halves in other company: no surrogate stands for the whole.
    assert of("😀", "😁") == [0.0]


def test_lone_surrogates_do_not_fail() -> None:
    assert of("\ud83d大桥", "大桥") == [0.0, 1.0, 1.0]


def test_a_token_has_the_mean_of_its_characters() -> None:
    values = np.array([1.0, 0.0, 0.5, 1.0, 1.0], np.float32)
    assert per_token(values, np.array([0, 2, 3, 5])).tolist() == pytest.approx([0.5, 0.5, 1.0])


def test_an_empty_token_has_nought_and_no_tokens_have_no_values() -> None:
    assert per_token(np.ones(2, np.float32), np.array([0, 0, 2])).tolist() == [0.0, 1.0]
    assert per_token(np.zeros(0, np.float32), np.array([0])).tolist() == []
