"""The threshold holds its rate, the map changes no order, and what does not fit is not used."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import __version__
from rag.config import Settings
from rag.retrieve.calibration import Calibration, calibrated, conditions, misfit, needed, rank

FITTED_FOR = {"ranker": "r1", "k": "16"}
chances = st.floats(0, 1)
rates = st.floats(0.001, 0.999)
scales = st.floats(0.05, 20)
shifts = st.floats(-10, 10)


def calibration(*answerable: float, scale: float = 1.0, shift: float = 0.0) -> Calibration:
    ordered = tuple(sorted(answerable))
    return Calibration(scale, shift, ordered, 3, "own", "ab" * 32, FITTED_FOR)


# ---- thresholds ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rate", "count", "place"),
    [(0.05, 18, 0), (0.05, 19, 1), (0.05, 38, 1), (0.05, 39, 2), (0.29, 99, 29), (0.5, 1, 1),
     (0.2, 4, 1), (0.9999999999, 3, 3)],
)  # fmt: skip
def test_the_threshold_is_an_order_statistic(rate: float, count: int, place: int) -> None:
    assert rank(rate, count) == place


@pytest.mark.parametrize(("rate", "count"), [(0.05, 19), (0.02, 49), (0.1, 9), (0.2, 4), (0.9, 1)])
def test_so_many_answerable_questions_are_needed(rate: float, count: int) -> None:
    assert needed(rate) == count


@given(rates)
def test_what_is_needed_is_enough_and_one_less_is_not(rate: float) -> None:
    assert rank(rate, needed(rate)) >= 1
    assert needed(rate) == 1 or rank(rate, needed(rate) - 1) == 0


@given(st.lists(chances, min_size=1, max_size=200), rates, scales, shifts)
def test_of_the_sets_own_answerable_questions_no_more_than_the_rate_are_refused(
    raw: list[float], rate: float, scale: float, shift: float
) -> None:
    own = calibration(*(calibrated(p, scale, shift) for p in raw), scale=scale, shift=shift)
    if len(raw) < needed(rate):
        with pytest.raises(ValueError, match=f"^{needed(rate)} answerable questions are needed"):
            own.threshold(rate)
        return
    refused = sum(own.refuses(p, rate) for p in raw)
    assert refused <= rate * len(raw)


@given(st.integers(1, 300), st.integers(1, 99))
def test_a_new_question_is_refused_no_more_often_than_the_rate(count: int, percent: int) -> None:
    """Of count + 1 questions in any order each is the new one as often: it is refused where its
    rank is under that of the threshold, so in rank/(count + 1) of the cases at most."""
    assert Fraction(rank(percent / 100, count), count + 1) <= Fraction(percent, 100)


def test_over_many_draws_the_false_refusals_are_the_rate() -> None:
    generator = np.random.default_rng(7)
    refused = []
    for _ in range(3000):
        *known, new = generator.beta(5, 2, 40).tolist()
        refused.append(calibration(*known).refuses(new, 0.1))
    assert 0.08 < sum(refused) / len(refused) < 0.12  # 4/40; s.e. 0.0055


def test_a_higher_rate_never_has_a_lower_threshold() -> None:
    own = calibration(*(i / 100 for i in range(1, 100)))
    assert [own.threshold(rate) for rate in (0.01, 0.05, 0.5, 0.99)] == [0.01, 0.05, 0.5, 0.99]


# ---- the map ---------------------------------------------------------------------------------
@given(chances, chances, scales, shifts)
def test_no_order_is_turned_round(one: float, other: float, scale: float, shift: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= calibrated(low, scale, shift) <= calibrated(high, scale, shift) <= 1


@given(st.floats(1e-5, 1 - 1e-5))
def test_the_identity_leaves_a_probability_as_it_is(chance: float) -> None:
    assert calibrated(chance, 1.0, 0.0) == pytest.approx(chance, rel=1e-9)


@pytest.mark.parametrize(
    ("raw", "scale", "shift", "expected"),
    [(0.5, 3.0, 0.0, 0.5), (0.8, 2.0, 0.0, 16 / 17), (0.5, 1.0, -np.log(3), 0.25)],
)
def test_the_map_is_a_sigmoid_of_the_log_odds(
    raw: float, scale: float, shift: float, expected: float
) -> None:
    assert calibrated(raw, scale, shift) == pytest.approx(expected)


@pytest.mark.parametrize(
    "change",
    [{"scale": 0.0}, {"scale": -1.0}, {"scale": float("nan")}, {"shift": float("inf")},
     {"answerable": ()}, {"answerable": (0.5, 0.4)}, {"answerable": (0.5, 1.5)},
     {"unanswerable": -1}],
    ids=str,
)  # fmt: skip
def test_values_that_no_fit_gives_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"."):
        replace(calibration(0.2, 0.6), **change)  # type: ignore[arg-type]


# ---- what it holds for -----------------------------------------------------------------------
def test_the_conditions_are_all_that_moves_a_probability() -> None:
    found = conditions(Settings(k=7), ranker="r", embedder="e", recipe="text-1")
    assert found == {
        "ranker": "r", "embedder": "e", "recipe": "text-1", "version": __version__, "k": "7", "retrieval": "hybrid",
        "rerank": "True", "chunk_size": "320", "title_context": "True",
    }  # fmt: skip
    read = conditions(Settings(), ranker="r", embedder="e", recipe="t", reader="x")
    assert read["reader"] == "x"


def test_one_that_fits_has_no_fault() -> None:
    assert misfit(calibration(*[0.5] * 19), dict(FITTED_FOR), 0.05) is None


@pytest.mark.parametrize(
    ("now", "said"),
    [({"ranker": "r1", "k": "8"}, "k = 16, now it is 8"),
     ({"ranker": "r2", "k": "16"}, "ranker = r1, now it is r2"),
     ({**FITTED_FOR, "reader": "m1"}, "reader = none, now it is m1"),
     ({"k": "16"}, "ranker = r1, now it is none")],
)  # fmt: skip
def test_under_other_conditions_it_is_stale_and_the_line_says_what_to_do(
    now: dict[str, str], said: str
) -> None:
    fault = misfit(calibration(*[0.5] * 19), now, 0.05)
    assert str(fault) == (
        f"the calibration by own is not used: it was fitted for {said}; run `rag eval "
        "--calibrate` again, or `rag eval --forget-calibration`"
    )


def test_a_rate_that_the_set_is_too_small_for_is_a_fault() -> None:
    fault = misfit(calibration(*[0.5] * 18), FITTED_FOR, 0.05)
    assert "false_refusals = 0.05 needs 19 answerable questions, it has 18" in str(fault)
