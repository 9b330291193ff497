"""Quantiles, units and tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.bench.commands import Row
from rag.bench.figures import Language, amount, markdown, quantile, times


@pytest.mark.parametrize(
    ("part", "value"), [(0.0, 1), (0.25, 1), (0.26, 2), (0.5, 2), (0.95, 4), (1.0, 4)]
)
def test_a_quantile_is_a_measured_value_by_nearest_rank(part: float, value: float) -> None:
    assert quantile([1, 2, 3, 4], part) == value


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 1))
def test_at_least_that_part_of_all_values_is_not_above_the_quantile(
    values: list[float], part: float
) -> None:
    found = quantile(sorted(values), part)
    assert sum(value <= found for value in values) >= part * len(values) - 1e-6


@pytest.mark.parametrize(
    ("value", "unit", "language", "written"),
    [
        (0.5, "s", "en", "0.50 s"),
        (1234.6, "MB", "zh", "1,235 MB"),
        (0.28, "MB", "en", "0.3 MB"),
        (18.94, "ms", "zh", "18.9 毫秒"),
        (52.21, "/s", "zh", "52.2"),
        (138209, "", "en", "138,209"),
    ],
)
def test_an_amount_is_written_with_its_unit(
    value: float, unit: str, language: Language, written: str
) -> None:
    assert amount(value, unit, language) == written


@pytest.mark.parametrize(
    ("ratio", "written"),
    [
        (0.0312, "0.031×"),
        (0.5, "0.50×"),
        (1.0, "1.0×"),
        (14.4, "14×"),
        (1234.5, "1,234×"),
        (0, "0×"),
    ],
)
def test_a_ratio_has_two_digits_that_say_something(ratio: float, written: str) -> None:
    assert times(ratio) == written


def test_a_table_has_its_first_column_to_the_left_and_the_others_to_the_right() -> None:
    assert markdown([["what", "n"], ["a", "1"]]) == "| what | n |\n|---|---:|\n| a | 1 |"
    assert markdown([["what"], ["a"]]) == "| what |\n|---|\n| a |"


def test_a_row_says_what_how_often_and_the_goal_in_both_languages() -> None:
    row = Row("ask_s", 0.631, "s", 5, 1.2)
    assert row.cells("seeds", "en") == ["`rag ask`, cold start, median of 5", "0.63 s", "1.2 s"]
    assert row.cells("seeds", "zh") == ["`rag ask`，冷启动，5 次中位数", "0.63 秒", "1.2 秒"]
    row = Row("warm_p50_ms", 18.9, "ms", 370, 20)
    assert row.cells("seeds", "en") == ["warm answer over seeds, p50 of 370", "18.9 ms", "20 ms"]
    assert Row("mb", 237.4, "MB").cells("seeds", "en") == ["its peak memory", "237 MB", ""]
