"""Fits a calibration on questions whose answerability is known, and says what it is worth. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.errors import EvaluationError
from rag.evaluate.resample import Floats, area_under_roc
from rag.retrieve.calibration import EDGE, RULED, Calibration, calibrated, needed, rank

SCALE_SPREAD, SHIFT_SPREAD = 0.5, 1.0
"""Standard deviations of the normal prior around the identity (scale 1, shift 0): weak, so that
fifty questions overrule it and five do not."""
LEAST_SCALE = 0.05
"""A scale of 0 would make all probabilities one, a negative one would turn them round."""
FOLDS = 5
BINS = 10
"""Of the expected calibration error."""
SEED = 20260301
STEPS = 100


@dataclass(frozen=True, slots=True)
class Observed:
    """A question: the uncalibrated probability that the documents answer it, whether they do, and
    whether it is refused whatever the threshold (``ruled``)."""

    probability: float
    answerable: bool
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class Refusing:
    """How well a system refuses; shares in [0, 1], NaN where there is no such question.

    ``auc``: a random answerable question is above a random unanswerable one (higher is better).
    ``brier``: mean squared error of the probability (Brier 1950); ``ece``: expected calibration
    error over ten equal bins (Naeini et al. 2015; Guo et al. 2017). Lower is better for both.
    """

    false_refusals: float
    refusal_recall: float
    auc: float
    brier: float
    ece: float


def fit(observed: Sequence[Observed]) -> tuple[float, float]:
    """(scale, shift) at the greatest posterior of logistic regression on the log odds.

    The identity where there are not both kinds: one side alone cannot say what a probability means.
    """
    right = np.array([one.answerable for one in observed], dtype=np.float64)
    if not 0 < right.sum() < len(right):
        return 1.0, 0.0
    odds = _log_odds([one.probability for one in observed])
    rows = np.stack([odds, np.ones_like(odds)], axis=1)
    found = _newton(rows, right, np.zeros(len(odds)), (1.0, 0.0), (SCALE_SPREAD, SHIFT_SPREAD))
    if found[0] >= LEAST_SCALE:
        return float(found[0]), float(found[1])
    # The loss is convex: where its minimum is out of bounds, the best one stands on the bound.
    (shift,) = _newton(rows[:, 1:], right, LEAST_SCALE * odds, (0.0,), (SHIFT_SPREAD,))
    return LEAST_SCALE, float(shift)


def calibration(
    observed: Sequence[Observed],
    rate: float,
    set_name: str,
    set_checksum: str,
    fitted_for: Mapping[str, str],
) -> Calibration:
    """The calibration by these questions. Raises EvaluationError where too few are answerable for a
    threshold that holds the false-refusal rate ``rate``."""
    count = sum(one.answerable for one in observed)
    if rank(rate, count) == 0:
        raise EvaluationError(
            f"false_refusals = {rate:g} needs {needed(rate)} answerable questions, {set_name} has "
            f"{count}",
            "name a larger set, or raise false_refusals",
        )
    scale, shift = fit(observed)
    return _calibration(observed, scale, shift, set_name, set_checksum, fitted_for)


def _calibration(
    observed: Sequence[Observed],
    scale: float,
    shift: float,
    set_name: str = "",
    set_checksum: str = "",
    fitted_for: Mapping[str, str] | None = None,
) -> Calibration:
    ordered = sorted(
        RULED if one.ruled else calibrated(one.probability, scale, shift)
        for one in observed
        if one.answerable
    )
    others = sum(not one.answerable for one in observed)
    return Calibration(
        scale, shift, tuple(ordered), others, set_name, set_checksum, dict(fitted_for or {})
    )


# ---- what it is worth ------------------------------------------------------------------------
def as_shipped(observed: Sequence[Observed], threshold: float) -> Refusing:
    """How well the probabilities as they are refuse under ``threshold``."""
    chances = np.array([one.probability for one in observed])
    refused = [one.ruled or one.probability < threshold for one in observed]
    return _refusing(observed, chances, refused)


def cross_validated(observed: Sequence[Observed], rate: float, folds: int = FOLDS) -> Refusing:
    """How well a calibration refuses questions that it was not fitted on: each fold's by the others.

    Both kinds are spread evenly over the folds, the same way every time. Where the other folds are
    too few for ``rate`` nothing of a fold is refused but by rule.
    """
    fold = _spread([one.answerable for one in observed], folds)
    chances = np.zeros(len(observed))
    refused = np.zeros(len(observed), dtype=np.bool_)
    for number in range(folds):
        train = [one for one, f in zip(observed, fold, strict=True) if f != number]
        held = np.flatnonzero(fold == number).tolist()
        scale, shift = fit(train)
        enough = rank(rate, sum(one.answerable for one in train)) > 0
        threshold = _calibration(train, scale, shift).threshold(rate) if enough else 0.0
        for place in held:
            one = observed[place]
            chances[place] = calibrated(one.probability, scale, shift)
            refused[place] = one.ruled or chances[place] < threshold
    return _refusing(observed, chances, refused.tolist())


def expected_calibration_error(chances: Floats, right: Floats, bins: int = BINS) -> float:
    """Mean distance between the probability and the share right, over equal bins by their size."""
    place = np.minimum((chances * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(place, chances - right, minlength=bins)
    return float(np.abs(gaps).sum() / len(chances)) if len(chances) else float("nan")


def _refusing(observed: Sequence[Observed], chances: Floats, refused: Sequence[bool]) -> Refusing:
    yes = np.array([one.answerable for one in observed], dtype=np.bool_)
    right = yes.astype(np.float64)
    said = np.array(refused, dtype=np.float64)
    auc = float("nan")
    if yes.any() and not yes.all():
        auc = float(area_under_roc(chances, yes, ~yes)(np.ones((1, len(yes))))[0])
    return Refusing(
        false_refusals=_mean(said[yes]),
        refusal_recall=_mean(said[~yes]),
        auc=auc,
        brier=_mean((chances - right) ** 2),
        ece=expected_calibration_error(chances, right),
    )


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _spread(kinds: Sequence[bool], folds: int) -> Floats:
    """A fold for each question, every kind in each fold as often as in the others."""
    order = np.random.default_rng(SEED).permutation(len(kinds))
    order = order[np.argsort(np.array(kinds)[order], kind="stable")]
    fold = np.zeros(len(kinds))
    fold[order] = np.arange(len(kinds)) % folds
    return fold


def _log_odds(chances: Sequence[float]) -> Floats:
    inside: Floats = np.clip(np.array(chances, dtype=np.float64), EDGE, 1 - EDGE)
    return np.asarray(np.log(inside / (1 - inside)))


def _newton(
    rows: Floats,
    right: Floats,
    offset: Floats,
    centre: Sequence[float],
    spread: Sequence[float],
) -> Floats:
    """The minimum of log loss plus the prior's penalty, for z = rows @ w + offset: strictly convex,
    so Newton's steps, halved where they overshoot, end in the one there is."""
    middle = np.array(centre)
    weight = 1 / np.array(spread) ** 2

    def loss(w: Floats) -> float:
        z = rows @ w + offset
        return float(
            (np.logaddexp(0, z) - right * z).sum() + (weight * (w - middle) ** 2).sum() / 2
        )

    w = middle.copy()
    for _ in range(STEPS):
        z = rows @ w + offset
        chance = np.exp(-np.logaddexp(0, -z))
        gradient = rows.T @ (chance - right) + weight * (w - middle)
        curvature = (rows.T * (chance * (1 - chance))) @ rows + np.diag(weight)
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while loss(w - size * step) > loss(w) and size > 1e-8:
            size /= 2
        w = w - size * step
        if float(np.abs(size * step).max()) < 1e-10:
            break
    return np.asarray(w)
