"""Scores of a second look brought to the level of the first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rag.train.evidence import Case
from rag.train.level import level
from tests.train.test_evidence import case


def cases(count: int = 9, length: int = 12) -> list[Case]:
    """Of two features each, the second ten times the first."""
    made = []
    for i in range(count):
        whole = case(*({} for _ in range(length)))
        rows = [np.array([j + i / 10, 10 * (j + i / 10)], np.float32) for j in range(length)]
        scored = tuple(replace(s, features=r) for s, r in zip(whole.scored, rows, strict=True))
        made.append(replace(whole, scored=scored))
    return made


def test_the_best_score_and_the_leads_lie_where_the_first_look_puts_them() -> None:
    factor, summand = level(cases(), np.array([0, 0.2], np.float32), np.array([4], np.float32))
    assert factor == 2.0 and summand == pytest.approx(0.0, abs=0.05)
    factor, _ = level(cases(), np.array([1, 0], np.float32), np.array([0.5], np.float32))
    assert factor == 0.5


@pytest.mark.parametrize(("count", "length"), [(0, 12), (9, 9)])
def test_too_little_to_compare_leaves_the_scores(count: int, length: int) -> None:
    one = np.array([1, 0], np.float32)
    assert level(cases(count, length), one, one[:1]) == (1.0, 0.0)
    assert level(cases(), np.zeros(2, np.float32), one[:1]) == (1.0, 0.0)
