"""Names in pinyin: how a word is read, what it may be in characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieve.pinyin import TABLE, pinyin_names, syllables


@pytest.mark.parametrize(
    ("word", "readings"),
    [
        ("xian", {("xian",), ("xi", "an")}),
        ("ma", {("ma",)}),
        ("tianrui", {("tian", "rui"), ("ti", "an", "rui")}),
        ("bridge", set()),
    ],
)
def test_a_word_is_read_in_every_way(word: str, readings: set[tuple[str, ...]]) -> None:
    assert set(syllables(word)) == readings


@given(st.text("abdeghilnouxz", max_size=9))
def test_syllables_make_up_the_word(word: str) -> None:
    assert all("".join(read) == word for read in syllables(word))


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("zhang wei", "张伟"),
        ("wei zhang", "张伟"),
        ("li xiaoming", "李晓明"),
        ("li xiao ming", "李晓明"),
        ("lu wei", "吕伟"),  # ü is printed u
        ("heweimin", "何伟民"),
    ],
)
def test_a_romanised_name_may_be_its_characters(phrase: str, name: str) -> None:
    assert name in pinyin_names(phrase)


@pytest.mark.parametrize("phrase", ["bridge", "elon musk", "jun", "zhang wei min li", "3 ma", ""])
def test_what_is_no_pinyin_name_gives_none(phrase: str) -> None:
    assert pinyin_names(phrase) == ()


@given(st.sampled_from(["li", "wang", "zhang"]), st.sampled_from(["yi", "jianyi", "zhihui"]))
def test_guesses_are_few_and_each_comes_once(surname: str, given_name: str) -> None:
    found = pinyin_names(f"{surname} {given_name}")
    assert 0 < len(found) <= 300
    assert len(set(found)) == len(found)


def test_each_syllable_has_a_line_of_three_columns() -> None:
    rows = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert {line.count("\t") for line in rows} == {2}
    heads = [line.partition("\t")[0] for line in rows]
    assert len(set(heads)) == len(heads)
