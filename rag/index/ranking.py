"""The order of results that every index keeps."""

from __future__ import annotations

import heapq
from collections.abc import Iterable


def best(pairs: Iterable[tuple[int, float]], k: int) -> list[tuple[int, float]]:
    """The ``k`` (id, score) pairs of highest score, best first; of equal scores the smaller id."""
    return heapq.nsmallest(k, pairs, key=lambda pair: (-pair[1], pair[0]))
