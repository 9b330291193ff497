"""Sentences in the order of their evidence and of what a cross-encoder makes of them, in equal parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from rag.retrieve.scored import Candidate, Scored
from rag.seams import Reranker

DEPTH = 40
"""Best sentences that are read again: 2 s for a model of 6 layers and 384 dimensions on 2 busy cores."""
WEIGHT = 0.5
"""What the cross-encoder counts, the evidence the rest: not fitted, as each model needs another."""
_LEVEL = 1e-6
"""A spread below this is that of equal scores."""


def cross(question: str, ranked: Sequence[Scored], reranker: Reranker) -> list[Scored]:
    """All of ``ranked``, the best ``DEPTH`` in the order of ``WEIGHT`` times the standard score of
    the cross-encoder and the rest of the weight times that of their evidence; ties as they were.

    The new scores have the mean and the spread of the old, so that leads mean what they did, and
    none falls below what stands after ``DEPTH``. Raises what ``reranker`` raises.
    """
    head, rest = list(ranked[:DEPTH]), list(ranked[DEPTH:])
    if len(head) < 2:
        return [*head, *rest]
    evidence = np.asarray([scored.score for scored in head], dtype=np.float64)
    read = reranker.score(question, [_with_titles(scored.candidate) for scored in head])
    fused = standard(WEIGHT * standard(read) + (1 - WEIGHT) * standard(evidence))
    scores = evidence.mean() + evidence.std() * fused
    if rest:
        scores = np.maximum(scores, rest[0].score)
    order = np.argsort(-fused, kind="stable").tolist()
    return [*(replace(head[i], score=float(scores[i])) for i in order), *rest]


def standard(scores: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """(n,) standard scores: mean 0, standard deviation 1; all 0 where the scores are equal."""
    values = np.asarray(scores, dtype=np.float64)
    spread = values.std()
    if spread < _LEVEL * max(1.0, float(np.abs(values).max())):
        return np.zeros_like(values)
    centred: npt.NDArray[np.float64] = (values - values.mean()) / spread
    return centred


def _with_titles(candidate: Candidate) -> str:
    """A sentence below the titles that it stands under, which its context begins with."""
    titles = candidate.context.partition("\n")[0]
    return f"{titles}\n{candidate.text}" if titles else candidate.text
