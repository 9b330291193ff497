"""Statistics of counts against numpy, and their intervals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluate.resample import (
    Flags,
    Floats,
    area_under_risk,
    area_under_roc,
    intervals,
    mean,
    quantile,
)
from rag.evaluate.types import Figure

CASES = st.lists(
    st.tuples(
        st.integers(0, 6).map(lambda n: n / 6),  # few values, so that there are ties
        st.booleans(),
        st.booleans(),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=12,
)
"""(value, one flag, another, how often the case was drawn)."""

Case = tuple[float, bool, bool, int]


def columns(cases: list[Case]) -> tuple[Floats, Flags, Flags, Floats]:
    values, one, other, counts = zip(*cases, strict=True)
    return (
        np.array(values),
        np.array(one),
        np.array(other),
        np.array([counts], dtype=np.float64),
    )


def drawn(cases: list[Case]) -> list[Case]:
    """The sample that the counts stand for."""
    return [case for case in cases for _ in range(case[3])]


@given(CASES)
def test_a_mean_of_counts_is_that_of_the_sample(cases: list[Case]) -> None:
    values, over, _, counts = columns(cases)
    sample = [value for value, flag, _, _ in drawn(cases) if flag]
    expected = np.mean(sample) if sample else np.nan
    assert mean(values, over)(counts) == pytest.approx([expected], nan_ok=True)


@given(CASES, st.sampled_from([0.0, 0.25, 0.5, 0.95, 1.0]))
def test_a_quantile_of_counts_is_that_of_the_sample(cases: list[Case], q: float) -> None:
    values, over, _, counts = columns(cases)
    sample = [value for value, flag, _, _ in drawn(cases) if flag]
    expected = np.quantile(sample, q) if sample else np.nan
    assert quantile(values, over, q)(counts) == pytest.approx([expected], nan_ok=True)


@given(CASES)
def test_an_area_of_counts_is_the_share_of_pairs_in_order(cases: list[Case]) -> None:
    values, positive, neither, counts = columns(cases)
    negative = ~positive & ~neither
    yes = [value for value, flag, _, _ in drawn(cases) if flag]
    no = [value for value, flag, out, _ in drawn(cases) if not flag and not out]
    pairs = [(p > n) + 0.5 * (p == n) for p in yes for n in no]
    expected = np.mean(pairs) if pairs else np.nan
    assert area_under_roc(values, positive, negative)(counts) == pytest.approx(
        [expected], nan_ok=True
    )


@given(CASES)
def test_a_risk_area_of_counts_is_the_mean_risk_of_the_answered(cases: list[Case]) -> None:
    values, wrong, over, counts = columns(cases)
    given_ = [(value, bad) for value, bad, flag, _ in drawn(cases) if flag]
    risks = [np.mean([bad for value, bad in given_ if value >= least]) for least, _ in given_]
    expected = np.mean(risks) if risks else np.nan
    assert area_under_risk(values, wrong, over)(counts) == pytest.approx([expected], nan_ok=True)


@pytest.mark.parametrize(
    ("positive", "negative", "area"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5], [0.5], 0.5),
        ([0.5, 0.7], [0.5, 0.2, 0.6], (0.5 + 1 + 0 + 1 + 1 + 1) / 6),
    ],
)
def test_areas_by_hand(positive: list[float], negative: list[float], area: float) -> None:
    flags = np.array([True] * len(positive) + [False] * len(negative))
    statistic = area_under_roc(np.array(positive + negative), flags, ~flags)
    assert statistic(np.ones((1, len(flags)))) == pytest.approx([area])


def test_the_interval_of_a_share_is_about_that_of_the_normal_law() -> None:
    values = np.array([1.0] * 60 + [0.0] * 40)
    statistic = mean(values, np.ones(100, dtype=np.bool_))
    figure = intervals({"x": (statistic, 100)}, [0] * 100)["x"]
    assert (figure.value, figure.cases) == (0.6, 100)
    assert figure.low == pytest.approx(0.6 - 1.96 * (0.6 * 0.4 / 100) ** 0.5, abs=0.015)
    assert figure.high == pytest.approx(0.6 + 1.96 * (0.6 * 0.4 / 100) ** 0.5, abs=0.015)


def test_cases_are_drawn_inside_their_stratum() -> None:
    values = np.array([1.0, 1.0, 0.0, 0.0, 0.0])
    statistic = mean(values, np.ones(5, dtype=np.bool_))
    assert intervals({"x": (statistic, 5)}, list("aabbb"))["x"] == Figure(0.4, 0.4, 0.4, 5)


def test_what_no_case_counts_for_has_no_value() -> None:
    nothing = np.zeros(3, dtype=np.bool_)
    figure = intervals({"x": (mean(np.ones(3), nothing), 0)}, [0, 0, 0])["x"]
    assert np.isnan([figure.value, figure.low, figure.high]).all()


@settings(max_examples=15)
@given(CASES)
def test_an_interval_holds_its_value(cases: list[Case]) -> None:
    values, one, other, _ = columns(cases)
    everything = np.ones(len(cases), dtype=np.bool_)
    found = intervals(
        {
            "mean": (mean(values, everything), 1),
            "median": (quantile(values, everything, 0.5), 1),
            "roc": (area_under_roc(values, one, ~one), 1),
            "risk": (area_under_risk(values, other, everything), 1),
        },
        list(one),
    )
    for figure in found.values():
        assert figure.low <= figure.value <= figure.high or np.isnan(figure.value)
