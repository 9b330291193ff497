"""Where the scores of a second look lie beside those of the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from rag.train.evidence import Case, rescored

BEHIND = (1, 9)
"""Places whose distance to the best is compared."""


def level(
    cases: Sequence[Case], second: npt.NDArray[np.float32], first: npt.NDArray[np.float32]
) -> tuple[float, float]:
    """(factor, summand) that brings scores by the weights ``second`` to those by ``first``, whose
    features come first: by the medians of the best score and of its leads. (1, 0) where there is too
    little to compare."""
    long = [c for c in cases if c.answerable and len(c.scored) > max(BEHIND)]
    if not long:
        return 1.0, 0.0
    cut = [
        replace(c, scored=tuple(replace(s, features=s.features[: len(first)]) for s in c.scored))
        for c in long
    ]
    top_1, leads_1 = _shape(cut, first)
    top_2, leads_2 = _shape(long, second)
    if not (leads_1 > 0).all() or not (leads_2 > 0).all():
        return 1.0, 0.0
    factor = round(float((leads_1 / leads_2).mean()), 2)
    return factor, round(top_1 - factor * top_2, 1)


def _shape(
    cases: Sequence[Case], weights: npt.NDArray[np.float32]
) -> tuple[float, npt.NDArray[np.float64]]:
    """Medians of the best score, and of its lead over the places ``BEHIND``."""
    scores = np.array(
        [[ranked[i].score for i in (0, *BEHIND)] for _, ranked in rescored(cases, weights)]
    )
    leads: npt.NDArray[np.float64] = np.median(scores[:, :1] - scores[:, 1:], axis=0)
    return float(np.median(scores[:, 0])), leads
