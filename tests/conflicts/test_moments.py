"""Points in time: read as printed, and told apart only by what both say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.conflicts.moments import apart, moments


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("1958年", "1962年", True),
        ("1958年", "1958年3月", False),
        ("10月18日", "10月25日", True),
        ("2024年10月18日", "10月18日", False),
        ("2024年10月18日", "10月", False),
        ("5月1日", "5月1日9时", False),
        ("8:30", "上午9:00", True),
        ("下午2点", "14:00", False),
        ("下午2点半", "14:30", False),
        ("下午2点", "2点", False),
        ("下午2点", "下午3点", True),
        ("5月1日", "9:00", False),
    ],
)
def test_moments_are_apart_where_what_both_say_differs(one: str, other: str, differ: bool) -> None:
    (first,), (second,) = moments(one), moments(other)
    assert apart(first, second) == differ
    assert apart(second, first) == differ


@pytest.mark.parametrize("text", ["1990年代", "2023年度", "5月底", "3个月", "12.5", "第3天"])
def test_what_is_no_point_in_time_is_none(text: str) -> None:
    assert moments(text) == []


def test_this_year_is_the_sources() -> None:
    assert moments("今年10月18日", "2024")[0].year == 2024
    assert moments("今年10月18日")[0].year == 0


@given(st.integers(1900, 2090), st.integers(1, 12), st.integers(1, 28), st.integers(1, 28))
def test_two_days_of_a_month_are_apart_unless_they_are_one(
    year: int, month: int, day: int, other: int
) -> None:
    (one,) = moments(f"{year}年{month}月{day}日")
    (two,) = moments(f"{month}月{other}日")
    assert (one.year, one.month, one.day) == (year, month, day)
    assert apart(one, two) == (day != other)
