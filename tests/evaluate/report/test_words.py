"""Figures as people read them; a word for every measure."""

from __future__ import annotations

import pytest

from rag.evaluate.measures import MEASURES
from rag.evaluate.report.words import MEANINGS, difference, kind_of, moment, settings, shown


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.7333, "share", "73.3%"),
        (101.6, "characters", "102 字"),
        (29.34, "ms", "29.3 ms"),
        (929.4, "ms", "929 ms"),
        (1234.0, "ms", "1.2 s"),
        (0.89749, "score", "0.897"),
    ],
)
def test_a_figure_is_shown_with_its_unit(value: float, unit: str, text: str) -> None:
    assert shown(value, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0214, "share", "+2.1"),
        (-0.0214, "share", "−2.1"),
        (-0.0001, "share", "0"),
        (0.0, "ms", "0"),
        (-0.02, "ms", "0"),
        (-1.3, "ms", "−1.3 ms"),
        (1500.0, "ms", "+1.5 s"),
        (12.0, "characters", "+12 字"),
        (0.3, "characters", "0"),
        (0.004, "score", "+0.004"),
    ],
)
def test_a_difference_has_its_sign_and_nothing_is_zero(value: float, unit: str, text: str) -> None:
    assert difference(value, unit) == text


def test_a_moment_is_shown_in_utc() -> None:
    assert moment("2026-04-02T16:15:00+08:00") == "2026-04-02 08:15 UTC"
    assert moment("昨天") == "昨天"


def test_settings_are_named_in_words_where_there_are_some() -> None:
    changed = {"chunk_size": "160", "k": "4", "rerank": "False", "retrieval": "lexical"}
    assert settings(changed) == "仅关键词，不重排，段长 160，k = 4"
    assert settings({}) == ""


def test_a_kind_without_a_word_keeps_its_name() -> None:
    assert kind_of("paraphrase") == "换了说法"
    assert kind_of("my kind") == "my kind"


def test_every_measure_has_its_meaning() -> None:
    assert {one.name for one in MEASURES} == set(MEANINGS)
