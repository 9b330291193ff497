"""Passages in the order of what they and their sentences are worth as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from rag.retrieve.passages import by_passage, passage_features
from rag.retrieve.scored import Scored
from rag.retrieve.views import QuestionView
from rag.retrieve.weights import Weights
from rag.types import ScoredChunk

WEIGHT = 0.1
"""What a point of a sentence's score adds to its passage's, where no trees were fitted for that: the
lead in BM25 still counts most."""


def rerank(
    hits: Sequence[ScoredChunk],
    ranked: Sequence[Scored],
    question: QuestionView | None = None,
    weights: Weights | None = None,
) -> list[ScoredChunk]:
    """The passages, best first, ties in the order found. ``ranked`` are their sentences, weighed.

    With trees among the ``weights`` a passage's score is the probability, in [0, 1], that it
    answers the ``question``; without them, its own score and a share of its best sentence's.
    """
    if question and weights and weights.passages and ranked:
        rows = passage_features(question, hits, ranked, weights.features)
        worth = 1 / (1 + np.exp(-weights.passages.logits(rows)))
    else:
        worth = _by_best(hits, ranked)
    scored = [replace(hit, score=float(own)) for hit, own in zip(hits, worth, strict=True)]
    return sorted(scored, key=lambda hit: -hit.score)


def _by_best(hits: Sequence[ScoredChunk], ranked: Sequence[Scored]) -> npt.NDArray[np.float64]:
    """A passage without a sentence counts as the one with the worst."""
    best = [max((s.score for s in own), default=None) for own in by_passage(hits, ranked)]
    lowest = min((score for score in best if score is not None), default=0.0)
    tops = [lowest if score is None else score for score in best]
    return np.array([hit.score for hit in hits]) + WEIGHT * np.array(tops)
