"""The figures of a run with their intervals, and how sure a difference is. Pure.

Nothing here depends on the order of the records: they are taken in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.errors import EvaluationError
from rag.evaluate.measures.catalogue import MEASURES
from rag.evaluate.resample import (
    SEED,
    Flags,
    Floats,
    Statistic,
    area_under_risk,
    area_under_roc,
    intervals,
    mean,
    quantile,
)
from rag.evaluate.types import Figure, Measure, Over, Record

FLIPS = 10_000
"""Random sign flips of a paired test; up to 13 cases that differ, all 2**n of them are taken."""


# ---- figures ---------------------------------------------------------------------------------
def figures(records: Sequence[Record]) -> dict[str, Figure]:
    """Every measure that applies to at least one case, in the order of the catalogue.

    Intervals are bootstrap percentiles, 95 %, answerable and unanswerable cases drawn apart; same
    records, same figures. Raises EvaluationError where there is no record.
    """
    records = _ordered(records)
    columns = _Columns(records)
    statistics: dict[str, tuple[Statistic, int]] = {}
    for one in MEASURES:
        statistic, over = columns.statistic(one)
        if over.any():
            statistics[one.name] = statistic, int(over.sum())
    found = intervals(statistics, [record.answerable for record in records])
    # A set with one side only has no precision or area: 0 / 0 is no figure.
    return {name: figure for name, figure in found.items() if np.isfinite(figure.value)}


def by_kind(records: Sequence[Record]) -> dict[str, Figure]:
    """The share right of each kind of question, by name, cases drawn inside their kind."""
    records = _ordered(records)
    right = np.array([float(record.right) for record in records])
    kinds = [record.kind for record in records]
    statistics = {}
    for kind in sorted(set(kinds)):
        over = np.array([k == kind for k in kinds])
        statistics[kind] = mean(right, over), int(over.sum())
    return intervals(statistics, kinds)


class _Columns:
    """The records as columns, and the statistic of each measure over them."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records
        self.asked: Flags = np.array([not record.error for record in records])
        self.answerable: Flags = np.array([record.answerable for record in records])
        self.refused: Flags = np.array([r.refused and not r.error for r in records])
        self.confidence: Floats = np.array([record.confidence for record in records])
        self.judged: Flags = np.array([_judged(record) for record in records])

    def statistic(self, one: Measure) -> tuple[Statistic, Flags]:
        """The measure as a function of counts, and the cases that count."""
        asked, answerable, refused = self.asked, self.answerable, self.refused
        yes, no = asked & answerable, asked & ~answerable
        match one.name:
            case "right_answerable":
                right, over = self._column("right", one.over)
                return mean(right, over & self.judged), over & self.judged
            case "length_median":
                return self._quantile("length", one.over, 0.5)
            case "p50_ms":
                return self._quantile("ms", one.over, 0.5)
            case "p95_ms":
                return self._quantile("ms", one.over, 0.95)
            case "first_p50_ms":
                return self._quantile("first_ms", one.over, 0.5)
            case "first_p95_ms":
                return self._quantile("first_ms", one.over, 0.95)
            case "refusal_precision":
                return mean((~answerable).astype(np.float64), refused), refused
            case "refusal_recall":
                return mean(refused.astype(np.float64), no), no
            case "false_refusals":
                return mean(refused.astype(np.float64), yes), yes
            case "refusal_auc":
                return area_under_roc(self.confidence, yes, no), asked
            case "aurc":
                given = asked & ~refused
                right, _ = self._column("right", "all")
                return area_under_risk(self.confidence, right < 1, given), given
            case _:
                return self._mean(one.name, one.over)

    def _mean(self, name: str, over: Over) -> tuple[Statistic, Flags]:
        values, flags = self._column(name, over)
        return mean(values, flags), flags

    def _quantile(self, name: str, over: Over, q: float) -> tuple[Statistic, Flags]:
        values, flags = self._column(name, over)
        return quantile(values, flags, q), flags

    def _column(self, name: str, over: Over) -> tuple[Floats, Flags]:
        """The scores of that name, and where there is one among the cases of ``over``."""
        scores = [record.scores.get(name) for record in self.records]
        values = np.array([0.0 if score is None else score for score in scores])
        here: Flags = np.array([score is not None for score in scores])
        return values, here & self._cases(over)

    def _cases(self, over: Over) -> Flags:
        match over:
            case "all":
                return np.ones(len(self.records), dtype=np.bool_)
            case "answerable":
                return self.answerable
            case "unanswerable":
                return ~self.answerable
            case "answered":
                return self.answerable & ~self.refused


def _judged(record: Record) -> bool:
    """Whether words or citations are asked for: of a query with graded documents neither is."""
    return bool(record.gold or record.must) or not {"said", "cited"}.isdisjoint(record.scores)


def _ordered(records: Sequence[Record]) -> list[Record]:
    if not records:
        raise EvaluationError("there is no case to sum up")
    return sorted(records, key=lambda record: record.id)


# ---- confidence ------------------------------------------------------------------------------
def risk_coverage(records: Sequence[Record]) -> list[tuple[float, float]]:
    """(coverage, risk) from the most confident answers to all that were given.

    Coverage is the share of all cases that are answered above a confidence, risk the share of
    these that are not right; an answer where there is none is not (El-Yaniv and Wiener 2010). One
    point for each confidence; the curve ends at the share that the system answers. The area under
    it, over the answered cases, is the figure ``aurc``: lower is better.
    """
    given = [record for record in _ordered(records) if not (record.refused or record.error)]
    given.sort(key=lambda record: -record.confidence)
    points = []
    wrong = 0
    for count, record in enumerate(given, start=1):
        wrong += not record.right
        if count == len(given) or given[count].confidence < record.confidence:
            points.append((count / len(records), wrong / count))
    return points


def paired(before: Sequence[float], after: Sequence[float]) -> float:
    """Two-sided p of a paired permutation test by sign flips (Fisher 1935; Smucker et al. 2007).

    ``before[i]`` and ``after[i]`` are the scores of one case. Small: such a difference is rare
    where both are alike; 1 where no case differs. For scores of 0 and 1 this is McNemar's exact
    test. Raises EvaluationError where the cases do not pair.
    """
    if len(before) != len(after):
        raise EvaluationError(
            f"{len(before)} and {len(after)} scores do not pair", "compare runs of the same set"
        )
    # A case that does not differ adds nothing under any flip.
    pairs = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    if len(pairs) < 2:  # one difference is as great under either sign
        return 1.0
    from scipy.stats import permutation_test  # type: ignore[import-untyped]

    def gain(one: Floats, other: Floats, axis: int) -> Floats:
        return np.asarray((other - one).sum(axis=axis))

    found = permutation_test(
        tuple(np.array(pairs, dtype=np.float64).T),
        gain,
        permutation_type="samples",
        vectorized=True,
        n_resamples=FLIPS,
        batch=500,
        rng=np.random.default_rng(SEED),
    )
    return float(found.pvalue)
