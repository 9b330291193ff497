"""Bootstrap percentile intervals (Efron and Tibshirani 1993, chapter 13), in numpy.

A statistic here is a function of counts: (b, n) float64, how often each of n cases was drawn in
each of b samples. Ones give its value, drawn counts its bootstrap distribution; so all statistics
of a run share the same samples, and a median or an area costs no more than a mean. That is also why
this is not ``scipy.stats.bootstrap``, which draws for each statistic and takes longer to import
than all of this takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from rag.evaluate.types import Figure

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Statistic = Callable[[Floats], Floats]
"""(b, n) counts to (b,) values; NaN where a sample holds no case that counts."""

SAMPLES = 2000
BLOCK = 200
"""Samples drawn at once: 200 × 3,000 counts are 5 MB."""
SEED = 20260301
LEVEL = 0.95


def intervals(
    statistics: Mapping[str, tuple[Statistic, int]], strata: Sequence[object]
) -> dict[str, Figure]:
    """The figure of each (statistic, cases that count), in order.

    Cases are drawn with replacement inside their stratum, so that every sample has as many of each.
    The same statistics over the same cases in the same order give the same figures. A percentile
    interval may miss the value of a statistic that is biased in small samples: it is then widened
    to hold it. Where every case is alike the interval is a point.
    """
    places = _places(strata)
    generator = np.random.default_rng(SEED)
    drawn: dict[str, list[Floats]] = {name: [] for name in statistics}
    for _ in range(0, SAMPLES, BLOCK):
        counts = _draw(generator, places, len(strata))
        for name, (statistic, _) in statistics.items():
            drawn[name].append(statistic(counts))
    once = np.ones((1, len(strata)))
    return {
        name: _figure(float(statistic(once)[0]), np.concatenate(drawn[name]), cases)
        for name, (statistic, cases) in statistics.items()
    }


def _places(strata: Sequence[object]) -> list[npt.NDArray[np.int64]]:
    """Where the cases of each stratum stand."""
    found: dict[object, list[int]] = {}
    for place, stratum in enumerate(strata):
        found.setdefault(stratum, []).append(place)
    return [np.array(places) for places in found.values()]


def _draw(
    generator: np.random.Generator, places: Sequence[npt.NDArray[np.int64]], cases: int
) -> Floats:
    counts = np.empty((BLOCK, cases))
    for stratum in places:
        size = len(stratum)
        picks = generator.integers(0, size, (BLOCK, size)) + np.arange(BLOCK)[:, None] * size
        tally = np.bincount(picks.ravel(), minlength=BLOCK * size)
        counts[:, stratum] = tally.reshape(BLOCK, size)
    return counts


def _figure(value: float, samples: Floats, cases: int) -> Figure:
    samples = samples[np.isfinite(samples)]
    if not len(samples):
        return Figure(value, value, value, cases)
    low, high = np.quantile(samples, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Figure(value, min(value, float(low)), max(value, float(high)), cases)


# ---- statistics of counts --------------------------------------------------------------------
def mean(values: Floats, over: Flags) -> Statistic:
    """The mean of ``values`` over the cases where ``over``; both (n,)."""
    weighted = np.where(over, values, 0.0)
    cases = over.astype(np.float64)
    return lambda counts: _ratio(counts @ weighted, counts @ cases)


def quantile(values: Floats, over: Flags, q: float) -> Statistic:
    """The ``q`` quantile over the cases where ``over``, as numpy's: linear between two cases."""
    order = np.flatnonzero(over)[np.argsort(values[over], kind="stable")]
    ordered = values[order]

    def statistic(counts: Floats) -> Floats:
        if not len(order):
            return np.full(len(counts), np.nan)
        reached = np.cumsum(counts[:, order], axis=1)
        position = q * np.maximum(reached[:, -1] - 1, 0)
        lower, upper = np.floor(position), np.ceil(position)
        last = len(order) - 1
        below = ordered[np.minimum((reached <= lower[:, None]).sum(axis=1), last)]
        above = ordered[np.minimum((reached <= upper[:, None]).sum(axis=1), last)]
        between = below + (above - below) * (position - lower)
        return np.where(reached[:, -1] > 0, between, np.nan)

    return statistic


def area_under_roc(values: Floats, positive: Flags, negative: Flags) -> Statistic:
    """Probability that a positive is above a negative, ties count half (Hanley and McNeil 1982)."""
    order = np.argsort(values, kind="stable")
    groups = _group_starts(values[order])
    is_positive = positive[order].astype(np.float64)
    is_negative = negative[order].astype(np.float64)

    def statistic(counts: Floats) -> Floats:
        ordered = counts[:, order]
        above = np.add.reduceat(ordered * is_positive, groups, axis=1)
        beside = np.add.reduceat(ordered * is_negative, groups, axis=1)
        below = np.cumsum(beside, axis=1) - beside
        won = (above * (below + beside / 2)).sum(axis=1)
        return _ratio(won, above.sum(axis=1) * beside.sum(axis=1))

    return statistic


def area_under_risk(values: Floats, wrong: Flags, over: Flags) -> Statistic:
    """Mean over the cases where ``over`` of the risk at their coverage: the share of ``wrong`` among
    those of at least their value (Geifman and El-Yaniv 2017, here with ties at one coverage)."""
    order = np.argsort(-values, kind="stable")
    groups = _group_starts(values[order])
    counted = over[order].astype(np.float64)
    faulty = (wrong & over)[order].astype(np.float64)

    def statistic(counts: Floats) -> Floats:
        ordered = counts[:, order]
        covered = np.add.reduceat(ordered * counted, groups, axis=1)
        failed = np.add.reduceat(ordered * faulty, groups, axis=1)
        reached = np.cumsum(covered, axis=1)
        risk = np.cumsum(failed, axis=1) / np.maximum(reached, 1)
        return _ratio((risk * covered).sum(axis=1), reached[:, -1])

    return statistic


def _group_starts(ordered: Floats) -> npt.NDArray[np.int64]:
    """Where each run of equal values starts."""
    return np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])


def _ratio(part: Floats, whole: Floats) -> Floats:
    """``part / whole``, NaN where there is no whole."""
    found = np.full(len(whole), np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found
