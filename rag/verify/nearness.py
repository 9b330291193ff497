"""How close two places of a text belong together: the measure by which facts are bound."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from rag.verify.words import View

_REACH = 12.0
"""Characters over which closeness falls to 1/e."""
_CLAUSE = 0.3
"""What a clause mark between two places leaves of their closeness."""
_AHEAD = 0.75
_PART = 0.03
"""Closeness of places in different texts."""
_SAME = 0.35
"""The share of closeness that distance within a clause does not touch."""


def near(view: View, one: int, other: int) -> float:
    """In [0, 1]; higher is closer. A clause mark between them costs, another sentence more."""
    if view.part[one] != view.part[other]:
        return _PART
    marks = abs(view.clause[one] - view.clause[other])
    decay = math.exp(-min(abs(one - other), 60) / _REACH)
    return (decay * (1 - _SAME) + _SAME) * _CLAUSE ** min(marks, 5)


def ahead(view: View, word: int, amount: int) -> float:
    """Closeness of a label to the first amount of its kind behind it, which clause marks part less:
    a Chinese sentence names what it counts before the count."""
    if view.part[word] != view.part[amount]:
        return _PART
    marks = abs(view.clause[word] - view.clause[amount])
    decay = math.exp(-min(abs(word - amount), 60) / _REACH)
    return (decay * (1 - _SAME) + _SAME) * _AHEAD ** min(marks, 5)


def near_all(
    view: View, ones: npt.NDArray[np.int64], others: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """(ones, others) of :func:`near`."""
    if not len(ones) or not len(others):
        return np.zeros((len(ones), len(others)), dtype=np.float32)
    clause, part = np.asarray(view.clause), np.asarray(view.part)
    marks = np.minimum(np.abs(clause[ones][:, None] - clause[others][None, :]), 5)
    away = np.minimum(np.abs(ones[:, None] - others[None, :]), 60)
    close = (np.exp(-away / _REACH) * (1 - _SAME) + _SAME) * _CLAUSE**marks
    found = np.where(part[ones][:, None] == part[others][None, :], close, _PART)
    return found.astype(np.float32)
