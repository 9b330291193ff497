"""The fit finds what is wrong with a probability, and says what it is worth on what it has not seen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import EvaluationError
from rag.evaluate.calibrate import (
    Observed,
    as_shipped,
    calibration,
    cross_validated,
    expected_calibration_error,
    fit,
)

cases = st.lists(
    st.builds(Observed, st.floats(0, 1), st.booleans(), st.booleans()), min_size=1, max_size=60
)


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def drawn(scale: float, shift: float, count: int = 4000, seed: int = 5) -> list[Observed]:
    """Questions whose true probability is sigmoid(scale × logit(p) + shift)."""
    generator = np.random.default_rng(seed)
    odds = generator.normal(0, 1.5, count)
    truth = 1 / (1 + np.exp(-(scale * odds + shift)))
    answerable = generator.random(count) < truth
    return [
        Observed(sigmoid(z), yes) for z, yes in zip(odds.tolist(), answerable.tolist(), strict=True)
    ]


@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (2.0, -1.0), (0.4, 0.7)])
def test_of_many_questions_the_fit_finds_the_truth(scale: float, shift: float) -> None:
    found = fit(drawn(scale, shift))
    assert found[0] == pytest.approx(scale, abs=0.12)
    assert found[1] == pytest.approx(shift, abs=0.12)


def test_the_fit_is_the_minimum_of_log_loss_and_prior() -> None:
    observed = drawn(2.0, -1.0, 60)
    odds = np.log([one.probability / (1 - one.probability) for one in observed])
    right = np.array([one.answerable for one in observed])

    def loss(scale: float, shift: float) -> float:
        z = scale * odds + shift
        penalty = ((scale - 1) / 0.5) ** 2 / 2 + shift**2 / 2
        return float((np.logaddexp(0, z) - right * z).sum()) + penalty

    scale, shift = fit(observed)
    best = loss(scale, shift)
    for a in (-0.01, 0, 0.01):
        for b in (-0.01, 0, 0.01):
            assert loss(scale + a, shift + b) >= best - 1e-9


def test_few_questions_do_not_make_it_wild() -> None:
    """Four that a plain fit would part with an infinite scale."""
    scale, shift = fit([Observed(0.6, True)] * 2 + [Observed(0.4, False)] * 2)
    assert 1.0 < scale < 1.2
    assert abs(shift) < 1e-6


def test_one_side_alone_leaves_the_probability_as_it_is() -> None:
    assert fit([Observed(0.3, True)] * 50) == (1.0, 0.0)
    assert fit([Observed(0.3, False)] * 50) == (1.0, 0.0)


def test_a_probability_that_points_the_wrong_way_is_flattened_not_turned_round() -> None:
    observed = [Observed(0.9, False)] * 200 + [Observed(0.1, True)] * 100
    scale, shift = fit(observed)
    assert scale == 0.05
    assert sigmoid(shift) == pytest.approx(1 / 3, abs=0.03)


@given(cases)
def test_the_scale_is_positive_and_nothing_is_infinite(observed: list[Observed]) -> None:
    scale, shift = fit(observed)
    assert scale > 0 and math.isfinite(scale) and math.isfinite(shift)


# ---- the calibration -------------------------------------------------------------------------
@given(cases, st.floats(0.05, 0.9))
def test_no_more_than_the_rate_are_refused_but_by_rule(
    observed: list[Observed], rate: float
) -> None:
    try:
        own = calibration(observed, rate, "own", "ab", {})
    except EvaluationError:
        return
    yes = [one for one in observed if one.answerable]
    ruled = sum(one.ruled for one in yes)
    refused = sum(one.ruled or own.refuses(one.probability, rate) for one in yes)
    assert refused <= max(ruled, rate * len(yes))


def test_it_holds_its_counts_its_set_and_what_it_is_for() -> None:
    observed = [Observed(0.2 + i / 100, True) for i in range(20)] + [Observed(0.1, False)] * 3
    own = calibration(observed, 0.05, "own", "abcd", {"k": "16"})
    assert (len(own.answerable), own.unanswerable) == (20, 3)
    assert (own.set_name, own.set_checksum, own.fitted_for) == ("own", "abcd", {"k": "16"})
    assert own.threshold(0.05) == own.probability(0.2)
    assert own.probability(0.1) < own.threshold(0.05)


def test_too_few_answerable_questions_are_counted_in_the_error() -> None:
    observed = [Observed(0.5, True)] * 18 + [Observed(0.5, False)] * 100
    with pytest.raises(EvaluationError) as raised:
        calibration(observed, 0.05, "own", "ab", {})
    assert str(raised.value) == (
        "false_refusals = 0.05 needs 19 answerable questions, own has 18; name a larger set, or "
        "raise false_refusals"
    )


# ---- what it is worth ------------------------------------------------------------------------
def test_the_figures_as_shipped_are_those_counted_by_hand() -> None:
    observed = [
        Observed(0.9, True), Observed(0.3, True), Observed(0.6, True, ruled=True),
        Observed(0.1, False), Observed(0.7, False),
    ]  # fmt: skip
    found = as_shipped(observed, 0.5)
    assert found.false_refusals == pytest.approx(2 / 3)
    assert found.refusal_recall == pytest.approx(1 / 2)
    assert found.auc == pytest.approx(4 / 6)
    assert found.brier == pytest.approx((0.01 + 0.49 + 0.16 + 0.01 + 0.49) / 5)
    assert found.ece == pytest.approx((0.1 + 0.7 + 0.4 + 0.1 + 0.7) / 5)


def test_without_unanswerable_questions_there_is_no_area() -> None:
    found = as_shipped([Observed(0.9, True)], 0.5)
    assert math.isnan(found.auc) and math.isnan(found.refusal_recall)
    assert found.false_refusals == 0.0


def test_a_probability_that_is_off_is_mended_on_questions_not_seen() -> None:
    observed = drawn(2.0, -1.0, 2000)
    before, after = as_shipped(observed, 0.05), cross_validated(observed, 0.05)
    assert before.ece > 0.1 > 0.04 > after.ece
    assert after.brier < before.brier - 0.01
    assert after.false_refusals == pytest.approx(0.05, abs=0.02)
    assert after.auc == pytest.approx(before.auc, abs=0.005)


def test_a_fold_is_judged_by_the_others_alone() -> None:
    """Nothing can be learnt of noise: a fit that saw its own fold would seem to."""
    generator = np.random.default_rng(3)
    observed = [Observed(float(p), i % 2 == 0) for i, p in enumerate(generator.random(400))]
    assert cross_validated(observed, 0.1).brier > 0.249


def test_folds_too_small_for_the_rate_refuse_nothing_but_by_rule() -> None:
    observed = [Observed(0.5, True)] * 19 + [Observed(0.4, False), Observed(0.4, False, ruled=True)]
    found = cross_validated(observed, 0.05)
    assert (found.false_refusals, found.refusal_recall) == (0.0, 0.5)


def test_the_same_questions_give_the_same_figures() -> None:
    observed = drawn(1.5, 0.5, 300)
    assert cross_validated(observed, 0.1) == cross_validated(observed, 0.1)


@given(st.integers(1, 200), st.integers(0, 200))
def test_the_calibration_error_of_one_bin_is_its_distance_from_the_share(yes: int, no: int) -> None:
    chances = np.full(yes + no, 0.75)
    right = np.array([1.0] * yes + [0.0] * no)
    error = expected_calibration_error(chances, right)
    assert error == pytest.approx(abs(0.75 - yes / (yes + no)))
